"""Targets that the program itself names, whatever the flows do. Every store must have them."""

#: Names the sub-account on every page of its view; compared before every irreversible press.
LOCATION_NAME = "shell.location_name"

WELL_KNOWN_TARGETS = (LOCATION_NAME,)
