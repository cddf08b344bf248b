"""Phases are told once, in working hours; overdue items go to the head, then to the lead office."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import Session, col, select

from scheduler.drives import sweep_drives
from storage.drives.item_steps import say_fixed, set_plan
from storage.drives.phases import DrivePhase
from storage.groups import EVERYONE
from storage.letters import Letter
from storage.members import Member, Role
from tests.drives import drive_house, make_drive, make_item
from tests.factories import make_member

HOUSE = drive_house()
MORNING = datetime(2025, 11, 24, 0, 30, tzinfo=UTC)
"""08:30 in Shanghai on the Monday on which the drive begins."""


def told(session: Session) -> list[tuple[str, str]]:
    """What was left for whom since the last look."""
    letters = session.exec(select(Letter).order_by(col(Letter.id))).all()
    found = [(one.notice or "", one.audience or "") for one in letters]
    for one in letters:
        session.delete(one)
    session.flush()
    return found


def sweep(session: Session, now: datetime, house: object = HOUSE) -> list[tuple[str, str]]:
    sweep_drives(session, house=house, now=now)  # type: ignore[arg-type]
    return told(session)


def phases(offices: Iterable[str]) -> list[tuple[str, str]]:
    return [("drive.phase", f"{kind}:{one}") for one in offices for kind in ("groups", "every_head")]


def test_a_phase_is_announced_once_to_groups_and_heads_who_take_part(session: Session) -> None:
    assert sweep(session, MORNING - timedelta(minutes=1)) == []
    assert sweep(session, MORNING) == phases(["纪检办", "药剂科", "设备科"])
    assert sweep(session, MORNING) == []
    assert sweep(session, MORNING + timedelta(days=3)) == []


def test_where_everybody_takes_part_the_group_of_the_house_hears_it(session: Session) -> None:
    house = drive_house(make_drive(takes_part={"everyone": True}))
    found = sweep(session, MORNING, house)
    assert found[0] == ("drive.phase", f"groups:{EVERYONE}")
    assert len(found) == 1 + 2 * len(house.hospital.places)


def test_after_a_stop_a_running_phase_is_announced_and_a_past_one_is_not(session: Session) -> None:
    """The second phase runs from 8 to 19 December; nobody was told of the first."""
    found = sweep(session, datetime(2025, 12, 10, 1, 0, tzinfo=UTC))
    assert [what for what, _ in found if what == "drive.phase"] == ["drive.phase"] * 6
    assert {row.phase for row in session.exec(select(DrivePhase))} == {"selfcheck", "rectify"}
    assert ("drive.over", "officers:纪检办") in found  # its end is three days ago: still worth telling


def test_long_after_its_end_a_drive_is_silent(session: Session) -> None:
    assert sweep(session, datetime(2026, 3, 10, 1, 0, tzinfo=UTC)) == []
    assert all(row.ended_at is not None for row in session.exec(select(DrivePhase)))


def test_the_end_of_a_phase_is_told_to_the_lead_office_once(session: Session) -> None:
    sweep(session, MORNING)
    assert sweep(session, datetime(2025, 12, 5, 10, 0, tzinfo=UTC)) == []
    monday = datetime(2025, 12, 8, 0, 30, tzinfo=UTC)
    assert ("drive.over", "officers:纪检办") in sweep(session, monday)
    assert sweep(session, monday + timedelta(hours=1)) == []


@pytest.mark.parametrize(
    "now",
    [datetime(2025, 11, 24, 13, 0, tzinfo=UTC), datetime(2025, 11, 29, 2, 0, tzinfo=UTC)],
    ids=["21:00", "Saturday"],
)
def test_nothing_is_told_in_quiet_hours_and_on_days_off(session: Session, now: datetime) -> None:
    assert sweep(session, now) == []


def test_an_ended_drive_announces_nothing(session: Session) -> None:
    house = drive_house(make_drive(ended="2025-12-01"))
    assert sweep(session, datetime(2025, 12, 8, 1, 0, tzinfo=UTC), house) == []


def overdue_item(session: Session, clerk: Member, *, due: date = date(2025, 11, 28)) -> None:
    item = make_item(session, HOUSE, clerk, now=MORNING)
    set_plan(session, item, clerk, version=1, due_on=due, house=HOUSE, now=MORNING)


def test_overdue_items_go_to_the_head_and_after_three_working_days_to_the_lead_office(
    session: Session,
) -> None:
    clerk = make_member(session, HOUSE, "李强", "药剂科", Role.STAFF)
    make_member(session, HOUSE, "何主任", "药剂科", Role.HEAD)
    sweep(session, MORNING)
    for _ in range(2):
        overdue_item(session, clerk)
    assert sweep(session, datetime(2025, 11, 28, 9, 0, tzinfo=UTC)) == []
    head = ("drive.overdue", "every_head:药剂科")
    days = [datetime(2025, 12, day, 0, 30, tzinfo=UTC) for day in (1, 2, 3)]
    assert [sweep(session, day) for day in days] == [
        [head], [head], [head, ("drive.waiting", "officers:纪检办")],
    ]  # fmt: skip


def test_without_a_head_the_lead_office_hears_at_once(session: Session) -> None:
    clerk = make_member(session, HOUSE, "李强", "药剂科", Role.STAFF)
    sweep(session, MORNING)
    overdue_item(session, clerk)
    monday = datetime(2025, 12, 1, 0, 30, tzinfo=UTC)
    assert sweep(session, monday) == [("drive.waiting", "officers:纪检办")]


def test_nobody_is_reminded_of_what_is_fixed_and_the_lead_office_of_what_waits(session: Session) -> None:
    clerk = make_member(session, HOUSE, "李强", "药剂科", Role.STAFF)
    make_member(session, HOUSE, "何主任", "药剂科", Role.HEAD)
    sweep(session, MORNING)
    item = make_item(session, HOUSE, clerk, now=MORNING)
    set_plan(session, item, clerk, version=1, due_on=date(2025, 11, 25), house=HOUSE, now=MORNING)
    say_fixed(session, item, make_drive(), clerk, "好了", version=2, house=HOUSE, now=MORNING)
    told(session)
    found = [sweep(session, MORNING + timedelta(days=day)) for day in range(1, 9)]
    assert [one for one in found if one] == [[("drive.waiting", "officers:纪检办")]] * 2


def test_an_overdue_item_is_not_called_to_mind_for_ever(session: Session) -> None:
    clerk = make_member(session, HOUSE, "李强", "药剂科", Role.STAFF)
    make_member(session, HOUSE, "何主任", "药剂科", Role.HEAD)
    overdue_item(session, clerk)
    heard = 0
    for day in range(5, 60):
        found = sweep(session, MORNING + timedelta(days=day))
        heard += ("drive.overdue", "every_head:药剂科") in found
    assert heard == HOUSE.duties.reminding.nag_days


def test_a_second_sweeper_finds_nothing(session: Session) -> None:
    assert sweep_drives(session, house=HOUSE, now=MORNING) == 1
    assert sweep_drives(session, house=HOUSE, now=MORNING) == 0
