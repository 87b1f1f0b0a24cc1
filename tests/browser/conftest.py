"""A browser for tests that need a page and no run."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from robot.executor.browser_finder import BrowserChoice
from robot.executor.browser_probe import launch_words


@pytest.fixture(scope="module")
def own_browser(browser_choice: BrowserChoice) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_words(browser_choice.kind, browser_choice.value))
        yield browser
        browser.close()
