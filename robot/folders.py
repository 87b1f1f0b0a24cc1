"""Where the robot keeps what belongs to a person and not to the checkout: its data and its cache.

Must not know what is kept there.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import platformdirs

from robot.errors import Problem, SetupError

_NAME = "offboard-robot"


def data_folder() -> Path:
    """The folder of databases, keys and intents, one a user of the machine; not made here.

    Raises SetupError for a user without a home, as one that a container made up is.
    """
    try:
        return platformdirs.user_data_path(_NAME, appauthor=False)
    except RuntimeError:
        raise SetupError(
            Problem(
                what="this user has no home folder, so nothing says where to keep data",
                done="nothing was started",
                next="name a folder with OFFBOARD_DATA, or set HOME",
            )
        ) from None


def cache_folder() -> Path:
    """The folder of what can be found out again; not made here."""
    try:
        return platformdirs.user_cache_path(_NAME, appauthor=False)
    except RuntimeError:
        return Path(tempfile.gettempdir()) / _NAME
