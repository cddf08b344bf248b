from collections.abc import Callable

import pytest

from storage.errors import FileRefused
from storage.file_cleaning import Cleaned, clean
from storage.file_kinds import KINDS, sniff
from tests.storage import documents, samples
from tests.storage.leaks import leaks
from tests.storage.recordings import recording


def cleaned(content: bytes, sent_as: str = "") -> Cleaned:
    kind = sniff(content, sent_as)
    assert kind is not None
    return clean(content, kind)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_text_of_any_usual_encoding_becomes_utf8(encoding: str) -> None:
    result = cleaned("主任收了回扣\n".encode(encoding))
    assert (result.content.decode("utf-8"), result.warning) == ("主任收了回扣\n", False)


def test_a_table_is_marked_for_spreadsheets() -> None:
    assert cleaned("科室,金额\n骨科,2000".encode("gb18030"), "a.csv").content.startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize(
    ("code", "content"),
    [
        ("pdf", documents.pdf), ("docx", documents.docx), ("xlsx", documents.xlsx),
        ("mp4", lambda: recording("mp4", "aac", "libx264")),
        ("mov", lambda: recording("mov", "aac", "libx264")),
        ("3gp", lambda: recording("3gp", "libopencore_amrnb", "mpeg4", rate=8000)),
        ("m4a", lambda: recording("ipod", "aac")), ("mp3", lambda: recording("mp3", "libmp3lame")),
        ("ogg", lambda: recording("ogg", "libopus", rate=48000)),
        ("wav", lambda: recording("wav", "pcm_s16le")),
        ("webm", lambda: recording("webm", "libopus", "libvpx", rate=48000)),
        ("weba", lambda: recording("webm", "libopus", rate=48000)),
    ],
)  # fmt: skip
def test_every_kind_goes_to_who_can_clean_it(code: str, content: Callable[[], bytes]) -> None:
    talkative = content()
    assert leaks(talkative)
    result = cleaned(talkative)
    assert (result.kind.code, result.warning) == (code, False)
    assert leaks(result.content) == []


def test_only_old_office_files_are_kept_with_a_warning() -> None:
    assert {code for code, kind in KINDS.items() if kind.treatment == "wiped"} == {"doc", "xls", "ppt"}


def test_what_cannot_be_read_at_all_is_refused() -> None:
    with pytest.raises(FileRefused, match="damaged"):
        cleaned(samples.PDF)
