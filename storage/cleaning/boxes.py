"""Reads and writes the boxes of which films and recordings of the ISO base media format are built."""

from collections.abc import Iterator
from typing import NamedTuple

from storage.errors import FileRefused

_MOST_BOXES = 100_000


class Box(NamedTuple):
    """A box: its sort, its body, and where it begins in what holds it."""

    sort: bytes
    body: memoryview
    at: int


def boxes(content: memoryview) -> Iterator[Box]:
    """The boxes in their order (ISO/IEC 14496-12 4.2); raises FileRefused("damaged") for broken sizes."""
    at = count = 0
    while at + 8 <= len(content):
        size, head = int.from_bytes(content[at : at + 4], "big"), 8
        if size == 1:
            size, head = int.from_bytes(content[at + 8 : at + 16], "big"), 16
        if size == 0:
            size = len(content) - at
        count += 1
        if size < head or at + size > len(content) or count > _MOST_BOXES:
            raise FileRefused("damaged")
        yield Box(bytes(content[at + 4 : at + 8]), content[at + head : at + size], at)
        at += size


def first(content: memoryview, *path: bytes) -> memoryview | None:
    """The body of the first box at this path, or None."""
    found: memoryview | None = content
    for sort in path:
        if found is None:
            return None
        found = next((box.body for box in boxes(found) if box.sort == sort), None)
    return found


def needed(content: memoryview, *path: bytes) -> memoryview:
    """Like `first`, but what is not there is FileRefused("damaged")."""
    found = first(content, *path)
    if found is None:
        raise FileRefused("damaged")
    return found


def make_box(sort: bytes, *bodies: bytes | memoryview) -> bytes:
    """One box."""
    size = sum(map(len, bodies)) + 8
    return b"".join([size.to_bytes(4, "big"), sort, *bodies])


def number(content: memoryview, at: int, size: int = 4) -> int:
    """An unsigned number; raises FileRefused("damaged") where the box ends before it."""
    if at + size > len(content):
        raise FileRefused("damaged")
    return int.from_bytes(content[at : at + size], "big")
