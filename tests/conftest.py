"""What every folder of tests may use."""

from __future__ import annotations

import os
import sys

import pytest

from robot.executor.browser_finder import BrowserChoice, find_browser
from robot.folders import cache_folder


@pytest.fixture(scope="session")
def browser_choice() -> BrowserChoice:
    """A browser that starts; installs one where that is allowed, and fails loudly where there is none."""
    return find_browser(
        environ=os.environ,
        cache_path=cache_folder() / "browser.json",
        announce=_announce,
        may_install=True,
    )


def _announce(line: str) -> None:
    sys.stderr.write(f"{line}\n")
