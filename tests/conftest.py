"""What every folder of tests may use."""

from __future__ import annotations

import os
import socket
import sys

import pytest
from filelock import FileLock
from hypothesis import settings

from robot.executor.browser_finder import BrowserChoice, find_browser
from robot.folders import cache_folder

# What is asserted there is explained as in the tests themselves.
pytest.register_assert_rewrite(
    "tests.rehearsal", "tests.acceptance", "tests.browser", "tests.practice", "tests.machines"
)

# The same examples in every run: a suite that fails by chance is not looked at. To search for new ones:
# ./offboard test tests/unit --hypothesis-profile=default
# Nor by a slow disk: how long an example takes says nothing here.
settings.register_profile("steady", derandomize=True, deadline=None)
settings.register_profile("random", derandomize=False, deadline=None)
settings.load_profile("steady")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--matrix", action="store_true", help="run every flow under every scenario, too")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leaves the rest of the matrix out unless it is asked for, and says how much that is."""
    if config.getoption("--matrix"):
        return
    left_out = [item for item in items if item.get_closest_marker("matrix")]
    if left_out:
        items[:] = [item for item in items if item not in set(left_out)]
        config.hook.pytest_deselected(items=left_out)


@pytest.fixture(scope="session")
def browser_choice() -> BrowserChoice:
    """A browser that starts; installs one where that is allowed, and fails loudly where there is none."""
    return _find(headed=False)


@pytest.fixture(scope="session")
def headed_choice() -> BrowserChoice:
    """The one that is taken where somebody is to see it."""
    return _find(headed=True)


def _find(*, headed: bool) -> BrowserChoice:
    cache_path = cache_folder() / "browser.json"
    cache_path.parent.mkdir(parents=True, exist_ok=True)
    # Tests run side by side, and only one of them may install.
    with FileLock(cache_path.with_suffix(".tests.lock")):
        return find_browser(
            environ=os.environ, cache_path=cache_path, announce=_announce, may_install=True, headed=headed
        )


@pytest.fixture
def port() -> int:
    """One of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
        return number


def _announce(line: str) -> None:
    sys.stderr.write(f"{line}\n")
