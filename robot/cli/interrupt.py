"""Ctrl-C and the like: the first asks the run to end in order, the second ends it now."""

from __future__ import annotations

import logging
import signal
import sys
from types import FrameType, TracebackType

from robot.screen import tell


class Interrupt:
    """While entered, turns SIGINT and SIGTERM into a flag that the run asks for between its steps."""

    def __init__(self) -> None:
        self._is_told = False
        self._before: dict[int, object] = {}

    def __enter__(self) -> Interrupt:
        for number in (signal.SIGINT, signal.SIGTERM):
            self._before[number] = signal.signal(number, self._take)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)  # type: ignore[arg-type]

    def is_told(self) -> bool:
        """Whether the run is to end."""
        return self._is_told

    def tell(self) -> None:
        """Asks the run to end in order, as the first Ctrl-C does."""
        self._is_told = True

    def _take(self, number: int, frame: FrameType | None) -> None:
        if self._is_told:
            # What is torn apart by it would be told as exceptions that nobody took; the end is told by whoever
            # takes this one.
            sys.unraisablehook = lambda _: None
            logging.disable(logging.CRITICAL)
            raise KeyboardInterrupt
        self._is_told = True
        tell("offboard: ending in order; once more to end now")
