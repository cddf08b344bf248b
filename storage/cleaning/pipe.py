"""The words that serve and its cleaning worker exchange: plain bytes with their length before them.

A request is a flag (1: the sender called it a table) and the file. An answer is a flag (1: kept, 2: kept with
a warning, 0: refused), a short word (the code of the kind, or the reason), and the cleaned file.
"""

import struct
from typing import IO, Final

REQUEST: Final = struct.Struct(">BQ")
ANSWER: Final = struct.Struct(">BBQ")
REFUSED, KEPT, WARNED = 0, 1, 2
MOST_BYTES: Final = 256 << 20


class PipeBroken(Exception):
    """The other side ended, or says what it never should."""


def read_exactly(stream: IO[bytes], size: int) -> bytes:
    """`size` bytes; raises PipeBroken if the other side ends before."""
    if size > MOST_BYTES:
        raise PipeBroken
    try:
        content = stream.read(size)
    except (OSError, ValueError):
        raise PipeBroken from None
    if content is None or len(content) < size:
        raise PipeBroken
    return content


def send(stream: IO[bytes], *pieces: bytes) -> None:
    """Writes all of it; raises PipeBroken if nobody reads."""
    try:
        for piece in pieces:
            stream.write(piece)
        stream.flush()
    except (OSError, ValueError):
        raise PipeBroken from None
