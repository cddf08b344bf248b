"""Gathers the samples of a film in fragments, as browsers record it, so that it can be written whole."""

import struct
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import groupby

from storage.cleaning.boxes import Box, boxes, first, needed, number
from storage.cleaning.film_samples import MOST_SAMPLES, Chunk, Samples
from storage.errors import FileRefused

_BASE, _DESCRIPTION, _DURATION, _SIZE, _FLAGS = 0x1, 0x2, 0x8, 0x10, 0x20
_RUN_OFFSET, _RUN_FIRST, _RUN_DURATION, _RUN_SIZE, _RUN_FLAGS, _RUN_SHIFT = (
    0x1,
    0x4,
    0x100,
    0x200,
    0x400,
    0x800,
)
_NO_START = 0x10000


@dataclass(slots=True)
class _Rows:
    """Size, duration, shift and start mark of each sample of a track so far."""

    chunks: list[Chunk] = field(default_factory=list)
    durations: list[int] = field(default_factory=list)
    shifts: list[int] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    duration: int = 0


@dataclass(slots=True)
class _Defaults:
    """What holds for samples that say nothing of their own (ISO/IEC 14496-12 8.8.3 and 8.8.7)."""

    description: int
    duration: int
    size: int
    flags: int


def read_fragments(film: memoryview, moov: memoryview, track: int) -> Samples:
    """The samples of one track of a film in fragments (8.8); raises FileRefused (damaged, too_large)."""
    defaults = _track_defaults(moov, track)
    rows = _Rows()
    for box in _top(film):
        if box.sort == b"moof":
            _read_fragment(box, track, defaults, rows)
    return Samples(rows.chunks, _times(rows), rows.duration)


def _top(film: memoryview) -> Iterator[Box]:
    """The boxes of the film as far as they are whole: a recording that broke off plays as far as it goes."""
    with suppress(FileRefused):
        yield from boxes(film)


def _track_defaults(moov: memoryview, track: int) -> _Defaults:
    for box in boxes(needed(moov, b"mvex")):
        if box.sort == b"trex" and number(box.body, 4) == track:
            return _Defaults(*(number(box.body, at) for at in (8, 12, 16, 20)))
    return _Defaults(1, 0, 0, 0)


def _read_fragment(moof: Box, track: int, defaults: _Defaults, rows: _Rows) -> None:
    for box in boxes(moof.body):
        if box.sort != b"traf" or number(needed(box.body, b"tfhd"), 4) != track:
            continue
        base, own = _fragment_head(needed(box.body, b"tfhd"), moof.at, defaults)
        _close_gap(first(box.body, b"tfdt"), rows)
        at = base
        for run in boxes(box.body):
            if run.sort == b"trun":
                at = _read_run(run.body, base, at, own, rows)


def _fragment_head(head: memoryview, moof: int, defaults: _Defaults) -> tuple[int, _Defaults]:
    flags, at, base = number(head, 1, 3), 8, moof
    if flags & _BASE:
        base, at = number(head, at, 8), at + 8
    values = [defaults.description, defaults.duration, defaults.size, defaults.flags]
    for place, bit in enumerate((_DESCRIPTION, _DURATION, _SIZE, _FLAGS)):
        if flags & bit:
            values[place], at = number(head, at), at + 4
    return base, _Defaults(*values)


def _close_gap(start: memoryview | None, rows: _Rows) -> None:
    """A pause between fragments makes the sample before it last longer."""
    if start is None or not rows.durations:
        return
    gap = number(start, 4, 8 if start[0] == 1 else 4) - rows.duration
    if gap > 0 and rows.durations[-1] + gap < 1 << 31:
        rows.durations[-1] += gap
        rows.duration += gap


def _read_run(run: memoryview, base: int, at: int, own: _Defaults, rows: _Rows) -> int:
    """Adds one run and returns where its last sample ends (8.8.8)."""
    flags, count, place = number(run, 1, 3), number(run, 4), 8
    if len(rows.durations) + count > MOST_SAMPLES:
        raise FileRefused("too_large")
    if flags & _RUN_OFFSET:
        at, place = base + int.from_bytes(run[place : place + 4], "big", signed=True), place + 4
    first_flags = None
    if flags & _RUN_FIRST:
        first_flags, place = number(run, place), place + 4
    sizes = []
    for row in _run_rows(run, place, count, flags, own):
        size, duration, mark, shift = row
        if first_flags is not None:
            mark, first_flags = first_flags, None
        sizes.append(size)
        rows.durations.append(duration)
        rows.shifts.append(shift)
        rows.starts.append(not mark & _NO_START)
        rows.duration += duration
    if sizes:
        rows.chunks.append(Chunk(at, own.description, count, sizes=sizes))
    return at + sum(sizes)


def _run_rows(
    run: memoryview, place: int, count: int, flags: int, own: _Defaults
) -> Iterator[tuple[int, int, int, int]]:
    order = (_RUN_DURATION, _RUN_SIZE, _RUN_FLAGS, _RUN_SHIFT)
    width = 4 * sum(bool(flags & bit) for bit in order)
    if place + width * count > len(run):
        raise FileRefused("damaged")
    values = {_RUN_DURATION: own.duration, _RUN_SIZE: own.size, _RUN_FLAGS: own.flags, _RUN_SHIFT: 0}
    given = [bit for bit in order if flags & bit]
    shape = struct.Struct(f">{len(given)}I")
    for number_of in range(count):
        values |= dict(zip(given, shape.unpack_from(run, place + number_of * width), strict=True))
        shift = values[_RUN_SHIFT]
        yield values[_RUN_SIZE], values[_RUN_DURATION], values[_RUN_FLAGS], shift - (shift >> 31 << 32)


def _times(rows: _Rows) -> dict[bytes, bytes]:
    times = {b"stts": _run_lengths(rows.durations, "I")}
    if any(rows.shifts):
        times[b"ctts"] = b"\x01" + _run_lengths(rows.shifts, "i")[1:]
    if not all(rows.starts):
        starts = [place for place, start in enumerate(rows.starts, 1) if start]
        times[b"stss"] = struct.pack(f">II{len(starts)}I", 0, len(starts), *starts)
    return times


def _run_lengths(values: Iterable[int], letter: str) -> bytes:
    runs = [struct.pack(f">I{letter}", sum(1 for _ in run), value) for value, run in groupby(values)]
    return bytes(4) + len(runs).to_bytes(4, "big") + b"".join(runs)
