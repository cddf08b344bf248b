from collections.abc import Callable
from contextlib import suppress

import pytest

from storage.cleaning.webm import clean_webm
from storage.errors import FileRefused
from tests.storage.leaks import leaks
from tests.storage.recordings import labels, played, recording
from tests.storage.samples import MARK

FILMS: dict[str, Callable[[], bytes]] = {
    "film": lambda: recording("webm", "libopus", "libvpx", rate=48000),
    "vp9": lambda: recording("webm", "libopus", "libvpx-vp9", rate=48000),
    "voice": lambda: recording("webm", "libopus", rate=48000),
    "vorbis": lambda: recording("webm", "vorbis", rate=48000),
    "live": lambda: recording("webm", "libopus", "libvpx", rate=48000, live="1"),
}


@pytest.mark.parametrize("name", FILMS)
def test_a_film_of_a_browser_plays_as_before_and_tells_nothing(name: str) -> None:
    film = FILMS[name]()
    cleaned = clean_webm(film)
    assert MARK in film
    assert leaks(cleaned) == []
    assert b"Lav" not in cleaned
    assert played(cleaned) == played(film)
    assert not any(word in labels(cleaned).lower() for word in ("title", "2024", "chi"))
    assert clean_webm(cleaned) == cleaned


def test_attachments_and_tags_behind_the_film_are_gone() -> None:
    attached = b"\x19\x41\xa4\x69\x8f" + MARK
    tagged = b"\x12\x54\xc3\x67\x8f" + MARK
    assert leaks(clean_webm(FILMS["live"]() + attached + tagged)) == []


@pytest.mark.parametrize("part", range(1, 16))
def test_a_film_cut_off_plays_as_far_as_it_goes_or_is_refused(part: int) -> None:
    for make in FILMS.values():
        film = make()
        with suppress(FileRefused):
            assert clean_webm(film[: len(film) * part // 16])


@pytest.mark.parametrize(
    "content",
    [
        b"", b"\x1aE\xdf\xa3", b"\x1aE\xdf\xa3\x80\x18\x53\x80\x67\xff", bytes(100), b"\xff" * 100,
        b"\x1aE\xdf\xa3\x80" + b"\x18\x53\x80\x67\xff" * 5000,
        b"\x18\x53\x80\x67\xff" + b"\x1f\x43\xb6\x75\xff" * 5000,
    ],
)  # fmt: skip
def test_sizes_that_lie_are_refused(content: bytes) -> None:
    with pytest.raises(FileRefused, match="damaged"):
        clean_webm(content)
