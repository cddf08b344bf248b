"""Empties the comments of an Ogg recording and drops what is no sound: Opus, Vorbis and Speex."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from storage.errors import FileRefused

# What stands before the comments in their packet, and behind them (RFC 7845 5.2, Vorbis I 5).
_CODECS: Final = {
    b"OpusHead": (b"OpusTags", b""),
    b"\x01vorbis": (b"\x03vorbis", b"\x01"),
    b"Speex   ": (b"", b""),
}
_NOTHING = bytes(8)  # no maker, no comments
_BEGIN = 0x02


@dataclass(slots=True)
class _Stream:
    """A stream of packets; `comments` tells where the second packet lies: page, start and end within it."""

    magic: bytes
    closing: bytes
    packet: int = 0
    comments: list[tuple[int, int, int]] = field(default_factory=list)


def clean_ogg(content: bytes) -> bytes:
    """The same pages with empty comments; raises FileRefused (damaged; type for another codec).

    Comments become zeros of the same length: no page moves, and only the pages that held them get a new
    checksum.
    """
    pages: list[bytearray] = []
    streams: dict[int, _Stream] = {}
    done: list[_Stream] = []
    for page in _pages(content):
        serial = int.from_bytes(page[14:18], "little")
        if page[5] & _BEGIN:
            magic = next((codec for codec in _CODECS if page[27 + page[26] :].startswith(codec)), None)
            if serial in streams:
                done.append(streams.pop(serial))
            if magic is None:
                continue
            streams[serial] = _Stream(*_CODECS[magic])
        if serial in streams:
            _note_packets(streams[serial], page, len(pages))
            pages.append(bytearray(page))
    if not pages:
        raise FileRefused("type" if content.startswith(b"OggS") else "damaged")
    for stream in (*done, *streams.values()):
        _empty_comments(stream, pages)
    return b"".join(pages)


def _pages(content: bytes) -> Iterator[bytes]:
    """Pages one after the other (RFC 3533 6); what stands between them is left out."""
    at = 0
    while (at := content.find(b"OggS", at)) >= 0 and at + 27 <= len(content):
        segments = content[at + 27 : at + 27 + content[at + 26]]
        stop = at + 27 + len(segments) + sum(segments)
        if content[at + 4] or len(segments) < content[at + 26] or stop > len(content):
            at += 4
            continue
        yield content[at:stop]
        at = stop


def _note_packets(stream: _Stream, page: bytes, number: int) -> None:
    if stream.packet > 1:
        return
    at = start = 27 + page[26]
    for size in page[27 : 27 + page[26]]:
        at += size
        if size < 255:
            if stream.packet == 1:
                stream.comments.append((number, start, at))
            stream.packet += 1
            start = at
    if stream.packet == 1 and start < at:
        stream.comments.append((number, start, at))


def _empty_comments(stream: _Stream, pages: list[bytearray]) -> None:
    wanted = stream.magic + _NOTHING + stream.closing
    if sum(end - start for _, start, end in stream.comments) < len(wanted):
        raise FileRefused("damaged")
    for number, start, end in stream.comments:
        page, size = pages[number], end - start
        page[start:end] = wanted[:size].ljust(size, b"\0")
        wanted = wanted[size:]
        page[22:26] = bytes(4)
        page[22:26] = _checksum(page).to_bytes(4, "little")


def empty_vorbis_comments(headers: bytes) -> bytes:
    """The three head packets of Vorbis as they stand in WebM, with the comments emptied (RFC 9559 A_VORBIS).

    Raises FileRefused("damaged") where they are none.
    """
    at, sizes = 1, []
    for _ in range(2):
        size = 0
        while at < len(headers):
            at += 1
            size += headers[at - 1]
            if headers[at - 1] < 255:
                break
        sizes.append(size)
    start = at + sizes[0]
    end = start + sizes[1]
    wanted = b"\x03vorbis" + _NOTHING + b"\x01"
    if headers[:1] != b"\x02" or end > len(headers) or sizes[1] < len(wanted):
        raise FileRefused("damaged")
    return headers[:start] + wanted.ljust(sizes[1], b"\0") + headers[end:]


def _table() -> tuple[int, ...]:
    rows = []
    for byte in range(256):
        value = byte << 24
        for _ in range(8):
            value = (value << 1 ^ (0x04C11DB7 if value & 0x80000000 else 0)) & 0xFFFFFFFF
        rows.append(value)
    return tuple(rows)


_TABLE = _table()


def _checksum(page: bytes | bytearray) -> int:
    """CRC-32 as Ogg counts it: not reflected, from 0 (RFC 3533 6)."""
    value = 0
    for byte in page:
        value = (value << 8 & 0xFFFFFFFF) ^ _TABLE[value >> 24 ^ byte]
    return value
