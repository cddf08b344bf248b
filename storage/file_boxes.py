"""Wipes the labels of films and recordings: phones write there where one was, and with which phone."""

from collections.abc import Iterator

_LABELS = {
    b"udta",
    b"meta",
    b"uuid",
}  # ©xyz and loci (place), ©mak, com.apple.quicktime.location.ISO6709, XMP
_HOLDERS = {b"moov", b"trak", b"moof", b"traf"}
_DEEPEST = 3


def wipe_labels(content: bytes) -> bytes:
    """The same film of the same length with its labels turned into empty space (ISO/IEC 14496-12 8.1.2).

    Nothing moves, so it plays as before. Pictures, sound and the time of recording are untouched.
    """
    film = bytearray(content)
    _wipe(film, 0, len(film), 1)
    return bytes(film)


def _wipe(film: bytearray, start: int, end: int, depth: int) -> None:
    for at, body, stop in _boxes(film, start, end):
        sort = bytes(film[at + 4 : at + 8])
        if sort in _LABELS:
            film[at + 4 : at + 8] = b"free"
            film[body:stop] = bytes(stop - body)
        elif sort in _HOLDERS and depth < _DEEPEST:
            _wipe(film, body, stop, depth + 1)


def _boxes(film: bytearray, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Where each box, its body and its end lie; a box that says it is longer than its holder ends with it."""
    while start + 8 <= end:
        size, head = int.from_bytes(film[start : start + 4], "big"), 8
        if size == 1:
            size, head = int.from_bytes(film[start + 8 : start + 16], "big"), 16
        stop = end if size < head else min(start + size, end)
        yield start, min(start + head, stop), stop
        start = stop
