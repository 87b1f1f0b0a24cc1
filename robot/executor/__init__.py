"""The only code that touches a page."""
