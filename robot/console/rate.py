"""How often somebody may ask: so many times in any minute. Counted by this process alone."""

from __future__ import annotations

import math
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable

_MINUTE_S = 60.0


class Rate:
    """One limit for everybody who asks, each by themselves."""

    def __init__(self, most: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        """clock: in s."""
        self._most = most
        self._clock = clock
        self._asked: dict[str, deque[float]] = defaultdict(deque)
        self._lock = threading.Lock()

    def wait_s(self, who: str) -> int:
        """0 when they may ask, which then counts; else how long they have to wait, in whole s."""
        now = self._clock()
        with self._lock:
            asked = self._asked[who]
            while asked and now - asked[0] >= _MINUTE_S:
                asked.popleft()
            if len(asked) < self._most:
                asked.append(now)
                return 0
            return max(1, math.ceil(_MINUTE_S - (now - asked[0])))
