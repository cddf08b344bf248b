"""Writes a film or recording anew: pictures and sound with their times, and nothing that came along."""

from dataclasses import dataclass
from typing import Final

from storage.cleaning.boxes import boxes, first, make_box, needed, number
from storage.cleaning.film_entries import clean_entries, unit_width
from storage.cleaning.film_fragments import read_fragments
from storage.cleaning.film_samples import Chunk, Samples, read_samples, write_tables
from storage.cleaning.film_units import without_notes
from storage.errors import FileRefused

_BRANDS: Final = {
    "mp4": b"isom\0\0\x02\0isomiso2mp41",
    "mov": b"qt  \0\0\0\0qt  ",
    "3gp": b"3gp5\0\0\0\x003gp5isom",
    "m4a": b"M4A \0\0\0\0M4A isommp42",
}
_SELF: Final = make_box(b"dref", bytes(7) + b"\1", make_box(b"url ", b"\0\0\0\1"))
_NO_LANGUAGE = b"\x55\xc4\0\0"  # "und"
_MOST_TRACKS = 16


@dataclass(slots=True)
class _Track:
    """A track that stays: its box with boxes, its samples, and how its pictures are cut into units."""

    body: memoryview
    handler: bytes
    entries: bytes
    samples: Samples
    units: tuple[int, bool] | None


def clean_film(content: bytes, code: str) -> bytes:
    """The film with its tracks of picture and sound only; raises FileRefused (damaged, type, too_large).

    Left behind are places, cameras, names, times of recording, titles, covers, chapters, subtitles, tracks of
    measurements, free notes between the pictures, and what no track refers to. `code` as in file_kinds.toml.
    """
    film = memoryview(content)
    moov = needed(film, b"moov")
    tracks = _tracks(film, moov)
    if sum(chunk.length for track in tracks for chunk in track.samples.chunks) > len(content):
        raise FileRefused("damaged")  # the same bytes over and over
    pieces, places = _gather(film, tracks)
    head = make_box(b"ftyp", _BRANDS[code])
    size = len(_moov(moov, tracks, places, 0, code))
    written = _moov(moov, tracks, places, len(head) + size + 8, code)
    return b"".join([head, written, make_box(b"mdat", *pieces)])


def _tracks(film: memoryview, moov: memoryview) -> list[_Track]:
    fragmented = first(moov, b"mvex") is not None
    found: list[_Track] = []
    unknown = False
    for box in boxes(moov):
        if box.sort != b"trak" or len(found) >= _MOST_TRACKS:
            continue
        handler = bytes(needed(box.body, b"mdia", b"hdlr")[8:12])
        if handler not in (b"vide", b"soun"):
            continue
        table = needed(box.body, b"mdia", b"minf", b"stbl")
        entries = clean_entries(needed(table, b"stsd"), handler)
        if entries is None:
            unknown = True
            continue
        samples = read_samples(table)
        if fragmented and not samples.chunks:
            samples = read_fragments(film, moov, number(needed(box.body, b"tkhd"), *_track_number(box.body)))
        if samples.chunks:
            units = unit_width(needed(table, b"stsd"), entries[1]) if handler == b"vide" else None
            found.append(_Track(box.body, handler, entries[0], samples, units))
    if not found:
        raise FileRefused("type" if unknown else "damaged")
    return found


def _track_number(trak: memoryview) -> tuple[int, int]:
    return (20, 4) if needed(trak, b"tkhd")[0] == 1 else (12, 4)


def _gather(film: memoryview, tracks: list[_Track]) -> tuple[list[bytes], list[list[int]]]:
    """The bytes of all chunks in the order in which they lay, and where each chunk of each track is now."""
    order = sorted(
        (chunk.offset, number_of, place)
        for number_of, track in enumerate(tracks)
        for place, chunk in enumerate(track.samples.chunks)
    )
    pieces: list[bytes] = []
    places = [[0] * len(track.samples.chunks) for track in tracks]
    at = 0
    for _, number_of, place in order:
        track = tracks[number_of]
        piece = _piece(film, track.samples.chunks[place], track.units)
        places[number_of][place] = at
        pieces.append(piece)
        at += len(piece)
    return pieces, places


