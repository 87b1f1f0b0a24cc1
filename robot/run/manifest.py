"""The hashed and chained list of a bundle's files, and the check against it.

Each entry's chain is sha256(previous chain + path + sha256 of the file), so one changed, missing or swapped
entry changes every chain value after it, and the last one is the digest of the whole. While a run goes on the
list grows in `manifest.jsonl`; sealing writes `manifest.json`. Must not know what the files mean.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

from robot.run import bundle_layout as layout
from robot.run.append import append_whole
from robot.run.bundle_files import BundleFiles, FolderFiles, fault_of_name, hash_of, lines_of, read_small
from robot.run.events import RunStarted
from robot.run.strict_json import read_json

FORMAT = 1
#: No list of files, run or event is larger, in bytes; nor is a file.
_LARGEST_LIST = 16 * 1024**2
_LARGEST_RUN = 64 * 1024**2
_LARGEST_FILE = 2**53
#: Of `events.jsonl`.
LONGEST_LINE = 16 * 1024**2
#: They cannot vouch for themselves.
_NOT_LISTED = (layout.MANIFEST, layout.JOURNAL, layout.REPORT)
_SHA256 = re.compile("[0-9a-f]{64}")


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
    """Reads every file of the bundle and compares; changes nothing, and follows no link.

    An unsealed bundle (its run was cut off) is checked against the journal and the chain inside
    `events.jsonl`: what was completed can be trusted, what came after the last line cannot be known.

    Raises: FileNotFoundError when the folder holds neither list.
    """
    return verify_files(FolderFiles(folder))


def verify_files(files: BundleFiles) -> VerifyResult:
    """The same of a bundle that lies elsewhere. Raises FileNotFoundError when it holds neither list."""
    problems = list(files.faults)
    is_sealed = layout.MANIFEST in files.sizes
    if not is_sealed and layout.JOURNAL not in files.sizes:
        if not problems:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), layout.JOURNAL)
        return _result(_Listed(run_id=files.name), is_sealed=False, problems=problems)
    try:
        listed = _read_sealed(files) if is_sealed else _read_journal(files)
    except (OSError, ValueError) as error:
        problems.append(f"{layout.MANIFEST if is_sealed else layout.JOURNAL} cannot be read: {_why(error)}")
        return _result(_Listed(run_id=files.name), is_sealed=is_sealed, problems=problems)
    problems += listed.problems
    chain = ""
    for entry in listed.entries:
        chain = next_chain(chain, entry.path, entry.sha256)
        if entry.chain != chain:
            problems.append(f"the list was altered at or before {entry.path}: its chain does not hold")
            break
    missing = [entry.path for entry in listed.entries if entry.path not in files.sizes]
    changed = _changed(files, listed, problems)
    faulty = {*missing, *changed}
    problems += _check_run(files, listed.run_id, faulty)
    extra = _extra(files, listed, is_sealed=is_sealed)
    return _result(
        listed, is_sealed=is_sealed, problems=problems, changed=changed, missing=missing, extra=extra
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Listed:
    """What a list says."""

    run_id: str
    entries: tuple[Entry, ...] = ()
    #: SHA-256 of the views, by name.
    views: dict[str, str] = field(default_factory=dict)
    problems: tuple[str, ...] = ()


def _result(
    listed: _Listed,
    *,
    is_sealed: bool,
    problems: list[str],
    changed: Iterable[str] = (),
    missing: Iterable[str] = (),
    extra: Iterable[str] = (),
) -> VerifyResult:
    return VerifyResult(
        run_id=listed.run_id,
        sealed=is_sealed,
        digest=listed.entries[-1].chain if listed.entries else "",
        files=len(listed.entries),
        bytes=sum(entry.size for entry in listed.entries),
        changed=tuple(changed),
        missing=tuple(missing),
        extra=tuple(extra),
        problems=tuple(problems),
    )


def _changed(files: BundleFiles, listed: _Listed, problems: list[str]) -> list[str]:
    """Files that are there, and are not what the list says; one that cannot be read is a problem, too."""
    wanted = [(entry.path, entry.sha256, entry.size) for entry in listed.entries]
    wanted += [(name, sha256, files.sizes.get(name, 0)) for name, sha256 in listed.views.items()]
    changed = []
    for name, sha256, size in wanted:
        if name not in files.sizes:
            continue
        try:
            is_same = files.sizes[name] == size and hash_of(files.read(name)) == (sha256, size)
        except (OSError, ValueError) as error:
            problems.append(f"{name} cannot be read: {_why(error)}")
            is_same = False
        if not is_same:
            changed.append(name)
    return changed


def _extra(files: BundleFiles, listed: _Listed, *, is_sealed: bool) -> list[str]:
    """What is there and belongs to nothing that is listed, sorted; an empty folder ends with a slash."""
    known = {entry.path for entry in listed.entries} | set(listed.views)
    # The one list; what a run that was cut off leaves besides, by name.
    known |= {layout.MANIFEST} if is_sealed else {layout.JOURNAL, layout.EVENTS, layout.REPORT}
    names = {
        name for name in files.sizes if name not in known and (is_sealed or not layout.is_unfinished(name))
    }
    folders = {layout.PICTURES} | (set() if is_sealed else {layout.UNFINISHED})
    folders |= {parent.as_posix() for name in files.sizes for parent in PurePosixPath(name).parents}
    empty = {name for name in files.folders if not any(one.startswith(f"{name}/") for one in files.folders)}
    return sorted(names | {f"{name}/" for name in empty - folders})


def _read_sealed(files: BundleFiles) -> _Listed:
    """Raises OSError, and ValueError for a list that does not say what it must."""
    content = read_json(read_small(files, layout.MANIFEST, _LARGEST_LIST))
    names = ("format", "run_id", "sealed", "sealed_at", "digest", "lost", "files", "views")
    _check_names(content, names, "it")
    if content["format"] != FORMAT or isinstance(content["format"], bool):
        raise ValueError(f"its format is {_shown(content['format'])}, and this release knows {FORMAT}")
    run_id, lost, views = content["run_id"], content["lost"], content["views"]
    if not isinstance(run_id, str) or not run_id:
        raise ValueError(f"its run_id is {_shown(run_id)}, and must be the name of a run")
    if not isinstance(lost, list) or not all(isinstance(line, str) for line in lost):
        raise ValueError("what was lost is no list of lines")
    if not isinstance(views, dict) or not all(_is_sha256(value) for value in views.values()):
        raise ValueError("its views are not names with their SHA-256")
    if not isinstance(content["files"], list):
        raise ValueError("its files are no list")
    entries = _entries(content["files"])
    problems = []
    if content["sealed"] is not True:
        problems.append(f"{layout.MANIFEST} says that it is not sealed")
    if content["digest"] != (entries[-1].chain if entries else ""):
        problems.append("the digest in the list is not that of its last entry")
    problems += [f"could not be written during the run: {line}" for line in lost]
    others = [name for name in views if name != layout.REPORT]
    problems += [f"{name} is listed as a view, and only a report is one" for name in others]
    if run_id != files.name:
        problems.append(f"it is the evidence of the run {run_id}, and lies in a folder called {files.name}")
    return _Listed(
        run_id=run_id,
        entries=entries,
        views={name: value for name, value in views.items() if name == layout.REPORT},
        problems=tuple(problems),
    )


def _read_journal(files: BundleFiles) -> _Listed:
    """A last line that was cut off is passed over. Raises OSError and ValueError."""
    content = read_small(files, layout.JOURNAL, _LARGEST_LIST)
    entries = []
    for number, line in enumerate(content.split(b"\n")[:-1], start=1):
        try:
            entries.append(read_json(line))
            _entries(entries[-1:])
        except ValueError as error:
            raise ValueError(f"line {number}: {error}") from None
    return _Listed(run_id=files.name, entries=_entries(entries))


def _entries(content: list[Any]) -> tuple[Entry, ...]:
    """Raises ValueError for what is no entry, and for a file that is listed twice."""
    entries = []
    seen = set()
    for number, one in enumerate(content, start=1):
        which = f"entry {number}"
        _check_names(one, ("path", "size", "sha256", "chain"), which)
        path, size = one["path"], one["size"]
        why = fault_of_name(path)
        if not why and (path in _NOT_LISTED or path.split("/")[0] == layout.UNFINISHED):
            why = "it is none that a list may hold"
        if why:
            raise ValueError(f"{which} has {_shown(path)} for a path: {why}")
        if path in seen:
            raise ValueError(f"{path} is listed twice")
        if type(size) is not int or not 0 <= size <= _LARGEST_FILE:
            raise ValueError(f"{which} has {_shown(size)} for a size")
        if not (_is_sha256(one["sha256"]) and _is_sha256(one["chain"])):
            raise ValueError(f"{which} ({path}) has no SHA-256 of 64 digits")
        seen.add(path)
        entries.append(Entry(**one))
    return tuple(entries)


def _check_names(content: object, names: tuple[str, ...], which: str) -> None:
    if not isinstance(content, dict):
        raise ValueError(f"{which} is no object")
    if missing := [name for name in names if name not in content]:
        raise ValueError(f"{which} has no '{missing[0]}'")
    if more := [name for name in content if name not in names]:
        raise ValueError(f"{which} has '{more[0][:100]}', which is not known")


def _is_sha256(value: object) -> bool:
    return isinstance(value, str) and _SHA256.fullmatch(value) is not None


def _shown(value: object) -> str:
    """A value for a message, cut where it is long."""
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else "a list"
    text = json.dumps(value)
    return text if len(text) <= 100 else f"{text[:100]}..."


def _why(error: Exception) -> str:
    return str(getattr(error, "strerror", None) or error)


def chained_line(previous: str, data: dict[str, Any]) -> tuple[bytes, str]:
    """Returns one line of `events.jsonl`, which ends with its chain value, and that value."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    chain = hashlib.sha256(f"{previous}{text}".encode()).hexdigest()
    return f'{text[:-1]},"chain":"{chain}"}}\n'.encode(), chain


