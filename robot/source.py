"""Places in text files, and the snippet with a caret that shows one.

Knows nothing of what the files mean.
"""

from __future__ import annotations

from dataclasses import dataclass

from robot.harmless import harmless


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place in a text file; `line` and `column` count from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a file, from `start` up to but not including `end`.

    `path` is shown to people as given, so loaders pass it relative to the working folder where they can.
    """

    path: str
    start: Position
    end: Position

    def __str__(self) -> str:
        return f"{self.path}:{self.start.line}:{self.start.column}"


def render_snippet(text: str, span: Span, *, before: int = 1) -> list[str]:
    """Returns the marked line of `text`, `before` lines above it, and a caret line below it.

    A span over several lines is underlined to the end of its first line.
    """
    lines = text.splitlines()
    if not 1 <= span.start.line <= len(lines):
        return []
    first = max(1, span.start.line - before)
    width = len(str(span.start.line))
    shown = []
    for number in range(first, span.start.line + 1):
        mark = ">" if number == span.start.line else " "
        shown.append(f"{mark} {number:>{width}} | {_shown(lines[number - 1])}".rstrip())
    marked = lines[span.start.line - 1]
    end = span.end.column if span.end.line == span.start.line else len(marked) + 1
    before_it, it = marked[: span.start.column - 1], marked[span.start.column - 1 : end - 1]
    carets = max(1, len(_shown(it)), end - span.start.column)
    shown.append(
        f"  {'':>{width}} | {' ' * max(len(_shown(before_it)), span.start.column - 1)}{'^' * carets}"
    )
    return shown


def _shown(line: str) -> str:
    return harmless(line, lines=True)
