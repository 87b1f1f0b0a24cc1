"""The hashed and chained list of a bundle's files, and the check against it.

Each entry's chain is sha256(previous chain + path + sha256 of the file), so one changed, missing or swapped
entry changes every chain value after it, and the last one is the digest of the whole. While a run goes on the
list grows in `manifest.jsonl`; sealing writes `manifest.json`. Must not know what the files mean.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from robot.run import bundle_layout as layout
from robot.run.append import append_whole

FORMAT = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One file of the bundle."""

    #: Relative to the bundle, with forward slashes.
    path: str
    size: int
    sha256: str
    chain: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyResult:
    """What a bundle is worth. All lists hold paths relative to the bundle."""

    run_id: str
    #: Whether the run ended in good order and its list was closed.
    sealed: bool
    #: The last chain value: the digest of everything listed.
    digest: str
    files: int
    bytes: int
    changed: tuple[str, ...]
    missing: tuple[str, ...]
    extra: tuple[str, ...]
    #: Anything else, one line each.
    problems: tuple[str, ...]

    @property
    def is_intact(self) -> bool:
        """Whether everything listed is there unchanged, and nothing else is."""
        return not (self.changed or self.missing or self.extra or self.problems)


def next_chain(previous: str, path: str, sha256: str) -> str:
    """Returns the chain value of an entry that follows one whose value is `previous`; "" for the first."""
    return hashlib.sha256(f"{previous}{path}{sha256}".encode()).hexdigest()


