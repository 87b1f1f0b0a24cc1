"""`offboard doctor`: what this machine has, what it lacks, and what to do about it. Changes nothing."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from rich.table import Table

from robot.cli.options import environment, find_root
from robot.errors import RobotError
from robot.executor.browser_finder import find_browser
from robot.profile import NEEDS_TIME_ZONE, read_profile
from robot.report.plain_cells import add_plain_row
from robot.run.evidence_store import EvidenceStore
from robot.run.signature import open_key
from robot.screen import PlainText, Screen, say_json
from robot.settings import KEY_FILE, LEDGER_FILE, read_settings
from robot.time_zone import shown_at, zone_of

if TYPE_CHECKING:
    from robot.cli.clean_pages import LookAtPages

#: Evidence of one offboarding takes some 10 to 50 MB: less than the first is worth a remark, less than
#: the second is too little to start with.
ROOMY_BYTES = 1024**3
FLOOR_BYTES = 64 * 1024**2

_WORDS = {"good": ("ok", "green"), "remark": ("note", "yellow"), "bad": ("lacks", "red")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing looked at."""

    name: str
    state: Literal["good", "remark", "bad"]
    found: str
    #: What to do; empty when good.
    next: str = ""


def doctor(
    *,
    json: bool,
    profile: str = "practice",
    environ: Mapping[str, str] | None = None,
    look_at_pages: LookAtPages | None = None,
) -> int:
    """environ: this process's, unless given. profile: name or file of the one that is looked at.

    look_at_pages: looks at pages of its dashboard.

    Prints the checks and a verdict; returns 0 when a run can start, else 2."""
    whole = environment() if environ is None else environ
    environ = os.environ if environ is None else environ
    settings = read_settings(whole, root=Path())
    checks = [
        _check_python(),
        _check_playwright(),
        _check_browser(environ, settings.browser_cache),
        *_check_headed_browser(environ, settings.browser_cache),
        _check_writable("recordings", settings.recordings),
        *_check_store(settings.store),
        _check_writable("data", settings.data),
        _check_ledgers(settings.data),
        _check_space(settings.recordings),
        _check_screen(environ),
        _check_fonts(),
        _check_time_zone(profile, read_settings(whole, root=find_root()).profiles, datetime.now(UTC)),
    ]
    if look_at_pages is not None and all(check.state != "bad" for check in checks):
        checks += _check_pages(look_at_pages)
    verdict = _verdict(checks)
    if json:
        answer = {"verdict": verdict, "checks": [asdict(check) for check in checks]}
        say_json(answer, indent=2)
    else:
        _show(checks, verdict)
    return 2 if any(check.state == "bad" for check in checks) else 0


def _check_pages(look_at_pages: LookAtPages) -> list[Check]:
    """Signs of trouble that are shown where nothing is wrong, and what could not be read."""
    try:
        problems = look_at_pages()
    except RobotError as error:
        return [Check(name="pages", state="bad", found=str(error), next=error.problem.next)]
    if not problems:
        return [Check(name="pages", state="good", found="read; no sign of trouble is shown on them")]
    return [Check(name="pages", state="bad", found=one.what, next=one.next) for one in problems]


def _verdict(checks: list[Check]) -> str:
    bad = [check.name for check in checks if check.state == "bad"]
    if bad:
        return f"not ready: {', '.join(bad)}"
    remarks = [check.name for check in checks if check.state == "remark"]
    return f"ready; worth a look: {', '.join(remarks)}" if remarks else "ready"


def _show(checks: list[Check], verdict: str) -> None:
    screen = Screen()
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    for overflow in ("ellipsis", "ellipsis", "fold"):
        table.add_column(overflow=overflow)
    for check in checks:
        word, colour = _WORDS[check.state]
        add_plain_row(table, PlainText(word, colour), check.name, PlainText(check.found))
        if check.next:
            add_plain_row(table, "", "", PlainText(f"next: {check.next}", "dim"))
    screen.print(table)
    colour = "red" if verdict.startswith("not") else "yellow" if ";" in verdict else "green"
    screen.print(PlainText(f"\n{verdict}", f"bold {colour}"))


def _check_python() -> Check:
    found = f"{platform.python_version()} at {sys.executable}"
    return Check(name="Python", state="good", found=found)


def _check_playwright() -> Check:
    return Check(name="Playwright", state="good", found=installed_version("playwright"))


def _check_browser(environ: Mapping[str, str], cache_path: Path, *, headed: bool = False) -> Check:
    name = "browser, headed" if headed else "browser"
    try:
        choice = find_browser(
            environ=environ,
            cache_path=cache_path,
            announce=lambda line: None,
            may_install=False,
            headed=headed,
        )
    except RobotError as error:
        return Check(name=name, state="bad", found=str(error), next=error.problem.next)
    where = f" at {choice.value}" if choice.kind == "path" else ""
    return Check(name=name, state="good", found=f"{choice.version}{where} ({choice.source})")


