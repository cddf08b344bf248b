"""Who is missing and why, for who oversees them; nobody who is excused is."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import Session

from storage.duties.assignments import Excuse
from storage.duties.completing import complete, excuse
from storage.duties.missing import (
    Behind,
    Missing,
    Why,
    behind,
    count_not_joined,
    excused_names,
    missing_names,
    owed_by,
)
from storage.duties.occurrences import Occurrence, OccurrenceStage
from storage.staff.employees import Employee, Employment
from tests.duties import duty_house, give_out, make_employee, owed
from tests.factories import MONDAY

HOUSE = duty_house({}, {"key": "figures", "each": "office", "done": "figure"})
TODAY = date(2025, 11, 24)
SPAN: dict[str, Any] = {"since": MONDAY, "until": MONDAY + timedelta(days=30)}


@pytest.fixture
def people(session: Session) -> dict[str, Employee]:
    found = {name: make_employee(session, HOUSE, name)[0] for name in ("赵敏", "钱进", "孙丽", "李强")}
    found["周全"] = make_employee(session, HOUSE, "周全", joined=False)[0]
    found["吴外"] = make_employee(session, HOUSE, "吴外", "设备科")[0]
    found["钱进"].silent = True
    found["孙丽"].leave_from = found["孙丽"].leave_until = TODAY
    session.flush()
    return found


@pytest.fixture
def occurrence(session: Session, people: dict[str, Employee]) -> Occurrence:
    return give_out(session, HOUSE, people=list(people.values()))


def names(session: Session, occurrence: Occurrence, office: str = "药剂科") -> list[Missing]:
    return missing_names(session, occurrence, office, vault=HOUSE.vault, today=TODAY)


def test_everybody_who_owes_it_with_what_stands_in_the_way(
    session: Session, people: dict[str, Employee], occurrence: Occurrence
) -> None:
    complete(session, owed(session, occurrence, people["李强"]), by=people["李强"], now=MONDAY)
    found = {one.name: one.why for one in names(session, occurrence)}
    assert found == {"赵敏": Why.OPEN, "钱进": Why.SILENT, "孙丽": Why.LEAVE, "周全": Why.NOT_JOINED}
    assert [str(one) for one in names(session, occurrence, "设备科")] == ["吴外"]


def test_who_is_excused_is_not_missing_but_can_be_named_as_away(
    session: Session, people: dict[str, Employee], occurrence: Occurrence
) -> None:
    excuse(session, owed(session, occurrence, people["孙丽"]), Excuse.LEAVE, now=MONDAY)
    excuse(session, owed(session, occurrence, people["赵敏"]), Excuse.HEAD, now=MONDAY)
    assert not {"孙丽", "赵敏"} & {one.name for one in names(session, occurrence)}
    away = excused_names(session, occurrence, "药剂科", vault=HOUSE.vault)
    assert [one.name for one in away] == ["孙丽"]


def test_who_left_after_it_was_closed_is_told_as_such(
    session: Session, people: dict[str, Employee], occurrence: Occurrence
) -> None:
    occurrence.stage = OccurrenceStage.CLOSED
    people["赵敏"].standing, people["赵敏"].name = Employment.LEFT, None
    session.flush()
    assert Missing("", Why.LEFT) in names(session, occurrence)


def test_a_name_that_was_exchanged_from_outside_is_empty_and_stops_nobody(
    session: Session, people: dict[str, Employee], occurrence: Occurrence
) -> None:
    """The attack: the sealed name of a colleague is put in a row, to have another blamed."""
    people["赵敏"].name = people["李强"].name
    session.flush()
    assert [one.name for one in names(session, occurrence)].count("李强") == 1
    assert "" in [one.name for one in names(session, occurrence)]


def test_people_behind_are_counted_once_however_much_they_owe(
    session: Session, people: dict[str, Employee], occurrence: Occurrence
) -> None:
    give_out(session, HOUSE, people=list(people.values()))
    assert behind(session, offices=None, **SPAN) == Behind(people=6, not_joined=1)
    assert behind(session, offices=["设备科"], **SPAN) == Behind(people=1, not_joined=0)
    assert behind(session, offices=None, **SPAN, duty="other") == Behind()
    assert count_not_joined(session, occurrence, ["药剂科"]) == 1
    assert count_not_joined(session, occurrence, ["设备科"]) == 0
    assert count_not_joined(session, occurrence, None) == 1


def test_where_offices_answer_as_one_nobody_is_missing_by_name(
    session: Session, people: dict[str, Employee]
) -> None:
    figures = give_out(session, HOUSE, "figures", offices=["药剂科"])
    assert names(session, figures) == []
    assert behind(session, offices=None, **SPAN) == Behind(as_offices=1)
    assert behind(session, offices=["设备科"], **SPAN) == Behind()


def test_what_one_person_owes_is_theirs_alone(
    session: Session, people: dict[str, Employee], occurrence: Occurrence
) -> None:
    [(one, mine)] = owed_by(session, people["赵敏"], **SPAN)
    assert (one.id, mine.employee_id) == (occurrence.id, people["赵敏"].id)
    assert owed_by(session, people["赵敏"], MONDAY + timedelta(days=8), MONDAY + timedelta(days=9)) == []
