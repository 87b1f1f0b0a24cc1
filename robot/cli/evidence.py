"""`offboard evidence verify [RUN | ARCHIVE]`: is a recorded run, or an exported case, as it was written?

And `offboard evidence upload`: stores what is not stored yet.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from robot.errors import BadInputError, Problem, SetupError
from robot.harmless import harmless
from robot.ledger.database import Ledger
from robot.report.bundle import find_bundle
from robot.run.archive import ArchiveResult, verify_archive
from robot.run.evidence_store import EvidenceStore
from robot.run.manifest import VerifyResult, verify_bundle
from robot.screen import PlainText, Screen, say, say_json, tell_text
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
        say_json({**answer, "removed": done.removed, "problem": problem})
    else:
        say(f"{uploads.store.shown}: {len(done.stored)} runs stored, {len(done.left)} left")
        for name in done.removed:
            say(f"removed here, stored for a week: {name}")
        if done.problem:
            tell_text(f"offboard: {done.problem.render()}")
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
        say_json(answer)
    else:
        _show(result, folder)
    return 0 if result.is_intact else 1


def _fingerprint(key: str | None) -> str:
    """The key as it is compared; empty when none was given. Raises BadInputError for anything but a whole one."""
    if key is None:
        return ""
    wanted = key.replace(" ", "").lower()
    if not re.fullmatch(f"[0-9a-f]{{{_FINGERPRINT}}}", wanted):
        shown = harmless(key if len(key) <= 2 * _FINGERPRINT else f"{key[: 2 * _FINGERPRINT]}...")
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
        say_json(answer)
        return 0 if is_good else 1
    screen = Screen()
    _show_faults(result, screen)
    doubts = result.about.get("doubts")
    for line in doubts if isinstance(doubts, list) else []:
        screen.print_line(PlainText.assemble(("doubt   ", "yellow"), harmless(str(line))))
    if result.fingerprint and not is_whose:
        screen.print_line(
            PlainText.assemble(("problem ", "red"), f"it is not signed by the key {harmless(key)}")
        )
    size = f"{result.files} files, {result.bytes / 1024**2:.1f} MB"
    state = ("intact", "bold green") if is_good else ("not intact", "bold red")
    customer = harmless(str(result.about.get("customer", "")))
    screen.print_line(PlainText.assemble(state, f"  {harmless(str(path))}: {size}, {customer}"))
    screen.print_line(PlainText.assemble(("signed  ", "dim"), result.fingerprint or "by nobody"))
    return 0 if is_good else 1


def _show_faults(result: VerifyResult | ArchiveResult, screen: Screen) -> None:
    for word, style, names in (
        ("changed", "red", result.changed),
        ("missing", "red", result.missing),
        ("extra", "yellow", result.extra),
        ("problem", "red", result.problems),
    ):
        for name in names:
            screen.print_line(PlainText.assemble((f"{word:8}", style), harmless(name)))


def _show(result: VerifyResult, folder: Path) -> None:
    screen = Screen()
    _show_faults(result, screen)
    size = f"{result.files} files, {result.bytes / 1024**2:.1f} MB"
    state = (
        "sealed" if result.sealed else "not sealed: the run was cut off; what was completed by then is listed"
    )
    if result.is_intact:
        screen.print_line(
            PlainText.assemble(("intact", "bold green"), f"  {harmless(str(folder))}: {size}, {state}")
        )
    else:
        screen.print_line(
            PlainText.assemble(("not intact", "bold red"), f"  {harmless(str(folder))}: {size}, {state}")
        )
    screen.print_line(PlainText.assemble(("digest  ", "dim"), result.digest))
