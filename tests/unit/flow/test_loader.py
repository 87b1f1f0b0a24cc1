"""A folder of flows: those below it count, and a name is one flow's."""

from __future__ import annotations

from pathlib import Path

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
