"""The selector store: what flows call a thing, and how it is found on the page."""
