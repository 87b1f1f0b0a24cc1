"""Names of everything in a run's evidence bundle. Must not open a file."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

EVENTS = "events.jsonl"
RUN = "run.json"
CAPTURES = "captures.json"
TRANSCRIPT_TEXT = "transcript.txt"
TRANSCRIPT_JSON = "transcript.json"
TRACE = "trace.zip"
VIDEO = "video.mp4"
PICTURES = "pictures"
#: The list of files, made at the end; its presence means that the bundle is sealed.
MANIFEST = "manifest.json"
#: The same list while the run goes on, one line a file.
JOURNAL = "manifest.jsonl"
#: A view of the bundle, which may be made again at any time.
REPORT = "report.html"
#: What is being written; gone when the bundle is sealed.
UNFINISHED = ".unfinished"


def picture_name(step: int, moment: Literal["before", "after", "stop"], name: str, again: int = 0) -> str:
    """Returns `pictures/NNN-<moment>-<slug>.jpg`; `again` tells further pictures of that moment apart."""
    suffix = f"-{again + 1}" if again else ""
    return f"{PICTURES}/{step:03d}-{moment}-{slug(name)}{suffix}.jpg"


def slug(name: str) -> str:
    """Returns a piece of a file name for people: ASCII letters, digits and hyphens, at most 48 long."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    return words[:48].rstrip("-") or "step"
