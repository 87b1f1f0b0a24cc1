"""A private folder for what one run writes and nobody may keep: raw traces hold live tokens until rewritten.

In memory where this system has a file system for that, so that nothing of it outlives the machine. Gone with the
run; what a run that was killed has left is removed by the next one.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

#: Where Linux keeps files in memory, and what must be free there, in bytes: a full trace takes hundreds of MB,
#: and the browser keeps things there, too.
_IN_MEMORY = Path("/dev/shm")  # noqa: S108 - the folder made there is checked to be ours
_ENOUGH = 2 * 1024**3
_LOCK = "in-use"


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """A new folder, readable by this user alone, which is removed at the end. Raises OSError."""
    base = _base()
    with _locked(base / "lock", wait=True):
        _sweep(base)
        folder = Path(tempfile.mkdtemp(prefix="run-", dir=base))
        holder = _locked(folder / _LOCK, wait=True)
        holder.__enter__()
    try:
        yield folder
    finally:
        holder.__exit__(None, None, None)
        shutil.rmtree(folder, ignore_errors=True)


def _base() -> Path:
    """The folder of this user's runs; one of its own where somebody else's thing lies in that place."""
    name = f"offboard-{os.getuid()}" if sys.platform != "win32" else "offboard"
    for above in (_IN_MEMORY, Path(tempfile.gettempdir())):
        if above == _IN_MEMORY and not _has_room(above):
            continue
        base = above / name
        try:
            base.mkdir(mode=0o700, exist_ok=True)
        except OSError:
            continue
        if _is_ours(base):
            return base
    return Path(tempfile.mkdtemp(prefix="offboard-"))


def _has_room(folder: Path) -> bool:
    try:
        return os.access(folder, os.W_OK | os.X_OK) and shutil.disk_usage(folder).free >= _ENOUGH
    except OSError:
        return False


def _is_ours(folder: Path) -> bool:
    """Whether it is a folder, no link to one, and nobody else's, nor open to anybody else."""
    found = folder.lstat()
    if not folder.is_dir() or folder.is_symlink():
        return False
    return sys.platform == "win32" or (found.st_uid == os.getuid() and not found.st_mode & 0o077)


def _sweep(base: Path) -> None:
    """Removes what runs have left that are no more."""
    for folder in base.glob("run-*"):
        try:
            with _locked(folder / _LOCK, wait=False):
                pass
        except BlockingIOError:
            continue  # at work
        except OSError:
            pass  # it was killed before it had a lock
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _locked(path: Path, *, wait: bool) -> Iterator[None]:
    """Raises BlockingIOError where another process holds it, unless it waits. The system frees it with the process.

    On Windows the file is only held open, which keeps its folder from being removed.
    """
    with path.open("a+b") as file:
        if sys.platform != "win32":
            import fcntl  # noqa: PLC0415 - not there on Windows

            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        yield
