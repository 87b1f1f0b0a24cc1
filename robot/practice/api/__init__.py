"""The page APIs of the practice dashboard, one file per area."""
