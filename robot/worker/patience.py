"""Waits for a database that is away."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.exc import SQLAlchemyError

from robot.ledger.database import told

LOG = logging.getLogger("offboard.worker")

_Result = TypeVar("_Result")
_PAUSE_S = 1.0


def until_database(do: Callable[[], _Result]) -> _Result:
    """Does something in the database once it is there. It must be good to be done twice: an answer may be lost."""
    while True:
        try:
            return do()
        except SQLAlchemyError as error:
            LOG.warning("the database is away: %s", told(error))
            threading.Event().wait(_PAUSE_S)
