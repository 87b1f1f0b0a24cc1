"""The files of a bundle, wherever they lie: read in pieces, no link is followed. Must not know what they mean."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Protocol

_CHUNK = 1024 * 1024
#: A folder that holds more files and folders than this is no bundle.
MOST_FILES = 100_000
#: What stands where a regular file or a folder should be.
_KINDS = {
    stat.S_IFLNK: "a symbolic link",
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFBLK: "a device",
    stat.S_IFCHR: "a device",
}
#: No link is followed, no pipe waited for: what was looked at may have been exchanged. Windows lacks both.
_FLAGS = (
    os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
)


class BundleFiles(Protocol):
    """What is there. All names are relative to the bundle, with forward slashes."""

    #: What the folder is called.
    name: str
    #: Regular files and their sizes in bytes.
    sizes: dict[str, int]
    #: Folders below.
    folders: set[str]
    #: What must not be there at all, one line each.
    faults: list[str]

    def read(self, name: str) -> Iterator[bytes]:
        """The bytes of a file of `sizes`, in pieces. Raises OSError or ValueError when it cannot be read."""


class FolderFiles:
    """A folder of this machine."""

    def __init__(self, folder: Path) -> None:
        """Looks at the whole folder, and opens nothing.

        Raises: FileNotFoundError when there is none.
        """
        # Without following it: the name that it was given, not that of what it leads to.
        self._folder = folder.absolute()
        self.name = self._folder.name
        self.sizes: dict[str, int] = {}
        self.folders: set[str] = set()
        self.faults: list[str] = []
        if kind := _KINDS.get(stat.S_IFMT(self._folder.lstat().st_mode)):
            self.faults.append(f"the folder itself is {kind}; give the one that it leads to")
            return
        self._look()

    def _look(self) -> None:
        waiting = [""]
        seen = 0
        while waiting:
            place = waiting.pop()
            try:
                with os.scandir(self._folder / place) as entries:
                    for entry in entries:
                        seen += 1
                        if seen > MOST_FILES:
                            self.faults.append(f"it holds more than {MOST_FILES} files and folders")
                            return
                        name = f"{place}/{entry.name}" if place else entry.name
                        if self._take(name, entry.stat(follow_symlinks=False)):
                            waiting.append(name)
            except OSError as error:
                self.faults.append(f"{place or 'the folder'} cannot be read: {error.strerror or error}")

    def _take(self, name: str, found: os.stat_result) -> bool:
        """Returns whether it is a folder, to be looked into."""
        kind = stat.S_IFMT(found.st_mode)
        if kind == stat.S_IFDIR:
            self.folders.add(name)
            return True
        if kind == stat.S_IFREG:
            self.sizes[name] = found.st_size
        else:
            self.faults.append(f"{name} is {_KINDS.get(kind, 'neither a file nor a folder')}")
        return False

    def read(self, name: str) -> Iterator[bytes]:
        return chunks_of(self._folder / name)


def chunks_of(path: Path) -> Iterator[bytes]:
    """The bytes of a file, in pieces. Raises OSError, also for a link and for what is no regular file."""
    handle = os.open(path, _FLAGS)
    with os.fdopen(handle, "rb", buffering=0) as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError(f"{path.name} is no regular file")
        while chunk := file.read(_CHUNK):
            yield chunk


def hash_of(chunks: Iterable[bytes]) -> tuple[str, int]:
    """Returns the SHA-256, in hex, and the number of bytes."""
    digest, size = hashlib.sha256(), 0
    for chunk in chunks:
        digest.update(chunk)
        size += len(chunk)
    return digest.hexdigest(), size


def read_small(files: BundleFiles, name: str, most: int) -> bytes:
    """Returns a whole file. Raises ValueError for one of more than `most` bytes, before it takes more memory."""
    content = bytearray()
    if files.sizes[name] <= most:
        for chunk in files.read(name):
            content += chunk
            if len(content) > most:
                break
        else:
            return bytes(content)
    raise ValueError(f"it is larger than {most // 1024**2} MB")


def lines_of(chunks: Iterable[bytes], most: int) -> Iterator[bytes]:
    """Every line that was ended, without its end. Raises ValueError for one of more than `most` bytes."""
    rest = b""
    for chunk in chunks:
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            if len(line) > most:
                break
            yield line
        else:
            if len(rest) <= most:
                continue
        raise ValueError(f"a line is longer than {most // 1024**2} MB")


def fault_of_name(name: object) -> str:
    """Why this is no name of a file in a folder or an archive, or an empty text."""
    if not isinstance(name, str):
        return "it is no text"
    checks: tuple[tuple[str, Callable[[str], bool]], ...] = (
        ("it is empty", lambda name: not name),
        ("it is longer than 1000 letters", lambda name: len(name) > 1000),
        ("it holds a backslash", lambda name: "\\" in name),
        ("it holds letters that cannot be shown", lambda name: not name.isprintable()),
        ("it begins at the root of a disk", lambda name: name.startswith("/")),
        ("it names a drive or a stream", lambda name: ":" in name),
        ("it is the name of a folder", lambda name: name.endswith("/")),
        ("it leads out of the folder", lambda name: ".." in name.split("/")),
        ("it can be written in another way", lambda name: not {"", "."}.isdisjoint(name.split("/"))),
    )
    return next((why for why, is_wrong in checks if is_wrong(name)), "")
