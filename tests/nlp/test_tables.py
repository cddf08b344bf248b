"""Mistakes in a word list are told with file and line; the lists that come along have none."""

import pytest

from nlp.lexicon import lexicon
from nlp.tables import ListError, parse, rows


def test_comments_and_header_are_skipped_and_missing_columns_are_empty() -> None:
    assert list(parse("x.tsv", "# note\nterm\tnote\n红包\n回扣\tcore\n", 2)) == [
        ("红包", ""),
        ("回扣", "core"),
    ]


def test_row_with_too_many_columns_is_told_with_its_line() -> None:
    with pytest.raises(ListError, match=r"x\.tsv, line 2"):
        list(parse("x.tsv", "term\tnote\n红包\t1\t2\n", 2))


def test_no_term_stands_twice_for_a_category() -> None:
    seen = [(term, code) for term, code, *_ in rows("terms.tsv", 5)]
    assert len(seen) == len(set(seen))


def test_lists_that_come_along_load() -> None:
    lists = lexicon()
    assert lists.frames
    assert {"staff", "took", "refuse"} <= lists.concepts