def hash_file(path: Path) -> tuple[str, int]:
    """Returns the SHA-256 of a file, in hex, and its size in bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest(), path.stat().st_size


class Manifest:
    """The list of one bundle while it is being made."""

    def __init__(self, folder: Path, run_id: str) -> None:
        self._folder = folder
        self._run_id = run_id
        self._entries: list[Entry] = []
        self._journal = (folder / layout.JOURNAL).open("ab", buffering=0)

    @property
    def digest(self) -> str:
        """The chain value of the last entry; empty before the first."""
        return self._entries[-1].chain if self._entries else ""

    def add(self, name: str) -> Entry:
        """Lists the finished file `name` of the bundle.

        Raises: OSError when the list cannot be written; it is then as it was before.
        """
        sha256, size = hash_file(self._folder / name)
        entry = Entry(path=name, size=size, sha256=sha256, chain=next_chain(self.digest, name, sha256))
        append_whole(self._journal.fileno(), json.dumps(asdict(entry), ensure_ascii=False).encode() + b"\n")
        self._entries.append(entry)
        return entry

    def seal(self, *, at: datetime, lost: list[str]) -> None:
        """Closes the list: writes `manifest.json` and takes the journal away.

        lost: what could not be written during the run, one line each; kept in the list for the reader.
        """
        content = {
            "format": FORMAT,
            "run_id": self._run_id,
            "sealed": True,
            "sealed_at": at.isoformat(),
            "digest": self.digest,
            "lost": lost,
            "files": [asdict(entry) for entry in self._entries],
            "views": {},
        }
        _write_manifest(self._folder, content)
        self.close()
        (self._folder / layout.JOURNAL).unlink()

    def close(self) -> None:
        self._journal.close()


def record_view(folder: Path, name: str) -> None:
    """Notes the hash of a view (a report) beside the list; no chain value changes. Unsealed: does nothing."""
    path = folder / layout.MANIFEST
    if not path.exists():
        return
    content = json.loads(path.read_text(encoding="utf-8"))
    content["views"] = {**content.get("views", {}), name: hash_file(folder / name)[0]}
    _write_manifest(folder, content)


def _write_manifest(folder: Path, content: dict[str, Any]) -> None:
    path = folder / layout.MANIFEST
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with temporary.open("w", encoding="utf-8") as file:
            json.dump(content, file, indent=1, ensure_ascii=False)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def verify_bundle(folder: Path) -> VerifyResult:
    """Reads every file of the bundle and compares; changes nothing.

    An unsealed bundle (its run was cut off) is checked against the journal and the chain inside
    `events.jsonl`: what was completed can be trusted, what came after the last line cannot be known.

    Raises: FileNotFoundError when the folder holds neither list.
    """
    problems: list[str] = []
    sealed = (folder / layout.MANIFEST).exists()
    if sealed:
        run_id, entries, views = _read_sealed(folder, problems)
    else:
        run_id, entries, views = folder.name, _read_journal(folder, problems), {}
    chain = ""
    changed, missing = [], []
    for entry in entries:
        chain = next_chain(chain, entry.path, entry.sha256)
        if entry.chain != chain:
            problems.append(f"the list was altered at or before {entry.path}: its chain does not hold")
            break
    for entry in entries:
        path = folder / entry.path
        if not path.is_file():
            missing.append(entry.path)
        elif hash_file(path) != (entry.sha256, entry.size):
            changed.append(entry.path)
    problems += [
        f"{name} is listed as a view, and only a report is one" for name in views if name != layout.REPORT
    ]
    for name, sha256 in views.items():
        if (folder / name).is_file() and hash_file(folder / name)[0] != sha256:
            changed.append(name)
    known = {entry.path for entry in entries} | set(views) | {layout.MANIFEST, layout.JOURNAL}
    if not sealed:
        known |= {layout.EVENTS, layout.REPORT}
        problems += _check_events(folder / layout.EVENTS)
    return VerifyResult(
        run_id=run_id,
        sealed=sealed,
        digest=entries[-1].chain if entries else "",
        files=len(entries),
        bytes=sum(entry.size for entry in entries),
        changed=tuple(changed),
        missing=tuple(missing),
        extra=tuple(name for name in _files_in(folder) if name not in known),
        problems=tuple(problems),
    )


def _files_in(folder: Path) -> list[str]:
    """Every file below, sorted, without what was being written when the run was cut off."""
    names = (path.relative_to(folder) for path in folder.rglob("*") if not path.is_dir())
    return sorted(name.as_posix() for name in names if name.parts[0] != layout.UNFINISHED)


def _read_sealed(folder: Path, problems: list[str]) -> tuple[str, list[Entry], dict[str, str]]:
    try:
        content = json.loads((folder / layout.MANIFEST).read_text(encoding="utf-8"))
        entries = [Entry(**entry) for entry in content["files"]]
        digest = entries[-1].chain if entries else ""
        if content["digest"] != digest:
            problems.append("the digest in the list is not that of its last entry")
        problems += [f"could not be written during the run: {line}" for line in content["lost"]]
        return str(content["run_id"]), entries, dict(content["views"])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        problems.append(f"{layout.MANIFEST} cannot be read: {error}")
        return folder.name, [], {}


def _read_journal(folder: Path, problems: list[str]) -> list[Entry]:
    entries = []
    lines = (folder / layout.JOURNAL).read_bytes().split(b"\n")
    for number, line in enumerate(lines[:-1], start=1):
        try:
            entries.append(Entry(**json.loads(line)))
        except (ValueError, TypeError):
            problems.append(f"{layout.JOURNAL}:{number} cannot be read")
    return entries


def chained_line(previous: str, data: dict[str, Any]) -> tuple[bytes, str]:
    """Returns one line of `events.jsonl`, which ends with its chain value, and that value."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    chain = hashlib.sha256(f"{previous}{text}".encode()).hexdigest()
    return f'{text[:-1]},"chain":"{chain}"}}\n'.encode(), chain


def _check_events(path: Path) -> list[str]:
    if not path.exists():
        return []
    previous = ""
    for number, line in enumerate(path.read_bytes().split(b"\n")[:-1], start=1):
        try:
            data = json.loads(line)
            stated = data.pop("chain")
        except (ValueError, KeyError, AttributeError):
            return [f"{layout.EVENTS}:{number} cannot be read"]
        _, previous = chained_line(previous, data)
        if stated != previous:
            return [f"{layout.EVENTS} was altered at or before line {number}: its chain does not hold"]
    return []
