"""Selector files to a store. Reports every problem of every file, not the first."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from robot.errors import BadInputError, Problem, SelectorError
from robot.flow.loader import read_text, shown_path
from robot.selector.model import Page
from robot.selector.store import SelectorStore, StoredTarget
from robot.source import Position, Span
from robot.validation import problems_from
from robot.yaml_reader import SpannedDict, parse_yaml


def parse_page(text: str, path: str) -> dict[str, StoredTarget]:
    """Returns the targets in `text` by full name. Raises SelectorError with all problems."""
    try:
        root = parse_yaml(text, path)
    except BadInputError as error:
        raise SelectorError(*error.problems) from None
    if not isinstance(root, SpannedDict):
        start = Span(path, Position(1, 1), Position(1, 2))
        raise SelectorError(Problem(what="a selector file must be a mapping", where=start))
    try:
        page = Page.model_validate(root)
    except ValidationError as error:
        problems = problems_from(error, root=root, path=path, model=Page, find_model=lambda _: None)
        raise SelectorError(*problems) from None
    prefix = Path(path).stem
    return {
        f"{prefix}.{key}": StoredTarget(
            name=f"{prefix}.{key}",
            target=target,
            frame=target.frame or page.frame,
            source=target.source or page.source,
            date=target.date or page.date,
            span=root["targets"].key_spans[key],
        )
        for key, target in page.targets.items()
    }


def load_selectors(folder: Path) -> tuple[SelectorStore, list[Problem]]:
    """Reads every `*.yaml` in `folder`. Returns what parses, and the problems of what does not.

    Raises SelectorError when there is no such folder.
    """
    if not folder.is_dir():
        raise SelectorError(
            Problem(
                what=f"no folder of selectors at {shown_path(folder)}",
                next="make it, or work in the folder that holds it",
            )
        )
    targets: dict[str, StoredTarget] = {}
    problems: list[Problem] = []
    for file in sorted(folder.glob("*.yaml")):
        try:
            targets.update(parse_page(read_text(file), shown_path(file)))
        except BadInputError as error:
            problems.extend(error.problems)
    return SelectorStore(targets), problems
