"""Cancellations that are asked for by day and worked at night. Must not know of pages."""