def _piece(film: memoryview, chunk: Chunk, units: tuple[int, bool] | None) -> bytes:
    if chunk.offset + chunk.length > len(film):
        raise FileRefused("damaged")
    if units is None:
        return bytes(film[chunk.offset : chunk.offset + chunk.length])
    width, hevc = units
    samples, at = [], chunk.offset
    for size in chunk.sizes or [chunk.size] * chunk.count:
        samples.append(without_notes(bytes(film[at : at + size]), hevc=hevc, width=width))
        at += size
    chunk.size, chunk.sizes = 0, [len(sample) for sample in samples]
    return b"".join(samples)


def _moov(moov: memoryview, tracks: list[_Track], places: list[list[int]], shift: int, code: str) -> bytes:
    scale = number(needed(moov, b"mvhd"), 20 if needed(moov, b"mvhd")[0] == 1 else 12) or 1
    lasting = [_in_film(track, scale) for track in tracks]
    written = [
        _trak(track, [place + shift for place in at], length, code)
        for track, at, length in zip(tracks, places, lasting, strict=True)
    ]
    longest = max((length for length in lasting if length is not None), default=None)
    return make_box(
        b"moov", make_box(b"mvhd", _head(needed(moov, b"mvhd"), (96, 108), 16, 24, longest)), *written
    )


def _in_film(track: _Track, scale: int) -> int | None:
    """How long a track of fragments lasts in units of the film; None where its boxes tell it."""
    if track.samples.duration is None:
        return None
    head = needed(track.body, b"mdia", b"mdhd")
    return track.samples.duration * scale // (number(head, 20 if head[0] == 1 else 12) or 1)


def _head(body: memoryview, sizes: tuple[int, int], at: int, at_long: int, duration: int | None) -> bytes:
    """A head box without times of recording; `duration` is put at its place, where it is known better."""
    long = body[0] == 1
    size = 4 + sizes[long]
    number(body, 0, size)
    head = bytearray(body[:size])
    head[4 : 20 if long else 12] = bytes(16 if long else 8)
    if duration is not None:
        width, place = (8, at_long) if long else (4, at)
        head[place : place + width] = min(duration, 256**width - 1).to_bytes(width, "big")
    return bytes(head)


def _trak(track: _Track, offsets: list[int], lasting: int | None, code: str) -> bytes:
    media = needed(track.body, b"mdia")
    sound = track.handler == b"soun"
    handler = (b"mhlr" if code == "mov" else bytes(4)) + track.handler
    table = make_box(b"stbl", track.entries, write_tables(track.samples, offsets))
    return make_box(
        b"trak",
        make_box(b"tkhd", _head(needed(track.body, b"tkhd"), (80, 92), 20, 28, lasting)),
        _edits(track),
        make_box(
            b"mdia",
            make_box(
                b"mdhd", _head(needed(media, b"mdhd"), (16, 28), 16, 24, track.samples.duration), _NO_LANGUAGE
            ),
            make_box(b"hdlr", bytes(4), handler, bytes(13)),
            make_box(
                b"minf",
                make_box(b"smhd", bytes(8)) if sound else make_box(b"vmhd", b"\0\0\0\1" + bytes(8)),
                make_box(b"hdlr", bytes(4), b"dhlrurl ", bytes(13)) if code == "mov" else b"",
                make_box(b"dinf", _SELF),
                table,
            ),
        ),
    )


def _edits(track: _Track) -> bytes:
    """Which part is shown and when; in fragments it says nothing that would hold for the whole."""
    edits = first(track.body, b"edts", b"elst")
    if edits is None or track.samples.duration is not None:
        return b""
    size = 8 + number(edits, 4) * (20 if edits[0] == 1 else 12)
    if size > len(edits):
        raise FileRefused("damaged")
    return make_box(b"edts", make_box(b"elst", edits[:size]))
