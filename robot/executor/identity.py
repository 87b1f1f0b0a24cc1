"""Is this page the right sub-account's? Asserted before every irreversible press, in the frame where it happens.

Looks only. The address must hold the location id, and the sub-account's name must be the one on the page.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Page

from robot.errors import GuardError, Problem
from robot.executor.page_text import read_text
from robot.executor.resolver import Found, Resolver
from robot.flow.look import TargetUse
from robot.flow.model import Flow
from robot.names import fold, is_same_name
from robot.selector.well_known import LOCATION_NAME

#: How the paths of the dashboard's addresses name a sub-account (route lists of 2026).
_LOCATION = re.compile(r"(?:/v\d+)?/location/([A-Za-z0-9]+)(?:/|$)")


def assert_customer(
    page: Page, resolver: Resolver, found: Found, flow: Flow, values: Mapping[str, Any]
) -> None:
    """Raises GuardError unless page, frame and visible name are those of the flow's place.

    Only flows in the sub-account view are judged here; in the agency view one page holds all customers, and
    the linter demands a guard in the flow instead.
    """
    if flow.view != "sub-account":
        return
    location_id = str(values.get(flow.place.location_id) or "")
    company = str(values.get(flow.place.company) or "")
    if not location_id or not company:
        raise _refusal("the flow does not know which sub-account it is working in", page.url)
    seen = _location_in(page.url)
    if seen != location_id:
        raise _refusal(
            f"the page is not the right sub-account's: its address names {seen or 'no sub-account'}, "
            f"wanted {location_id}",
            page.url,
        )
    if found.frame != page.main_frame:
        framed = _location_in(found.frame.url)
        if framed is not None and framed != location_id:
            raise _refusal(
                f"the frame is not the right sub-account's: its address names {framed}, wanted {location_id}",
                found.frame.url,
            )
    search = resolver.search(TargetUse(target=LOCATION_NAME), values)
    if search.found is None:
        raise _refusal("the name of the sub-account is not shown on the page", page.url)
    shown = fold(read_text(search.found.locator))
    if not is_same_name(shown, company):
        raise _refusal(f"the page shows the sub-account '{shown}', wanted '{company}'", page.url)


def _location_in(url: str) -> str | None:
    """The sub-account that an address names in its path; a query or a fragment may say anything."""
    seen = _LOCATION.match(urlsplit(url).path)
    return seen[1] if seen else None


def _refusal(what: str, url: str) -> GuardError:
    return GuardError(
        Problem(
            what=what,
            details=(("page", url),),
            done="nothing was pressed",
            next="run again; if it happens again, look at the picture and check the location id",
        )
    )
