"""`offboard case export CASE`: a customer's file as one signed archive."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from robot.case.customer_file import about, archive_files, customer_file
from robot.case.office import Office
from robot.cli.terminal import announce
from robot.errors import BadInputError, Problem, SetupError
from robot.report.bundle import load_bundle
from robot.report.case_html import render_case_html
from robot.report.html import write_html
from robot.report.view import arrange
from robot.run.archive import write_archive
from robot.run.bundle_layout import slug
from robot.run.signature import open_key
from robot.screen import say, say_json


def export_case(at: Office, word: str, *, target: Path | None, is_json: bool) -> int:
    """target: a file, or a folder to put it into; the working folder when None.

    Returns 0, or 1 when the evidence is not what it was: the archive is made all the same, and says so. Raises
    SetupError when it cannot be written.
    """
    case = at.cases.find(word)
    found = customer_file(at, case, prepare=_renew_report)
    for run in found.runs:
        if run["why_away"]:
            announce(run["why_away"])
    files = archive_files(found, report=render_case_html(found))
    key = open_key(at.key_file)
    file = _target(target, f"{slug(case.company)}-{case.id}.zip")
    try:
        write_archive(file, files, key, about=about(found))
    except OSError as error:
        raise SetupError(
            Problem(
                what=f"{file} cannot be written: {error.strerror or error}",
                done="nothing was exported",
                next="name another file with --to, or make room on its disk",
            )
        ) from None
    if is_json:
        told = {"case": case.id, "file": str(file), "files": len(files), "bytes": file.stat().st_size}
        more = {"key": key.fingerprint, "doubts": list(found.doubts)}
        say_json({**told, **more})
    else:
        for line in found.doubts:
            announce(line)
        say(
            f"{file}: {len(files)} files, {file.stat().st_size / 1024**2:.1f} MB",
            f"signed  {key.fingerprint}",
        )
    return 1 if found.doubts else 0


def _renew_report(folder: Path) -> None:
    """Makes a run's report anew: the one that lies there is a view, which nothing vouches for."""
    with suppress(BadInputError, OSError):
        write_html(arrange(load_bundle(folder)))


def _target(given: Path | None, name: str) -> Path:
    if given is None:
        return Path.cwd() / name
    return (given / name if given.is_dir() else given).absolute()
