"""The robot's own users on the dashboard: one from the environment, or several from a file for workers."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from pydantic import Field, ValidationError

from robot.errors import BadInputError, Problem
from robot.flow.loader import read_text, shown_path
from robot.flow.located import Located
from robot.settings import Credentials, Settings
from robot.validation import problems_from
from robot.yaml_reader import SpannedDict, parse_yaml


class Login(Located):
    """One user of the dashboard, made for the robot alone."""

    email: str = Field(min_length=3)
    password: str = Field(min_length=1, repr=False)
    #: Base32; without it the dashboard must not ask this user for codes.
    totp_secret: str = Field(default="", repr=False)


class LoginsFile(Located):
    logins: tuple[Login, ...] = Field(min_length=1)


def read_logins(settings: Settings) -> tuple[Credentials, ...]:
    """Those of the file that OFFBOARD_LOGINS names, else the one of the environment.

    Raises BadInputError for none, for one that is there twice, and for a file that others may read.
    """
    if settings.logins is None:
        if not settings.credentials.email or not settings.credentials.password:
            raise BadInputError(
                Problem(
                    what="nobody is named to sign in as",
                    done="nothing was started",
                    next="set OFFBOARD_EMAIL and OFFBOARD_PASSWORD, or OFFBOARD_LOGINS to a file of several",
                )
            )
        return (settings.credentials,)
    return read_logins_file(settings.logins)


def read_logins_file(file: Path) -> tuple[Credentials, ...]:
    """Raises BadInputError for what is no such file, one that others may read, and a login that is there twice."""
    found = _read(file)
    emails = [one.email.lower() for one in found]
    twice = sorted({email for email in emails if emails.count(email) > 1})
    if twice:
        raise BadInputError(
            Problem(
                what=f"{shown_path(file)} names {', '.join(twice)} twice",
                done="nothing was started",
                next="name each login once",
            )
        )
    return found


def _read(file: Path) -> tuple[Credentials, ...]:
    path = shown_path(file)
    _refuse_readable(file, path)
    try:
        written = _parse(read_text(file), path)
    except BadInputError as error:
        # A problem is told with the lines it stands in, and these lines hold passwords.
        raise BadInputError(*(_without_lines(problem) for problem in error.problems)) from None
    return tuple(
        Credentials(email=one.email, password=one.password, totp_secret=one.totp_secret)
        for one in written.logins
    )


def _parse(text: str, path: str) -> LoginsFile:
    root = parse_yaml(text, path)
    if not isinstance(root, SpannedDict):
        raise BadInputError(Problem(what=f"{path}: it must be a mapping", next="begin it with 'logins:'"))
    try:
        return LoginsFile.model_validate(root)
    except ValidationError as error:
        raise BadInputError(
            *problems_from(error, root=root, path=path, model=LoginsFile, find_model=lambda _: None)
        ) from None


def _without_lines(problem: Problem) -> Problem:
    what = f"{problem.where}: {problem.what}" if problem.where else problem.what
    return replace(problem, what=what, where=None, done="nothing was started")


def _refuse_readable(file: Path, path: str) -> None:
    try:
        found = file.stat()
    except OSError as error:
        raise BadInputError(
            Problem(
                what=f"the file of logins cannot be read: {path}: {error.strerror}",
                done="nothing was started",
                next="see OFFBOARD_LOGINS",
            )
        ) from None
    if not os.access(file, os.R_OK):
        raise BadInputError(
            Problem(
                what=f"the file of logins cannot be read by this user: {path}",
                done="nothing was started",
                next=_own(path),
            )
        )
    if os.name != "posix":
        return
    # A group may read what was mounted for it by somebody else; what is our own, we can close.
    closed = 0o077 if found.st_uid == os.geteuid() else 0o007
    if found.st_mode & closed:
        raise BadInputError(
            Problem(
                what=f"others may read the passwords in {path}",
                done="nothing was started",
                next=f"chmod 600 {path}" if found.st_uid == os.geteuid() else _own(path),
            )
        )


def _own(path: str) -> str:
    """What to do with a file that belongs to somebody else, such as one of the host's in a container."""
    user = f" {os.geteuid()}" if os.name == "posix" else ""
    return f"let it belong to the user that the robot runs as: chown{user} {path}; chmod 400 {path}"
