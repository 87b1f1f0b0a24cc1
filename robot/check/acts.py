"""Is every act that cannot be undone marked, guarded, named by its object, and looked for afterwards?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from robot.errors import Problem, did_you_mean
from robot.flow.acts import kinds_of_steps
from robot.flow.describe import main_target
from robot.flow.loader import FlowLibrary
from robot.flow.look import (
    AnyLook,
    AppearedLook,
    CheckedLook,
    ClosedLook,
    DisabledLook,
    EnabledLook,
    EveryLook,
    HoldsLook,
    Look,
    NotLook,
    TargetUse,
    TextLook,
    TextMatch,
    UncheckedLook,
    ValueLook,
    VisibleLook,
    look_kind_of,
)
from robot.flow.model import Flow
from robot.flow.plan_rule import PlanRules
from robot.flow.step import (
    ActBase,
    ChooseStep,
    ClickStep,
    ConverseStep,
    ForEachStep,
    GoalStep,
    IfStep,
    PressStep,
    RunStep,
    StepBase,
)
from robot.flow.template import iter_templates
from robot.flow.walk import each_flow, each_part, each_step, inner_steps
from robot.selector.store import SelectorStore

#: Words in a target's name, its candidates or its parameters that say that pressing it destroys something.
_DESTROYS = re.compile(
    r"(?<![a-z])(delete|remove|release|deactivate|disable|cancel_subscription|terminate|erase|unsubscribe|"
    r"purge|revoke|uninstall|disconnect|archive|trash)(?![a-z])",
    re.IGNORECASE,
)
_OBJECT = re.compile(r"^[a-z][a-z_]*:.+")


def check_acts(library: FlowLibrary, store: SelectorStore) -> Iterator[Problem]:
    """Yields acts that could destroy something unguarded."""
    changing = _changing(library, store)
    for flow in each_flow(library):
        if flow.read_only:
            yield from _check_read_only(flow, library)
        for step in each_step(flow.steps):
            if isinstance(step, ActBase):
                if step.irreversible is not None:
                    yield from _check_irreversible(step, flow, store)
                    yield from _check_guard(step)
                else:
                    yield from _check_reversible(step, store)
                    yield from _check_unmarked(step, flow, changing, store)
            if isinstance(step, ForEachStep):
                yield from _check_loop(step, library)
        yield from _check_ending(flow.steps, is_in_goal=False)
        yield from _check_choices(flow, library)
        if flow.plan is not None:
            yield from _check_plan(flow, flow.plan, library)


def _check_read_only(flow: Flow, library: FlowLibrary) -> Iterator[Problem]:
    """Yields what a read-only flow does that is more than reading, in itself or in a flow that it runs."""
    for step in each_step(flow.steps):
        if isinstance(step, ActBase) and step.irreversible is not None:
            yield Problem(
                what=f"'{flow.flow}' says that it is read-only, and this act is irreversible",
                where=step.span,
                next="remove 'read_only: true', or the act",
            )
        if isinstance(step, RunStep):
            inner = library.flows.get(step.run)
            if isinstance(inner, Flow) and not inner.read_only and _is_irreversible(inner):
                yield Problem(
                    what=f"'{flow.flow}' says that it is read-only, and '{inner.flow}' is not",
                    where=step.span,
                    next="remove 'read_only: true'",
                )


def _check_loop(step: ForEachStep, library: FlowLibrary) -> Iterator[Problem]:
    """A loop that destroys something says what each row stands for, so that a plan can leave rows out."""
    kinds = kinds_of_steps(step.do, library)
    named = step.for_each.object
    if kinds and named is None:
        yield Problem(
            what="a loop with an irreversible act in it, and without 'object'",
            where=step.for_each.span,
            next=f"say what a row stands for, as the act does: object: {sorted(kinds)[0]}:${{...}}",
        )
    elif named is not None and named.text.split(":")[0] not in kinds:
        yield Problem(
            what=f"no act in this loop is about '{named.text.split(':')[0]}'",
            where=named.span,
            next=f"name the object as the act does: {', '.join(sorted(kinds)) or 'there is none here'}",
        )


def _check_plan(flow: Flow, plan: PlanRules, library: FlowLibrary) -> Iterator[Problem]:
    if not flow.read_only:
        yield Problem(
            what="only a read-only flow may say what a plan holds",
            where=plan.span,
            next="add 'read_only: true', or move 'plan:' to a flow that only looks",
        )
    task = library.flows.get(plan.task)
    if not isinstance(task, Flow):
        yield Problem(
            what=f"there is no flow '{plan.task}' with steps",
            where=plan.span,
            next=did_you_mean(plan.task, sorted(library.flows)),
        )
        return
    kinds = kinds_of_steps(task.steps, library)
    for rule in plan.objects:
        kind = rule.object.text.split(":")[0]
        if kind not in kinds:
            yield Problem(
                what=f"'{plan.task}' does nothing to a '{kind}'",
                where=rule.object.span,
                next=f"name the object as its acts do: {', '.join(sorted(kinds))}",
            )


def _is_irreversible(flow: Flow) -> bool:
    steps = each_step(flow.steps)
    return any(isinstance(step, ActBase) and step.irreversible is not None for step in steps)


def _check_irreversible(step: ActBase, flow: Flow, store: SelectorStore) -> Iterator[Problem]:
    if not isinstance(step, ClickStep | PressStep | ChooseStep | ConverseStep):
        yield Problem(what="only a press can be irreversible", where=step.span, next="move it to the click")
    if step.object is None:
        yield Problem(
            what="an irreversible act without 'object'",
            where=step.span,
            next="say what it destroys by identity, such as object: phone_number:${row.number}",
        )
    elif not _OBJECT.match(step.object.text):
        yield Problem(
            what=f"'{step.object.text}' is no object",
            where=step.object.span,
            next="write <kind>:<identity>, such as phone_number:${row.number}",
        )
    elif "${" not in step.object.text:
        yield Problem(
            what="the object names no identity of its own",
            where=step.object.span,
            next="put the identity into it, such as phone_number:${row.number}",
        )
    if step.require is None:
        yield Problem(
            what="an irreversible act without 'require'",
            where=step.span,
            next="match what the dialog names, and the typed word, before pressing",
        )
    if isinstance(step, ConverseStep):
        return
    if step.expect is None:
        yield Problem(
            what="an irreversible act without 'expect'",
            where=step.span,
            next="say how its effect is seen on the page, such as no_row: {list: ..., row: ...}",
        )
    elif not any(_shows_data(look, store) for look in step.expect):
        yield Problem(
            what="a dialog that closes is no proof that an irreversible act took effect",
            where=step.span,
            next="expect what changes on the page: no_row, row, none, some, text or address",
        )
    if flow.view != "sub-account" and step.require is not None and not _names_customer(step.require):
        yield Problem(
            what="outside the sub-account view nothing here makes sure that it is the right customer's",
            where=step.span,
            next="let 'require' match ${location_id} or ${company} on the page or in its address",
        )


#: Names that stand for no thing of a customer's.
_GENERAL = frozenset({"words", "policy", "today", "now"})


def _check_guard(step: ActBase) -> Iterator[Problem]:
    """Yields what in a guard may hold of another thing than the one that is destroyed."""
    if step.require is None:
        return
    for part in each_part(step.require):
        if isinstance(part, TextMatch):
            yield from _check_text(part)
    if step.dialog is not None and step.dialog.says is None:
        yield Problem(
            what="an irreversible act that answers a dialog of the browser, whatever it says",
            where=step.dialog.span or step.span,
            next='say all that it says, with what it names: dialog: {answer: accept, says: "Delete ${row.name}?"}',
        )
    # What is said once names what it is about in its own words, which the guard compares.
    if step.object is None or isinstance(step, ConverseStep) or step.once:
        return
    named = {name.split(".")[0] for name in step.object.names} - _GENERAL
    # The sub-account itself is made sure of at each press; the thing in it is not.
    named = (named - {"location_id", "company"}) or named
    for name in sorted(named):
        said = step.dialog.says.names if step.dialog and step.dialog.says else ()
        is_said = any(part.split(".")[0] == name for part in said)
        if not is_said and not any(_compares(look, name) for look in step.require):
            yield Problem(
                what=f"'object' names '{name}', and 'require' compares nothing with it",
                where=step.object.span or step.span,
                next=f"let 'require' match what the page shows with ${{{name}...}}; under 'any', each of the looks",
            )


def _check_text(match: TextMatch) -> Iterator[Problem]:
    if match.contains_name is not None and match.among is None:
        yield Problem(
            what="'contains_name' without 'among': a longer name would be taken for this one",
            where=match.span,
            next="say what it may be confused with, among: {of: ${rows}, field: name}, or compare with 'equals'",
        )
    if match.contains is not None and not _is_bounded(match.contains.text):
        yield Problem(
            what="'contains' with a value: a longer one would be taken for this one",
            where=match.span,
            next="compare with 'equals', with 'contains_name' and 'among', or write the words around it, too",
        )


def _is_bounded(text: str) -> bool:
    """Whether words or signs stand on both sides of every value of a text."""
    parts = re.split(r"\$\{[^}]*\}", text)
    return len(parts) == 1 or (bool(parts[0].strip()) and all(part.strip() for part in parts[1:]))


def _compares(look: Look, name: str) -> bool:
    """Whether a look that holds has compared the page with a value, whichever of its parts held."""
    match look:
        case AnyLook():
            return all(_compares(one, name) for one in look.any)
        case EveryLook():
            return any(_compares(one, name) for one in look.every)
        case NotLook() | HoldsLook():
            return False
    return any(
        piece_name.split(".")[0] == name for piece in iter_templates(look) for piece_name in piece.names
    )


def _check_choices(flow: Flow, library: FlowLibrary) -> Iterator[Problem]:
    """Yields irreversible acts that are done on a "no" that proves nothing."""
    for step in each_step(flow.steps):
        if isinstance(step, IfStep) and step.else_ and kinds_of_steps(step.else_, library):
            unproven = next((look for look in step.if_ if not _proves_no(look)), None)
            if unproven is not None:
                yield _unproven(step, "'else' holds an irreversible act", unproven)
        if isinstance(step, IfStep) and kinds_of_steps(step.then, library):
            yield from _check_nots(step, step.if_, "'then' holds an irreversible act")
        if isinstance(step, ActBase) and step.irreversible is not None and step.require is not None:
            yield from _check_nots(step, step.require, "this act is irreversible")


def _check_nots(step: StepBase, looks: tuple[Look, ...], what: str) -> Iterator[Problem]:
    for part in each_part(looks):
        if isinstance(part, NotLook) and not _proves_no(part.not_):
            yield _unproven(step, what, part.not_)


def _unproven(step: StepBase, what: str, look: Look) -> Problem:
    return Problem(
        what=f"{what}, and that '{look_kind_of(look)}' says no proves nothing",
        where=look.span or step.span,
        next="ask for what proves it: a list with 'row', 'some', 'none' or 'no_row', or 'holds'",
    )


def _proves_no(look: Look) -> bool:
    """Whether a look that says no has seen something that makes it so, and not only nothing."""
    match look:
        case VisibleLook() | AppearedLook() | EnabledLook() | DisabledLook():
            return False
        case CheckedLook() | UncheckedLook() | TextLook() | ValueLook():
            # The element may not be there, which is a no, too.
            return False
        case NotLook():
            return True
        case AnyLook():
            return all(_proves_no(one) for one in look.any)
        case EveryLook():
            return all(_proves_no(one) for one in look.every)
    return True


def _check_ending(steps: tuple[StepBase, ...], *, is_in_goal: bool) -> Iterator[Problem]:
    """Yields acts that end later where nothing looks for their end."""
    for step in steps:
        is_open_later = isinstance(step, ActBase) and (step.ends_later or step.asks_again is not None)
        if isinstance(step, ActBase) and is_open_later and (step.irreversible is None or not is_in_goal):
            yield Problem(
                what="'ends_later' and 'asks_again' are for an irreversible act inside a 'goal'",
                where=step.span,
                next="put it under the goal whose look shows that it has ended, or leave it out",
            )
        for inner in inner_steps(step):
            yield from _check_ending(inner, is_in_goal=is_in_goal or isinstance(step, GoalStep))


def _shows_data(look: Look, store: SelectorStore) -> bool:
    """Whether a look is about the page's data, not only about a dialog."""
    match look:
        case AnyLook():
            return all(
                _shows_data(one, store) or isinstance(one, VisibleLook | AppearedLook) for one in look.any
            )
        case EveryLook():
            return any(_shows_data(one, store) for one in look.every)
        case ClosedLook() | HoldsLook() | AppearedLook():
            return False
        case VisibleLook():
            name = look.visible.target
            return name not in store or store.find(name).target.kind == "element"
    return True


