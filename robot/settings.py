"""Everything that comes from the environment, read once at the edge into one frozen object."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from robot.errors import BadInputError, Problem
from robot.folders import cache_folder, data_folder

#: Every environment variable the program reads, with what it says; the documentation is checked against it.
VARIABLES = {
    "OFFBOARD_EMAIL": "login of the robot's own user on the dashboard",
    "OFFBOARD_PASSWORD": "its password",
    "OFFBOARD_TOTP_SECRET": "the secret of its authenticator app (base32)",
    "OFFBOARD_CODE": "one six-digit code, where there is no authenticator secret",
    "OFFBOARD_LOGINS": "file with several logins for workers, readable by its owner alone",
    "OFFBOARD_DATABASE_URL": "postgresql:// address of the ledger and the queue, where several machines share them",
    "OFFBOARD_NOTIFY": "addresses that a batch's summary is sent to, separated by blanks: https://..., mailto:...",
    "OFFBOARD_SMTP": "server for mail: smtps://user:password@host:465?from=address",
    "OFFBOARD_BROWSER": "path of the browser to use, or 'chrome' or 'msedge'",
    "OFFBOARD_BROWSER_MEMORY": "what the processes of one browser may take together, in megabytes",
    "OFFBOARD_DATA": "folder of the ledgers, the keys that sign exported cases, and the signed-in sessions",
    "OFFBOARD_RECORDINGS": "folder of the evidence ('recordings' in the working folder unless given), or the "
    "address of a store that it is carried to, such as s3://bucket/folder",
}


#: Those that hold a secret may lie in a file instead, which a variable of this name with `_FILE` behind it names.
IN_FILES = (
    "OFFBOARD_PASSWORD",
    "OFFBOARD_TOTP_SECRET",
    "OFFBOARD_DATABASE_URL",
    "OFFBOARD_NOTIFY",
    "OFFBOARD_SMTP",
)

#: Those that no child process inherits: all that hold a secret, or may.
SECRETS = (*IN_FILES, "OFFBOARD_CODE", "OFFBOARD_RECORDINGS")

#: Kept in the data folder, in a folder for each profile on each dashboard.
LEDGER_FILE = "ledger.db"
KEY_FILE = "evidence-key.pem"


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """What signs the robot's user in; empty where not given. Never printed."""

    email: str = ""
    password: str = ""
    totp_secret: str = ""
    code: str = ""

    def secrets(self) -> tuple[str, ...]:
        """What must never be written."""
        # Of an otpauth address the secret alone is one, too.
        inner = re.findall(r"[?&]secret=([^&\s]+)", self.totp_secret)
        return tuple(value for value in (self.password, self.totp_secret, self.code, *inner) if value)

    def __repr__(self) -> str:
        return "Credentials(...)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Where things lie, and who signs in."""

    data: Path
    cache: Path
    recordings: Path
    flows: Path
    selectors: Path
    credentials: Credentials
    #: Address of a shared database; empty where the ledger is a file of this machine. Holds a password.
    database: str = field(default="", repr=False)
    #: Where summaries are sent to, and through which server mail goes. Both hold secrets.
    notify: str = field(default="", repr=False)
    smtp: str = field(default="", repr=False)
    #: What the browser of one run may take, in bytes; 0 where not given.
    browser_memory: int = 0
    #: File of several logins.
    logins: Path | None = None
    #: Address of the store that evidence is carried to; empty where it stays in `recordings`. May hold a password.
    store: str = field(default="", repr=False)

    @property
    def profiles(self) -> Path:
        return self.selectors / "profiles"

    @property
    def browser_cache(self) -> Path:
        return self.cache / "browser.json"


def read_settings(environ: Mapping[str, str], *, root: Path) -> Settings:
    """root: the folder that holds `flows/` and `selectors/`.

    Raises BadInputError for a file that is named and cannot be read, and for a number that is none.
    """
    environ = _with_files(environ)
    data = Path(environ["OFFBOARD_DATA"]) if environ.get("OFFBOARD_DATA") else data_folder()
    recordings = environ.get("OFFBOARD_RECORDINGS") or "recordings"
    is_store = "://" in recordings
    return Settings(
        data=data,
        cache=cache_folder(),
        recordings=data / "recordings" if is_store else Path(recordings),
        store=recordings if is_store else "",
        flows=root / "flows",
        selectors=root / "selectors",
        credentials=Credentials(
            email=environ.get("OFFBOARD_EMAIL", ""),
            password=environ.get("OFFBOARD_PASSWORD", ""),
            totp_secret=environ.get("OFFBOARD_TOTP_SECRET", ""),
            code=environ.get("OFFBOARD_CODE", ""),
        ),
        notify=environ.get("OFFBOARD_NOTIFY", ""),
        smtp=environ.get("OFFBOARD_SMTP", ""),
        browser_memory=_megabytes(environ, "OFFBOARD_BROWSER_MEMORY") * 1024**2,
        database=environ.get("OFFBOARD_DATABASE_URL", ""),
        logins=Path(environ["OFFBOARD_LOGINS"]) if environ.get("OFFBOARD_LOGINS") else None,
    )


def _megabytes(environ: Mapping[str, str], name: str) -> int:
    text = environ.get(name, "")
    if not text:
        return 0
    if not re.fullmatch(r"[1-9][0-9]{2,6}", text):
        raise BadInputError(
            Problem(
                what=f"{name} is '{text[:40]}', which is no number of megabytes",
                done="nothing was started",
                next=f"write it as {name}=4096; a browser needs some 700",
            )
        )
    return int(text)


def _with_files(environ: Mapping[str, str]) -> dict[str, str]:
    """The same, with what lies in files."""
    found = dict(environ)
    for name in IN_FILES:
        file = environ.get(f"{name}_FILE")
        if not file:
            continue
        if environ.get(name):
            raise BadInputError(
                Problem(
                    what=f"{name} and {name}_FILE are both given",
                    done="nothing was started",
                    next="give one of them",
                )
            )
        try:
            found[name] = Path(file).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            why = getattr(error, "strerror", None) or error
            raise BadInputError(
                Problem(
                    what=f"the file that {name}_FILE names cannot be read: {why}",
                    details=(("file", file),),
                    done="nothing was started",
                    next="let it belong to the user that the robot runs as"
                    if isinstance(error, PermissionError)
                    else "check the path",
                )
            ) from None
    return found
