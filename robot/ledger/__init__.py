"""The ledger: what was planned, allowed, armed and done, in one database of several tables.

The only place that knows SQL. Must not know of pages, flows or browsers.
"""
