"""Changed plans move what is not sent yet, stop what is gone, add what is new, once for each change."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session

import storage.followup.walking
from storage.followup.answering import finish, open_now
from storage.followup.discharges import Discharge, Standing
from storage.followup.replanning import replan
from storage.followup.stopping import set_standing
from storage.followup.surveys import Survey
from storage.followup.walking import next_slice
from storage.house import House
from tests.factories import make_house
from tests.storage.followup.stays import local, make_stay, surveys_of

LEFT = local("2026-11-20 14:00")
NOW = local("2026-11-21 12:00")
DAY3 = {"key": "day3", "kind": "satisfaction", "after_days": 3, "questions": ["overall"]}
DAY30 = {"key": "day30", "kind": "integrity", "after_days": 30, "questions": ["money"]}


def with_plans(*plans: dict[str, Any], **followup: Any) -> House:
    return make_house(followup={"plans": plans, **followup})


@pytest.fixture
def usual(session: Session) -> House:
    """The house as it was when the stays were imported, and walked through once."""
    house = with_plans(DAY3, DAY30)
    run(session, house)
    return house


def run(session: Session, house: House, now: datetime = NOW) -> int:
    """Until the walk is over; how many slices."""
    slices = 0
    session.flush()
    while replan(session, house=house, now=now):
        session.flush()
        slices += 1
    return slices


def told(session: Session, stay: Discharge) -> dict[str, tuple[str, datetime]]:
    return {key: (one.stage.value, one.due_at) for key, one in surveys_of(session, stay).items()}


def send(session: Session, house: House, survey: Survey) -> None:
    open_now(session, survey, chat="c", reached=True, house=house, now=survey.due_at)


def test_nothing_changes_where_nothing_changed_and_it_is_done_once(session: Session, usual: House) -> None:
    stay = make_stay(session, usual, LEFT)
    before = told(session, stay)
    assert run(session, usual) == 0
    assert run(session, with_plans(DAY3, DAY30, late=9)) == 0
    assert told(session, stay) == before


def test_a_changed_plan_moves_what_is_planned(session: Session, usual: House) -> None:
    stay = make_stay(session, usual, LEFT)
    changed = with_plans(DAY3 | {"after_days": 7, "at": "11:00"}, DAY30)
    assert run(session, changed) == 1
    survey = surveys_of(session, stay)["day3"]
    assert survey.due_at == survey.next_at == local("2026-11-27 11:00")
    assert told(session, stay)["day30"][1] == local("2026-12-20 10:00")
    assert run(session, changed) == 0


def test_new_quiet_hours_and_working_days_move_it_as_well(session: Session, usual: House) -> None:
    stay = make_stay(session, usual, local("2026-11-19 14:00"))  # due on a Sunday
    run(session, with_plans(DAY3, DAY30, working_days=True, quiet_until="10:30"))
    assert told(session, stay)["day3"] == ("planned", local("2026-11-23 10:30"))


def test_what_was_sent_is_never_touched(session: Session, usual: House) -> None:
    stay = make_stay(session, usual, LEFT)
    survey = surveys_of(session, stay)["day3"]
    send(session, usual, survey)
    before = survey.sent_at, survey.next_at, survey.due_at
    run(session, with_plans(DAY3 | {"after_days": 7}, DAY30))
    assert (survey.sent_at, survey.next_at, survey.due_at) == before
    run(session, with_plans(DAY30))
    assert survey.stage == "sent"
    finish(session, survey, now=NOW)
    run(session, with_plans(DAY3, DAY30))
    assert survey.stage == "answered"


def test_a_plan_that_is_gone_stops_and_comes_back(session: Session, usual: House) -> None:
    stay = make_stay(session, usual, LEFT)
    run(session, with_plans(DAY3))
    gone = surveys_of(session, stay)["day30"]
    assert (gone.stage.value, gone.why, gone.next_at) == ("stopped", "plan", None)
    run(session, with_plans(DAY3, DAY30))
    assert (gone.stage.value, gone.why, gone.next_at) == ("planned", "", gone.due_at)


def test_a_plan_that_comes_back_too_late_stays_stopped(session: Session, usual: House) -> None:
    stay = make_stay(session, usual, LEFT)
    run(session, with_plans(DAY30))
    run(session, with_plans(DAY3, DAY30), now=NOW + timedelta(days=20))
    assert told(session, stay)["day3"][0] == "stopped"


def test_a_new_plan_holds_for_stays_whose_day_lies_ahead(session: Session, usual: House) -> None:
    early = make_stay(session, usual, LEFT - timedelta(days=11))
    late = make_stay(session, usual, LEFT)
    new = {"key": "day10", "kind": "satisfaction", "after_days": 10, "questions": ["overall"]}
    run(session, with_plans(DAY3, DAY30, new))
    assert "day10" not in told(session, early)  # yesterday: no long wait behind them, but no day ahead
    assert told(session, late)["day10"] == ("planned", local("2026-11-30 10:00"))


def test_a_department_that_gets_its_own_plan_is_not_asked_the_same_twice(
    session: Session, usual: House
) -> None:
    asked, fresh, other = (make_stay(session, usual, LEFT) for _ in range(3))
    other.department = "内科"
    send(session, usual, surveys_of(session, asked)["day3"])
    own = DAY3 | {"key": "bones", "after_days": 6, "departments": ["骨科"]}
    run(session, with_plans(DAY3, DAY30, own))
    assert "bones" not in told(session, asked)
    assert told(session, fresh)["day3"][0] == "stopped"
    assert told(session, fresh)["bones"] == ("planned", local("2026-11-26 10:00"))
    assert told(session, other)["day3"][0] == "planned"


def test_who_is_not_asked_gets_nothing_new(session: Session, usual: House) -> None:
    stay = make_stay(session, usual, LEFT)
    set_standing(session, stay, Standing.DECEASED, now=NOW)
    new = {"key": "day10", "kind": "satisfaction", "after_days": 10, "questions": ["overall"]}
    run(session, with_plans(DAY3 | {"after_days": 5}, new))
    assert {stage for stage, _ in told(session, stay).values()} == {"stopped"}
    assert "day10" not in told(session, stay)


def test_a_long_plan_that_became_short_is_found_however_old_the_stay(session: Session) -> None:
    year = with_plans(
        DAY3, {"key": "year", "kind": "satisfaction", "after_days": 365, "questions": ["overall"]}
    )
    run(session, year)
    stay = make_stay(session, year, LEFT - timedelta(days=300))
    run(session, with_plans(DAY3))
    assert told(session, stay)["year"][0] == "stopped"


def test_plans_that_change_again_half_way_are_walked_from_the_front(
    session: Session, usual: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage.followup.walking, "SLICE", 2)
    stays = [make_stay(session, usual, LEFT) for _ in range(5)]
    assert replan(session, house=with_plans(DAY3 | {"after_days": 7}, DAY30), now=NOW)
    session.flush()
    assert run(session, with_plans(DAY3 | {"after_days": 8}, DAY30)) == 3
    assert {told(session, stay)["day3"][1] for stay in stays} == {local("2026-11-28 10:00")}


def walk(session: Session, turn: str, *conditions: Any) -> list[Sequence[int]]:
    slices: list[Sequence[int]] = []
    while (ids := next_slice(session, "test", turn, *conditions)) is not None:
        slices.append(ids)
    return slices


def test_a_walk_passes_everything_once_in_bounded_steps(
    session: Session, usual: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage.followup.walking, "SLICE", 3)
    monkeypatch.setattr(storage.followup.walking, "_REACH", 4)
    numbers = [make_stay(session, usual, LEFT).id for _ in range(10)]
    slices = walk(session, "one")
    assert [number for ids in slices for number in ids] == numbers
    assert max(map(len, slices)) == 3
    assert walk(session, "one") == []
    none = walk(session, "two", Discharge.department == "内科")
    assert none == [[], [], []]
    assert walk(session, "two") == []
