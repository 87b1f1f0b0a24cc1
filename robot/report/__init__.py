"""A run as a page, a table or JSON: views of the same records."""
