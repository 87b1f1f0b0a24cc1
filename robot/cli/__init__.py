"""The `offboard` command: one file per command."""
