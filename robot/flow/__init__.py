"""The flow language: what a flow file says, as data."""
