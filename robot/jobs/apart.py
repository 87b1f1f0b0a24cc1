"""Reads a table in a process of its own, with limits: a file of a kilobyte can ask for half a terabyte.

A table comes from outside. What its reader takes ends with that process; this one goes on, and says so.
"""

from __future__ import annotations

import io
import os
import pickle
import signal
import stat
import subprocess
import sys
from pathlib import Path

from robot.errors import BadInputError, Problem
from robot.jobs.table import Table, open_table

#: What reading one table may take: memory in bytes, time in seconds. 20,000 rows in a workbook take a sixth of it.
MOST_MEMORY = 1536 * 1024**2
MOST_S = 60
#: So many problems of one table are told; more help nobody.
MOST_PROBLEMS = 200
#: How the process that reads ends where it was given no more memory, and by which signal where it took too long.
_LIMIT = 75
_CPU_LIMIT = getattr(signal, "SIGXCPU", 0)
_NOT_TAKEN = "nothing was taken"


def open_table_apart(file: Path, *, most_memory: int = MOST_MEMORY, most_s: int = MOST_S) -> Table:
    """`open_table`, within limits. Raises BadInputError with the problems, and where a limit was reached.

    most_memory, most_s: limits for the process that reads, in bytes and in seconds.
    """
    _assert_file(file)
    words = [sys.executable, "-P", "-m", "robot.jobs.apart", str(most_memory), str(most_s), str(file)]
    house = str(Path(__file__).parents[2])
    try:
        child = subprocess.run(
            words,
            capture_output=True,
            check=False,
            timeout=most_s,
            env={**os.environ, "PYTHONPATH": house, "PYTHONUTF8": "1"},
        )
    except subprocess.TimeoutExpired:
        raise BadInputError(_too_much(file, f"takes longer than {most_s} s to read")) from None
    if child.returncode != 0:
        if child.returncode in (-signal.SIGTERM, -signal.SIGINT):
            raise KeyboardInterrupt
        if child.returncode == -_CPU_LIMIT:
            raise BadInputError(_too_much(file, f"takes longer than {most_s} s to read"))
        if child.returncode != _LIMIT and child.returncode > 0:
            raise RuntimeError(f"the reader of tables broke: {child.stderr.decode(errors='replace')[-2000:]}")
        # Told by itself, or ended by a library that was given no memory.
        raise BadInputError(_too_much(file, f"needs more than {most_memory // 1024**2} MB of memory to read"))
    found = _Ours(io.BytesIO(child.stdout)).load()
    if isinstance(found, Table):
        return found
    raise BadInputError(*found)


class _Ours(pickle.Unpickler):
    """Takes what the child makes, and no other thing."""

    def find_class(self, module: str, name: str) -> object:
        if module in ("robot.jobs.table", "robot.jobs.request", "robot.errors", "robot.source", "datetime"):
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name} is no part of a table")


def _assert_file(file: Path) -> None:
    """Raises BadInputError for what is there and is no file: a FIFO or a device has no end."""
    try:
        mode = file.stat().st_mode
    except OSError as error:
        raise BadInputError(
            Problem(what=f"{file} cannot be read: {error.strerror}", done=_NOT_TAKEN, next="check the path")
        ) from None
    if not stat.S_ISREG(mode):
        raise BadInputError(Problem(what=f"{file} is no file", done=_NOT_TAKEN, next="check the path"))


def _too_much(file: Path, what: str) -> Problem:
    return Problem(
        what=f"{file} {what}",
        done=_NOT_TAKEN,
        next="split it, or save the customers alone as 'CSV UTF-8'",
    )


def _read(file: Path) -> Table | tuple[Problem, ...]:
    try:
        return open_table(file)
    except BadInputError as error:
        problems = error.problems
    if len(problems) > MOST_PROBLEMS:
        more = len(problems) - MOST_PROBLEMS
        last = Problem(
            what=f"{file} has {more} more problems",
            done=_NOT_TAKEN,
            next="mend these first; they are told then",
        )
        return (*problems[:MOST_PROBLEMS], last)
    return tuple(problems)


def _main() -> int:
    """The process that reads. Its answer is on standard output; it ends with _LIMIT where a limit was reached."""
    most_memory, most_s = int(sys.argv[1]), int(sys.argv[2])
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 - not there on Windows

        resource.setrlimit(resource.RLIMIT_AS, (most_memory, most_memory))
        resource.setrlimit(resource.RLIMIT_CPU, (most_s, most_s + 1))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        answer = pickle.dumps(_read(Path(sys.argv[3])))
    except (MemoryError, RecursionError):
        return _LIMIT
    sys.stdout.buffer.write(answer)
    return 0


if __name__ == "__main__":
    sys.exit(_main())
