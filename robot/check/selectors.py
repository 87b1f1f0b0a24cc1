"""Is the selector store whole in itself: parents, rows, lists, parameters?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from robot.errors import Problem
from robot.flow.template import iter_templates
from robot.selector.model import Candidate
from robot.selector.store import SelectorStore, StoredTarget


def check_selectors(store: SelectorStore) -> Iterator[Problem]:
    """Yields what targets name that is not there, and lists whose rows could not be told apart."""
    for stored in store:
        yield from _check_references(stored, store)
        yield from _check_ancestry(stored, store)
        yield from _check_list(stored)
        for candidate in _candidates(stored):
            yield from _check_candidate(candidate, stored, store)


def references(stored: StoredTarget) -> Iterator[tuple[str, bool]]:
    """The names of other targets that a target mentions, and whether each must be a list."""
    target = stored.target
    for name in (target.in_, target.close):
        if name:
            yield name, False
    if target.row_of:
        yield target.row_of, True
    if target.list:
        body = target.list
        for name in (
            body.empty,
            body.count.target if body.count else None,
            body.scroll,
            body.next_page,
            body.first_page,
            *body.loading,
            *body.errors,
            *body.filters,
            body.search,
        ):
            if name:
                yield name, False


def _candidates(stored: StoredTarget) -> Iterator[Candidate]:
    yield from stored.target.candidates
    if stored.target.list:
        yield from stored.target.list.rows
        if stored.target.list.row:
            yield stored.target.list.row


def _check_references(stored: StoredTarget, store: SelectorStore) -> Iterator[Problem]:
    for name, is_list in references(stored):
        if name not in store:
            yield Problem(
                what=f"'{stored.name}' names the target '{name}', which is not there",
                where=stored.span,
                next=store.suggest(name),
            )
        elif (store.find(name).target.list is not None) != is_list:
            wanted = "a list" if is_list else "an element"
            yield Problem(what=f"'{name}' must be {wanted} for '{stored.name}'", where=stored.span)


def _check_ancestry(stored: StoredTarget, store: SelectorStore) -> Iterator[Problem]:
    seen = [stored.name]
    current = stored
    while current.target.in_ and current.target.in_ in store:
        current = store.find(current.target.in_)
        if current.name in seen:
            yield Problem(what=f"'{stored.name}' stands in itself: {' in '.join(seen)}", where=stored.span)
            return
        seen.append(current.name)


def _check_list(stored: StoredTarget) -> Iterator[Problem]:
    body = stored.target.list
    if body is None:
        return
    field = body.fields[body.key]
    if field.attribute is not None and body.row is None:
        yield Problem(
            what=f"the key '{body.key}' of '{stored.name}' is read from an attribute, so its row needs a candidate",
            where=body.span or stored.span,
            next="add 'row:' with a css that holds ${key}",
        )


#: What Python's patterns have and JavaScript's lack: Playwright hands the pattern to the page as it is.
_NOT_IN_A_BROWSER = re.compile(
    r"(?<!\\)(?:\\\\)*(?P<part>\(\?(?:P[<=>]|[aiLmsux]+(?:-[imsx]+)?[:)]|-[imsx]+:|\#|>|\()|\\[AZz])"
)


def _check_candidate(candidate: Candidate, stored: StoredTarget, store: SelectorStore) -> Iterator[Problem]:
    known = {"words", *stored.target.params, *_inherited(stored, store)}
    if stored.target.list and candidate is stored.target.list.row:
        known.add("key")
    for piece in iter_templates(candidate):
        for name in piece.names:
            if name.split(".")[0] not in known:
                yield Problem(
                    what=f"'{name}' has no value in a candidate of '{stored.name}'",
                    where=piece.span or candidate.span,
                    next="declare it under 'params:'",
                )
    if candidate.match == "regex":
        for text in (candidate.name, candidate.text, candidate.label, candidate.placeholder, candidate.title):
            if text is not None:
                try:
                    re.compile(text.text)
                except re.error as error:
                    yield Problem(
                        what=f"'{text.text}' is no pattern: {error}",
                        where=text.span or candidate.span,
                        next="mend it; to find plain text, leave 'match: regex' out",
                    )
                    continue
                foreign = _NOT_IN_A_BROWSER.search(text.text)
                if foreign is not None:
                    yield Problem(
                        what=f"the browser does not know '{foreign['part']}' in a pattern",
                        where=text.span or candidate.span,
                        next="'match: contains' takes any case; '^' and '$' are the two ends; groups have no names",
                    )


def _inherited(stored: StoredTarget, store: SelectorStore) -> set[str]:
    """Parameters of a list belong to its rows' targets too."""
    names: set[str] = set()
    if stored.target.row_of and stored.target.row_of in store:
        names |= set(store.find(stored.target.row_of).target.params)
    return names
