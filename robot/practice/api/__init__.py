"""The page APIs of the practice dashboard, one file per area.

An area is a module with `routes: list[Route]`, made by `call.post`; it is listed in `AREAS`.
"""

from __future__ import annotations

from types import ModuleType

from robot.practice.api import (
    business_profile,
    calendars,
    dashboard,
    domains,
    email_services,
    phone,
    session,
    shell,
    snapshots,
    staff,
    sub_accounts,
    support,
)

AREAS: tuple[ModuleType, ...] = (
    business_profile,
    calendars,
    dashboard,
    domains,
    email_services,
    phone,
    session,
    shell,
    snapshots,
    staff,
    sub_accounts,
    support,
)
