"""Pictures as data URIs, scaled so that a whole report stays small enough to mail. Must not know HTML."""

from __future__ import annotations

import base64
import io
import os
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from PIL import Image, UnidentifiedImageError

#: (width in pixels, JPEG quality), tried in this order until everything fits.
LARGE = ((1000, 74), (800, 70), (640, 66), (480, 62), (360, 55), (240, 45))
SMALL = ((340, 60), (280, 55), (220, 48), (160, 40))


def embed_pictures(
    folder: Path, names: Iterable[str], *, budget_bytes: int, sizes: Sequence[tuple[int, int]] = LARGE
) -> dict[str, str]:
    """Returns a data URI for each picture of the bundle; one that cannot be read has an empty picture in it.

    budget_bytes: what all of them may take together, before base64 adds a third. Pictures that would break it
    even at the smallest size are left out, the last ones first.
    """
    wanted = list(dict.fromkeys(names))
    encoded: dict[str, bytes] = {}
    for width, quality in sizes:
        encoded = _encode_all(folder, wanted, width, quality, budget_bytes)
        if len(encoded) == len(wanted):
            break
    return {
        name: f"data:image/jpeg;base64,{base64.b64encode(octets).decode()}"
        for name, octets in encoded.items()
    }


def _encode_all(
    folder: Path, names: list[str], width: int, quality: int, budget_bytes: int
) -> dict[str, bytes]:
    """Encodes until the budget is reached; an unreadable picture is given as nothing and costs nothing."""
    encoded: dict[str, bytes] = {}
    total = 0
    # Pillow works outside of the interpreter's lock, so the pictures are scaled on all processors.
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        for name, octets in zip(
            names, pool.map(lambda name: _encode(folder / name, width, quality), names), strict=True
        ):
            total += len(octets)
            if total > budget_bytes:
                pool.shutdown(wait=False, cancel_futures=True)
                break
            encoded[name] = octets
    return encoded


def _encode(path: Path, width: int, quality: int) -> bytes:
    try:
        with Image.open(path) as opened:
            if opened.format == "JPEG":
                opened.draft("RGB", (width, width))
            picture = opened.convert("RGB")
    except (OSError, UnidentifiedImageError):
        return b""
    if picture.width > width:
        picture = picture.resize(
            (width, round(picture.height * width / picture.width)), Image.Resampling.LANCZOS
        )
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()
