"""What can be switched about the dashboard: which generation of a page is shown, what is in a frame.

Settings are changed by the oracle only. `DEFAULTS` is the whole list.
"""

from __future__ import annotations

from typing import Any

#: The releases of the user interface, the usual one first; each is a file in `static/app/releases`.
RELEASES = ("baseline", "relabelled", "rebuilt", "rearranged")

DEFAULTS: dict[str, Any] = {
    # Which release of the user interface is shown; a document shows the one it was loaded with.
    "release": RELEASES[0],
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
    # How bulk actions end: "complete", "failed" (every contact fails) or "error" (facts 7.2).
    "bulk_outcome": "complete",
    # "none", "guide", "announcement", "softphone" or "refresh": what lies over the page (facts 1.1).
    "overlay": "none",
    # An address opened cold, other than the sign-in page's, shows no page until something in the menu is
    # clicked (facts 2).
    "cold_shell": False,
    # Ask which agency is meant after the password (facts 2).
    "account_chooser": False,
    # Seconds after sign-in at which a session ends; None is never (facts 2, Session Timeout).
    "session_timeout_s": None,
    # Menu id -> label, as a white label renames entries: {"sb_contacts": "Candidates"}.
    "menu_labels": {},
    # Menu ids a white label hides.
    "menu_hidden": [],
    # Connected products must go before their domain can be deleted (facts 5.2: not known).
    "domain_products_first": True,
    # The signed-in user may delete and remove users (facts 5.6).
    "can_delete_users": True,
    # The signed-in user is agency admin enough to disable SaaS mode (facts 5.4).
    "can_disable_saas": True,
    # What the signed-in user may do with snapshots besides looking: "create", "refresh" (facts 4). Without a
    # scope its button is not there.
    "snapshot_scopes": ["create", "refresh"],
    # Support flow: 0 is the usual order of prompts (for seed 1), 1 and 2 are other orders and wordings; 3 is
    # the usual order with a prompt in it that only a person can answer (facts 6).
    "support_variant": 0,
}


def problem_of(name: str, value: Any) -> str | None:
    """Say what is wrong with a setting; None if nothing is."""
    if name not in DEFAULTS:
        return f"no such setting: {name}"
    if name == "release" and value not in RELEASES:
        return f"no such release: {value}; there are {', '.join(RELEASES)}"
    return None
