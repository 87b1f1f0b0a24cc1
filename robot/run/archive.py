"""One zip file that can be checked anywhere: a list of its files with their SHA-256, and a signature over the list.

manifest.json    {"format", "about": {...}, "files": [{"path", "size", "sha256"}]}
signature.json   {"algorithm", "public_key", "signature"}: over the bytes of manifest.json
evidence/<run>/  bundles as the runs have left them, each with a list of its own
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from robot.errors import BadInputError, Problem
from robot.run.bundle_files import fault_of_name, hash_of
from robot.run.manifest import VerifyResult, verify_files
from robot.run.signature import ALGORITHM, EvidenceKey, Signature
from robot.run.strict_json import read_json
from robot.run.zip_frame import FrameError, ZipEntry, read_frame, unpack

FORMAT = "offboard-archive/1"
MANIFEST = "manifest.json"
SIGNATURE = "signature.json"
EVIDENCE = "evidence"
#: Compressed already.
_PACKED = {".jpg", ".png", ".mp4", ".webm", ".zip"}
_CHUNK = 1024 * 1024
#: A list of files is never larger, in bytes; nor is a signature, or a file.
_LARGEST_LIST = 64 * 1024 * 1024
_LARGEST_SIGNATURE = 16 * 1024
_LARGEST_FILE = 2**53


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveResult:
    """What a look at every file of an archive has shown."""

    about: dict[str, Any]
    #: SHA-256 of the public key that signed it; empty where no signature holds.
    fingerprint: str
    files: int
    bytes: int
    changed: tuple[str, ...]
    missing: tuple[str, ...]
    extra: tuple[str, ...]
    problems: tuple[str, ...]

    @property
    def is_intact(self) -> bool:
        """Whether everything is there, unchanged, and signed."""
        return bool(self.fingerprint) and not (self.changed or self.missing or self.extra or self.problems)


def write_archive(
    target: Path, files: Mapping[str, Path | bytes], key: EvidenceKey, *, about: Mapping[str, object]
) -> None:
    """files: name in the archive, and the file or what it holds. about: plain JSON, signed with the rest.

    The target is there whole, or not at all. Raises OSError.
    """
    temporary = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED) as archive:
            entries = [_add(archive, name, files[name]) for name in sorted(files)]
            listed = json.dumps(
                {"format": FORMAT, "about": dict(about), "files": entries}, indent=1, ensure_ascii=False
            ).encode()
            signed = key.sign(listed)
            signature = {
                "algorithm": ALGORITHM,
                "public_key": signed.public_key,
                "signature": signed.value,
            }
            archive.writestr(MANIFEST, listed)
            archive.writestr(SIGNATURE, json.dumps(signature, indent=1))
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _add(archive: zipfile.ZipFile, name: str, content: Path | bytes) -> dict[str, object]:
    packing = zipfile.ZIP_STORED if Path(name).suffix in _PACKED else zipfile.ZIP_DEFLATED
    digest, size = hashlib.sha256(), 0
    info = zipfile.ZipInfo(name)
    info.compress_type = packing
    info.external_attr = 0o600 << 16
    with archive.open(info, "w", force_zip64=True) as into:
        if isinstance(content, bytes):
            into.write(content)
            digest.update(content)
            size = len(content)
        else:
            with content.open("rb") as file:
                while chunk := file.read(_CHUNK):
                    into.write(chunk)
                    digest.update(chunk)
                    size += len(chunk)
    return {"path": name, "size": size, "sha256": digest.hexdigest()}


def verify_archive(path: Path) -> ArchiveResult:
    """Checks how the file is put together, the signature, every file, and every bundle by its own list.

    Nothing is written to the disk. Raises BadInputError for no archive.
    """
    try:
        with path.open("rb") as file:
            return _verify(file)
    except FrameError as error:
        # Two programs may see two archives in it: nothing that it says is told on.
        return ArchiveResult(
            about={},
            fingerprint="",
            files=0,
            bytes=0,
            changed=(),
            missing=(),
            extra=(),
            problems=(f"it is not put together as 'offboard case export' does it: {error}",),
        )
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else error
        raise BadInputError(
            Problem(
                what=f"{path} cannot be read as an exported case: {why}",
                done="nothing was checked",
                next="get the file again from whoever has made it: 'offboard case export'",
            )
        ) from None


def _verify(file: BinaryIO) -> ArchiveResult:
    entries = {entry.name: entry for entry in read_frame(file)}
    listed = _read_small(file, entries, MANIFEST, _LARGEST_LIST)
    about, wanted = _read_list(listed)
    # 1. The list is as it was signed.
    signed = _read_signature(_read_small(file, entries, SIGNATURE, _LARGEST_SIGNATURE))
    problems = [] if signed.is_of(listed) else ["the list of files is not what was signed"]
    # 2. The files are as they are listed.
    changed = tuple(
        name
        for name, (size, sha256) in wanted.items()
        if name in entries and not _is_same(file, entries[name], size, sha256)
    )
    # 3. The bundles are as their runs have left them.
    is_signed = not problems
    if not problems and not changed:
        digests = about.get("runs", {})
        problems += _check_bundles(
            file, [entry for name, entry in entries.items() if name in wanted], digests
        )
    return ArchiveResult(
        about=about,
        fingerprint=signed.fingerprint if is_signed else "",
        files=len(wanted),
        bytes=sum(size for size, _ in wanted.values()),
        changed=changed,
        missing=tuple(sorted(set(wanted) - set(entries))),
        extra=tuple(sorted(set(entries) - set(wanted) - {MANIFEST, SIGNATURE})),
        problems=tuple(problems),
    )


def _read_small(file: BinaryIO, entries: dict[str, ZipEntry], name: str, most: int) -> bytes:
    if name not in entries:
        raise ValueError(f"it has no {name}")
    if entries[name].size > most:
        raise ValueError(f"its {name} is larger than {most // 1024} KB")
    return b"".join(unpack(file, entries[name]))


def _read_list(listed: bytes) -> tuple[dict[str, Any], dict[str, tuple[int, str]]]:
    """Returns what it says about the case, and the size and SHA-256 of each file. Raises ValueError."""
    content = _object_of(listed, MANIFEST, ("format", "about", "files"))
    if content["format"] != FORMAT:
        raise ValueError(f"its format is {str(content['format'])[:100]!r}, and this release knows '{FORMAT}'")
    about, files = content["about"], content["files"]
    if not isinstance(about, dict) or not isinstance(files, list):
        raise ValueError(f"its {MANIFEST} does not say what the case is, or what its files are")
    if not isinstance(about.get("runs", {}), dict):
        raise ValueError(f"its {MANIFEST} does not say what its runs are")
    wanted: dict[str, tuple[int, str]] = {}
    for number, one in enumerate(files, start=1):
        which = f"entry {number} of its {MANIFEST}"
        if not isinstance(one, dict) or set(one) != {"path", "size", "sha256"}:
            raise ValueError(f"{which} is no path with size and sha256")
        path, size, sha256 = one["path"], one["size"], one["sha256"]
        why = "it is not to be listed" if path in (MANIFEST, SIGNATURE) else fault_of_name(path)
        if why:
            raise ValueError(f"{which}: {str(path)[:200]!r} is no name of a file in it: {why}")
        if path in wanted:
            raise ValueError(f"{path} is listed twice in its {MANIFEST}")
        if type(size) is not int or not 0 <= size <= _LARGEST_FILE or not _is_sha256(sha256):
            raise ValueError(f"{which} ({path}) has no size, or no SHA-256 of 64 digits")
        wanted[path] = (size, sha256)
    return about, wanted


def _is_sha256(value: object) -> bool:
    return isinstance(value, str) and re.fullmatch("[0-9a-f]{64}", value) is not None


def _read_signature(content: bytes) -> Signature:
    """Raises ValueError."""
    said = _object_of(content, SIGNATURE, ("algorithm", "public_key", "signature"))
    if not all(isinstance(value, str) for value in said.values()):
        raise ValueError(f"its {SIGNATURE} holds what is no text")
    if said["algorithm"] != ALGORITHM:
        raise ValueError(f"it is signed by {said['algorithm'][:100]!r}, and this release knows '{ALGORITHM}'")
    return Signature(public_key=said["public_key"], value=said["signature"])


def _object_of(content: bytes, file: str, names: tuple[str, ...]) -> dict[str, Any]:
    try:
        found = read_json(content)
    except ValueError as error:
        raise ValueError(f"its {file} cannot be read: {error}") from None
    if not isinstance(found, dict) or set(found) != set(names):
        raise ValueError(f"its {file} does not hold just {', '.join(names)}")
    return found


def _is_same(file: BinaryIO, entry: ZipEntry, size: int, sha256: str) -> bool:
    if entry.size != size:
        return False
    try:
        return hash_of(unpack(file, entry)) == (sha256, size)
    except ValueError:
        return False


class _FilesInside:
    """The bundle of one run in an archive, read where it lies."""

    def __init__(self, file: BinaryIO, run: str, entries: list[ZipEntry]) -> None:
        self._file = file
        beginning = f"{EVIDENCE}/{run}/"
        self._entries = {
            entry.name.removeprefix(beginning): entry for entry in entries if entry.name.startswith(beginning)
        }
        self.name = run
        self.sizes = {name: entry.size for name, entry in self._entries.items()}
        self.folders: set[str] = set()
        self.faults: list[str] = []

    def read(self, name: str) -> Iterator[bytes]:
        return unpack(self._file, self._entries[name])


def _check_bundles(file: BinaryIO, entries: list[ZipEntry], digests: Mapping[str, object]) -> list[str]:
    """Lines about bundles that are not as their own lists, and what was signed of them (by run), say."""
    lines = []
    inside = [PurePosixPath(entry.name).parts for entry in entries if entry.name.startswith(f"{EVIDENCE}/")]
    for run in sorted({parts[1] for parts in inside if len(parts) > 2}):
        try:
            result = verify_files(_FilesInside(file, run, entries))
        except FileNotFoundError:
            lines.append(f"{run}: holds no list of its files")
            continue
        lines += [f"{run}: {word} {name}".replace("  ", " ") for word, name in _faults(result)]
        if digests.get(run) and digests[run] != result.digest:
            lines.append(f"{run}: is not the evidence that the run has left")
    return lines


def _faults(result: VerifyResult) -> list[tuple[str, str]]:
    return [
        *(("changed", name) for name in result.changed),
        *(("missing", name) for name in result.missing),
        *(("extra", name) for name in result.extra),
        *(("", name) for name in result.problems),
    ]
