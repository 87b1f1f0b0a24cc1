"""Finds a Chromium that starts on this machine, or installs one where that is allowed.

Remembers the answer. Must not know what the browser is for.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import Any, Literal

import robot
from robot.errors import Problem, SetupError

#: The setting that names the browser to use: a path, or one of CHANNELS.
BROWSER_VARIABLE = "OFFBOARD_BROWSER"
#: Browsers that Playwright finds by itself where their makers put them.
CHANNELS = ("chrome", "msedge")
#: Names under which systems put Chromium on PATH.
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")
#: The same browser without windows, of which a page costs about half as much; for headless runs alone.
SHELLS = ("chromium-headless-shell", "chrome-headless-shell")

#: What trying all of them may take, in seconds; each has half a minute to start.
_PROBE_S = 180

#: Each may have a browser of its own.
USES = ("headless", "headed")


@dataclass(frozen=True, slots=True, kw_only=True)
class BrowserChoice:
    """The browser to start."""

    kind: Literal["path", "channel", "bundled"]
    #: The executable's path, the channel's name, or empty for Playwright's own.
    value: str
    #: As the browser tells it, such as "156.0.8078.79".
    version: str
    #: How it was found, one line for people.
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Candidate:
    kind: Literal["path", "channel", "bundled"]
    value: str
    source: str


def find_browser(
    *,
    environ: Mapping[str, str],
    cache_path: Path,
    announce: Callable[[str], None],
    may_install: bool,
    headed: bool = False,
) -> BrowserChoice:
    """Returns the first browser, in the order below, that really starts.

    1. what OFFBOARD_BROWSER names: then nothing else is tried;
    2. Playwright's own, if it is there; 3. unless headed, a browser without windows on PATH; 4. Chrome, Edge;
    5. well-known names on PATH; and only if `may_install`: 6. Playwright's own, downloaded; 7. Debian's package,
    as root.

    cache_path: JSON file that remembers the answers until that browser, Playwright or the setting changes.
    announce: is told, in one line each, of what takes long or changes the machine.
    headed: whether somebody is to see it.

    Raises: SetupError naming everything tried and what to install.
    """
    key = _cache_key(environ)
    use = USES[headed]
    remembered = _read_cache(cache_path, use, key)
    if remembered is not None:
        return remembered
    search = _Search(environ=environ, headed=headed, announce=announce)
    wanted = environ.get(BROWSER_VARIABLE, "")
    found = search.first_that_starts([_wanted_candidate(wanted, environ)] if wanted else search.present())
    if found is None and wanted:
        raise _wanted_error(wanted, search.tried)
    if found is None and may_install:
        found = search.download() or search.install_debian()
    if found is None:
        raise _none_error(search.tried, may_install)
    choice, executable = found
    _write_cache(cache_path, use, key, choice, executable)
    return choice


def _wanted_candidate(wanted: str, environ: Mapping[str, str]) -> _Candidate:
    source = f"the setting {BROWSER_VARIABLE}"
    if wanted in CHANNELS:
        return _Candidate(kind="channel", value=wanted, source=source)
    path = shutil.which(wanted, path=environ.get("PATH", "")) or str(Path(wanted).expanduser())
    return _Candidate(kind="path", value=path, source=source)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Search:
    """One search through this machine."""

    environ: Mapping[str, str]
    headed: bool
    announce: Callable[[str], None]
    #: Why each did not start, as (source, reason).
    tried: list[tuple[str, str]] = field(default_factory=list)

    def present(self) -> list[_Candidate]:
        """What may be there, in order."""
        found = [_Candidate(kind="bundled", value="", source="Playwright's own browser")]
        if not self.headed:
            found += self._on_path(SHELLS)
        found += [
            _Candidate(kind="channel", value=name, source=f"the installed browser '{name}'")
            for name in CHANNELS
        ]
        return found + self._on_path(NAMES)

    def _on_path(self, names: tuple[str, ...]) -> list[_Candidate]:
        places = [(name, shutil.which(name, path=self.environ.get("PATH", ""))) for name in names]
        return [
            _Candidate(kind="path", value=path, source=f"'{name}' on PATH") for name, path in places if path
        ]

    def first_that_starts(self, candidates: list[_Candidate]) -> tuple[BrowserChoice, str] | None:
        """Probes in one child process; gives the first with its executable, as far as that is known."""
        words = json.dumps([(candidate.kind, candidate.value) for candidate in candidates])
        house = str(Path(robot.__file__).parents[1])
        try:
            child = subprocess.run(
                [
                    sys.executable,
                    "-P",
                    "-m",
                    "robot.executor.browser_probe",
                    words,
                    *["headed"] * self.headed,
                ],
                capture_output=True,
                text=True,
                env={**self.environ, "PYTHONPATH": house},
                check=False,
                timeout=_PROBE_S,
            )
        except subprocess.TimeoutExpired:
            self.tried.append(("Playwright", f"did not answer within {_PROBE_S} s"))
            return None
        if child.returncode != 0:
            last = child.stderr.strip().splitlines()[-1:] or ["no output"]
            self.tried.append(("Playwright", f"could not be started: {last[0]}"))
            return None
        answer = json.loads(child.stdout)
        self.tried.extend(
            (candidate.source, why) for candidate, why in zip(candidates, answer["refused"], strict=False)
        )
        if answer["index"] is None:
            return None
        chosen = candidates[answer["index"]]
        choice = BrowserChoice(
            kind=chosen.kind, value=chosen.value, version=answer["version"], source=chosen.source
        )
        return choice, answer["executable"]

    def download(self) -> tuple[BrowserChoice, str] | None:
        self.announce("no browser found; downloading Playwright's own (about 170 MB)")
        words = [sys.executable, "-m", "playwright", "install", "chromium"]
        child = subprocess.run(words, capture_output=True, text=True, env=dict(self.environ), check=False)
        if child.returncode != 0:
            why = next((line for line in child.stderr.splitlines() if "rror" in line), "it failed").strip()
            self.announce(f"the download did not work: {why}")
            self.tried.append(("downloading Playwright's own", why))
            return None
        source = "Playwright's own browser, just downloaded"
        return self.first_that_starts([_Candidate(kind="bundled", value="", source=source)])

    def install_debian(self) -> tuple[BrowserChoice, str] | None:
        if not _is_debian_root():
            self.tried.append(("Debian's package 'chromium'", "needs Debian and root"))
            return None
        why = self._apt_get("update")
        if why:
            self.tried.append(("apt-get update", why))
            return None
        # Not every release of Debian has the one without windows.
        for package in ("chromium",) if self.headed else (SHELLS[0], "chromium"):
            name = f"Debian's package '{package}'"
            self.announce(f"installing {name} by apt-get (about 80 MB)")
            why = self._apt_get("install", "--yes", "--no-install-recommends", package)
            if why:
                self.tried.append((name, f"apt-get install: {why}"))
                continue
            path = shutil.which(package, path=self.environ.get("PATH", "")) or f"/usr/bin/{package}"
            installed = _Candidate(kind="path", value=path, source=f"{name}, just installed")
            found = self.first_that_starts([installed])
            if found is not None:
                return found
        return None

    def _apt_get(self, *words: str) -> str:
        """Runs it. Returns why it failed, in a line; empty where it did not."""
        environ = {**self.environ, "DEBIAN_FRONTEND": "noninteractive"}
        child = subprocess.run(["apt-get", *words], capture_output=True, text=True, env=environ, check=False)
        if child.returncode == 0:
            return ""
        return ((child.stderr or child.stdout).strip().splitlines()[-1:] or ["it failed"])[0]


def _is_debian_root() -> bool:
    """Whether apt-get may be used here. Ubuntu is left out: its package only points to a snap."""
    if sys.platform == "win32" or os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    try:
        release = Path("/etc/os-release").read_text(encoding="utf-8")
    except OSError:
        return False
    return "ID=debian" in release.splitlines()


def _wanted_error(wanted: str, tried: list[tuple[str, str]]) -> SetupError:
    return SetupError(
        Problem(
            what=f"the browser that {BROWSER_VARIABLE} names cannot be used: {wanted}",
            details=(("found", tried[-1][1] if tried else "nothing"),),
            done="no other browser was tried, nothing was started",
            next=f"set {BROWSER_VARIABLE} to a Chromium's path, to 'chrome' or to 'msedge', or remove it",
        )
    )


def _none_error(tried: list[tuple[str, str]], may_install: bool) -> SetupError:
    install = (
        "" if may_install else " (this command does not install one by itself; `offboard demo` tries to)"
    )
    return SetupError(
        Problem(
            what="no browser was found on this machine",
            details=(("tried", "\n".join(f"{source}: {why}" for source, why in tried)),),
            done="nothing was started",
            next=(
                f"install Google Chrome, Microsoft Edge or Chromium{install}, "
                f"or set {BROWSER_VARIABLE} to the path of one"
            ),
        )
    )


def _cache_key(environ: Mapping[str, str]) -> dict[str, Any]:
    """What must be as it was for a remembered answer to count."""
    path = environ.get("PATH", "")
    return {
        "there": [place for name in (*SHELLS, *NAMES) if (place := shutil.which(name, path=path))],
        "playwright": installed_version("playwright"),
        "wanted": environ.get(BROWSER_VARIABLE, ""),
        "browsers_path": environ.get("PLAYWRIGHT_BROWSERS_PATH", ""),
        "path": path,
    }


def _stamp(executable: str) -> str:
    """Changes when the executable does; one known by its channel only is asked for anew each day."""
    if not executable:
        return datetime.now(tz=UTC).date().isoformat()
    found = Path(executable).stat()
    return f"{found.st_size}-{found.st_mtime_ns}"


def _read_cache(cache_path: Path, use: str, key: dict[str, Any]) -> BrowserChoice | None:
    try:
        stored = json.loads(cache_path.read_text(encoding="utf-8"))[use]
        if stored["key"] != key or stored["stamp"] != _stamp(stored["executable"]):
            return None
        return BrowserChoice(**stored["choice"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _write_cache(
    cache_path: Path, use: str, key: dict[str, Any], choice: BrowserChoice, executable: str
) -> None:
    """Writes the answer beside that for the other use."""
    try:
        before = json.loads(cache_path.read_text(encoding="utf-8"))
        stored = {other: before[other] for other in USES if other in before}
    except (OSError, ValueError, TypeError, KeyError):
        stored = {}
    stored[use] = {
        "key": key,
        "executable": executable,
        "stamp": _stamp(executable),
        "choice": asdict(choice),
    }
    temporary = cache_path.with_name(f"{cache_path.name}.{os.getpid()}")
    try:
        cache_path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_text(json.dumps(stored, indent=1), encoding="utf-8")
        temporary.replace(cache_path)
    except OSError:
        return  # a machine without a writable cache finds its browser anew each time
