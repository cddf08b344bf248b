"""The thread: sealed, in order, and without internal words where the reporter reads."""

import pytest
from sqlmodel import Session, select

from storage.entries import EntryRow, Kind, add_entry, mark_seen, reported_text, thread
from storage.errors import SealError
from tests.factories import MONDAY, make_house, open_a_case

HOUSE = make_house()
HOW = {"vault": HOUSE.vault, "now": MONDAY}


@pytest.fixture
def case_id(session: Session) -> int:
    """A case with an entry of each kind."""
    case_id = open_a_case(session, HOUSE, "第一句").id or 0
    for kind, text in [
        (Kind.NOTE, "内部"),
        (Kind.QUESTION, "哪天？"),
        (Kind.ADDITION, "上周"),
        (Kind.ADDITION, ""),
    ]:
        add_entry(session, case_id, kind, text, vault=HOUSE.vault, now=MONDAY)
    add_entry(
        session, case_id, Kind.STEP, "", vault=HOUSE.vault, now=MONDAY, step="transferred", office="药剂科"
    )
    return case_id


def test_the_reporter_never_reads_internal_notes(session: Session, case_id: int) -> None:
    everything = [entry.text for entry in thread(session, case_id, vault=HOUSE.vault)]
    shared = [entry.text for entry in thread(session, case_id, vault=HOUSE.vault, shared_only=True)]
    assert everything == ["第一句", "内部", "哪天？", "上周", "", ""]
    assert shared == ["第一句", "哪天？", "上周", "", ""]


def test_what_was_reported_is_the_reporters_own_words_a_line_each(session: Session, case_id: int) -> None:
    assert reported_text(session, case_id, vault=HOUSE.vault) == "第一句\n上周"


def test_a_step_carries_its_name_and_arguments(session: Session, case_id: int) -> None:
    assert thread(session, case_id, vault=HOUSE.vault)[-1].facts == {
        "step": "transferred",
        "office": "药剂科",
    }


def test_what_was_shown_is_seen_and_what_comes_later_is_new(session: Session, case_id: int) -> None:
    mark_seen(session, case_id, now=MONDAY)
    add_entry(session, case_id, Kind.STEP, "", vault=HOUSE.vault, now=MONDAY, step="accepted")
    assert [entry.seen for entry in thread(session, case_id, vault=HOUSE.vault)] == [True] * 6 + [False]


def test_nothing_is_readable_in_the_table_and_nothing_can_be_moved_to_another_case(
    session: Session, case_id: int
) -> None:
    rows = list(session.exec(select(EntryRow)))
    assert not any("第一句".encode() in row.body or b"\\u7b2c" in row.body for row in rows)
    other = open_a_case(session, HOUSE, "别的")
    rows[0].case_id = other.id or 0
    session.flush()
    with pytest.raises(SealError):
        thread(session, other.id or 0, vault=HOUSE.vault)
