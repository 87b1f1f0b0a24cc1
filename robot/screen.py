"""Standard output and standard error: the one place that writes to them.

What comes here is shown harmless (`robot.harmless`), and never as markup. A reader who goes away changes nothing:
what would be written to it is dropped, and the command goes on to its own end. Where nobody looks on, as in a pipe
or a file, lines and the cells of tables are as long as they are.
"""

from __future__ import annotations

import io
import json
import logging
import os
import sys
from collections.abc import Callable, Iterable
from typing import IO, Any, TextIO

from rich.console import Console
from rich.text import Text

from robot.harmless import harmless, harmless_json

#: Columns where there is no terminal, whose width would count: wider than any cell.
_BOUNDLESS = 1_000_000


class PlainText(Text):
    """Styled text, harmless. Its ends of lines stay; what must be one line is given as `harmless(...)`."""

    def __init__(self, text: str = "", style: str = "", **options: Any) -> None:
        super().__init__(harmless(text, lines=True), style, **options)

    def append(self, text: Text | str, style: Any = None) -> PlainText:
        super().append(harmless(text, lines=True) if isinstance(text, str) else text, style)
        return self


class Screen(Console):
    """A console that shows strings as they are, and holds out when its reader goes away."""

    def __init__(self, *, is_error: bool = False, quiet: bool = False, file: IO[str] | None = None) -> None:
        """is_error: on standard error. file: on that instead."""
        stream = file or (sys.stderr if is_error else sys.stdout)
        super().__init__(
            file=file,
            stderr=is_error,
            quiet=quiet,
            markup=False,
            emoji=False,
            highlight=False,
            width=None if stream.isatty() else _BOUNDLESS,
        )

    def render_str(self, text: str, **options: Any) -> Text:
        """Every string comes by here, wherever it stands in a table."""
        return super().render_str(harmless(text, lines=True), **options)

    def print_line(self, text: Text) -> None:
        """One line, however long, which the terminal itself folds."""
        self.print(text, soft_wrap=True)

    def on_broken_pipe(self) -> None:
        _let_go(self.file)
        self._buffer.clear()


class LogHandler(logging.Handler):
    """Writes each record to standard error, as its formatter has it; that must have made it harmless."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            _write(sys.stderr, self.format(record) + "\n")
        except Exception:
            self.handleError(record)


def set_up() -> None:
    """What the encoding of a terminal lacks is written as an escape from now on."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def say(*lines: str) -> None:
    """Lines on standard output: one for each, whatever it holds."""
    _write(sys.stdout, _joined(harmless(line) for line in lines))


def say_text(text: str) -> None:
    """Text of several lines on standard output."""
    _write(sys.stdout, harmless(text, lines=True) + "\n")


def say_json(value: object, *, indent: int | None = None) -> None:
    """A value as JSON on standard output; on one line without indent."""
    _write(sys.stdout, _json_for(sys.stdout, value, indent=indent) + "\n")


def tell(*lines: str) -> None:
    """Lines on standard error: one for each, whatever it holds."""
    _write(sys.stderr, _joined(harmless(line) for line in lines))


def tell_text(text: str) -> None:
    """Text of several lines on standard error."""
    _write(sys.stderr, harmless(text, lines=True) + "\n")


def error_json(value: object, *, default: Callable[[object], object]) -> str:
    """A value as one line of JSON that standard error can show."""
    return _json_for(sys.stderr, value, default=default)


def flush() -> None:
    """Writes out what was said; when nobody reads it any more, drops it."""
    for stream in (sys.stdout, sys.stderr):
        _write(stream, "", is_flushed=True)


def is_somebody_there() -> bool:
    """Whether a person can be asked: standard input and standard error are a terminal."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def _joined(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def _json_for(
    stream: TextIO,
    value: object,
    *,
    indent: int | None = None,
    default: Callable[[object], object] | None = None,
) -> str:
    text = harmless_json(value, indent=indent, default=default)
    try:
        text.encode(stream.encoding or "utf-8")
    except UnicodeEncodeError:
        # The stream's own escapes for what it lacks are no JSON.
        return json.dumps(value, indent=indent, default=default)
    return text


def _write(stream: TextIO, text: str, *, is_flushed: bool = False) -> None:
    try:
        stream.write(text)
        if is_flushed or stream is sys.stderr:
            stream.flush()
    except BrokenPipeError:
        _let_go(stream)


def _let_go(stream: IO[str]) -> None:
    """Nobody reads the stream any more: what it still holds, and what comes, goes nowhere."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, stream.fileno())
    finally:
        os.close(nowhere)
