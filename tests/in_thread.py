"""Runs a function in a thread of its own: a run owns its browser, and synchronous Playwright takes its thread."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def call_in_thread(work: Callable[[], T]) -> T:
    """Returns what `work` returns, raises what it raises."""
    result: list[T] = []
    error: list[BaseException] = []

    def call() -> None:
        try:
            result.append(work())
        except BaseException as raised:
            error.append(raised)

    thread = threading.Thread(target=call)
    thread.start()
    thread.join()
    if error:
        raise error[0]
    return result[0]
