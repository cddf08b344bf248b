"""Finds where the pieces of a track lie in a film, and writes the tables of a new one."""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Final

from storage.cleaning.boxes import first, make_box, needed, number
from storage.errors import FileRefused

MOST_SAMPLES: Final = 3_000_000
_TIMES: Final = {b"stts": 8, b"ctts": 8, b"stss": 4}


@dataclass(slots=True)
class Chunk:
    """Samples that lie one after the other from `offset` on: `sizes` in bytes each, or `count` of `size`."""

    offset: int
    description: int
    count: int
    size: int = 0
    sizes: Sequence[int] = ()

    @property
    def length(self) -> int:
        """Bytes in all."""
        return self.count * self.size if self.size else sum(self.sizes)


@dataclass(slots=True)
class Samples:
    """The chunks of a track and its tables of times (stts, ctts, stss, ready to write).

    `duration` in units of the track, where the film does not say it itself; else None.
    """

    chunks: list[Chunk] = field(default_factory=list)
    times: dict[bytes, bytes] = field(default_factory=dict)
    duration: int | None = None


def read_samples(table: memoryview) -> Samples:
    """What a sample table says (ISO/IEC 14496-12 8.5 to 8.7); raises FileRefused (damaged, too_large)."""
    return Samples(list(_chunks(table)), _times(table))


def _times(table: memoryview) -> dict[bytes, bytes]:
    times = {}
    for sort, width in _TIMES.items():
        body = first(table, sort)
        if body is not None:
            size = 8 + number(body, 4) * width
            if size > len(body):
                raise FileRefused("damaged")
            times[sort] = bytes(body[:size])
    return times


def _chunks(table: memoryview) -> Iterator[Chunk]:
    size, sizes, left = _sizes(table)
    at = 0
    offsets = _offsets(table)
    for offset, (count, description) in zip(offsets, _runs(table, len(offsets)), strict=False):
        if count > left:
            raise FileRefused("damaged")
        yield Chunk(offset, description, count, size, sizes[at : at + count])
        at, left = at + count, left - count


def _sizes(table: memoryview) -> tuple[int, tuple[int, ...], int]:
    """The one size of all samples or 0, the size of each, and their count (8.7.3)."""
    body = first(table, b"stsz")
    if body is not None:
        size, count = number(body, 4), number(body, 8)
        return size, () if size else _unpack(body, 12, count, "I"), count
    body = needed(table, b"stz2")
    letter = {8: "B", 16: "H"}.get(number(body, 7, 1))
    if letter is None:
        raise FileRefused("damaged")
    return 0, _unpack(body, 12, number(body, 8), letter), number(body, 8)


def _offsets(table: memoryview) -> tuple[int, ...]:
    body = first(table, b"stco")
    if body is not None:
        return _unpack(body, 8, number(body, 4), "I")
    body = needed(table, b"co64")
    return _unpack(body, 8, number(body, 4), "Q")


def _unpack(body: memoryview, at: int, count: int, letter: str) -> tuple[int, ...]:
    shape = f">{count}{letter}"
    if count > MOST_SAMPLES:
        raise FileRefused("too_large")
    if at + struct.calcsize(shape) > len(body):
        raise FileRefused("damaged")
    return struct.unpack_from(shape, body, at)


def _runs(table: memoryview, chunks: int) -> Iterator[tuple[int, int]]:
    """Samples and description of each chunk (8.7.4)."""
    body = needed(table, b"stsc")
    numbers = _unpack(body, 8, number(body, 4) * 3, "I")
    begins = [*numbers[3::3], chunks + 1]
    begin = 1
    for end, samples, description in zip(begins, numbers[1::3], numbers[2::3], strict=False):
        for _ in range(begin, min(end, chunks + 1)):
            yield samples, description
        begin = max(begin, end)


def write_tables(samples: Samples, offsets: Sequence[int]) -> bytes:
    """The boxes of a sample table behind its descriptions; `offsets` tell where each chunk lies now."""
    times = [make_box(sort, body) for sort, body in samples.times.items()]
    return b"".join(
        [*times, _write_runs(samples.chunks), _write_sizes(samples.chunks), _write_offsets(offsets)]
    )


def _write_runs(chunks: Sequence[Chunk]) -> bytes:
    rows, at = [], 1
    for (count, description), run in groupby(chunks, key=lambda chunk: (chunk.count, chunk.description)):
        rows.append(struct.pack(">III", at, count, description))
        at += sum(1 for _ in run)
    return make_box(b"stsc", bytes(4), len(rows).to_bytes(4, "big"), b"".join(rows))


def _write_sizes(chunks: Sequence[Chunk]) -> bytes:
    count = sum(chunk.count for chunk in chunks)
    size = chunks[0].size
    if size:
        return make_box(b"stsz", struct.pack(">III", 0, size, count))
    sizes = [size for chunk in chunks for size in chunk.sizes]
    return make_box(b"stsz", struct.pack(f">III{count}I", 0, 0, count, *sizes))


def _write_offsets(offsets: Sequence[int]) -> bytes:
    return make_box(b"stco", struct.pack(f">II{len(offsets)}I", 0, len(offsets), *offsets))
