"""A zip file as one program alone could have written it: every byte is accounted for, and nothing is said twice.

The format lets a file say one thing at its beginning and another at its end, which different programs then believe;
hide bytes before, between and behind the files; and claim sizes that fill a disk. Here the records at the end must
lead, without a gap, over all files to the first byte, and each file must be what both its headers say. Must not
know what the files mean.
"""

from __future__ import annotations

import stat
import struct
import unicodedata
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import BinaryIO

from robot.run.bundle_files import MOST_FILES, fault_of_name

_CHUNK = 1024 * 1024
_END = struct.Struct("<4s4H2LH")
_END_64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR_64 = struct.Struct("<4sLQL")
_LISTED = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
_STORED, _DEFLATED = 0, 8
_ENCRYPTED, _UTF8 = 1, 0x800
_FULL_16, _FULL_32 = 0xFFFF, 0xFFFFFFFF
#: Names, sizes and places of all files.
_LARGEST_DIRECTORY = 32 * 1024 * 1024
#: What is unpacked may be so many times as large as it is packed; beyond the size from which that counts.
_MOST_TIMES = 200
_COUNTS_FROM = 16 * 1024 * 1024
_KINDS = {
    stat.S_IFLNK: "a symbolic link",
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFBLK: "a device",
    stat.S_IFCHR: "a device",
}


