"""What the support chat asks, in which order, and which answers it takes.

Pure: knows nothing of threads, storage or the web. All wording is invented; the facts say only that the
chat asks a few questions, that "phone" is a category within the self-service account settings, that the
Account ID and the Business Profile information are asked for, and a Loom recording (dashboard-facts 6).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

SELF_SERVICE = "Self-service account settings"
SUBMIT = "Submit request"


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """One question. `replies` are the quick replies; where there are any, only those are taken."""

    key: str
    #: Two wordings: the usual one, and another build's.
    texts: tuple[str, str]
    replies: tuple[str, ...] = ()
    #: Asked again with this when the answer does not fit.
    again: str = "Sorry, I did not get that. Please choose one of the options below."


PROMPTS: Mapping[str, Prompt] = {
    prompt.key: prompt
    for prompt in (
        Prompt(
            key="topic",
            texts=(
                "What do you need help with today?",
                "Please pick the area your question is about.",
            ),
            replies=(SELF_SERVICE, "Technical support", "Billing & invoices", "Something else"),
        ),
        Prompt(
            key="category",
            texts=(
                "Please choose a category within the self-service account settings.",
                "Which category does your request belong to?",
            ),
            replies=("Phone", "Email", "Domains", "Calendars", "Other"),
        ),
        Prompt(
            key="issue",
            texts=("Please describe the issue.", "Tell us what happened, in as much detail as you can."),
            again="Please describe the issue in a few more words, so that our team can help.",
        ),
        Prompt(
            key="more",
            texts=(
                "Is there anything else our team should know? Send any further details, or type No.",
                "Any additional details? If there are none, type No.",
            ),
        ),
        Prompt(
            key="account_id",
            texts=(
                "Please share the Account ID (Location ID) of the sub-account.",
                "Which account is this about? Please send the Account ID (Location ID).",
            ),
            again="That does not look like an Account ID. You find it under Settings > Business Profile, "
            "or in the address after /location/.",
        ),
        Prompt(
            key="business_profile",
            texts=(
                "Please share the Business Profile information (legal business name, address, website).",
                "Please provide the Business Profile information registered for this brand.",
            ),
            again="Please share the Business Profile information, at least the legal business name.",
        ),
        Prompt(
            key="loom",
            texts=(
                "Please share a Loom recording of the issue. If you do not have one, type None.",
                "Do you have a Loom recording that shows the issue? Paste the link, or type None.",
            ),
            again="Please paste a link to a Loom recording, or type None.",
        ),
        Prompt(
            key="carrier",
            texts=(
                "Which carrier error code did you see in the message logs?",
                "Please share the carrier error code of the failed message.",
            ),
            again="Please share the carrier error code.",
        ),
    )
}

#: Orders seen by different agencies are not known; these are plausible ones. The last holds a question
#: that nobody who only cancels a campaign can answer.
ORDERS: tuple[tuple[str, ...], ...] = (
    ("topic", "category", "issue", "more", "account_id", "business_profile", "loom"),
    ("topic", "category", "account_id", "business_profile", "issue", "more", "loom"),
    ("topic", "category", "loom", "issue", "account_id", "more", "business_profile"),
    ("topic", "category", "issue", "carrier", "account_id", "business_profile", "loom"),
)
UNKNOWN_PROMPT_ORDER = 3


def order_of(*, seed: int, variant: int) -> tuple[str, ...]:
    """The prompts' keys. Variant 0 and seed 1 give the usual order; variant 3 asks the odd question."""
    if variant == UNKNOWN_PROMPT_ORDER:
        return ORDERS[UNKNOWN_PROMPT_ORDER]
    return ORDERS[(variant + seed - 1) % UNKNOWN_PROMPT_ORDER]


def fits(key: str, text: str, *, is_account: Callable[[str], bool]) -> str | None:
    """The answer as it is kept, or None when the prompt has to be asked again."""
    answer = text.strip()
    replies = PROMPTS[key].replies
    if replies:
        return next((r for r in replies if r.casefold() == answer.casefold()), None)
    match key:
        case "issue" | "business_profile":
            return answer if len(answer) >= 12 else None
        case "account_id":
            found = re.search(r"(?<![A-Za-z0-9])[A-Za-z0-9]{20}(?![A-Za-z0-9])", answer)
            return found.group() if found and is_account(found.group()) else None
        case "loom":
            is_link = re.fullmatch(r"https?://(www\.)?loom\.com/\S+", answer) is not None
            return answer if is_link or answer.casefold() == "none" else None
        case "carrier":
            return answer if re.fullmatch(r"\d{5}", answer) else None
        case _:
            return answer or None


def summary_of(answers: Mapping[str, str]) -> str:
    """The text shown before the request is submitted."""
    labels = {
        "topic": "Area",
        "category": "Category",
        "issue": "Issue",
        "more": "Further details",
        "account_id": "Account ID",
        "business_profile": "Business Profile",
        "loom": "Loom recording",
        "carrier": "Carrier error code",
    }
    lines = [f"{label}: {answers[key]}" for key, label in labels.items() if key in answers]
    return "Here is a summary of your request:\n" + "\n".join(lines) + "\nShall we submit it?"
