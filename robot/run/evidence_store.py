"""Where bundles of evidence lie beyond this machine: object storage, or whatever else fsspec has an address for.

Evidence is written on this machine first, always: a run must not wait for a network to prove what it does. A bundle
is stored when its run has ended, its list of files last, so that a list that is there says that all is there. Must
not know of ledgers.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any, TypeVar
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

from robot.errors import ApplicationError, BadInputError, Problem, SetupError
from robot.run import bundle_layout as layout

T = TypeVar("T")

#: Schemes of object storage, and the package that each needs.
OBJECT_STORAGE = {
    "s3": "s3fs",
    "s3a": "s3fs",
    "gs": "gcsfs",
    "gcs": "gcsfs",
    "az": "adlfs",
    "abfs": "adlfs",
    "abfss": "adlfs",
}
#: Where a bundle is put together before it takes its place; not a name of a run.
_COMING = ".coming"
_CHECK = ".offboard-check"


class StoreError(ApplicationError):
    """The store could not be reached, or did not take or give what it was asked to; may be tried again."""


class EvidenceStore:
    """Bundles by the names of their runs, each a folder below one address."""

    def __init__(self, url: str) -> None:
        """url: any address of fsspec's, such as `s3://bucket/folder`. Nothing is asked of it yet.

        Raises SetupError for an address that is not understood, and for one whose package is not installed.
        """
        #: The address, without any password.
        self.shown = _without_password(url)
        self._files, self._root = _open(url, self.shown)

    def check(self) -> None:
        """Writes, reads and removes a small file. Raises StoreError."""
        path, content = f"{self._root}/{_CHECK}-{uuid4().hex}", uuid4().hex.encode()

        def do() -> bytes:
            self._make_folder(self._root)
            self._files.pipe_file(path, content)
            found = self._files.cat_file(path)
            self._files.rm_file(path)
            return bytes(found)

        if self._ask("written to", do) != content:
            raise StoreError(_problem(self.shown, "read", "it did not give back what was written"))

    def put(self, folder: Path) -> int:
        """Stores a folder under its own name; what is there is written over. Returns how many bytes it has.

        Raises StoreError when not all of it is there afterwards.
        """
        place = f"{self._root}/{folder.name}"
        files = _files_of(folder)
        for name, path in files.items():
            self._ask("written to", partial(self._put_file, path, f"{place}/{name}"))
        wanted = {name: path.stat().st_size for name, path in files.items()}
        there = self._sizes(folder.name)
        missing = sorted(name for name, size in wanted.items() if there.get(name) != size)
        if missing:
            raise StoreError(
                _problem(self.shown, "written to", f"{missing[0]} of {folder.name} is not whole")
            )
        return sum(wanted.values())

    def holds(self, folder: Path) -> bool:
        """Whether every file of this folder is in the store, with its size. Raises StoreError."""
        there = self._sizes(folder.name)
        return all(there.get(name) == path.stat().st_size for name, path in _files_of(folder).items())

    def names(self) -> list[str]:
        """Names of all folders, sorted; the last one may still be on its way. Raises StoreError."""

        def do() -> list[str]:
            if not self._files.exists(self._root):
                return []
            return [str(one) for one in self._files.ls(self._root, detail=False)]

        found = sorted({PurePosixPath(one).name for one in self._ask("read", do)})
        return [name for name in found if not name.startswith(".")]

    def get(self, name: str, into: Path) -> Path:
        """Brings a folder back, to `into/<name>`, which it returns; one that is there already is left as it is.

        Raises StoreError, BadInputError when the store does not have it, SetupError when it cannot be written here.
        """
        target = into / name
        if target.is_dir():
            return target
        there = self._sizes(name)
        if not {layout.MANIFEST, layout.JOURNAL} & set(there):
            raise BadInputError(
                Problem(
                    what=f"no run '{name}' is stored in {self.shown}",
                    done="nothing was brought here",
                    next="the machine that made it may not have stored it yet: there, offboard evidence upload",
                )
            )
        coming = into / _COMING / f"{name}-{uuid4().hex[:8]}"
        try:
            self._bring(name, sorted(there), coming)
            coming.replace(target)
        except OSError as error:
            if not target.is_dir():
                raise SetupError(
                    Problem(
                        what=f"the evidence of {name} cannot be written to {target}: {error.strerror or error}",
                        done="nothing was brought here",
                        next="make room on the disk, or make the folder writable",
                    )
                ) from None
        finally:
            shutil.rmtree(coming, ignore_errors=True)
        return target

    def _bring(self, name: str, files: list[str], coming: Path) -> None:
        for file in files:
            if ".." in PurePosixPath(file).parts:
                raise StoreError(_problem(self.shown, "read", f"'{file}' is no name of a file of a run"))
            path = coming / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(self._ask("read", partial(self._files.cat_file, f"{self._root}/{name}/{file}")))

    def _put_file(self, path: Path, remote: str) -> None:
        self._make_folder(remote.rpartition("/")[0])
        self._files.put_file(os.fspath(path), remote)

    def _make_folder(self, path: str) -> None:
        """Object storage has no folders, and its buckets are not ours to make."""
        if not _is_object_storage(self._files):
            self._files.makedirs(path, exist_ok=True)

    def _sizes(self, name: str) -> dict[str, int]:
        """What is stored under a name: files and their sizes."""
        place = f"{self._root}/{name}"

        def do() -> dict[str, Any]:
            self._files.invalidate_cache()
            return dict(self._files.find(place, detail=True)) if self._files.exists(place) else {}

        found = self._ask("read", do)
        beginning = f"{place.strip('/')}/"
        return {
            path.strip("/").removeprefix(beginning): int(info["size"] or 0)
            for path, info in found.items()
            if info["type"] == "file"
        }

    def _ask(self, what: str, do: Callable[[], T]) -> T:
        try:
            return do()
        except Exception as error:  # each of the packages behind fsspec has errors of its own
            raise StoreError(_problem(self.shown, what, _why(error))) from error


def _open(url: str, shown: str) -> tuple[Any, str]:
    import fsspec  # noqa: PLC0415 - and whatever it needs for this scheme, which may take a second

    scheme = url.partition("://")[0]
    try:
        files, root = fsspec.url_to_fs(url, use_listings_cache=False)
    except ImportError:
        package = OBJECT_STORAGE.get(scheme)
        raise SetupError(
            Problem(
                what=f"evidence cannot be stored in {shown}: the package for '{scheme}' is not installed",
                done="nothing was started",
                next=f"in the robot's environment: pip install {package or 'what fsspec names for this scheme'}",
            )
        ) from None
    except Exception as error:
        raise SetupError(
            Problem(
                what=f"evidence cannot be stored in {shown}: {_why(error)}",
                done="nothing was started",
                next="set OFFBOARD_RECORDINGS to a folder, or to an address such as s3://bucket/folder",
            )
        ) from None
    return files, str(root).rstrip("/")


def _is_object_storage(files: Any) -> bool:
    protocols = (files.protocol,) if isinstance(files.protocol, str) else files.protocol
    return any(one in OBJECT_STORAGE for one in protocols)


def _files_of(folder: Path) -> dict[str, Path]:
    """Every file to store, by its name with forward slashes; the list of files comes last."""
    found = {path.relative_to(folder): path for path in folder.rglob("*") if path.is_file()}
    names = sorted(
        (name.as_posix() for name in found if name.parts[0] != layout.UNFINISHED),
        key=lambda name: (name in (layout.MANIFEST, layout.JOURNAL), name),
    )
    return {name: folder / name for name in names}


def _without_password(url: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment=""))


def _why(error: Exception) -> str:
    text = " ".join(str(error).split())[:300]
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def _problem(shown: str, what: str, why: str) -> Problem:
    again = "try again" if what == "read" else "offboard evidence upload"
    return Problem(
        what=f"{shown} could not be {what}: {why}",
        done="the evidence lies on the machine that made it",
        next=f"see whether the store is up and its credentials are good; then: {again}",
    )
