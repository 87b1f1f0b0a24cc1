"""Screencast frames to one playable video with true times.

Frames are kept on disk and encoded in a thread of their own: memory stays small, the run is not slowed down, and
its end has little left to do. Must not know where the frames come from.
"""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from pathlib import Path

import av
from av.video.frame import PictureType
from PIL import Image

from robot.run.append import append_whole

#: Frames closer together than this show nothing a person could follow; the last of a burst is kept.
_CLOSEST_MS = 120
#: Beyond this a spool takes no more frames, so that a long run cannot fill the disk with them.
_LARGEST_SPOOL = 512 * 1024**2
#: How long the last frame stays.
_LAST_MS = 1000
#: Larger frames are scaled down to this width, in pixels.
_WIDEST = 1280


@dataclass(frozen=True, slots=True)
class _Kept:
    offset: int
    size: int
    at_ms: int


class FrameSpool:
    """JPEG frames on their way to a video, in one file."""

    def __init__(self, path: Path) -> None:
        """Raises: OSError when the file cannot be made."""
        self._file = path.open("ab", buffering=0)
        self._film = _Film(path)
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="video")
        self._kept: list[_Kept] = []
        self._waiting: tuple[bytes, int] | None = None
        self._started_at: datetime | None = None
        self._size = 0
        self._last_image = b""
        #: Whether frames were left out because the spool was full.
        self.is_full = False

    def add(self, image: bytes, at: datetime) -> None:
        """Keeps one frame; frames that come in a burst or show nothing new are passed over.

        Raises: OSError when it cannot be written.
        """
        self._started_at = self._started_at or at
        at_ms = round((at - self._started_at).total_seconds() * 1000)
        if self._waiting is not None and at_ms - self._waiting[1] >= _CLOSEST_MS:
            self._keep_waiting()
        if image == self._last_image:
            self._waiting = None
            return
        if self._kept and at_ms - self._kept[-1].at_ms < _CLOSEST_MS:
            self._waiting = (image, at_ms)
            return
        self._waiting = None
        self._keep(image, at_ms)

    def encode(self, target: Path) -> int:
        """Writes the video (H.264 in MP4) to `target`; returns the number of frames, 0 for none and no file.

        Each frame is shown at the time it was taken, counted from the first one. To be called once, at the end.

        Raises: OSError when it cannot be written.
        """
        self._keep_waiting()
        if not self._kept:
            return 0
        self._thread.submit(self._film.end).result()
        self._film.path.replace(target)
        return len(self._kept)

    def close(self) -> None:
        """Lets go of thread and files; what was not encoded is lost."""
        self._thread.submit(self._film.close).result()
        self._thread.shutdown()
        self._file.close()

    def _keep_waiting(self) -> None:
        if self._waiting is not None:
            self._keep(*self._waiting)
            self._waiting = None

    def _keep(self, image: bytes, at_ms: int) -> None:
        if self._size + len(image) > _LARGEST_SPOOL:
            self.is_full = True
            return
        append_whole(self._file.fileno(), image)
        self._kept.append(_Kept(self._size, len(image), at_ms))
        self._thread.submit(self._film.add, self._kept[-1])
        self._size += len(image)
        self._last_image = image


class _Film:
    """The video of a spool as it grows; all but its making happens in one thread."""

    def __init__(self, spool: Path) -> None:
        self.path = spool.with_suffix(".mp4")
        self._frames = spool.open("rb")
        self._container: av.container.OutputContainer | None = None
        self._stream: av.VideoStream
        self._decoder = av.VideoCodecContext.create("mjpeg", "r")
        self._last: _Kept | None = None
        self._last_ms = -1
        self._error: Exception | None = None

    def add(self, kept: _Kept) -> None:
        """Encodes one frame; what goes wrong is raised by `end`."""
        if self._error is not None:
            return
        try:
            self._show(kept, kept.at_ms)
            self._last = kept
        except Exception as error:  # told where the run asks for its video
            self._error = error

    def end(self) -> None:
        """Lets the last frame stay a while and writes the file to its end. Raises what went wrong on the way."""
        if self._error is not None:
            raise self._error
        if self._container is not None and self._last is not None:
            self._show(self._last, self._last.at_ms + _LAST_MS)
            self._container.mux(self._stream.encode())
            container, self._container = self._container, None
            container.close()
        self._frames.close()

    def close(self) -> None:
        """Never raises: an unfinished video is of no use, and a full disk cannot take the end of one."""
        self._frames.close()
        container, self._container = self._container, None
        if container is not None:
            with suppress(OSError, ValueError):
                container.close()

    def _show(self, kept: _Kept, taken_ms: int) -> None:
        self._frames.seek(kept.offset)
        image = self._frames.read(kept.size)
        container = self._container or self._open(image)
        # Time that stands still or goes back (the machine's clock was set) would end the file.
        self._last_ms = max(taken_ms, self._last_ms + 1)
        width, height = self._stream.width, self._stream.height
        frame = self._decoder.decode(av.Packet(image))[0].reformat(width, height, "yuv420p")
        frame.pts, frame.time_base = self._last_ms, Fraction(1, 1000)
        frame.pict_type = PictureType.NONE  # a JPEG says "key frame"; the encoder would believe it
        container.mux(self._stream.encode(frame))

    def _open(self, first: bytes) -> av.container.OutputContainer:
        self._container = av.open(str(self.path), "w", format="mp4", options={"movflags": "faststart"})
        self._stream = stream = self._container.add_stream("libx264", rate=25)
        (stream.width, stream.height), stream.pix_fmt = _video_size(first), "yuv420p"
        stream.time_base = stream.codec_context.time_base = Fraction(1, 1000)
        # "veryfast" encodes a minute of screencast in about four seconds on two cores; a frame that starts
        # afresh now and then (g) is what lets a player jump; without frames out of order (bf) the length that
        # the file tells is the true one.
        stream.options = {"preset": "veryfast", "crf": "28", "g": "100", "bf": "0"}
        return self._container


def _video_size(image: bytes) -> tuple[int, int]:
    """The size of the video for a first frame: not wider than we want, and even, as H.264 needs it."""
    with Image.open(io.BytesIO(image)) as picture:
        width, height = picture.size
    scale = min(1.0, _WIDEST / width)
    return round(width * scale) // 2 * 2, round(height * scale) // 2 * 2
