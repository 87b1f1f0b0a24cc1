"""What can be switched about the dashboard: which generation of a page is shown, what is in a frame.

Settings are changed by the oracle only. `DEFAULTS` is the whole list.
"""

from __future__ import annotations

from typing import Any

DEFAULTS: dict[str, Any] = {
    # Page name -> "frame", "main", or "frame-then-main" (the first visit in a frame, later ones not):
    # HighLevel moves pages between the two (dashboard-facts 1.3).
    "frames": {
        "staff": "frame",
        "business_profile": "frame",
        "calendars": "frame",
        "email_services": "frame",
    },
    # Contacts table: "tabulator" or "newer" (facts 7.1).
    "contacts_table": "tabulator",
    # Remove Tags dialog: "older" or "newer" wording (facts 7.2).
    "bulk_dialog": "older",
    # "none", "guide", "announcement" or "refresh": what lies over the page (facts 1.1).
    "overlay": "none",
    # Ask which agency is meant after the password (facts 2).
    "account_chooser": False,
    # Seconds after sign-in at which a session ends; None is never (facts 2, Session Timeout).
    "session_timeout_s": None,
    # Menu id -> label, as a white label renames entries: {"sb_contacts": "Candidates"}.
    "menu_labels": {},
    # Menu ids a white label hides.
    "menu_hidden": [],
    # Support flow: 0 is the usual order of prompts, other numbers are other orders.
    "support_variant": 0,
}
