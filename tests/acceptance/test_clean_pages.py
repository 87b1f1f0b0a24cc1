"""`offboard lint --browser` tells a sign of trouble that is shown on a page on which nothing is wrong."""

from __future__ import annotations

import json
import shutil

import pytest

from tests.acceptance.command import ROOT, Offboard
from tests.rehearsal.dashboard import DEMO, Practice

#: How the shipped selectors tell a message that refuses a snapshot, and what is shown always.
MESSAGE = """      - css: ":is(.n-notification-main, .hr-notification-main):has-text('Error while')"
"""
HEADING = "      - {text: Account Snapshots}\n"


@pytest.mark.matrix
def test_a_sign_that_is_always_there_is_told_by_lint(offboard: Offboard, practice: Practice) -> None:
    for folder in ("flows", "selectors"):
        shutil.copytree(ROOT / folder, offboard.folder / folder)
    file = offboard.folder / "selectors/snapshots.yaml"
    shipped = file.read_text(encoding="utf-8")
    assert MESSAGE in shipped
    words = ("lint", "selectors", "--browser", DEMO, "--dashboard", practice.url, "--json")

    clean = offboard(*words)
    assert (clean.code, clean.json["pages"]) == (0, True), clean.json["problems"]

    file.write_text(shipped.replace(MESSAGE, HEADING), encoding="utf-8")
    told = offboard(*words)
    assert told.code == 2
    [problem] = [one for one in told.json["problems"] if one["level"] == "error"]
    assert "'snapshots.refused' is shown on a page on which nothing is wrong" in json.dumps(problem)
    assert problem["file"].endswith("selectors/snapshots.yaml")
    assert practice.mutations() == []
