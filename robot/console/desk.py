"""What requests are answered from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from robot.ledger.database import Ledger
from robot.ledger.tokens import Tokens
from robot.profile import Profile


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The ledger and the profile of one dashboard, and who may ask."""

    ledger: Ledger
    profile: Profile
    tokens: Tokens
    now: Callable[[], datetime]
