"""Where the robot keeps what belongs to a person and not to the checkout: its data and its cache.

Must not know what is kept there.
"""

from __future__ import annotations

from pathlib import Path

import platformdirs

_NAME = "offboard-robot"


def data_folder() -> Path:
    """The folder of databases, keys and intents, one a user of the machine; not made here."""
    return platformdirs.user_data_path(_NAME, appauthor=False)


def cache_folder() -> Path:
    """The folder of what can be found out again; not made here."""
    return platformdirs.user_cache_path(_NAME, appauthor=False)
