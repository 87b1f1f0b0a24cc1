"""Appends to an open file, all or nothing. Must not know what is appended."""

from __future__ import annotations

import os


def append_whole(descriptor: int, octets: bytes) -> None:
    """Appends all of `octets` to an open file or leaves it as long as it was.

    Raises: OSError when they did not all fit.
    """
    before = os.fstat(descriptor).st_size
    try:
        written = 0
        while written < len(octets):
            written += os.write(descriptor, octets[written:])
    except BaseException:
        os.ftruncate(descriptor, before)
        raise
