"""A night's summary for people: as Markdown to send on, and as one page. Must not know of files."""

from __future__ import annotations

from collections.abc import Iterator

from robot.jobs.summary import (
    CALLED_OFF,
    DONE_TONIGHT,
    FOR_A_PERSON,
    NOT_REACHED,
    NOTHING_TO_DO,
    STANDINGS,
    WAITS,
    Customer,
    Summary,
    counts,
)
from robot.report.templating import environment, named_zone
from robot.time_zone import shown_at

_TITLES = {
    FOR_A_PERSON: "Needs a person",
    WAITS: "Waiting",
    DONE_TONIGHT: "Done",
    NOTHING_TO_DO: "Nothing to do",
    CALLED_OFF: "Cancelled",
    NOT_REACHED: "Not reached",
}
_STYLES = {
    FOR_A_PERSON: "blocked",
    WAITS: "unknown",
    DONE_TONIGHT: "passed",
    NOTHING_TO_DO: "noop",
    CALLED_OFF: "cancelled",
    NOT_REACHED: "skipped",
}


def summary_html(found: Summary) -> str:
    """One file, readable offline."""
    return (
        environment()
        .get_template("summary.html.j2")
        .render(
            night=found,
            zone=named_zone(found.time_zone),
            counts=counts(found),
            standings=STANDINGS,
            titles=_TITLES,
            styles=_STYLES,
        )
    )


def summary_markdown(found: Summary) -> str:
    """The same in lines."""
    return "\n".join(_lines(found)) + "\n"


def _lines(found: Summary) -> Iterator[str]:
    zone = named_zone(found.time_zone)
    yield f"# {counts(found)}"
    yield ""
    began, ended = shown_at(found.began_at, zone), shown_at(found.ended_at, zone)
    yield f"{found.dashboard}, {began} to {ended}. {found.outcome}."
    if found.queued:
        yield f"{found.queued} left in the queue."
    findings = [one for one in found.preflight.get("findings", ()) if one["state"] != "good"]
    if findings:
        yield ""
        yield "## Seen before the first customer"
        yield ""
        for one in findings:
            yield f"- **{_plain(one['name'])}**: {_plain(one['found'])}" + (
                f". Next: {_plain(one['next'])}" if one["next"] else ""
            )
    if found.stops:
        yield ""
        yield "## Stopped"
        yield ""
        for stop in found.stops:
            over = ", over by now" if stop.is_over else ""
            yield f"- **{_plain(stop.what)}** since {shown_at(stop.since, zone)}{over}: {_plain(stop.cause)}"
    for standing in STANDINGS:
        customers = found.of(standing)
        if customers:
            yield ""
            yield f"## {_TITLES[standing]}: {len(customers)}"
            yield ""
            for one in customers:
                yield from _customer(one)
    if found.costs:
        yield ""
        yield "## May still cost money"
        yield ""
        for one, text in found.costs:
            yield f"- {_plain(one.shown)}: {_plain(text)}"


def _customer(one: Customer) -> Iterator[str]:
    acts = f", {one.acts} act{'' if one.acts == 1 else 's'}" if one.acts else ""
    yield f"- **{_plain(one.shown)}** ({one.case or one.job}{acts})" + (
        f": {_plain(one.reason)}" if one.reason else ""
    )
    if one.next:
        yield f"  - Next: {_plain(one.next)}"


def _plain(text: str) -> str:
    """Text that Markdown takes for nothing else: names of customers hold stars, brackets and worse."""
    escaped = "".join(f"\\{letter}" if letter in r"\`*_[]<>#|~&" else letter for letter in text)
    return " ".join(escaped.split())
