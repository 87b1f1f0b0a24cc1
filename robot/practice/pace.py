"""How long the practice dashboard lets things take.

Knows nothing of what the things are.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Literal

PaceName = Literal["fast", "demo", "real"]

#: Seconds a background job takes, least and most; None means the job's own real duration.
_JOB_S: dict[PaceName, tuple[float, float] | None] = {
    "fast": (0.3, 0.8),
    "demo": (1.2, 2.0),
    "real": None,
}
#: Seconds the support chat types before it says something, least and most.
_TYPING_S: dict[PaceName, tuple[float, float]] = {
    "fast": (0.05, 0.15),
    "demo": (0.25, 0.6),
    "real": (2.0, 6.0),
}
#: Seconds an access token lives. The real one lives about an hour.
_TOKEN_S: dict[PaceName, float] = {"fast": 60.0, "demo": 300.0, "real": 3600.0}
#: Milliseconds a list shows its skeleton, and a frame stays `about:blank`.
_SKELETON_MS: dict[PaceName, int] = {"fast": 30, "demo": 150, "real": 900}
_BLANK_FRAME_MS: dict[PaceName, int] = {"fast": 15, "demo": 80, "real": 1500}
#: Milliseconds a message over the page stays. How long the real one does is not documented.
_TOAST_MS: dict[PaceName, int] = {"fast": 2500, "demo": 2500, "real": 4500}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """One of the three speeds."""

    name: PaceName
    seed: int

    def job_s(self, *, number: int, real_s: float) -> float:
        """Seconds that job `number` takes; the same for the same seed and number."""
        limits = _JOB_S[self.name]
        if limits is None:
            return real_s
        return random.Random(f"{self.seed}/{number}").uniform(*limits)  # noqa: S311

    def typing_s(self, *, number: int) -> float:
        """Seconds the support chat types before its message `number`; the same for the same seed."""
        return random.Random(f"{self.seed}/typing/{number}").uniform(*_TYPING_S[self.name])  # noqa: S311

    @property
    def token_s(self) -> float:
        """Seconds an access token lives."""
        return _TOKEN_S[self.name]

    @property
    def skeleton_ms(self) -> int:
        """Milliseconds a list shows its skeleton at least."""
        return _SKELETON_MS[self.name]

    @property
    def blank_frame_ms(self) -> int:
        """Milliseconds a frame stays `about:blank`."""
        return _BLANK_FRAME_MS[self.name]

    @property
    def toast_ms(self) -> int:
        """Milliseconds a message over the page stays."""
        return _TOAST_MS[self.name]
