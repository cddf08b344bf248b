from contextlib import suppress
from io import BytesIO

import olefile
import pytest

from storage.cleaning.old_office import blank_properties
from storage.errors import FileRefused
from tests.storage import samples
from tests.storage.leaks import leaks


def test_owner_title_and_dates_are_blank_and_the_text_stays() -> None:
    talkative = samples.compound()
    assert leaks(talkative)
    blank = blank_properties(talkative)
    assert leaks(blank) == []
    assert len(blank) == len(talkative)
    with olefile.OleFileIO(BytesIO(blank)) as document:
        assert document.openstream("WordDocument").read(8) == b"the text"
        told = document.get_metadata()
        assert (told.author, told.title, told.company, told.last_saved_by) == (None, None, None, None)


@pytest.mark.parametrize(
    "content", [b"", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), samples.old_office()]
)
def test_a_broken_file_is_refused(content: bytes) -> None:
    with pytest.raises(FileRefused, match="damaged"):
        blank_properties(content)


@pytest.mark.parametrize("sector", range(24))
@pytest.mark.parametrize("leads_to", [0, 1, 3, 4, 12, 0xFFFFFFFF, 0x7FFFFFFF])
@pytest.mark.timeout(20)
def test_a_chain_that_is_a_circle_ends(sector: int, leads_to: int) -> None:
    whole = samples.compound()
    at = 512 + 4 * sector
    for bad in (
        whole[:at] + leads_to.to_bytes(4, "little") + whole[at + 4 :],
        whole.replace(
            b"\x01\0\0\0\x02\0\0\0\xfe\xff\xff\xff", b"\x01\0\0\0" + leads_to.to_bytes(4, "little") * 2
        ),
    ):
        with suppress(FileRefused):
            assert len(blank_properties(bad)) == len(whole)


@pytest.mark.parametrize("part", range(1, 16))
def test_a_file_cut_off_does_no_harm(part: int) -> None:
    talkative = samples.compound()
    try:
        assert len(blank_properties(talkative[: len(talkative) * part // 16])) <= len(talkative)
    except FileRefused:
        return
