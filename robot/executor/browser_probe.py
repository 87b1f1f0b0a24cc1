"""Tries to start browsers and prints the first that does; run as a process of its own.

`python -m robot.executor.browser_probe '[["path", "/usr/bin/chromium"], ["channel", "chrome"]]'` prints
one JSON object: {"index": 0, "version": "156.0", "executable": "...", "refused": ["why those before did not"]};
"index" is null when none started, "executable" empty where its place is not known. `headed` as a second word asks
for one that can be seen. A process of its own, since synchronous Playwright takes its thread for good.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import Error, sync_playwright


def launch_words(kind: str, value: str) -> dict[str, Any]:
    """What `chromium.launch` needs to start this choice of browser."""
    match kind:
        case "path":
            return {"executable_path": value}
        case "channel":
            return {"channel": value}
        case _:
            return {}


def probe(candidates: list[tuple[str, str]], *, headed: bool) -> dict[str, object]:
    """Starts each candidate headless until one does; returns what the module says is printed.

    headed: one without windows is refused; Playwright's own may be downloaded with or without.
    """
    refused = []
    with sync_playwright() as playwright:
        own = Path(playwright.chromium.executable_path)
        for index, (kind, value) in enumerate(candidates):
            if kind == "bundled" and headed and not own.exists():
                refused.append("not downloaded")
                continue
            words = launch_words(kind, value)
            if kind == "bundled" and headed:
                # Headless, Playwright takes another one than it takes headed.
                words = {"executable_path": str(own)}
            try:
                browser = playwright.chromium.launch(headless=True, timeout=30_000, **words)
            except Error as error:
                refused.append(_first_line(error.message))
                continue
            version = browser.version
            product = browser.new_browser_cdp_session().send("Browser.getVersion")["product"]
            browser.close()
            if headed and product.startswith("Headless"):
                refused.append("it has no windows to be seen")
                continue
            executable = {"path": value, "channel": ""}.get(kind, str(own) if own.exists() else "")
            return {"index": index, "version": version, "executable": executable, "refused": refused}
    return {"index": None, "version": "", "executable": "", "refused": refused}


def _first_line(message: str) -> str:
    """The line of a Playwright error that says why, without its call log and its frames."""
    lines = [line.strip(" ║╔╗╚╝═") for line in message.splitlines()]
    text = next((line for line in lines if line), "did not start")
    text = text.removeprefix("BrowserType.launch: ")
    if text.startswith("Executable doesn't exist"):
        return "not downloaded"
    if "has been closed" in text:
        return "it started and ended at once: not a Chromium, or one that cannot run here"
    return text


if __name__ == "__main__":
    asked = [(kind, value) for kind, value in json.loads(sys.argv[1])]
    print(json.dumps(probe(asked, headed="headed" in sys.argv[2:])))  # noqa: T201
