"""The practice dashboard: a replica to rehearse on. Shares no code with the rest of `robot`."""
