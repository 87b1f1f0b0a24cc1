"""What can be switched about the dashboard: which generation of a page is shown, what is in a frame.

Settings are changed by the oracle only. `DEFAULTS` is the whole list.
"""

from __future__ import annotations

from typing import Any

#: The releases of the user interface, the usual one first; each is a file in `static/app/releases`.
RELEASES = ("baseline", "relabelled", "rebuilt", "rearranged")

#: Dialogs that name what they are about, for the setting `dialog_names_other`.
DIALOGS = (
    "number",
    "release",
    "domain",
    "domain_product",
    "email_domain",
    "user_delete",
    "user_remove",
    "calendar",
    "saas",
    "saas_confirm",
    "snapshot",
    "contact",
)

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
    # How bulk actions end: "complete", "partly" (the first contact fails, and the status is complete all the
    # same), "failed" (every contact fails) or "error" (facts 7.2).
    "bulk_outcome": "complete",
    # "open", or "collapsed": a sidebar of icons that shows labels on hovering only, until it is opened (facts 1.1).
    "sidebar": "open",
    # Any of "guide", "announcement", "softphone" and "refresh": what lies over the page (facts 1.1).
    "overlays": [],
    # "usual", "brief" (gone before they can be read) or "never": messages over the page (facts 12).
    "toasts": "usual",
    # Something comes in above the page as soon as the pointer moves there, and pushes it down (facts 11).
    "layout_shift": False,
    # The browser asks before a page is left or loaded anew (facts 11).
    "asks_before_leaving": False,
    # Milliseconds for which a page that has just been drawn does nothing when it is clicked (invented).
    "deaf_ms": 0,
    # Milliseconds a frame stays about:blank, and a list shows its skeleton; None is as the pace says (facts 1.3).
    "frame_blank_ms": None,
    "skeleton_ms": None,
    # Page name -> what its search box holds at the first visit, as filters are remembered (facts 4); from then
    # on what was last typed. The pages: sub_accounts, snapshots, contacts, calendars, staff, domains, numbers.
    # `snapshot_dates` is the date filter of snapshots: [from, to].
    "remembers": {},
    # How a list is painted after each load: "whole"; "empty-first" shows its empty text, "one-first" its first row
    # alone, as if that were all, while it asks for the same once more (invented).
    "list_paints": "whole",
    # Milliseconds after scrolling until a list that draws the rows in view draws them (facts 1.4: virtual lists).
    "list_draws_late_ms": 0,
    # How many items such a list has at first; so many more come nine tenths of a second after its end was scrolled
    # to. 0 is all at once (invented).
    "list_loads": 0,
    # Each frame is drawn again once after it has loaded (facts 1.3).
    "frames_reload": False,
    # The part of the address of Phone System: "phone_system" or "phone_number" (facts 3).
    "phone_route": "phone_system",
    # What is to be typed to confirm, where it is not the usual word: {"Delete": "DELETE"} (facts 11).
    "typed_words": {},
    # "usual", or "other": what other builds call buttons and confirmations (facts 4, 5.4, 5.6; domains: invented).
    "wordings": "usual",
    # Those of DIALOGS that name another object than the one whose row was pressed (facts 11: never seen, and
    # it must be noticed).
    "dialog_names_other": [],
    # "Select all n records" means all of the list, whatever was searched for, and stands before what is
    # selected (facts 7.1).
    "selects_whole_list": False,
    # Rows of a sub-account's lists change places as the pointer moves, once for each time a list was loaded
    # (facts 11).
    "rows_move": False,
    # Seconds that every background job takes; None is as the pace says.
    "job_s": None,
    # Whose pace the pages themselves have (skeletons, blank frames, messages): "fast", "demo", "real"; None is
    # that of the whole dashboard.
    "page_pace": None,
    # A snapshot's refresh writes its version (facts 4: a failed one writes none).
    "snapshot_writes_version": True,
    # An address opened cold, other than the sign-in page's, shows no page until something in the menu is
    # clicked (facts 2).
    "cold_shell": False,
    # Ask which agency is meant after the password (facts 2).
    "account_chooser": False,
    # Seconds after sign-in at which a session ends; None is never (facts 2, Session Timeout).
    "session_timeout_s": None,
    # Menu id, or name of a group -> label, as a white label renames entries: {"sb_contacts": "Candidates"}.
    "menu_labels": {},
    # Menu ids a white label hides.
    "menu_hidden": [],
    # As a white label orders and groups them: agencyMain and locationMain -> ids; agencySettings and
    # locationSettings -> [{"group": name, "ids": [...]}]. What is not named comes last.
    "menu_order": {},
    # "usual", or "own": the white label's colours.
    "colours": "usual",
    # The white label's own style sheet paints tags, names and states in capitals (facts 0: custom CSS).
    "capitals": False,
    # A second help widget, of the white label's own, at the bottom right (facts 6).
    "own_help_widget": False,
    # How many right codes are refused at sign-in, as those of a clock that is wrong are; -1 is all (invented).
    "codes_refused": 0,
    # A code that was used is refused when it is given again (invented).
    "codes_once": False,
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
    # All that follows about support is invented, since facts 6 leave it open, and may be combined. A prompt's
    # key is one of topic, category, issue, more, account_id, business_profile, loom; some settings also know
    # "summary", the question whether to submit, and "ticket", the confirmation.
    #
    # Order by name instead of by variant: "usual", "account-first", "loom-first", "issue-first", "issue-last",
    # "short" (asks for no further details).
    "support_order": None,
    # Wording by number (0, 1, 2) instead of by variant.
    "support_wording": None,
    # Prompts asked a second time, in another wording, though the answer was good.
    "support_reasked": [],
    # Prompts asked again and again, whatever is answered.
    "support_never_content": [],
    # Prompt -> seconds by which support is late with it, without any sign of typing: {"account_id": 4}. "all"
    # stands for every prompt.
    "support_late": {},
    # Prompt -> what support says before it: {"loom": "One moment please."}.
    "support_says": {},
    # After the answer to this prompt an agent takes over, who greets anew and carries on.
    "support_agent_after": None,
    # Seconds until the agent is there; None is as the pace says, for the real one three minutes.
    "support_agent_wait_s": None,
    # Prompts that the agent asks again, though they were answered.
    "support_agent_asks_again": [],
    # Prompt -> quick replies shown though any text is taken: {"loom": ["None", "I have a link"]}.
    "support_quick_replies": {},
    # While quick replies are shown, nothing can be typed.
    "support_replies_only": False,
    # Prompts asked together, as the fields of a form in the chat: ["category", "issue"].
    "support_form": [],
    # Labels of further fields in the form for tickets; any answer is taken.
    "support_ticket_fields": [],
    # "submit" (a summary, then the number), "turned_into_ticket" (no summary: support makes a ticket of the
    # conversation and says so), "number_later" (confirmed first, the number comes as a message of its own),
    # "number_in_list" (confirmed, and the number stands in the list of conversations only), "no_number"
    # (confirmed, and no number is ever shown).
    "support_ending": "submit",
    # Seconds after the confirmation until the number is there, for "number_later".
    "support_number_after_s": 1,
    # The conversation ends by itself after the answer to this prompt ("summary": after the submission).
    "support_dies_after": None,
    # How many conversations do.
    "support_dies_times": 1,
    # How that is put: "inactivity", "disconnect".
    "support_dies_how": "inactivity",
    # How an ended conversation comes back to life: "list" (opened from the list), "button" ("Continue this
    # conversation"), "none".
    "support_revival": "list",
    # Conversations from earlier days: {"location_id" (or "every", for all that have campaigns), "matter":
    # "cancellation" | "some" (names one campaign only) | "other", "state": "ticket" | "open" (support has
    # asked) | "silent" (support has not answered) | "ended"}.
    "support_earlier": [],
}


def problem_of(name: str, value: Any) -> str | None:
    """Say what is wrong with a setting; None if nothing is."""
    if name not in DEFAULTS:
        return f"no such setting: {name}"
    if name == "release" and value not in RELEASES:
        return f"no such release: {value}; there are {', '.join(RELEASES)}"
    if name == "dialog_names_other" and (unknown := sorted(set(value) - set(DIALOGS))):
        return f"no such dialog: {unknown[0]}; there are {', '.join(DIALOGS)}"
    return None
