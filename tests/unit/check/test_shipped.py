"""What is shipped fits together: flows and selectors, and the schemas that editors read."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from robot.check.schemas import build_schemas
from robot.cli.lint import find_problems
from robot.yaml_reader import parse_yaml

ROOT = Path(__file__).parents[3]


def test_the_shipped_flows_and_selectors_have_no_problem() -> None:
    found = find_problems(ROOT / "flows", ROOT / "selectors")
    assert [problem.headline() for problem in found if not problem.is_warning] == []


def test_the_schemas_are_those_of_the_models() -> None:
    """`python -m robot.check.schemas` writes them anew."""
    folder = ROOT / "docs/schemas"
    assert {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()} == build_schemas()


@pytest.mark.parametrize("folder", ["flows", "selectors", "selectors/profiles"])
def test_every_file_names_the_schema_that_editors_complete_it_from(folder: str) -> None:
    files = sorted((ROOT / folder).glob("*.yaml"))
    assert files
    for file in files:
        first = file.read_text(encoding="utf-8").splitlines()[0]
        named = re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", first)
        assert named, f"{file.name} names none"
        assert (file.parent / named[1]).resolve().is_file(), f"{file.name} names one that is not there"


def _keys(schema: dict[str, Any], name: str) -> set[str]:
    options = [schema, *schema.get("anyOf", ()), *schema.get("oneOf", ()), *schema["$defs"].values()]
    return {key for one in options if name in one.get("properties", {}) for key in one["properties"]}


def test_every_key_of_the_shipped_flows_is_in_the_schema() -> None:
    schema = json.loads(build_schemas()["flow.json"])
    for file in sorted((ROOT / "flows").glob("*.yaml")):
        root = parse_yaml(file.read_text(encoding="utf-8"), file.name)
        assert set(root) <= _keys(schema, "flow"), file.name
