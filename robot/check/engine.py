"""What a run would refuse when it comes to it: said before any browser opens."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from robot.check.names import ALWAYS, names_set
from robot.errors import Problem, did_you_mean
from robot.flow.acts import kinds_of, kinds_of_steps
from robot.flow.duration import parse_duration
from robot.flow.inputs import convert_input
from robot.flow.loader import AnyFlow, FlowLibrary
from robot.flow.located import Located
from robot.flow.look import AddressMatch, TextMatch
from robot.flow.model import Flow, Input
from robot.flow.step import ActBase, CaptureSource, ConverseStep, ForEachStep, StepBase
from robot.flow.template import Condition, Template, iter_templates
from robot.flow.walk import each_flow, each_part, each_step
from robot.profile import Policies, ProfileFile
from robot.selector.store import SelectorStore
from robot.selector.well_known import LOCATION_NAME
from robot.source import Span

#: Every run begins with it.
SIGN_IN = "sign-in"
#: What it is given.
_SIGN_IN_INPUTS = ("email", "password", "code", "code_renews")
#: Values that a run has by itself, and names that a condition cannot have; `user` is kept for who is signed in.
_BUILT_IN = ("words", "policy", "today", "now", "user", "conversation")
_OF_CONDITIONS = (
    "and",
    "or",
    "not",
    "in",
    "is",
    "if",
    "else",
    "true",
    "false",
    "none",
    "self",
    "loop",
    "row",
)


def check_engine(library: FlowLibrary, store: SelectorStore) -> Iterator[Problem]:
    """Yields what would end a run, or a plan, that has begun."""
    for one in library.flows.values():
        yield from _check_inputs(one)
    for flow in each_flow(library):
        yield from _check_names_set(flow)
        yield from _check_landmark(flow, library, store)
        yield from _check_policies(flow)
        if flow.signed_out is not None and flow.flow != SIGN_IN:
            yield Problem(
                what=f"only '{SIGN_IN}' says how a session that has ended looks",
                where=flow.span,
                next="remove 'signed_out:' here",
            )
        for step in each_step(flow.steps):
            yield from _check_patterns(step)
            if isinstance(step, ActBase) and step.irreversible is not None:
                yield from _check_proof(step)


def check_profile(profile: ProfileFile, library: FlowLibrary, store: SelectorStore) -> Iterator[Problem]:
    """Yields words that flows and selectors need and the profile does not say, and kinds that nothing deletes."""
    needed: dict[str, str] = {}
    pieces = [piece for flow in library.flows.values() for piece in _pieces(flow)]
    pieces += [piece for stored in store for piece in iter_templates(stored.target)]
    for piece in pieces:
        for name in piece.names:
            first, _, rest = name.partition(".")
            if first == "words" and rest and rest not in profile.words:
                needed.setdefault(rest, str(piece.span) if piece.span else "")
    for word, place in sorted(needed.items()):
        yield Problem(
            what=f"profile '{profile.profile}' does not say 'words.{word}'",
            where=profile.span,
            details=(("used", place),) if place else (),
            next=did_you_mean(word, sorted(profile.words)) or f"add '{word}:' under 'words:'",
        )
    if profile.unattended is not None and library.flows:
        known = sorted(kinds_of(library))
        for kind in profile.unattended.at_most:
            if kind not in known:
                yield Problem(
                    what=f"unattended.at_most names '{kind}', which no flow deletes",
                    where=profile.unattended.span or profile.span,
                    next=f"{did_you_mean(kind, known)} Kinds: {', '.join(known) or 'none'}".strip(),
                )


def _pieces(flow: AnyFlow) -> Iterable[Template | Condition]:
    return iter_templates(flow)


def check_sign_in(library: FlowLibrary) -> Iterator[Problem]:
    """Yields why nobody could be signed in; asked of all flows that there are, and not of one."""
    flow = library.flows.get(SIGN_IN)
    if flow is None:
        yield Problem(
            what=f"there is no flow '{SIGN_IN}', and every run begins with it",
            next=f"add flows/{SIGN_IN}.yaml: it is given {', '.join(_SIGN_IN_INPUTS)}",
        )
    elif not isinstance(flow, Flow):
        yield Problem(what=f"'{SIGN_IN}' must have steps", where=flow.span, next="list its steps here")
    else:
        for name, item in flow.inputs.items():
            if name not in _SIGN_IN_INPUTS and not item.optional and item.default is None:
                yield Problem(
                    what=f"'{SIGN_IN}' needs the input '{name}', which no run gives it",
                    where=item.span or flow.span,
                    next=f"it is given {', '.join(_SIGN_IN_INPUTS)}; make others optional",
                )
        if flow.signed_out is None:
            yield Problem(
                what=f"'{SIGN_IN}' does not say how a session that has ended looks: no run signs in again",
                where=flow.span,
                next="name what is shown only where nobody is signed in: signed_out: sign_in.submit",
                is_warning=True,
            )


def _check_inputs(flow: AnyFlow) -> Iterator[Problem]:
    for name, item in flow.inputs.items():
        if name in _BUILT_IN or name in _OF_CONDITIONS:
            what = "a value that every run has" if name in _BUILT_IN else "a word of conditions"
            yield Problem(
                what=f"the input '{name}' has the name of {what}",
                where=item.span or flow.span,
                next=f"give it another name, such as 'customer_{name}'",
            )
        yield from _check_default(name, item, flow.span)


def _check_default(name: str, item: Input, where: Span | None) -> Iterator[Problem]:
    value = item.default
    if value is None:
        return
    what, advice = "", ""
    wanted: type = {"integer": int, "boolean": bool}.get(item.type, str)
    if item.secret:
        what, advice = f"the secret '{name}' has a default, which stands in this file", "leave it out"
    elif item.type == "list":
        what, advice = f"the list '{name}' has a default, which is no list", "leave it out: it is empty then"
    elif type(value) is not wanted:
        what = f"the default of '{name}' is {_kind(value)}, and its type is {item.type}"
        advice = "write a default of that type, in quotes where it is text"
    elif isinstance(value, str):
        try:
            if convert_input(item, value) != value:
                what, advice = f"the default of '{name}' is not written as it is compared", "remove blanks"
        except ValueError as error:
            what = f"the default of '{name}' is '{value}': {str(error).splitlines()[0]}"
            advice = "write a default that could be given"
        if item.type == "duration" and parse_duration(value) is None:
            advice = "write a whole number with a unit: 500ms, 20s, 5m, 24h"
    if what:
        yield Problem(what=what, where=item.span or where, next=advice)


def _kind(value: object) -> str:
    return {bool: "true or false", int: "a number"}.get(type(value), "text")


def _check_names_set(flow: Flow) -> Iterator[Problem]:
    """What a step sets hides what every run has by itself."""
    for step in each_step(flow.steps):
        for name in sorted({*_set_by(step)} & ALWAYS):
            yield Problem(
                what=f"this step sets '{name}', a value that every run has",
                where=step.span,
                next="give it another name",
            )


def _check_landmark(flow: Flow, library: FlowLibrary, store: SelectorStore) -> Iterator[Problem]:
    """In a sub-account each press asks whose it is: by the address, and by the name on the page."""
    if flow.view != "sub-account":
        return
    is_pressing = bool(kinds_of_steps(flow.steps, FlowLibrary()))
    if LOCATION_NAME not in store:
        yield Problem(
            what=f"'view: sub-account' needs the target '{LOCATION_NAME}', which is not there",
            where=flow.span,
            next="add the element that shows the sub-account's name to selectors/; without it nothing is pressed",
        )
    if not is_pressing:
        return
    known = set(flow.inputs) | {name for step in each_step(flow.steps) for name in _set_by(step)}
    for name in (flow.place.location_id, flow.place.company):
        if name not in known:
            yield Problem(
                what=f"nothing in this flow has the value '{name}', and without it nothing is pressed in a "
                "sub-account",
                where=flow.span,
                next=f"make '{name}' an input, or name others under 'place:'",
            )


def _set_by(step: StepBase) -> tuple[str, ...]:
    names = names_set(step)
    return (*names, step.for_each.as_) if isinstance(step, ForEachStep) else names


def _check_policies(flow: Flow) -> Iterator[Problem]:
    known = [name for name in Policies.model_fields if name != "span"]
    for piece in _pieces(flow):
        for name in _dotted(piece):
            first, _, rest = name.partition(".")
            if first == "policy" and rest and rest.split(".")[0] not in known:
                yield Problem(
                    what=f"there is no policy '{rest}'",
                    where=piece.span or flow.span,
                    next=f"{did_you_mean(rest, known)} Policies: {', '.join(known)}".strip(),
                )


def _dotted(piece: Template | Condition) -> Iterator[str]:
    """Names with what is asked of them; a condition tells only the first part of each."""
    if isinstance(piece, Template):
        yield from piece.names
    else:
        yield from re.findall(r"(?<![\w.'\"])policy\.[a-z_]+", piece.text)


def _check_patterns(step: StepBase) -> Iterator[Problem]:
    for part in each_part(step):
        text = None
        if isinstance(part, TextMatch | AddressMatch):
            text = part.matches
        elif isinstance(part, CaptureSource):
            text = part.pattern
        if text is None:
            continue
        try:
            re.compile(text)
        except re.error as error:
            yield Problem(
                what=f"'{text}' is no pattern: {error}",
                where=getattr(text, "span", None) or part.span or step.span,
                next="mend it; to find plain text, write 'contains'",
            )


def _check_proof(step: ActBase) -> Iterator[Problem]:
    """An effect is proved by what was not so before the press, and is not so whatever the page says."""
    if isinstance(step, ConverseStep) or not step.expect:
        return
    before = [_shape(look) for look in step.require or ()]
    if all(_shape(look) in before for look in step.expect):
        yield Problem(
            what="what this act expects is required before it, and so is no proof of its effect",
            where=step.span,
            next="expect what is not so before the press, such as no_row: {list: ..., row: ...}",
        )
    for part in each_part(step.expect):
        if (
            isinstance(part, TextMatch | AddressMatch)
            and part.matches is not None
            and _matches_all(part.matches)
        ):
            yield Problem(
                what=f"'{part.matches}' matches any text, and so proves nothing",
                where=part.span or step.span,
                next="write what is there only when the act took effect",
            )


def _shape(value: object) -> object:
    """What a look says, wherever it stands."""
    match value:
        case Located():
            names = [name for name in type(value).model_fields if name != "span"]
            return (type(value).__name__, *((name, _shape(getattr(value, name))) for name in names))
        case Template() | Condition():
            return value.text
        case dict():
            return tuple((name, _shape(item)) for name, item in sorted(value.items()))
        case tuple() | list():
            return tuple(_shape(item) for item in value)
    return str(value)


def _matches_all(pattern: str) -> bool:
    try:
        return re.search(pattern, "") is not None
    except re.error:
        return False
