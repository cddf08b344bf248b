"""A correction can be told from one that speaks about other lists."""

from nlp.own_lists import OwnTerm, OwnWords
from nlp.taxonomy import Category
from nlp.versions import lists_version


def test_the_same_lists_have_the_same_short_name() -> None:
    assert lists_version() == lists_version(OwnWords())
    assert len(lists_version()) == 12


def test_every_own_word_changes_it_but_not_the_line_it_stands_on() -> None:
    term = (OwnTerm("过路钱", Category.RED_ENVELOPE),)
    assert lists_version(OwnWords(term)) != lists_version()
    assert lists_version(OwnWords(innocent=("红包树",))) != lists_version(OwnWords(departments=("红包树",)))
    assert lists_version(OwnWords(term, lines={("term", "过路钱", ""): 7})) == lists_version(OwnWords(term))