class FrameError(Exception):
    """It is a zip file, and none that this program has written. The text says what is wrong with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ZipEntry:
    """One file of it."""

    name: str
    flags: int
    method: int
    #: Date and time, as they are written.
    at: tuple[int, int]
    crc: int
    packed: int
    size: int
    #: Where its own header begins.
    offset: int
    #: Where its bytes begin.
    data: int = 0


def read_frame(file: BinaryIO) -> list[ZipEntry]:
    """Returns every file of the archive, once each header of it was read; unpacks nothing.

    Raises: ValueError for what is no zip file, FrameError for one that is put together in another way, OSError.
    """
    whole = file.seek(0, 2)
    count, size, begins, ends = _read_end(file, whole)
    if count > MOST_FILES or size > _LARGEST_DIRECTORY:
        raise FrameError(f"it holds {count} files, and an exported case has {MOST_FILES} at most")
    if begins + size != ends:
        raise FrameError(_misplaced(ends - size - begins))
    directory = _at(file, begins, size)
    entries: list[ZipEntry] = []
    place = 0
    seen: dict[str, str] = {}
    for _ in range(count):
        entry, place = _read_listed(directory, place)
        # Some file systems hold these to be the same.
        alike = unicodedata.normalize("NFC", entry.name).casefold()
        if alike in seen:
            other = f", as {seen[alike]}" if seen[alike] != entry.name else ""
            raise FrameError(f"{entry.name} stands twice in the archive{other}")
        seen[alike] = entry.name
        entries.append(entry)
    if place != len(directory):
        raise FrameError(
            f"its directory holds {len(directory) - place} bytes more than its {count} files take"
        )
    _check_sizes(entries, whole)
    return _follow(file, entries, begins)


def unpack(file: BinaryIO, entry: ZipEntry) -> Iterator[bytes]:
    """The bytes of a file, in pieces; never more than it claims to hold. Raises ValueError where it is damaged."""
    inflate = zlib.decompressobj(-zlib.MAX_WBITS) if entry.method == _DEFLATED else None
    place, size, crc = entry.data, 0, 0
    while place < entry.data + entry.packed:
        packed = _at(file, place, min(_CHUNK, entry.data + entry.packed - place))
        place += len(packed)
        while packed:
            if inflate is None:
                chunk, packed = packed, b""
            elif inflate.eof:
                raise ValueError(f"{entry.name} holds bytes behind the end of what is packed")
            else:
                try:
                    chunk = inflate.decompress(packed, _CHUNK)
                except zlib.error:
                    raise ValueError(f"{entry.name} cannot be unpacked") from None
                packed = inflate.unconsumed_tail or inflate.unused_data
            size += len(chunk)
            crc = zlib.crc32(chunk, crc)
            if size > entry.size:
                raise ValueError(f"{entry.name} is larger than it says")
            yield chunk
    is_open = inflate is not None and not inflate.eof
    if inflate is not None and is_open:
        # What the last piece still holds back.
        try:
            chunk = inflate.decompress(b"", _CHUNK)
        except zlib.error:
            raise ValueError(f"{entry.name} cannot be unpacked") from None
        size += len(chunk)
        crc = zlib.crc32(chunk, crc)
        is_open = not inflate.eof
        if is_open:
            raise ValueError(f"{entry.name} cannot be unpacked to its end, or is larger than it says")
        yield chunk
    if (size, crc) != (entry.size, entry.crc):
        raise ValueError(f"{entry.name} has not the size or the checksum that it says")


def _at(file: BinaryIO, place: int, size: int) -> bytes:
    file.seek(place)
    found = file.read(size)
    if len(found) != size:
        raise FrameError("it was cut off")
    return found


def _read_end(file: BinaryIO, whole: int) -> tuple[int, int, int, int]:
    """Returns how many files there are, the size of their list, where it is said to begin, and where it ends."""
    place = whole - _END.size
    last = _at(file, max(place, 0), min(_END.size, whole))
    if place < 0 or last[:4] != b"PK\x05\x06" or last[-2:] != b"\0\0":
        raise _no_end(file, whole)
    _, disk, start, here, count, size, begins, _ = _END.unpack(last)
    before = _at(file, place - _LOCATOR_64.size, _LOCATOR_64.size) if place >= _LOCATOR_64.size else b""
    if before[:4] == b"PK\x06\x07":
        _, on, at, disks = _LOCATOR_64.unpack(before)
        place -= _LOCATOR_64.size + _END_64.size
        if at != place:
            raise FrameError(_misplaced(place - at))
        sign, length, _, _, disk_64, start_64, here_64, count_64, size_64, begins_64 = _END_64.unpack(
            _at(file, place, _END_64.size)
        )
        short = ((here, here_64, _FULL_16), (count, count_64, _FULL_16), (size, size_64, _FULL_32))
        is_same = all(one == min(two, full) for one, two, full in (*short, (begins, begins_64, _FULL_32)))
        if sign != b"PK\x06\x06" or length != _END_64.size - 12 or (on, disks) != (0, 1) or not is_same:
            raise FrameError("its end says two things about it")
        disk, start, here, count, size, begins = disk_64, start_64, here_64, count_64, size_64, begins_64
    if (disk, start, here) != (0, 0, count):
        raise FrameError("it is one part of an archive of several")
    return count, size, begins, place


def _no_end(file: BinaryIO, whole: int) -> Exception:
    """Why the end of an archive does not stand at the end of the file."""
    most = min(whole, _FULL_16 + 2 * _END.size)
    tail = _at(file, whole - most, most)
    place = tail.rfind(b"PK\x05\x06")
    if place < 0 or len(tail) - place < _END.size:
        return ValueError(f"it is no zip file, or more than {_FULL_16} bytes stand behind its end")
    comment = int(_END.unpack_from(tail, place)[-1])
    behind = len(tail) - place - _END.size
    if comment == behind:
        return FrameError(f"it has a comment of {comment} bytes")
    return FrameError(f"{behind} bytes stand behind its end")


def _misplaced(gap: int) -> str:
    if gap > 0:
        return f"{gap} bytes stand before the archive, or before the list of its files"
    return "the list of its files is not where its end says"


def _read_listed(directory: bytes, place: int) -> tuple[ZipEntry, int]:
    """Returns the file whose record begins at `place`, and where the next one begins."""
    if len(directory) - place < _LISTED.size or directory[place : place + 4] != b"PK\x01\x02":
        raise FrameError("the list of its files is damaged")
    record = _LISTED.unpack_from(directory, place)
    _, made, _, flags, method, clock, day, crc, packed, size = record[:10]
    name_size, extra_size, comment_size, disk, _, attributes, offset = record[10:]
    place += _LISTED.size
    after = place + name_size + extra_size + comment_size
    if after > len(directory):
        raise FrameError("the list of its files is damaged")
    name = _name(directory[place : place + name_size], flags)
    extra = directory[place + name_size : place + name_size + extra_size]
    size, packed, offset = _long(name, extra, (size, packed, offset))
    if comment_size:
        raise FrameError(f"{name} has a comment of {comment_size} bytes")
    if disk:
        raise FrameError(f"{name} is said to be in another part of the archive")
    _check_kind(name, made >> 8, attributes)
    entry = ZipEntry(
        name=name,
        flags=flags,
        method=method,
        at=(day, clock),
        crc=crc,
        packed=packed,
        size=size,
        offset=offset,
    )
    _check_packing(entry)
    return entry, after


def _name(octets: bytes, flags: int) -> str:
    try:
        name = octets.decode("utf-8" if flags & _UTF8 else "ascii")
    except UnicodeDecodeError:
        raise FrameError(f"{octets[:100]!r} is no name of a file in it: it is not in UTF-8") from None
    if why := fault_of_name(name):
        raise FrameError(f"{name[:200]!r} is no name of a file in it: {why}")
    return name


def _check_kind(name: str, system: int, attributes: int) -> None:
    kind = stat.S_IFMT(attributes >> 16)
    if kind not in (0, stat.S_IFREG):
        raise FrameError(f"{name} is {_KINDS.get(kind, 'no regular file')}")
    if attributes & 0xFFFF or system not in (0, 3):
        what = "is a folder" if attributes & 0x10 else "has attributes of another system"
        raise FrameError(f"{name} {what}")


def _check_packing(entry: ZipEntry) -> None:
    if entry.flags & _ENCRYPTED:
        raise FrameError(f"{entry.name} is encrypted")
    if entry.flags & ~_UTF8:
        raise FrameError(f"{entry.name} has flags that are not used here: 0x{entry.flags:04x}")
    if entry.method not in (_STORED, _DEFLATED):
        raise FrameError(f"{entry.name} is packed by method {entry.method}, which is not used here")
    if entry.method == _STORED and entry.packed != entry.size:
        raise FrameError(f"{entry.name} is not packed, and says two sizes: {entry.packed} and {entry.size}")


def _check_sizes(entries: list[ZipEntry], whole: int) -> None:
    """Refuses what would be far larger than its bytes, before anything is unpacked."""
    for entry in entries:
        if entry.size > _COUNTS_FROM and entry.size > _MOST_TIMES * entry.packed:
            raise FrameError(f"{entry.name} would take {entry.size} bytes, of {entry.packed} that are packed")
    total = sum(entry.size for entry in entries)
    if total > 4 * _COUNTS_FROM and total > _MOST_TIMES * whole:
        raise FrameError(f"its files would take {total} bytes, and it has {whole}")


def _long(name: str, extra: bytes, short: tuple[int, ...]) -> tuple[int, ...]:
    """The numbers; those that do not fit into 32 bits stand in the extra field, and nothing else may be there."""
    wanted = [number for number in short if number == _FULL_32]
    if not wanted and not extra:
        return short
    if (
        not wanted
        or len(extra) != 4 + 8 * len(wanted)
        or struct.unpack_from("<2H", extra) != (1, 8 * len(wanted))
    ):
        raise FrameError(f"{name} has an extra field that is not used here")
    found = iter(struct.unpack_from(f"<{len(wanted)}Q", extra, 4))
    return tuple(next(found) if number == _FULL_32 else number for number in short)


def _follow(file: BinaryIO, entries: list[ZipEntry], ends: int) -> list[ZipEntry]:
    """Goes from file to file, from the first byte to where the directory begins; returns them with their places."""
    place = 0
    found: list[ZipEntry] = []
    for entry in entries:
        if entry.offset != place:
            where = "before the first file" if not found else f"between {found[-1].name} and {entry.name}"
            raise FrameError(
                f"{entry.offset - place} bytes stand {where}"
                if entry.offset > place
                else f"{entry.name} begins within another file"
            )
        data = place + _read_local(file, entry)
        place = data + entry.packed
        if place > ends:
            raise FrameError(f"{entry.name} is longer than the archive")
        found.append(replace(entry, data=data))
    if place != ends:
        raise FrameError(f"{ends - place} bytes stand between the last file and the list of files")
    return found


def _read_local(file: BinaryIO, entry: ZipEntry) -> int:
    """Holds a file's own header against the directory; returns the header's size."""
    header = _at(file, entry.offset, _LOCAL.size)
    sign, _, flags, method, clock, day, crc, packed, size, name_size, extra_size = _LOCAL.unpack(header)
    if sign != b"PK\x03\x04":
        raise FrameError(f"{entry.name} does not begin with a header of its own")
    rest = _at(file, entry.offset + _LOCAL.size, name_size + extra_size)
    size, packed = _long(entry.name, rest[name_size:], (size, packed))
    own = (
        ("name", rest[:name_size], entry.name.encode()),
        ("flags", flags, entry.flags),
        ("method", method, entry.method),
        ("time", (day, clock), entry.at),
        ("checksum", crc, entry.crc),
        ("packed size", packed, entry.packed),
        ("size", size, entry.size),
    )
    for what, here, there in own:
        if here != there:
            raise FrameError(
                f"{entry.name} says another {what} in its own header than the list of files does"
            )
    return _LOCAL.size + len(rest)
