"""JSON lines in, JSON lines out: a bad line is told by its number and keeps no other from its answer."""

import json
import os
import stat
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, BinaryIO

from nlp.jsonl import RecordError

Answer = Callable[[Mapping[str, Any]], dict[str, Any]]
_BOM = b"\xef\xbb\xbf"


class BadLine(ValueError):
    """A line that holds no record; the message quotes nothing of it."""


def answer_lines(answer: Answer) -> int:
    """Answers every line of standard input at once, in order; 0 if all were good, else 1."""
    bad = 0
    with _progress(sys.stdin.buffer) as advance:
        for number, line in enumerate(sys.stdin.buffer, 1):
            try:
                told = _answer(line, answer, first=number == 1)
            except (BadLine, RecordError) as error:
                bad += 1
                print(f"lianxin: line {number}: {error}", file=sys.stderr)
            else:
                sys.stdout.buffer.write(told)
                sys.stdout.buffer.flush()  # whoever asks line by line waits for the answer
            advance(len(line))
    return 1 if bad else 0


def parse_line(line: bytes, *, first: bool = False) -> Any:
    """What stands in a line, None for an empty one; raises BadLine. Only the first line may carry a BOM."""
    try:
        text = (line.removeprefix(_BOM) if first else line).decode("utf-8").strip()
        return json.loads(text, parse_constant=_no_such_number) if text else None
    except UnicodeDecodeError:
        raise BadLine("not UTF-8") from None
    except (ValueError, RecursionError):
        raise BadLine('not JSON; expected a line such as {"id": "1", "text": "…"}') from None


def dump_line(record: Mapping[str, Any]) -> bytes:
    """The record as one line; a lone surrogate, which UTF-8 cannot say, is written as \\udXXX."""
    try:
        return json.dumps(record, ensure_ascii=False, allow_nan=False).encode() + b"\n"
    except UnicodeEncodeError:
        return json.dumps(record, ensure_ascii=True, allow_nan=False).encode() + b"\n"


def _answer(line: bytes, answer: Answer, *, first: bool) -> bytes:
    record = parse_line(line, first=first)
    if record is None:
        return b""
    try:
        return dump_line(answer(record))
    except RecordError:
        raise
    except Exception as error:  # a mistake of ours; its words might quote the line
        raise BadLine(f"not understood ({type(error).__name__})") from error


def _no_such_number(word: str) -> float:
    raise ValueError(word)


@contextmanager
def _progress(source: BinaryIO) -> Iterator[Callable[[int], None]]:
    """A bar on stderr where a person looks on and the answers go elsewhere."""
    if not sys.stderr.isatty() or sys.stdout.isatty():
        yield lambda _size: None
        return
    from rich.console import Console
    from rich.progress import Progress

    found = os.fstat(source.fileno())
    total = found.st_size if stat.S_ISREG(found.st_mode) else None
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("Reading", total=total)
        yield lambda size: progress.advance(task, size)
