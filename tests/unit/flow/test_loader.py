"""A folder of flows: those below it count, and a name is one flow's."""

from __future__ import annotations

from pathlib import Path

import pytest

from robot.flow.loader import load_flows

FLOW = "flow: {name}\ntitle: A flow\nview: any\nsteps:\n  - goto: /\n"


def write(path: Path) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(FLOW.format(name=path.stem), encoding="utf-8")


def test_flows_in_folders_below_are_found(tmp_path: Path) -> None:
    write(tmp_path / "one.yaml")
    write(tmp_path / "deep" / "two.yaml")
    library, problems = load_flows(tmp_path)
    assert problems == []
    assert set(library.flows) == {"one", "two"}


def test_two_flows_of_one_name_are_refused(tmp_path: Path) -> None:
    write(tmp_path / "deep" / "users.yaml")
    write(tmp_path / "users.yaml")
    _, problems = load_flows(tmp_path)
    [problem] = problems
    assert "there are two flows 'users'" in problem.what
    assert "deep/users.yaml" in problem.what


@pytest.mark.parametrize(("settle_after", "is_refused"), [("29s", True), ("30s", False), ("15m", False)])
def test_no_press_is_in_doubt_for_less_than_it_may_take(
    tmp_path: Path, settle_after: str, is_refused: bool
) -> None:
    (tmp_path / "drop.yaml").write_text(
        f"""
flow: drop
title: A flow
view: any
steps:
  - click: p.drop
    irreversible: Drops it
    object: "thing:1"
    require: {{visible: p.drop}}
    expect: {{visible: p.gone}}
    settle_after: {settle_after}
""",
        encoding="utf-8",
    )
    _, problems = load_flows(tmp_path)
    assert [problem.headline().partition("drop.yaml:")[2] for problem in problems] == (
        ["11:19: 'settle_after': must be 30s or more: a press may take so long to be made"]
        if is_refused
        else []
    )
