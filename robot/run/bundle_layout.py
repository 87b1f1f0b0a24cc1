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


#: What lies in it while a run goes on: room to give back on a full disk, frames, and each file before its move.
_BEING_WRITTEN = re.compile(
    r"reserve|frames(\.mp4)?|trace\.zip|video\.mp4|(run|captures|transcript)\.json|transcript\.txt"
    r"|pictures-[0-9]{3,}-(before|after|stop)-[a-z0-9-]{1,60}\.jpg"
)


def is_unfinished(name: str) -> bool:
    """Whether a run that was cut off may leave this file in `.unfinished`. name: relative to the bundle."""
    folder, _, file = name.partition("/")
    return folder == UNFINISHED and _BEING_WRITTEN.fullmatch(file) is not None


def picture_name(step: int, moment: Literal["before", "after", "stop"], name: str, again: int = 0) -> str:
    """Returns `pictures/NNN-<moment>-<slug>.jpg`; `again` tells further pictures of that moment apart."""
    suffix = f"-{again + 1}" if again else ""
    return f"{PICTURES}/{step:03d}-{moment}-{slug(name)}{suffix}.jpg"


def slug(name: str) -> str:
    """Returns a piece of a file name for people: ASCII letters, digits and hyphens, at most 48 long."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    return words[:48].rstrip("-") or "step"
