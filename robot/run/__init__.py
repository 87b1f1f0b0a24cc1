"""What a run is, and the records it leaves."""
