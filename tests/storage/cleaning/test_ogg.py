from collections.abc import Callable
from contextlib import suppress

import pytest

from storage.cleaning.ogg import clean_ogg
from storage.errors import FileRefused
from tests.storage.leaks import leaks
from tests.storage.recordings import labels, played, recording
from tests.storage.samples import MARK


def opus() -> bytes:
    return recording("ogg", "libopus", rate=48000)


def vorbis() -> bytes:
    return recording("ogg", "vorbis", rate=48000)


@pytest.mark.parametrize("sound", [opus, vorbis])
def test_a_voice_message_without_comments_plays_as_before(sound: Callable[[], bytes]) -> None:
    cleaned = clean_ogg(sound())
    assert MARK in sound()
    assert leaks(cleaned) == []
    assert b"Lav" not in cleaned
    assert played(cleaned) == played(sound())
    assert "title" not in labels(cleaned)
    assert clean_ogg(cleaned) == cleaned


def test_what_stands_between_and_behind_the_pages_is_gone() -> None:
    second = opus().index(b"OggS", 4)
    cleaned = clean_ogg(opus()[:second] + MARK + opus()[second:] + MARK)
    assert cleaned == clean_ogg(opus())


def test_comments_over_several_pages_are_emptied() -> None:
    """A cover picture makes the comments longer than a page: here three pages, the last one shared."""
    first = opus()[: opus().index(b"OggS", 4)]
    comments = b"OpusTags" + MARK * 9000
    serial = opus()[14:18]
    pages, number = b"", 1
    while comments:
        piece, comments = comments[: 255 * 255], comments[255 * 255 :]
        rows = [255] * (len(piece) // 255) + ([len(piece) % 255] if not comments else [])
        head = b"OggS\0\0" + bytes(8) + serial + number.to_bytes(4, "little") + bytes(4)
        pages += head + bytes([len(rows), *rows]) + piece
        number += 1
    rest = opus()[opus().index(b"OggS", opus().index(b"OpusTags")) :]
    sound = first + pages + rest
    cleaned = clean_ogg(sound)
    assert len(cleaned) == len(sound)
    assert leaks(cleaned) == []
    assert played(cleaned) == played(opus())


def test_two_recordings_one_after_the_other_are_both_emptied() -> None:
    assert clean_ogg(opus() + opus()) == clean_ogg(opus()) * 2


def test_another_coding_is_no_kind_we_take() -> None:
    with pytest.raises(FileRefused, match="type"):
        clean_ogg(recording("ogg", "flac"))


@pytest.mark.parametrize("content", [b"", b"OggS", b"OggS" * 5000, MARK * 100, b"OggS\0\2" + bytes(50)])
def test_broken_pages_are_refused(content: bytes) -> None:
    with pytest.raises(FileRefused):
        clean_ogg(content)


@pytest.mark.parametrize("part", range(1, 16))
def test_a_recording_cut_off_plays_as_far_as_it_goes_or_is_refused(part: int) -> None:
    for sound in (opus(), vorbis()):
        with suppress(FileRefused):
            assert clean_ogg(sound[: len(sound) * part // 16])
