"""Writes a WebM film or recording anew: its tracks of picture and sound, without tags and attachments."""

from collections.abc import Iterator
from typing import Final

from storage.cleaning.ogg import empty_vorbis_comments
from storage.errors import FileRefused

# IDs of RFC 9559 5.1, with their marks of length.
_EBML, _SEGMENT, _CLUSTER = 0x1A45DFA3, 0x18538067, 0x1F43B675
_INFO, _TRACKS, _TRACK = 0x1549A966, 0x1654AE6B, 0xAE
_NUMBER, _SORT, _CODEC, _PRIVATE = 0xD7, 0x83, 0x86, 0x63A2
_SIMPLE, _GROUP, _BLOCK, _TIME = 0xA3, 0xA0, 0xA1, 0xE7
_PICTURE, _SOUND = 1, 2
_TOP: Final = {_EBML, _SEGMENT, _CLUSTER, _INFO, _TRACKS, 0x114D9B74, 0x1C53BB6B, 0x1043A770, 0x1941A469,
               0x1254C367}  # fmt: skip
_INFO_KEPT: Final = {0x2AD7B1, 0x4489}  # scale of time, duration
_TRACK_KEPT: Final = {
    _NUMBER, 0x73C5, _SORT, 0xB9, 0x88, 0x55AA, 0x9C, 0x23E383, _CODEC, _PRIVATE, 0x56AA, 0x56BB, 0xE0, 0xE1,
}  # fmt: skip
_GROUP_KEPT: Final = {_BLOCK, 0x9B, 0xFB, 0x75A2}
_MAKER: Final = b"-"
_UNKNOWN = -1
_MOST_ELEMENTS = 2_000_000


def clean_webm(content: bytes) -> bytes:
    """The film with its tracks of picture and sound only; raises FileRefused (damaged, type).

    Names, languages, dates, programs, tags, covers, chapters, subtitles and measurements stay behind, and the
    table of places to jump to (players find them without).
    """
    view = memoryview(content)
    info, tracks, kept, clusters = b"", b"", set[int](), []
    for sort, body in _segment(view):
        if sort == _INFO:
            info = _write_info(body)
        elif sort == _TRACKS and not kept:
            tracks, kept = _write_tracks(body)
        elif sort == _CLUSTER:
            clusters.append(_element(_CLUSTER, _write_cluster(body, kept)))
    if not kept or not clusters:
        raise FileRefused("damaged")
    head = b"".join(
        _element(sort, value)
        for sort, value in (
            (0x4286, b"\1"), (0x42F7, b"\1"), (0x42F2, b"\4"), (0x42F3, b"\x08"), (0x4282, b"webm"),
            (0x4287, b"\4"), (0x4285, b"\2"),
        )
    )  # fmt: skip
    return _element(_EBML, head) + _element(_SEGMENT, b"".join([info, tracks, *clusters]))


def _segment(view: memoryview) -> Iterator[tuple[int, memoryview]]:
    for sort, body in _elements(view):
        if sort == _SEGMENT:
            yield from _elements(body)
            return
    raise FileRefused("damaged")


def _elements(view: memoryview) -> Iterator[tuple[int, memoryview]]:
    """Sort and body; one of unknown length, as browsers record, ends before the next of the highest level."""
    at = count = 0
    while at < len(view):
        sort, size, body = _head(view, at)
        if size == _UNKNOWN:
            stop = len(view) if sort == _SEGMENT else _end(view, body)
        else:
            stop = min(body + size, len(view))  # a recording that broke off plays as far as it goes
        count += 1
        if count > _MOST_ELEMENTS:
            raise FileRefused("damaged")
        yield sort, view[body:stop]
        at = stop


def _end(view: memoryview, at: int) -> int:
    while at < len(view):
        sort, size, body = _head(view, at)
        if sort in _TOP or size == _UNKNOWN:
            return at
        at = min(body + size, len(view))
    return at


def _head(view: memoryview, at: int) -> tuple[int, int, int]:
    """Sort, size and place of the body (RFC 8794 4 and 5)."""
    width = 9 - view[at].bit_length()
    if width > 4 or at + width >= len(view):
        raise FileRefused("damaged")
    sort = int.from_bytes(view[at : at + width], "big")
    at += width
    width = 9 - view[at].bit_length()
    if width > 8 or at + width > len(view):
        raise FileRefused("damaged")
    size = int.from_bytes(view[at : at + width], "big") & (1 << 7 * width) - 1
    return sort, _UNKNOWN if size == (1 << 7 * width) - 1 else size, at + width


def _element(sort: int, body: bytes | memoryview) -> bytes:
    length = (1 << 56 | len(body)).to_bytes(8, "big")
    return b"".join([sort.to_bytes((sort.bit_length() + 7) // 8, "big"), length, body])


def _write_info(body: memoryview) -> bytes:
    kept = [_element(sort, part) for sort, part in _elements(body) if sort in _INFO_KEPT]
    makers = [_element(sort, _MAKER) for sort in (0x4D80, 0x5741)]  # both have to be there
    return _element(_INFO, b"".join([*kept, *makers]))


def _write_tracks(body: memoryview) -> tuple[bytes, set[int]]:
    written, numbers, unknown = [], set[int](), False
    for sort, track in _elements(body):
        if sort != _TRACK:
            continue
        parts = dict(_elements(track))
        if _number(parts, _SORT) not in (_PICTURE, _SOUND):
            continue
        if 0x6D80 in parts:  # packed or encrypted: nobody here can tell what is in it
            unknown = True
            continue
        codec = bytes(parts.get(_CODEC, b""))
        kept = [
            _element(sort, _part(sort, part, codec)) for sort, part in parts.items() if sort in _TRACK_KEPT
        ]
        written.append(_element(_TRACK, b"".join(kept)))
        numbers.add(_number(parts, _NUMBER))
    if unknown and not numbers:
        raise FileRefused("type")
    return _element(_TRACKS, b"".join(written)), numbers


def _number(parts: dict[int, memoryview], sort: int) -> int:
    return int.from_bytes(parts.get(sort, b"")[:8], "big")


def _part(sort: int, body: memoryview, codec: bytes) -> bytes:
    if sort == _PRIVATE and codec == b"A_VORBIS":
        return empty_vorbis_comments(bytes(body))
    if sort in (
        0xE0,
        0xE1,
    ):  # settings of picture and sound: numbers of at most eight bytes, or levels of colour
        return b"".join(
            _element(name, part) for name, part in _elements(body) if len(part) <= 8 or name == 0x55B0
        )
    return bytes(body)


def _write_cluster(body: memoryview, tracks: set[int]) -> bytes:
    kept = []
    for sort, part in _elements(body):
        if sort == _TIME or (sort == _SIMPLE and _track_of(part) in tracks):
            kept.append(_element(sort, part))
        elif sort == _GROUP:
            inner = [(name, piece) for name, piece in _elements(part) if name in _GROUP_KEPT]
            if any(name == _BLOCK and _track_of(piece) in tracks for name, piece in inner):
                kept.append(_element(_GROUP, b"".join(_element(name, piece) for name, piece in inner)))
    return b"".join(kept)


def _track_of(block: memoryview) -> int:
    width = 9 - block[0].bit_length() if len(block) else 9
    return int.from_bytes(block[:width], "big") & (1 << 7 * width) - 1 if width <= 8 else 0
