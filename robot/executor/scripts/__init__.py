"""What the robot evaluates in pages, in JavaScript. Looks only: nothing here changes what a page shows or does."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def script(name: str) -> str:
    """The script of that name; `TEXT` in it stands for what reads a text."""
    folder = files(__name__)
    source = folder.joinpath(f"{name}.js").read_text(encoding="utf-8")
    return source.replace("  TEXT\n", folder.joinpath("text.js").read_text(encoding="utf-8"), 1)
