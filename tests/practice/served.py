"""Short ways to speak to the module's dashboard as the signed-in operator, and to ask its oracle."""

from __future__ import annotations

import time
from typing import Any

from playwright.sync_api import Page

from tests.practice.conftest import DEMO, EMAIL, PASSWORD, Dashboard, code_at

__all__ = ["DEMO", "Served", "sign_in"]


class Served:
    """A running dashboard in which the operator is signed in."""

    def __init__(self, dashboard: Dashboard) -> None:
        self._dashboard = dashboard

    def post(self, path: str, body: dict[str, Any] | None = None) -> Any:
        """The answer of an API that accepts the call."""
        answer = self._dashboard.call(path, body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def refused(self, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """The refusal {code, title, message} of an API that does not."""
        answer = self._dashboard.call(path, body)
        assert answer.status_code >= 400, answer.text
        refusal: dict[str, Any] = answer.json()
        return refusal

    def mutations(self) -> list[str]:
        """What users did, as "action object", oldest first."""
        return [f"{row['action']} {row['object']}" for row in self._dashboard.ask("/mutations")]

    def advance(self, seconds: float = 3600) -> None:
        """Let waiting jobs come due."""
        self._dashboard.tell("/advance", {"seconds": seconds})

    def set(self, **settings: Any) -> None:
        """Switch settings of the dashboard."""
        self._dashboard.tell("/settings", settings)

    def account(self, name: str) -> str:
        """Location id of the one sub-account of this name."""
        [row] = [r for r in self.post("/sub-accounts/search")["rows"] if r["name"] == name]
        return str(row["id"])


def sign_in(page: Page, dashboard: Dashboard, path: str) -> None:
    """Open `path` in a browser, by way of the sign-in page."""
    page.goto(dashboard.url + path)
    page.fill("#email", EMAIL)
    page.fill("#password", PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Send Security Code").click()
    page.locator('input[maxlength="1"]').first.click()
    page.keyboard.type(code_at(time.time()))
    page.locator("#sidebar-v2").wait_for()
