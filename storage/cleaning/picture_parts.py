"""Strips JPEG, PNG and JPEG 2000 of everything but the picture, without drawing it anew."""

from collections.abc import Iterator

from storage.cleaning.boxes import boxes, make_box
from storage.errors import FileRefused

_JFIF = b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0"  # version 1.01, square pixels, no thumbnail
_ADOBE = b"Adobe"
_START, _END, _SCAN = 0xD8, 0xD9, 0xDA
# Tables, frame headers and restart intervals: what a decoder needs (ITU T.81, B.1.1.3).
_NEEDED = {*range(0xC0, 0xD0), 0xDA, 0xDB, 0xDC, 0xDD, 0xDE, 0xDF} - {0xC8}
_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_NEEDED = {b"IHDR", b"PLTE", b"IDAT", b"tRNS", b"gAMA", b"sRGB", b"acTL", b"fcTL", b"fdAT"}
_JP2_NEEDED = {b"jP  ", b"ftyp", b"jp2c"}
_JP2_HEAD = {b"ihdr", b"bpcc", b"pclr", b"cmap", b"cdef"}


def strip_jpeg(content: bytes) -> bytes:
    """The same picture, bit for bit, without EXIF, XMP, comments, thumbnails and what follows its end.

    Raises FileRefused("damaged") where no picture is found.
    """
    kept = [b"\xff\xd8"]
    for marker, body in _segments(content):
        if marker == 0xE0 and body.startswith(b"JFIF\0"):
            kept.append(b"\xff\xe0" + (len(_JFIF) + 2).to_bytes(2, "big") + _JFIF)
        elif marker == 0xEE and body.startswith(_ADOBE):  # tells how the colours are mixed
            kept.append(b"\xff\xee\x00\x0e" + body[:12].ljust(12, b"\0"))
        elif marker in _NEEDED:
            kept.append(bytes([0xFF, marker]) + body)
    if len(kept) < 3:
        raise FileRefused("damaged")
    return b"".join([*kept, b"\xff\xd9"])


def _segments(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Marker and body of each segment; a needed one comes with its length, a scan with all its data."""
    at = 2
    if content[:2] != b"\xff\xd8":
        raise FileRefused("damaged")
    while at + 4 <= len(content):
        if content[at] != 0xFF:
            raise FileRefused("damaged")
        marker = content[at + 1]
        if marker == 0xFF:  # filling
            at += 1
            continue
        if marker == _END:
            return
        length = int.from_bytes(content[at + 2 : at + 4], "big")
        stop = at + 2 + length
        if length < 2 or stop > len(content):
            raise FileRefused("damaged")
        if marker == _SCAN:
            stop = _scan_end(content, stop)
        yield marker, content[at + (2 if marker in _NEEDED else 4) : stop]
        at = stop


def _scan_end(content: bytes, at: int) -> int:
    """Where the next marker stands that is neither a stuffed zero nor a restart (ITU T.81, B.1.1.5)."""
    while (at := content.find(b"\xff", at)) >= 0 and at + 1 < len(content):
        following = content[at + 1]
        if following not in (0x00, 0xFF) and not 0xD0 <= following <= 0xD7:
            return at
        at += 1 if following == 0xFF else 2
    return len(content)


def strip_png(content: bytes) -> bytes:
    """The same picture without text, EXIF, profile and unknown chunks; raises FileRefused("damaged")."""
    if not content.startswith(_PNG):
        raise FileRefused("damaged")
    kept, at = [_PNG], len(_PNG)
    while at + 12 <= len(content):
        stop = at + 12 + int.from_bytes(content[at : at + 4], "big")
        sort = content[at + 4 : at + 8]
        if sort == b"IEND":
            break
        if stop > len(content):
            raise FileRefused("damaged")
        if sort in _PNG_NEEDED:
            kept.append(content[at:stop])
        at = stop
    return b"".join([*kept, b"\x00\x00\x00\x00IEND\xaeB`\x82"])


def strip_jp2(content: bytes) -> bytes:
    """A JPEG 2000 picture without XML, UUID and colour profiles; raises FileRefused("damaged").

    ISO/IEC 15444-1 annex I. Notes within the code stream itself become blank.
    """
    view = memoryview(content)
    if content.startswith(b"\xff\x4f"):
        return _blank_notes(content)
    kept = []
    for box in boxes(view):
        if box.sort == b"jp2h":
            kept.append(make_box(b"jp2h", b"".join(_jp2_head(box.body))))
        elif box.sort == b"jp2c":
            kept.append(make_box(b"jp2c", _blank_notes(bytes(box.body))))
        elif box.sort in _JP2_NEEDED:
            kept.append(make_box(box.sort, box.body[:64]))
    return b"".join(kept)


def _jp2_head(body: memoryview) -> Iterator[bytes]:
    for box in boxes(body):
        if box.sort in _JP2_HEAD:
            yield make_box(box.sort, box.body)
        elif box.sort == b"colr" and len(box.body):
            # Method 1 names a usual space; a profile (2) becomes sRGB.
            yield make_box(b"colr", bytes(box.body[:7]) if box.body[0] == 1 else b"\x01\0\0\0\0\0\x10")


def _blank_notes(stream: bytes) -> bytes:
    """Notes stand in the main head, before the first tile (ISO/IEC 15444-1 A.9.2)."""
    blank, at = bytearray(stream), 2
    while at + 4 <= len(blank) and blank[at] == 0xFF and blank[at + 1] not in (0x90, 0xD9):
        size = int.from_bytes(blank[at + 2 : at + 4], "big")
        if blank[at + 1] == 0x64 and size > 4:
            stop = min(at + 2 + size, len(blank))
            blank[at + 6 : stop] = b" " * (stop - at - 6)
        at += 2 + max(size, 2)
    return bytes(blank)
