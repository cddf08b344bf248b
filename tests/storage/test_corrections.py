"""What officers corrected: kept sealed, the last word of a case counts, gone with its words."""

import sqlite3
from pathlib import Path

import pytest
from sqlmodel import Session, select

from nlp.taxonomy import Category, Intent
from storage.cases import Case
from storage.corrections import (
    MOST,
    Correction,
    Meaning,
    corrected_cases,
    drop_correction,
    forget_corrections,
    keep_correction,
    last_correction,
    open_corrections,
)
from storage.database import Database
from storage.errors import SealError
from tests.factories import MONDAY, make_house, open_a_case

HOUSE = make_house()
SAID, MEANT = Meaning(Intent.OTHER), Meaning(Intent.REPORT, (Category.KICKBACK, Category.SALES_REP))


def keep(session: Session, case: Case, excerpt: str = "喝凉茶的先安排", meant: Meaning = MEANT) -> None:
    keep_correction(
        session, case.id or 0, member_id=3, said=SAID, meant=meant, lists="abc", before={"unsure": True},
        excerpt=excerpt, vault=HOUSE.vault, now=MONDAY,
    )  # fmt: skip


def test_correction_is_opened_as_it_was_kept(session: Session) -> None:
    case = open_a_case(session, HOUSE)
    keep(session, case)
    [one] = open_corrections(session, [case.id or 0], vault=HOUSE.vault)
    assert (one.said, one.meant, one.lists, one.excerpt) == (SAID, MEANT, "abc", "喝凉茶的先安排")


def test_the_last_word_of_a_case_counts(session: Session) -> None:
    case = open_a_case(session, HOUSE)
    keep(session, case)
    keep(session, case, "喝凉茶", Meaning(Intent.PRAISE))
    [one] = open_corrections(session, corrected_cases(session, sealed=False), vault=HOUSE.vault)
    assert one.meant == Meaning(Intent.PRAISE)
    newest = last_correction(session, case.id or 0)
    assert newest is not None
    drop_correction(session, newest)
    [one] = open_corrections(session, [case.id or 0], vault=HOUSE.vault)
    assert one.meant == MEANT


def test_long_words_are_cut(session: Session) -> None:
    case = open_a_case(session, HOUSE)
    keep(session, case, "长" * (MOST + 5))
    assert open_corrections(session, [case.id or 0], vault=HOUSE.vault)[0].excerpt == "长" * MOST


def test_excerpt_opens_in_its_own_row_only(session: Session) -> None:
    first, second = open_a_case(session, HOUSE), open_a_case(session, HOUSE)
    keep(session, first)
    keep(session, second)
    one, other = session.exec(select(Correction)).all()
    one.excerpt, other.excerpt = other.excerpt, one.excerpt
    session.flush()
    with pytest.raises(SealError, match="corrections"):
        open_corrections(session, [first.id or 0], vault=HOUSE.vault)


def test_sealed_cases_are_left_out_unless_asked_for(session: Session) -> None:
    case = open_a_case(session, HOUSE, sealed=True)
    keep(session, case)
    assert corrected_cases(session, sealed=False) == []
    assert corrected_cases(session, sealed=True) == [case.id]


def test_forgotten_with_the_words_of_the_case(session: Session) -> None:
    case, other = open_a_case(session, HOUSE), open_a_case(session, HOUSE)
    keep(session, case)
    keep(session, other)
    forget_corrections(session, case.id or 0)
    assert corrected_cases(session, sealed=True) == [other.id]


def test_nothing_of_the_words_is_in_the_file(database: Database, database_file: Path) -> None:
    database.run_now(lambda session: keep(session, open_a_case(session, HOUSE, "喝凉茶"), "喝凉茶的先安排"))
    with sqlite3.connect(database_file) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    assert "喝凉茶".encode() not in database_file.read_bytes()
