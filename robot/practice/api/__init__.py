"""The page APIs of the practice dashboard, one file per area.

An area is a module with `routes: list[Route]`, made by `call.post`; it is listed in `AREAS`.
"""

from __future__ import annotations

from types import ModuleType

from robot.practice.api import (
    audit_logs,
    bulk_actions,
    business_profile,
    calendars,
    contacts,
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
    tags,
)

AREAS: tuple[ModuleType, ...] = (
    audit_logs,
    bulk_actions,
    business_profile,
    calendars,
    contacts,
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
    tags,
)
