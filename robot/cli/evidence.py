"""`offboard evidence verify [RUN | ARCHIVE]`: is a recorded run, or an exported case, as it was written?

And `offboard evidence upload`: stores what is not stored yet.
"""

from __future__ import annotations

import json as json_text
import re
import sys
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from rich.console import Console
from rich.text import Text

from robot.cli.terminal import announce
from robot.errors import BadInputError, Problem, SetupError
from robot.ledger.database import Ledger
from robot.report.bundle import find_bundle
from robot.run.archive import ArchiveResult, verify_archive
from robot.run.evidence_store import EvidenceStore
from robot.run.manifest import VerifyResult, verify_bundle
from robot.settings import Settings
from robot.uploads import Uploads

#: The digits of a fingerprint.
_FINGERPRINT = 64


def store_of(settings: Settings) -> EvidenceStore | None:
    """Raises SetupError for an address that is not understood."""
    return EvidenceStore(settings.store) if settings.store else None


def upload(opened: Ledger, settings: Settings, *, now: Callable[[], datetime], is_json: bool) -> int:
    """Returns 0, or 1 when not everything could be stored. Raises BadInputError where no store is named."""
    if not settings.store:
        raise BadInputError(
            Problem(
                what="no store is named",
                done="nothing was stored",
                next="set OFFBOARD_RECORDINGS to its address, such as s3://bucket/folder",
            )
        )
    uploads = Uploads(settings.store, recordings=settings.recordings, ledger=opened, now=now)
    uploads.check_address()
    try:
        done = uploads.upload_all()
    except OSError as error:
        raise SetupError(
            Problem(
                what=f"the recordings in {settings.recordings} cannot be read: {error.strerror or error}",
                done="nothing more was stored",
                next="make the folder readable",
            )
        ) from None
    if is_json:
        problem = {"what": done.problem.what, "next": done.problem.next} if done.problem else None
        answer = {"store": uploads.store.shown, "stored": done.stored, "left": done.left}
        sys.stdout.write(json_text.dumps({**answer, "removed": done.removed, "problem": problem}) + "\n")
    else:
        sys.stdout.write(f"{uploads.store.shown}: {len(done.stored)} runs stored, {len(done.left)} left\n")
        for name in done.removed:
            sys.stdout.write(f"removed here, stored for a week: {name}\n")
        if done.problem:
            announce(done.problem.render())
    return 1 if done.problem else 0


def verify(run: str | None, *, key: str | None = None, settings: Settings, json: bool) -> int:
    """Checks every file of `run` (the latest when None) against its list; returns 0 when intact, else 1.

    run: or the archive of an exported case. key: the whole fingerprint of whoever must have signed it.
    Raises: BadInputError for a run that is not there, and for a key that is no fingerprint.
    """
    wanted = _fingerprint(key)
    if run is not None and _is_file(run):
        return _verify_archive(Path(run), key=wanted, json=json)
    if wanted:
        raise BadInputError(
            Problem(what="only an exported case is signed", next="name its file, or leave --key out")
        )
    folder = find_bundle(run, settings.recordings, store_of(settings))
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
        sys.stdout.write(json_text.dumps(answer) + "\n")
    else:
        _show(result, folder)
    return 0 if result.is_intact else 1


def _fingerprint(key: str | None) -> str:
    """The key as it is compared; empty when none was given. Raises BadInputError for anything but a whole one."""
    if key is None:
        return ""
    wanted = key.replace(" ", "").lower()
    if not re.fullmatch(f"[0-9a-f]{{{_FINGERPRINT}}}", wanted):
        shown = _plain(key if len(key) <= 2 * _FINGERPRINT else f"{key[: 2 * _FINGERPRINT]}...")
        raise BadInputError(
            Problem(
                what=f"the key '{shown}' is no fingerprint: it has {len(wanted)} characters, and a fingerprint "
                f"has {_FINGERPRINT} hexadecimal digits",
                done="nothing was checked",
                next="give all of it, as 'offboard doctor' tells it on the machine that has signed",
            )
        )
    return wanted


def _is_file(name: str) -> bool:
    try:
        return Path(name).is_file()
    except OSError:
        # Too long, for one: then it is no run either, and that is told.
        return False


def _verify_archive(path: Path, *, key: str, json: bool) -> int:
    result = verify_archive(path)
    is_whose = bool(result.fingerprint) and key in ("", result.fingerprint)
    is_good = result.is_intact and is_whose
    if json:
        answer = {**asdict(result), "intact": is_good, "file": str(path.absolute())}
        sys.stdout.write(json_text.dumps(answer) + "\n")
        return 0 if is_good else 1
    console = Console(highlight=False, soft_wrap=True)
    _show_faults(result, console)
    doubts = result.about.get("doubts")
    for line in doubts if isinstance(doubts, list) else []:
        console.print(Text.assemble(("doubt   ", "yellow"), _plain(line)))
    if result.fingerprint and not is_whose:
        console.print(Text.assemble(("problem ", "red"), f"it is not signed by the key {key}"))
    size = f"{result.files} files, {result.bytes / 1024**2:.1f} MB"
    state = ("intact", "bold green") if is_good else ("not intact", "bold red")
    console.print(
        Text.assemble(state, f"  {_plain(path)}: {size}, {_plain(result.about.get('customer', ''))}")
    )
    console.print(Text.assemble(("signed  ", "dim"), result.fingerprint or "by nobody"))
    return 0 if is_good else 1


def _plain(value: object) -> str:
    """Words from somebody else's file, without anything that a terminal would obey."""
    return "".join(letter if letter.isprintable() else "?" for letter in str(value))


def _show_faults(result: VerifyResult | ArchiveResult, console: Console) -> None:
    for word, style, names in (
        ("changed", "red", result.changed),
        ("missing", "red", result.missing),
        ("extra", "yellow", result.extra),
        ("problem", "red", result.problems),
    ):
        for name in names:
            console.print(Text.assemble((f"{word:8}", style), _plain(name)))


def _show(result: VerifyResult, folder: Path) -> None:
    console = Console(highlight=False, soft_wrap=True)
    _show_faults(result, console)
    size = f"{result.files} files, {result.bytes / 1024**2:.1f} MB"
    state = (
        "sealed" if result.sealed else "not sealed: the run was cut off; what was completed by then is listed"
    )
    if result.is_intact:
        console.print(Text.assemble(("intact", "bold green"), f"  {_plain(folder)}: {size}, {state}"))
    else:
        console.print(Text.assemble(("not intact", "bold red"), f"  {_plain(folder)}: {size}, {state}"))
    console.print(Text.assemble(("digest  ", "dim"), result.digest))
