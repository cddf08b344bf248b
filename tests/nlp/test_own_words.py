"""A hospital's own words are read by its own reader, and by no other."""

import pytest

from nlp.own_lists import OwnName, OwnTerm, OwnWords
from nlp.rating import rate
from nlp.reading import Reader
from nlp.taxonomy import Category, Intent

OWN = OwnWords(
    terms=(OwnTerm("过路钱", Category.KICKBACK), OwnTerm("红包", Category.RED_ENVELOPE, 1.5)),
    innocent=("好处费", "过路钱箱"),
    departments=("国际医疗部", "vip楼"),
    names=(OwnName("铁手张", "张伟"),),
)


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader.with_words(OWN)


def test_own_term_is_found(reader: Reader) -> None:
    verdict = reader.read("这里要过路钱")
    assert (verdict.intent, verdict.categories) == (Intent.REPORT, (Category.KICKBACK,))
    assert [piece.term for piece in verdict.evidence] == ["过路钱"]


def test_own_weight_takes_the_place_of_the_shipped_one(reader: Reader) -> None:
    assert reader.study("红包").scales.scores[Category.RED_ENVELOPE] == 1.5


def test_own_innocent_word_hides_what_lies_in_it(reader: Reader) -> None:
    assert not reader.read("门口有过路钱箱").categories


def test_shipped_term_that_is_innocent_here_is_no_term(reader: Reader) -> None:
    assert Category.RED_ENVELOPE in Reader.load().study("好处费").scales.scores
    assert not reader.study("好处费").scales.scores


def test_own_name_is_somebody_of_the_staff(reader: Reader) -> None:
    text = "铁手张收了两条中华烟"
    assert Category.RED_ENVELOPE in reader.read(text).categories
    assert [one.text for one in reader.mentions(text).people] == ["铁手张"]


def test_own_departments_are_found(reader: Reader) -> None:
    found = reader.mentions("从国际医疗部三病区转到VIP楼，再到骨二科")
    assert [one.text for one in found.departments] == ["国际医疗部三病区", "VIP楼", "骨二科"]


def test_rating_is_read_with_own_words(reader: Reader) -> None:
    assert Category.KICKBACK in rate("还行，就是要过路钱", reader).categories


def test_other_readers_know_nothing_of_them(reader: Reader) -> None:
    shipped = Reader.load()
    assert not shipped.read("这里要过路钱").categories
    assert not shipped.mentions("在国际医疗部住院，铁手张").departments
    assert Reader.with_words(OwnWords()) is shipped
