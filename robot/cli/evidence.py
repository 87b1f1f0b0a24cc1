"""`offboard evidence verify [RUN]`: is a recorded run as it was written?"""

from __future__ import annotations

import json as json_text
import sys
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.text import Text

from robot.errors import BadInputError, Problem
from robot.report.bundle import find_bundle
from robot.run.manifest import VerifyResult, verify_bundle


def verify(run: str | None, *, recordings: Path, json: bool) -> int:
    """Checks every file of `run` (the latest when None) against its list; returns 0 when intact, else 1.

    Raises: BadInputError for a run that is not there.
    """
    folder = find_bundle(run, recordings)
    try:
        result = verify_bundle(folder)
    except FileNotFoundError:
        raise BadInputError(
            Problem(
                what=f"{folder} has no list of its files, so nothing can be checked",
                done="nothing was checked",
                next="the list is manifest.json, or manifest.jsonl of a run that was cut off; both are gone",
            )
        ) from None
    if json:
        answer = {**asdict(result), "intact": result.is_intact, "folder": str(folder.absolute())}
        sys.stdout.write(json_text.dumps(answer, ensure_ascii=False) + "\n")
    else:
        _show(result, folder)
    return 0 if result.is_intact else 1


def _show(result: VerifyResult, folder: Path) -> None:
    console = Console(highlight=False, soft_wrap=True)
    for word, style, names in (
        ("changed", "red", result.changed),
        ("missing", "red", result.missing),
        ("extra", "yellow", result.extra),
        ("problem", "red", result.problems),
    ):
        for name in names:
            console.print(Text.assemble((f"{word:8}", style), name))
    size = f"{result.files} files, {result.bytes / 1024**2:.1f} MB"
    state = (
        "sealed" if result.sealed else "not sealed: the run was cut off; what was completed by then is listed"
    )
    if result.is_intact:
        console.print(Text.assemble(("intact", "bold green"), f"  {folder}: {size}, {state}"))
    else:
        console.print(Text.assemble(("not intact", "bold red"), f"  {folder}: {size}, {state}"))
    console.print(Text.assemble(("digest  ", "dim"), result.digest))