def _check_run(files: BundleFiles, run_id: str, faulty: set[str]) -> list[str]:
    """Holds the run that `run.json` and the events name against the list; what is faulty already is not read."""
    lines = []
    if layout.RUN in files.sizes and layout.RUN not in faulty:
        try:
            content = read_json(read_small(files, layout.RUN, _LARGEST_RUN))
            stated = content.get("run_id") if isinstance(content, dict) else None
            if stated != run_id:
                lines.append(f"{layout.RUN} is of the run {_shown(stated)}, and the evidence of {run_id}")
        except (OSError, ValueError) as error:
            lines.append(f"{layout.RUN} cannot be read: {_why(error)}")
    if layout.EVENTS in files.sizes and layout.EVENTS not in faulty:
        try:
            lines += _check_events(files, run_id)
        except (OSError, ValueError) as error:
            lines.append(f"{layout.EVENTS} cannot be read: {_why(error)}")
    return lines


def _check_events(files: BundleFiles, run_id: str) -> list[str]:
    """Reads line by line. A last line that was cut off is passed over. Raises OSError and ValueError."""
    previous = ""
    for number, line in enumerate(lines_of(files.read(layout.EVENTS), LONGEST_LINE), start=1):
        try:
            data = read_json(line)
            stated = data.pop("chain")
        except (ValueError, KeyError, AttributeError, TypeError):
            return [f"{layout.EVENTS}:{number} cannot be read"]
        _, previous = chained_line(previous, data)
        if stated != previous:
            return [f"{layout.EVENTS} was altered at or before line {number}: its chain does not hold"]
        if data.get("event") == RunStarted.__name__ and data.get("run_id") != run_id:
            return [
                f"{layout.EVENTS} is of the run {_shown(data.get('run_id'))}, and the evidence of {run_id}"
            ]
    return []
