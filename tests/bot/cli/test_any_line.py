"""Lines that a command reads or writes: each is answered or told by its number, and no cell is a formula."""

import codecs
import io
import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from bot.cli.json_lines import answer_lines
from bot.cli.ledger_file import LedgerFile
from bot.cli.replaying import read_messages
from handlers.words import words_for
from nlp.jsonl import classify_line, rate_line
from nlp.reading import Reader
from nlp.taxonomy import Category, Intent
from storage.cases import Outcome, Status
from storage.errors import ConfigError
from storage.ledger import LedgerRow
from storage.trail_heads import head_of, read_head, read_heads
from tests.strategies import ANYTHING, HOSTILE, TEXTS, bounded, told_or_read

MARK = "记号翡翠琉璃"
NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
COMMANDS: dict[str, Callable[[Reader, Mapping[str, Any]], dict[str, Any]]] = {
    "classify": classify_line, "rate": rate_line
}  # fmt: skip


JSON_LINES = st.one_of(
    ANYTHING.map(lambda value: json.dumps(value).encode()),
    st.builds(
        lambda number, text: json.dumps({"id": number, "text": text}, ensure_ascii=False).encode("utf-8",
        "surrogatepass"),
        ANYTHING, TEXTS,
    ),
    st.sampled_from([b"", b"  ", codecs.BOM_UTF8, b"[" * 5000, b'{"text": NaN}',
                     b'{"id": 1e999, "text": "a"}',
                     b'{"id": ' + b"9" * 5000 + b', "text": "a"}', b'{"text": "\\ud800"}', b"\xff", b"\x00"]),
    st.binary(max_size=40).map(lambda raw: raw.replace(b"\n", b"")),
)  # fmt: skip


@bounded(80)
@given(lines=st.lists(JSON_LINES, max_size=5))
def test_any_file_of_messages_is_replayed_but_for_lines_told_by_number(
    tmp_path_factory: pytest.TempPathFactory, lines: list[bytes]
) -> None:
    path = tmp_path_factory.mktemp("lines") / "messages.jsonl"
    good = json.dumps({"id": "z", "text": MARK}).encode()
    path.write_bytes(b"\n".join([*lines, good, b'{"text": 7, "x": "' + MARK.encode() + b'"}']))
    texts, bad = read_messages(path)
    assert texts[-1] == MARK
    assert bad[-1].startswith(f"line {len(lines) + 2}: ")
    assert all(MARK not in line and line.startswith("line ") for line in bad)


HEADS = st.one_of(
    TEXTS, st.text("0123456789ABCDEFGHJKMNPQRSTVWXYZOILU- ", max_size=60),
    st.builds(lambda count, chain: str(head_of(count, chain.hex())), st.integers(0, 10**12),
              st.binary(min_size=32, max_size=32)),
)  # fmt: skip


@bounded(150)
@given(lines=st.lists(HEADS, max_size=4), place=st.integers(0, 40), sign=st.characters())
def test_any_line_is_a_head_or_explained(lines: list[str], place: int, sign: str) -> None:
    told_or_read(lambda: list(read_heads(lines)), ConfigError)
    for line in lines:
        spoiled_line = line[:place] + sign + line[place + 1 :]
        if not told_or_read(lambda line=spoiled_line: read_head(line), ConfigError):  # type: ignore[misc]
            assert read_head(str(read_head(spoiled_line))) == read_head(spoiled_line)


CELLS = st.one_of(
    HOSTILE, TEXTS, st.builds(lambda sign, text: sign + text, st.sampled_from("=+-@\t\r\n＝＋－＠ \u200b'"),
    TEXTS),
    st.sampled_from(["=HYPERLINK(\"http://x\")", "http://x.example", "=cmd|' /C calc'!A0", "'=1", " =1+1",
    "\ufeff=1"]),
)  # fmt: skip


@bounded(60)
@given(cells=st.lists(CELLS, min_size=1, max_size=4))
def test_no_cell_of_the_ledger_is_a_formula(cells: list[str]) -> None:
    """The only words of the hospital in it are names of offices; whatever they are, they stay text."""
    book = LedgerFile(words_for("zh"), "Asia/Shanghai")
    row = LedgerRow(
        1, "2026-00001", NOON, Intent.REPORT, (Category.RED_ENVELOPE,), Status.CLOSED, "", {},
        Outcome.REFERRED,
        NOON, False,
    )  # fmt: skip
    for cell in cells:
        book.add(replace(row, lead_office=cell.encode("utf-8", "replace").decode()))
    with ZipFile(BytesIO(book.finish())) as whole:
        names = whole.namelist()
        sheet = etree.fromstring(whole.read("xl/worksheets/sheet1.xml"))
        texts = etree.fromstring(whole.read("xl/sharedStrings.xml"))
    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    assert not list(sheet.iter(f"{space}f"))
    assert not list(sheet.iter(f"{space}hyperlink"))
    assert not [name for name in names if "externalLink" in name or "vba" in name.lower()]
    for text in texts.iter(f"{space}t"):
        assert not (text.text or "").startswith(
            ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
        )


@bounded(60)
@given(lines=st.lists(JSON_LINES, max_size=4), command=st.sampled_from(["classify", "rate"]))
def test_any_standard_input_is_answered_line_by_line(lines: list[bytes], command: str) -> None:
    answered, told = answer_all(lines, command)
    assert len(answered) + len(told) <= len(lines)
    for one in answered:
        assert "id" in json.loads(one)
    for line in told:
        assert line.startswith("lianxin: line ")
        assert MARK not in line


def answer_all(lines: list[bytes], command: str) -> tuple[list[bytes], list[str]]:
    """What the command writes for these lines, and what it tells of bad ones."""
    out = io.TextIOWrapper(BytesIO())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdin", io.TextIOWrapper(BytesIO(b"\n".join(lines))))
        patch.setattr(sys, "stdout", out)
        patch.setattr(sys, "stderr", told := io.StringIO())
        code = answer_lines(lambda record: COMMANDS[command](Reader.load(), record))
        out.flush()
    assert code == bool(told.getvalue())
    return out.buffer.getvalue().splitlines(), told.getvalue().splitlines()