def _names_customer(looks: tuple[Look, ...]) -> bool:
    names = {name.split(".")[0] for piece in iter_templates(looks) for name in piece.names}
    return bool(names & {"location_id", "company"})


def _check_reversible(step: ActBase, store: SelectorStore) -> Iterator[Problem]:
    if step.object is not None:
        yield Problem(
            what="'object' without 'irreversible'",
            where=step.object.span,
            next="say in one sentence what it destroys: irreversible: ...",
        )
    target = main_target(step)
    if target is None or not isinstance(step, ClickStep | PressStep) or target.target not in store:
        return
    stored = store.find(target.target)
    if stored.target.destroys is False:
        return
    said = [target.target.split(".", 1)[1], *(value.text for value in target.with_.values())]
    said += [candidate.describe() for candidate in stored.target.candidates]
    word = next((match[0] for text in said if (match := _DESTROYS.search(text))), None)
    if word is None and not stored.target.destroys:
        return
    if word is not None and _is_only_location(said, stored.target.in_):
        return
    if not stored.target.destroys and _opens_dialog(step, store):
        return
    yield Problem(
        what=f"'{target.target}' looks as if it destroys something ('{word or 'destroys: true'}')",
        where=step.span,
        next="add 'irreversible:', 'object:', 'require:' and 'expect:'; if it only opens a dialog, expect that "
        "dialog to be visible; if it is harmless, write 'destroys: false' in the selector file",
    )