def _check_headed_browser(environ: Mapping[str, str], cache_path: Path) -> list[Check]:
    """What `--headed` takes, where there is a screen: it may be another one. Runs can start without it."""
    if not _has_screen(environ):
        return []
    check = _check_browser(environ, cache_path, headed=True)
    return [replace(check, state="remark") if check.state == "bad" else check]


def _check_writable(name: str, folder: Path) -> Check:
    """Tries a real write in `folder`, or in what is there of the path to it."""
    folder = folder.absolute()
    parent = _nearest(folder)
    try:
        with tempfile.TemporaryFile(dir=parent) as file:
            file.write(b"offboard")
    except OSError as error:
        why = f"{folder}: cannot write ({error.strerror})"
        return Check(
            name=name, state="bad", found=why, next=f"make {parent} writable, or choose another folder"
        )
    return Check(
        name=name, state="good", found=str(folder) if parent == folder else f"{folder} (made when needed)"
    )


def _check_store(address: str) -> list[Check]:
    """Where evidence is carried to, if anywhere: a small file is written, read and removed."""
    if not address:
        return []
    try:
        store = EvidenceStore(address)
        store.check()
    except RobotError as error:
        return [Check(name="store", state="bad", found=error.problem.what, next=error.problem.next)]
    return [Check(name="store", state="good", found=store.shown)]


def _check_ledgers(data: Path) -> Check:
    """Where cases are kept, and whose key signs what is exported."""
    places = []
    for file in sorted(data.absolute().glob(f"*/{LEDGER_FILE}")):
        key = file.with_name(KEY_FILE)
        places.append(f"{file}, {_shown_key(key)}")
    none = (
        f"none yet; each profile gets {data.absolute() / 'PROFILE@HOST' / LEDGER_FILE}, and its key beside it"
    )
    return Check(name="ledgers", state="good", found="\n".join(places) or none)


def _shown_key(file: Path) -> str:
    if not file.exists():
        return "no key yet"
    try:
        return f"key {open_key(file).fingerprint}"
    except RobotError as error:
        return f"key cannot be read: {error.problem.what}"


def _check_space(folder: Path) -> Check:
    free = shutil.disk_usage(_nearest(folder)).free
    found = f"{free / 1024**3:.1f} GB for recordings"
    if free >= ROOMY_BYTES:
        return Check(name="free disk", state="good", found=found)
    advice = "make room, or put the recordings on another disk"
    return Check(name="free disk", state="bad" if free < FLOOR_BYTES else "remark", found=found, next=advice)


def _check_screen(environ: Mapping[str, str]) -> Check:
    if platform.system() != "Linux":
        return Check(name="screen", state="good", found="this system has one")
    if _has_screen(environ):
        return Check(name="screen", state="good", found=environ.get("DISPLAY") or environ["WAYLAND_DISPLAY"])
    return Check(
        name="screen", state="good", found="none, so runs are headless (--headed needs a desktop or xvfb-run)"
    )


def _has_screen(environ: Mapping[str, str]) -> bool:
    return platform.system() != "Linux" or bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"))


def _check_fonts() -> Check:
    """Customers' names come in every script; without the fonts pictures show boxes."""
    if platform.system() != "Linux":
        return Check(name="fonts", state="good", found="the system's own")
    fc_list = shutil.which("fc-list")
    if not fc_list:
        return Check(name="fonts", state="remark", found="cannot tell: fontconfig is not there")
    lacking = []
    for language, name in (("en", "Latin"), ("ja", "Japanese"), ("ar", "Arabic"), ("he", "Hebrew")):
        child = subprocess.run([fc_list, f":lang={language}"], capture_output=True, text=True, check=False)
        if not child.stdout.strip():
            lacking.append(name)
    if not lacking:
        return Check(name="fonts", state="good", found="Latin, Japanese, Arabic, Hebrew")
    advice = "install fonts-noto-core and fonts-noto-cjk (Debian's names), or names show as boxes in pictures"
    return Check(name="fonts", state="remark", found=f"none for {', '.join(lacking)}", next=advice)


def _check_time_zone(name: str, profiles: Path, now: datetime) -> Check:
    """The agency's time zone, and what its clocks show: what days, schedules and summaries go by."""
    try:
        written, path = read_profile(name, folder=profiles)
    except RobotError as error:
        return Check(name="profile", state="bad", found=str(error), next=error.problem.next)
    if written.time_zone:
        shown = (
            f"{written.time_zone}, where it is {shown_at(now, zone_of(written.time_zone))} (profile {name})"
        )
        return Check(name="time zone", state="good", found=shown)
    return Check(
        name="time zone",
        state="bad",
        found=f"profile '{written.profile}' names none; this refuses: {NEEDS_TIME_ZONE}",
        next=f"add the agency's to {path} by its IANA name, such as 'time_zone: America/Chicago'",
    )


def _nearest(folder: Path) -> Path:
    """The folder, or the closest one above it that exists."""
    folder = folder.absolute()
    return next((path for path in (folder, *folder.parents) if path.exists()), Path(folder.anchor))
