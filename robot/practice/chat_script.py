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
    #: Three wordings: the usual one, and those of two other builds.
    texts: tuple[str, str, str]
    #: What stands beside it where it is a field of a form.
    label: str = ""
    replies: tuple[str, ...] = ()
    #: Asked again with this when the answer does not fit.
    again: str = "Sorry, I did not get that. Please choose one of the options below."


PROMPTS: Mapping[str, Prompt] = {
    prompt.key: prompt
    for prompt in (
        Prompt(
            key="topic",
            label="Area your question is about",
            texts=(
                "What do you need help with today?",
                "Please pick the area your question is about.",
                "Hello! Which part of the product can we assist you with?",
            ),
            replies=(SELF_SERVICE, "Technical support", "Billing & invoices", "Something else"),
        ),
        Prompt(
            key="category",
            label="Category",
            texts=(
                "Please choose a category within the self-service account settings.",
                "Which category does your request belong to?",
                "What type of request is it? Pick one from the list.",
            ),
            replies=("Phone", "Email", "Domains", "Calendars", "Other"),
        ),
        Prompt(
            key="issue",
            texts=(
                "Please describe the issue.",
                "Tell us what happened, in as much detail as you can.",
                "Could you explain the problem you are facing?",
            ),
            label="Describe the issue",
            again="Please describe the issue in a few more words, so that our team can help.",
        ),
        Prompt(
            key="more",
            label="Further details",
            texts=(
                "Is there anything else our team should know? Send any further details, or type No.",
                "Any additional details? If there are none, type No.",
                "Would you like to add anything before we move on? Reply No to skip.",
            ),
        ),
        Prompt(
            key="account_id",
            label="Account ID (Location ID)",
            texts=(
                "Please share the Account ID (Location ID) of the sub-account.",
                "Which account is this about? Please send the Account ID (Location ID).",
                "Kindly provide the Location ID of the affected sub-account.",
            ),
            again="That does not look like an Account ID. You find it under Settings > Business Profile, "
            "or in the address after /location/.",
        ),
        Prompt(
            key="business_profile",
            label="Business Profile information",
            texts=(
                "Please share the Business Profile information (legal business name, address, website).",
                "Please provide the Business Profile information registered for this brand.",
                "Kindly confirm the business details on file: legal name, address and website.",
            ),
            again="Please share the Business Profile information, at least the legal business name.",
        ),
        Prompt(
            key="loom",
            label="Loom recording",
            texts=(
                "Please share a Loom recording of the issue. If you do not have one, type None.",
                "Do you have a Loom recording that shows the issue? Paste the link, or type None.",
                "A short screen recording (Loom) helps us a lot. Send the link, or None if there is not one.",
            ),
            again="Please paste a link to a Loom recording, or type None.",
        ),
        Prompt(
            key="carrier",
            label="Carrier error code",
            texts=(
                "Which carrier error code did you see in the message logs?",
                "Please share the carrier error code of the failed message.",
                "Kindly send the carrier error code from the logs.",
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

#: More orders, by name.
NAMED_ORDERS: Mapping[str, tuple[str, ...]] = {
    "usual": ORDERS[0],
    "account-first": ("account_id", "topic", "category", "issue", "business_profile", "more", "loom"),
    "loom-first": ("topic", "loom", "category", "issue", "more", "account_id", "business_profile"),
    "issue-first": ("issue", "topic", "category", "account_id", "more", "loom", "business_profile"),
    "issue-last": ("topic", "category", "account_id", "business_profile", "loom", "more", "issue"),
    "short": ("topic", "category", "issue", "account_id", "business_profile", "loom"),
}

#: What is said around the prompts.
GREETING = "Hi, I am the AI support assistant."
AGENT_GREETING = "Thanks for reaching out. An agent will join in 2-5 minutes; we start with a few questions."
HAND_OVER = "I am connecting you to an agent. The wait time is 2-5 minutes."
AGENT = "Maria Santos"
AGENT_JOINED = f"{AGENT} joined the conversation."
AGENT_HELLO = "Hi, this is Maria from the support team. Thank you for waiting, I will take it from here."
FORM = "Please fill in the form below, so that we can route your request."
ENDINGS: Mapping[str, str] = {
    "inactivity": "This conversation has ended because of inactivity.",
    "disconnect": "You have been disconnected. This conversation has ended.",
}
REOPENED = "Welcome back. Let us continue where we stopped."
CONFIRMED = "Thank you, your request has been submitted. You will receive the ticket number shortly."
NOT_SENT = "No problem, nothing has been sent yet."


def submitted_text(number: str) -> str:
    """What is said when the request has become a ticket."""
    return (
        f"Your request has been submitted. Ticket number: #{number}. Our team will answer here and by email."
    )


def turned_into_text(number: str) -> str:
    """The same, where nobody is there and nothing was asked to be submitted."""
    return (
        "Nobody is available right now, so this conversation has been turned into a support ticket. "
        f"Your ticket number is #{number}. You will get an answer by email."
    )


def number_text(number: str) -> str:
    """The number, when it comes later."""
    return f"Your ticket number is #{number}."


def order_of(*, seed: int, variant: int, name: str | None = None) -> tuple[str, ...]:
    """The prompts' keys: those of a named order, or by seed and variant.

    Variant 0 and seed 1 give the usual order; variant 3 asks the odd question.
    """
    if name is not None:
        order = NAMED_ORDERS[name]
        if variant == UNKNOWN_PROMPT_ORDER:
            after = order.index("issue") + 1
            order = (*order[:after], "carrier", *order[after:])
        return order
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


def summary_of(answers: Mapping[str, str], *, wording: int = 0) -> str:
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
    if wording == 2:
        return "Please review your request before it goes to our team:\n" + "\n".join(lines)
    return "Here is a summary of your request:\n" + "\n".join(lines) + "\nShall we submit it?"
