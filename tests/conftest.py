"""What every folder of tests may use."""

from __future__ import annotations

import os
import sys

import pytest
from filelock import FileLock
from hypothesis import settings

from robot.executor.browser_finder import BrowserChoice, find_browser
from robot.folders import cache_folder

# The same examples in every run: a suite that fails by chance is not looked at. To search for new ones:
# ./offboard test tests/unit --hypothesis-profile=default
settings.register_profile("steady", derandomize=True)
settings.load_profile("steady")


@pytest.fixture(scope="session")
def browser_choice() -> BrowserChoice:
    """A browser that starts; installs one where that is allowed, and fails loudly where there is none."""
    cache_path = cache_folder() / "browser.json"
    cache_path.parent.mkdir(parents=True, exist_ok=True)
    # Tests run side by side, and only one of them may install.
    with FileLock(cache_path.with_suffix(".tests.lock")):
        return find_browser(environ=os.environ, cache_path=cache_path, announce=_announce, may_install=True)


def _announce(line: str) -> None:
    sys.stderr.write(f"{line}\n")
