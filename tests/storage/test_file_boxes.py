import pytest

from storage.file_boxes import wipe_labels
from tests.storage import samples
from tests.storage.samples import MARK, box


@pytest.mark.parametrize(
    "labels",
    [
        box(b"udta", box(b"\xa9xyz", MARK)),
        box(b"meta", MARK),
        box(b"trak", box(b"udta", MARK)),
        box(b"uuid", MARK),
        b"\x00\x00\x00\x01udta\x00\x00\x00\x00\x00\x00\x00\x1f" + MARK,
        b"\x00\x00\x00\x00udta" + MARK,
        b"\xff\xff\xff\xffudta" + MARK,
    ],
)
def test_the_place_is_wiped_and_nothing_moves(labels: bytes) -> None:
    film = samples.film(b"isom", labels=labels)
    wiped = wipe_labels(film)
    assert MARK in film
    assert MARK not in wiped
    assert len(wiped) == len(film)
    assert wiped.index(b"pictures") == film.index(b"pictures")
    assert b"vide" in wiped


def test_a_film_without_labels_stays_as_it_is() -> None:
    assert wipe_labels(samples.film(b"isom")) == samples.film(b"isom")


@pytest.mark.parametrize(
    "content", [b"", b"moov", bytes(100), b"\x00\x00\x00\x09moov" * 5000, b"\x00\x00\x00\x01moov"]
)
def test_nonsense_comes_back_in_its_length(content: bytes) -> None:
    assert len(wipe_labels(content)) == len(content)


def test_boxes_within_boxes_without_end_do_no_harm() -> None:
    nested = b""
    for _ in range(2000):
        nested = box(b"moov", nested)
    assert wipe_labels(nested) == nested
