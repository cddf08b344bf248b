"""The search for traces finds what is there; what it must not find is looked for elsewhere."""

import base64
import json
import zipfile
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.e2e.traces import contents, traces

MARK = "住在三楼的Zhang"
HIDDEN = {
    "plain": MARK.encode(),
    "wide": MARK.encode("utf-16-le"),
    "wide, big end": MARK.encode("utf-16-be"),
    "chinese": MARK.encode("gb18030"),
    "hex": MARK.encode().hex().encode(),
    "hex of wide": MARK.encode("utf-16-le").hex().upper().encode(),
    "json": json.dumps(MARK).encode(),
    "url": quote(MARK).encode(),
    **{f"base64 +{shift}": base64.b64encode(b"xyz"[:shift] + MARK.encode() + b"tail") for shift in range(3)},
    "base64url of wide": base64.urlsafe_b64encode(b"x" + MARK.encode("utf-16-le") + b"tail"),
}


@pytest.mark.parametrize("hidden", HIDDEN)
def test_a_mark_is_found_in_every_shape(hidden: str) -> None:
    assert traces([MARK], [("here", b"before " + HIDDEN[hidden] + b" after")])


@pytest.mark.parametrize("size", [6, 8])
@pytest.mark.parametrize("end", ["big", "little"])
def test_a_number_is_found_as_words_and_as_bytes(size: int, end: str) -> None:
    number = 7_316_482_950
    raw = number.to_bytes(size, "big")
    assert traces([number], [("here", b"\0" + (raw if end == "big" else raw[::-1]))])
    assert traces([number], [("here", b"id=7316482950")])


def test_what_is_not_there_is_not_found() -> None:
    other = "住在四楼的Zhao".encode()
    assert (
        traces([MARK, 7_316_482_950], [("here", other + base64.b64encode(other) + other.hex().encode())])
        == []
    )


def test_a_folder_is_searched_by_name_and_content(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "mark-name").write_bytes(b"mark-content")
    with zipfile.ZipFile(tmp_path / "table.xlsx", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("sheet.xml", "mark-in-a-cell" * 9)
    for mark in ("mark-name", "mark-content", "mark-in-a-cell"):
        assert traces([mark], contents(tmp_path))
