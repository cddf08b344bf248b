from contextlib import suppress
from typing import Any

import pytest

from storage.cleaning.boxes import first
from storage.cleaning.films import clean_film
from storage.errors import FileRefused
from tests.storage.leaks import leaks
from tests.storage.recordings import labels, played, recording
from tests.storage.samples import MARK, box

WHOLE: dict[str, tuple[str, Any]] = {
    "mp4": ("mp4", lambda: recording("mp4", "aac", "libx264")),
    "h265": ("mp4", lambda: recording("mp4", "aac", "libx265")),
    "av1": ("mp4", lambda: recording("mp4", "libopus", "libsvtav1", rate=48000)),
    "mov": ("mov", lambda: recording("mov", "aac", "libx264")),
    "mov of a camera": ("mov", lambda: recording("mov", "pcm_s16le", "mpeg4")),
    "3gp": ("3gp", lambda: recording("3gp", "libopencore_amrnb", "mpeg4", rate=8000)),
    "m4a": ("m4a", lambda: recording("ipod", "aac")),
}
IN_FRAGMENTS: dict[str, tuple[str, Any]] = {
    "voice message": ("m4a", lambda: recording("mp4", "aac", movflags="empty_moov+frag_every_frame")),
    "fragments": ("mp4", lambda: recording("mp4", "aac", "libx264", movflags=f"{OLD}+default_base_moof")),
    "fragments of old": ("mp4", lambda: recording("mp4", "aac", "libx264", movflags=OLD)),
}
OLD = "frag_keyframe+empty_moov"
FILMS = WHOLE | IN_FRAGMENTS
LYING = [0, 1, 0x7FFFFFFF, 0xFFFFFFFF]
TABLES = [b"stsz", b"stco", b"stsc", b"stts", b"stsd", b"trun", b"tfhd", b"elst", b"avcC"]


def made(name: str) -> tuple[str, bytes]:
    code, make = FILMS[name]
    return code, make()


@pytest.mark.parametrize("name", FILMS)
def test_a_film_plays_as_before_and_tells_nothing(name: str) -> None:
    code, film = made(name)
    cleaned = clean_film(film, code)
    assert MARK in film
    assert leaks(cleaned) == []
    assert played(cleaned) == played(film)
    assert not any(word in labels(cleaned) for word in ("2024", "title", "creation", "chi", "location"))


@pytest.mark.parametrize("name", ["mp4", "h265"])
def test_what_the_coder_noted_between_the_pictures_is_gone(name: str) -> None:
    code, film = made(name)
    coder = b"x264" if name == "mp4" else b"x265"
    assert coder in film
    assert coder not in clean_film(film, code)


def test_a_film_cleaned_twice_stays_the_same() -> None:
    once = clean_film(made("mp4")[1], "mp4")
    assert clean_film(once, "mp4") == once


def test_a_track_of_measurements_goes_with_its_samples() -> None:
    film = made("mp4")[1]
    before, after = film.split(b"soun", 1)
    cleaned = clean_film(before + b"gpmd" + after, "mp4")
    assert [sort for sort, _, _ in played(cleaned)] == ["video"]
    assert len(cleaned) < len(film)


def test_bytes_no_track_refers_to_are_left_out() -> None:
    film = made("mp4")[1]
    hidden = film + box(b"mdat", MARK) + box(b"uuid", MARK) + box(b"free", MARK) + MARK
    assert clean_film(hidden, "mp4") == clean_film(film, "mp4")


def test_places_of_phones_are_gone() -> None:
    place = box(b"udta", box(b"\xa9xyz", MARK) + box(b"loci", MARK)) + box(b"meta", MARK)
    film = made("mp4")[1]
    size = int.from_bytes(film[film.index(b"moov") - 4 : film.index(b"moov")], "big")
    start = film.index(b"moov") - 4
    moov = box(b"moov", film[start + 8 : start + size] + place)
    assert leaks(clean_film(film[:start] + moov + film[start + size :], "mp4")) == []


@pytest.mark.parametrize("part", range(1, 16))
def test_a_film_cut_off_plays_or_is_refused(part: int) -> None:
    for name in FILMS:
        code, film = made(name)
        with suppress(FileRefused):
            cleaned = clean_film(film[: len(film) * part // 16], code)
            assert first(memoryview(cleaned), b"moov") is not None


@pytest.mark.parametrize(
    "sort", [b"stsz", b"stco", b"stsc", b"stts", b"stsd", b"trun", b"tfhd", b"elst", b"avcC"]
)
@pytest.mark.parametrize("number", LYING)
def test_numbers_that_lie_do_no_harm(sort: bytes, number: int) -> None:
    for name in ("mp4", "fragments", "m4a"):
        code, film = made(name)
        for gap in (-4, 4, 8, 12, 16):
            at = film.find(sort)
            if at < 0:
                continue
            bad = film[: at + gap] + number.to_bytes(4, "big") + film[at + gap + 4 :]
            with suppress(FileRefused):
                assert len(clean_film(bad, code)) < 3 * len(film)


def test_the_same_bytes_over_and_over_are_refused() -> None:
    film = made("mp4")[1]
    at = film.index(b"stsz")
    bomb = film[: at + 8] + (9000).to_bytes(4, "big") + film[at + 12 :]
    with pytest.raises(FileRefused, match="damaged"):
        clean_film(bomb, "mp4")


def test_boxes_within_boxes_without_end_do_no_harm() -> None:
    nested = b""
    for _ in range(2000):
        nested = box(b"moov", nested)
    with pytest.raises(FileRefused, match="damaged"):
        clean_film(nested, "mp4")


def test_a_coding_nobody_knows_is_no_kind_we_take() -> None:
    with pytest.raises(FileRefused, match="type"):
        clean_film(made("m4a")[1].replace(b"mp4a", b"enca"), "m4a")