#: What is pressed: a target, with its parameters.
_Pressed = tuple[str, tuple[tuple[str, str], ...]]


def _pressed(use: TargetUse) -> _Pressed:
    return use.target, tuple(sorted((name, value.text) for name, value in use.with_.items()))


def _changing(library: FlowLibrary, store: SelectorStore) -> dict[_Pressed, str]:
    """What is known to change the dashboard when it is pressed, and by what it is known."""
    known: dict[_Pressed, str] = {}
    for flow in each_flow(library):
        for step in each_step(flow.steps):
            if not isinstance(step, ClickStep | PressStep) or (target := main_target(step)) is None:
                continue
            if step.irreversible is not None:
                known.setdefault(_pressed(target), f"'{flow.flow}' marks it as irreversible")
            elif target.target in store and store.find(target.target).target.changes:
                known[_pressed(target)] = f"'changes: true' at {store.find(target.target).span}"
    return known


def _check_unmarked(
    step: ActBase, flow: Flow, changing: dict[_Pressed, str], store: SelectorStore
) -> Iterator[Problem]:
    """Warns of an act that changes the dashboard, as was seen or as another flow says, and that is not marked."""
    if not isinstance(step, ClickStep | PressStep) or (target := main_target(step)) is None:
        return
    if step.reversible or flow.private or _opens_dialog(step, store):
        return
    known = changing.get(_pressed(target))
    if known is not None:
        yield Problem(
            what=f"pressing '{target.target}' changes the dashboard ({known}), and this step does not say so",
            details=(("stops", "every run on a live dashboard, after the press"),),
            where=step.span,
            next="add 'irreversible:' with 'object:', 'require:' and 'expect:', or 'reversible: true' where it can "
            "be undone",
            is_warning=True,
        )


def _is_only_location(said: list[str], parent: str | None) -> bool:
    """Whether the word stands only in the name of a dialog that the element is in, such as its Cancel."""
    return bool(parent) and bool(re.search(r"_(cancel|close|word|body|title|search|menu)$", said[0]))


def _opens_dialog(step: ActBase, store: SelectorStore) -> bool:
    names = [part.visible.target for part in each_part(step.expect or ()) if isinstance(part, VisibleLook)]
    return any(name in store and store.find(name).target.kind == "dialog" for name in names)
