"""Who left long ago is forgotten in every table: names, words, signatures and files; counts stay."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select as core_select
from sqlmodel import Session

from storage.deposits import deposited
from storage.duties.assignments import AssignmentState, keep_wish
from storage.duties.book import Form
from storage.duties.completing import complete
from storage.duties.handing_in import begin, submit
from storage.duties.promises import begin_promise, keep_answers, sign
from storage.leavers import forget_people_who_left
from storage.messages import StoredFile
from storage.sealed_columns import SEALED
from storage.staff.employees import Employee
from storage.staff.moving import leave_for_good
from storage.staff.record import EntryKind, RecordEntry, Veto, keep_note, keep_reason
from tests.duties import duty_house, give_out, make_employee, owed
from tests.factories import MONDAY

HOUSE = duty_house({"done": "text"}, {"key": "office", "done": "file", "each": "office"})
LATER = MONDAY + timedelta(days=400)
PERSONS = ("employees", "promises", "assignments", "submissions", "record_entries", "record_vetoes")


def _file(letter: str) -> StoredFile:
    return StoredFile(letter * 32, "文件.pdf", "application/pdf", 10)


@pytest.fixture
def leaver(session: Session) -> Employee:
    """Somebody of whom something stands in every table, with files of their own and of their office."""
    person, _ = make_employee(session, HOUSE)
    number = person.id or 0
    own = owed(session, give_out(session, HOUSE, people=[person]), person)
    submit(session, own, by=person, words="心得", files=[_file("a")], house=HOUSE, now=MONDAY)
    waits = owed(session, give_out(session, HOUSE, people=[person]), person)
    waits.wished_by = person.id
    keep_wish(waits, "家里有事", vault=HOUSE.vault)
    offices = owed(session, give_out(session, HOUSE, "office", offices=["药剂科"]), person)
    submit(session, offices, by=person, words="报告", files=[_file("b")], house=HOUSE, now=MONDAY)
    again = owed(session, give_out(session, HOUSE, "office", offices=["药剂科"]), person)
    begin(session, again, by=person, now=MONDAY)
    promise, _ = begin_promise(
        session, own.occurrence_id, person, Form(key="promise", title="承诺书"), vault=HOUSE.vault, now=MONDAY
    )
    keep_answers(session, promise, {"q": "有"}, "", vault=HOUSE.vault)
    sign(session, promise, "赵敏", vault=HOUSE.vault, now=MONDAY)
    entry = RecordEntry(
        uid="e", employee_id=number, kind=EntryKind.PRAISE, on_day=date(2025, 3, 1), added_by=1,
        added_at=MONDAY,
    )  # fmt: skip
    keep_note(entry, "锦旗", vault=HOUSE.vault)
    veto = Veto(uid="v", employee_id=number, year=2025, proposed_by=1, proposed_at=MONDAY)
    keep_reason(veto, "reason", "查实", vault=HOUSE.vault)
    session.add_all([entry, veto])
    session.flush()
    return person


def _sealed_of_persons(session: Session) -> dict[str, int]:
    """How many sealed values stand in each table about persons."""
    return {
        f"{one.table.name}.{one.name}": len(
            session.execute(core_select(one.column).where(one.column.is_not(None))).all()
        )
        for one in SEALED
        if one.table.name in PERSONS
    }


def test_nothing_sealed_of_who_left_stays_but_what_their_office_handed_in(
    session: Session, leaver: Employee
) -> None:
    before = _sealed_of_persons(session)
    assert all(before[name] for name in ("promises.signature", "assignments.wish", "record_vetoes.reason"))
    leave_for_good(session, leaver, by="console", house=HOUSE, now=MONDAY)
    assert forget_people_who_left(session, days=365, house=HOUSE, now=LATER) == 1
    kept = {name: count for name, count in _sealed_of_persons(session).items() if count}
    assert kept == {"submissions.words": 1}
    assert deposited(session) == {"b" * 32}


def test_who_is_here_keeps_everything(session: Session, leaver: Employee) -> None:
    before = _sealed_of_persons(session)
    assert forget_people_who_left(session, days=365, house=HOUSE, now=LATER) == 0
    assert _sealed_of_persons(session) == before


def test_what_was_done_stays_counted(session: Session, leaver: Employee) -> None:
    read = owed(session, give_out(session, HOUSE, people=[leaver]), leaver)
    complete(session, read, by=leaver, now=MONDAY)
    leave_for_good(session, leaver, by="console", house=HOUSE, now=MONDAY)
    forget_people_who_left(session, days=365, house=HOUSE, now=LATER)
    assert (read.state, read.done_at) == (AssignmentState.DONE, MONDAY)
