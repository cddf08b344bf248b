"""The process that reads one workbook: bytes in, a line of JSON for each sheet out."""

import json
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime
from io import BytesIO
from typing import Any

from python_calamine import CalamineSheet, CalamineWorkbook, PasswordError, SheetVisibleEnum

from storage.cleaning.fences import raise_fences

_MOST_ROWS, _MOST_COLUMNS, _MOST_CHARACTERS = 200_000, 200, 400
_MOST_BYTES = 100 << 20
_REFUSED = 3


class _TooLarge(Exception):
    pass


def main(seconds: int) -> None:
    """Reads stdin, answers on stdout; ends with 0, or with 3 after the word for what is wrong."""
    content, answer = sys.stdin.buffer.read(), os.fdopen(os.dup(1), "wb")
    json.dumps([datetime.now().isoformat()])  # noqa: DTZ005 (loads what fences would stand in the way of)
    signal.alarm(seconds)
    raise_fences()
    word = _answer(content, answer)
    if word:
        answer.write(b"\n" + word)
    answer.flush()
    os._exit(_REFUSED if word else 0)


def _answer(content: bytes, answer: Any) -> bytes:
    size = 0
    try:
        for sheet in _sheets(content):
            line = json.dumps(sheet).encode()
            size += len(line)
            if size > _MOST_BYTES:
                return b"too_large"
            answer.write(line + b"\n")
    except PasswordError:
        return b"locked"
    except (_TooLarge, MemoryError):
        return b"too_large"
    except BaseException:  # whatever a hostile workbook brings about is the workbook's fault
        return b"damaged"
    return b"" if size else b"empty"


def _sheets(content: bytes) -> Iterator[list[list[Any]]]:
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    for about in book.sheets_metadata:
        if about.visible == SheetVisibleEnum.Visible:
            with suppress(KeyError):
                yield _rows(book.get_sheet_by_name(about.name))


def _rows(sheet: CalamineSheet) -> list[list[Any]]:
    if sheet.start is None or sheet.end is None:
        return []
    if sheet.end[0] >= _MOST_ROWS:
        raise _TooLarge
    return [[_cell(value) for value in row[:_MOST_COLUMNS]] for row in sheet.to_python(skip_empty_area=False)]


def _cell(value: object) -> Any:
    match value:
        case bool() | int() | float():
            return value
        case datetime():
            return [value.isoformat()]
        case date():
            return [f"{value.isoformat()}T00:00:00"]
        case "" | None:
            return None
    return str(value)[:_MOST_CHARACTERS]
