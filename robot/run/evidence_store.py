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
#: What is made anew of a run that has ended: the report, and the list, which holds the report's hash.
_RENEWED = (layout.REPORT, layout.MANIFEST)
_ADVICE = "set OFFBOARD_RECORDINGS to a folder, or to an address such as s3://bucket/folder"


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
        protocol = self._files.protocol
        protocols = (protocol,) if isinstance(protocol, str) else tuple(protocol)
        self._has_folders = not any(one in OBJECT_STORAGE for one in protocols)
        self._is_of_this_machine = "file" in protocols

    def is_at(self, folder: Path) -> bool:
        """Whether it is this folder of this machine, or one of the two lies in the other."""
        if not self._is_of_this_machine:
            return False
        here, there = folder.resolve(), Path(self._root).resolve()
        return here == there or here in there.parents or there in here.parents

    def check(self) -> None:
        """Writes, reads and removes a small file. Raises StoreError."""
        path, content = f"{self._root}/{_CHECK}-{uuid4().hex}", uuid4().hex.encode()

        def do() -> bytes:
            self._files.pipe_file(path, content)
            found = self._files.cat_file(path)
            self._files.rm_file(path)
            return bytes(found)

        self._check_root()
        if self._ask("written to", do) != content:
            raise StoreError(_problem(self.shown, "read", "it did not give back what was written"))

    def put(self, folder: Path) -> int:
        """Stores a folder under its own name; what is there already is left as it is. Returns its size in bytes.

        Raises StoreError when not all of it is there afterwards.
        """
        self._check_root()
        wanted = _sizes_of(folder)
        there = self._sizes(folder.name)
        for name, size in wanted.items():
            remote = f"{self._root}/{folder.name}/{name}"
            if there.get(name) != size or not self._is_same(name, folder / name, remote):
                self._ask("written to", partial(self._put_file, folder / name, remote))
        there = self._sizes(folder.name)
        missing = sorted(name for name, size in wanted.items() if there.get(name) != size)
        if missing:
            why = f"{missing[0]} of {folder.name} is not whole"
            raise StoreError(_problem(self.shown, "written to", why))
        return sum(wanted.values())

    def holds(self, folder: Path) -> bool:
        """Whether every file of this folder is in the store, with its size; what is made anew may have another one.

        Raises StoreError.
        """
        there = self._sizes(folder.name)
        return all(
            name in there and (name in _RENEWED or there[name] == size)
            for name, size in _sizes_of(folder).items()
        )

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
        if self._has_folders:
            self._files.makedirs(remote.rpartition("/")[0], exist_ok=True)
        self._files.put_file(os.fspath(path), remote)

    def _is_same(self, name: str, path: Path, remote: str) -> bool:
        """Whether what is stored is what is here, where their sizes are the same: most files never change."""
        if name not in _RENEWED:
            return True
        return bool(self._ask("read", lambda: self._files.cat_file(remote) == path.read_bytes()))

    def _check_root(self) -> None:
        """A share that is not mounted must not be taken for an empty store. Raises StoreError."""
        if self._has_folders and not self._ask("read", partial(self._files.isdir, self._root)):
            why = "there is no such folder; is the share mounted?"
            raise StoreError(_problem(self.shown, "written to", why))

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
    if "::" in url:
        raise _no_address(shown, "it is an address within an address", _ADVICE)
    try:
        files, root = fsspec.url_to_fs(url, use_listings_cache=False)
    except ImportError:
        package = OBJECT_STORAGE.get(scheme, "what fsspec names for this scheme")
        why = f"the package for '{scheme}' is not installed"
        raise _no_address(shown, why, f"in the robot's environment: pip install {package}") from None
    except Exception as error:
        raise _no_address(shown, _why(error), _ADVICE) from None
    return files, str(root).rstrip("/")


def _sizes_of(folder: Path) -> dict[str, int]:
    """Every file to store, by its name with forward slashes, and its size; the list of files comes last.

    Raises StoreError when they cannot be read.
    """
    try:
        files = {path.relative_to(folder): path for path in folder.rglob("*") if path.is_file()}
        found = {
            name.as_posix(): path.stat().st_size
            for name, path in files.items()
            # What begins with a dot is being written.
            if not any(part.startswith(".") for part in name.parts)
        }
    except OSError as error:
        raise StoreError(
            Problem(
                what=f"the evidence in {folder} could not be read: {error.strerror or error}",
                done="it was not stored",
                next="make it readable, then: offboard evidence upload",
            )
        ) from None
    order = sorted(found, key=lambda name: (name in (layout.MANIFEST, layout.JOURNAL), name))
    return {name: found[name] for name in order}


def _without_password(url: str) -> str:
    """Whatever stands before the last `@` may be one, and so may what stands behind a `?`."""
    scheme, _, rest = url.rpartition("://")
    return f"{scheme}://{rest.rpartition('@')[2].partition('?')[0]}"


def _why(error: Exception) -> str:
    text = " ".join(str(error).split())[:300]
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def _no_address(shown: str, why: str, advice: str) -> SetupError:
    return SetupError(
        Problem(what=f"evidence cannot be stored in {shown}: {why}", done="nothing was started", next=advice)
    )


def _problem(shown: str, what: str, why: str) -> Problem:
    again = "try again" if what == "read" else "offboard evidence upload"
    return Problem(
        what=f"{shown} could not be {what}: {why}",
        done="the evidence lies on the machine that made it",
        next=f"see whether the store is up and its credentials are good; then: {again}",
    )
