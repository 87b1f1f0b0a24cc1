"""One zip file that can be checked anywhere: a list of its files with their SHA-256, and a signature over the list.

manifest.json    {"format", "about": {...}, "files": [{"path", "size", "sha256"}]}
signature.json   {"algorithm", "public_key", "signature"}: over the bytes of manifest.json
evidence/<run>/  bundles as the runs have left them, each with a list of its own
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from robot.errors import BadInputError, Problem
from robot.run.manifest import VerifyResult, verify_bundle
from robot.run.signature import ALGORITHM, EvidenceKey, Signature

FORMAT = "offboard-archive/1"
MANIFEST = "manifest.json"
SIGNATURE = "signature.json"
EVIDENCE = "evidence"
#: Compressed already.
_PACKED = {".jpg", ".png", ".mp4", ".webm", ".zip"}
_CHUNK = 1024 * 1024
#: What the library raises for a damaged or hostile file.
_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
)
#: A list of files is never larger, in bytes.
_LARGEST_LIST = 64 * 1024 * 1024


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


def is_archive(path: Path) -> bool:
    return path.is_file() and zipfile.is_zipfile(path)


def verify_archive(path: Path) -> ArchiveResult:
    """Checks the signature, every file, and every bundle by its own list. Raises BadInputError for no archive."""
    try:
        with zipfile.ZipFile(path) as archive:
            return _verify(archive)
    except _UNREADABLE as error:
        raise BadInputError(
            Problem(
                what=f"{path} cannot be read as an exported case: {error}",
                done="nothing was checked",
                next="get the file again from whoever has made it: 'offboard case export'",
            )
        ) from None


def _verify(archive: zipfile.ZipFile) -> ArchiveResult:
    listed = _read_small(archive, MANIFEST)
    content = json.loads(listed)
    if content["format"] != FORMAT:
        raise ValueError(f"its format is '{content['format']}', and this release knows '{FORMAT}'")
    wanted = {str(entry["path"]): (int(entry["size"]), str(entry["sha256"])) for entry in content["files"]}
    names = archive.namelist()
    problems = [f"{name} stands twice in the archive" for name in sorted(set(names)) if names.count(name) > 1]
    problems += [f"{name} is no name of a file in it" for name in sorted(wanted) if not _is_inside(name)]
    # 1. The list is as it was signed.
    signature = json.loads(_read_small(archive, SIGNATURE))
    signed = Signature(public_key=str(signature["public_key"]), value=str(signature["signature"]))
    is_signed = signature["algorithm"] == ALGORITHM and signed.is_of(listed)
    if not is_signed:
        problems.append("the list of files is not what was signed")
    # 2. The files are as they are listed.
    changed = tuple(
        name
        for name, (size, sha256) in wanted.items()
        if name in names and not _is_same(archive, name, size, sha256)
    )
    # 3. The bundles are as their runs have left them.
    about = {str(name): value for name, value in dict(content["about"]).items()}
    if not problems and not changed:
        digests = about.get("runs", {})
        problems += _check_bundles(archive, [name for name in wanted if name in names], digests)
    return ArchiveResult(
        about=about,
        fingerprint=signed.fingerprint if is_signed else "",
        files=len(wanted),
        bytes=sum(size for size, _ in wanted.values()),
        changed=changed,
        missing=tuple(sorted(set(wanted) - set(names))),
        extra=tuple(sorted(set(names) - set(wanted) - {MANIFEST, SIGNATURE})),
        problems=tuple(problems),
    )


def _read_small(archive: zipfile.ZipFile, name: str) -> bytes:
    if archive.getinfo(name).file_size > _LARGEST_LIST:
        raise ValueError(f"its {name} is larger than any list of files")
    return archive.read(name)


def _is_same(archive: zipfile.ZipFile, name: str, size: int, sha256: str) -> bool:
    if archive.getinfo(name).file_size != size:
        return False
    digest = hashlib.sha256()
    try:
        with archive.open(name) as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError):
        return False
    return digest.hexdigest() == sha256


def _check_bundles(archive: zipfile.ZipFile, names: list[str], digests: Mapping[str, object]) -> list[str]:
    """Lines about bundles that are not as their own lists, and what was signed of them (by run), say."""
    lines = []
    inside = [PurePosixPath(name).parts for name in names if name.startswith(f"{EVIDENCE}/")]
    runs = sorted({parts[1] for parts in inside if len(parts) > 2})
    with tempfile.TemporaryDirectory(prefix="offboard-") as folder:
        for run in runs:
            mine = [name for name in names if name.startswith(f"{EVIDENCE}/{run}/")]
            archive.extractall(folder, mine)
            try:
                result = verify_bundle(Path(folder) / EVIDENCE / run)
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


def _is_inside(name: str) -> bool:
    """Whether a name stays within the folder that it is unpacked into."""
    path = PurePosixPath(name)
    return bool(path.parts) and not path.is_absolute() and ".." not in path.parts and "\\" not in name
