"""The documentation names what the program has."""

from __future__ import annotations

from pathlib import Path

import pytest

from robot.check import check_all
from robot.check.schemas import FOLDER, build_schemas
from robot.flow.loader import load_flows
from robot.flow.look import LOOK_KINDS
from robot.flow.model import Flow
from robot.flow.step import VERBS
from robot.selector.loader import load_selectors
from robot.selector.model import STRATEGIES
from robot.settings import VARIABLES

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("word", [*VERBS, *LOOK_KINDS, *STRATEGIES])
def test_the_language_page_names_every_word(word: str) -> None:
    assert f"`{word}`" in (ROOT / "docs/flows.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("variable", VARIABLES)
def test_the_settings_page_names_every_variable(variable: str) -> None:
    assert f"`{variable}`" in (ROOT / "docs/settings.md").read_text(encoding="utf-8")


def test_schemas_are_current() -> None:
    for name, text in build_schemas().items():
        assert (ROOT / FOLDER / name).read_text(encoding="utf-8") == text, (
            "run: python -m robot.check.schemas"
        )


def test_shipped_flows_and_selectors_have_no_problem() -> None:
    library, problems = load_flows(ROOT / "flows")
    store, more = load_selectors(ROOT / "selectors")
    assert [
        item.headline() for item in [*problems, *more, *check_all(library, store)] if not item.is_warning
    ] == []


def test_the_readme_names_every_flow_of_the_procedure() -> None:
    library, _ = load_flows(ROOT / "flows")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    tasks = [flow.flow for flow in library.flows.values() if isinstance(flow, Flow) and flow.procedure]
    assert [name for name in tasks if f"`{name}`" not in readme] == []
