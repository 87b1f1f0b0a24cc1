"""Targets that the program itself names, whatever the flows do. Every store must have them."""

#: Names the sub-account on every page of its view; compared before every irreversible press.
LOCATION_NAME = "shell.location_name"

#: There on every page of a signed-in user, once the page is alive.
SIDEBAR = "shell.sidebar"

WELL_KNOWN_TARGETS = (LOCATION_NAME,)
