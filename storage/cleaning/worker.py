"""The process that reads hostile files: it cleans one after the other until its pipe closes."""

import gc
import os
import signal
import sys
from contextlib import suppress
from typing import BinaryIO

from storage.cleaning.fences import raise_fences
from storage.cleaning.pipe import (
    ANSWER,
    KEPT,
    REFUSED,
    REQUEST,
    WARNED,
    PipeBroken,
    read_exactly,
    send,
)
from storage.errors import FileRefused
from storage.file_cleaning import clean
from storage.file_kinds import sniff

_CODECS = ("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-8", "gb18030", "latin-1")


def main(seconds: int) -> None:
    """Serves requests on stdin and stdout; `seconds` of work on one file end the process."""
    requests, answers = _own_pipe()
    _prepare()
    raise_fences()
    with suppress(PipeBroken):
        while True:
            _serve(requests, answers, seconds)


def _own_pipe() -> tuple[BinaryIO, BinaryIO]:
    """The pipe under numbers of its own: what a library prints must not get in between."""
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nothing, number)
    os.close(nothing)
    return requests, answers


def _prepare() -> None:
    """Loads what fences would stand in the way of, and lets Ctrl-C be serve's own affair."""
    for codec in _CODECS:
        "".encode(codec)
    if sys.platform != "win32":
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)


def _serve(requests: BinaryIO, answers: BinaryIO, seconds: int) -> None:
    is_table, size = REQUEST.unpack(read_exactly(requests, REQUEST.size))
    content = read_exactly(requests, size)
    _alarm(seconds)
    flag, word, cleaned = _work(content, is_table=bool(is_table))
    _alarm(0)
    del content
    send(answers, ANSWER.pack(flag, len(word), len(cleaned)), word, cleaned)
    del cleaned
    gc.collect()


def _alarm(seconds: int) -> None:
    """Nobody may be left to stop this process: the system does, even in the middle of a library."""
    if sys.platform != "win32":
        signal.alarm(seconds)


def _work(content: bytes, *, is_table: bool) -> tuple[int, bytes, bytes]:
    try:
        kind = sniff(content, ".csv" if is_table else "")
        if kind is None:
            return REFUSED, b"type", b""
        cleaned = clean(content, kind)
    except FileRefused as refusal:
        return REFUSED, refusal.reason.encode(), b""
    except MemoryError:
        return REFUSED, b"too_large", b""
    except Exception:  # whatever hostile bytes bring about is the file's fault
        return REFUSED, b"damaged", b""
    if not cleaned.content:
        return REFUSED, b"empty", b""
    return WARNED if cleaned.warning else KEPT, cleaned.kind.code.encode(), cleaned.content
