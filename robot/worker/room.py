"""How many jobs one process works at once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Room:
    """Places for turns that are worked at the same time."""

    def __init__(self, places: int | None = None) -> None:
        """places: None for any number."""
        self.places = places
        self._free = None if places is None else threading.BoundedSemaphore(places)

    @contextmanager
    def taken(self) -> Iterator[bool]:
        """Takes a place for as long as it lasts, and says whether there was one; it is not waited for."""
        if self._free is None:
            yield True
            return
        has_place = self._free.acquire(blocking=False)
        try:
            yield has_place
        finally:
            if has_place:
                self._free.release()
