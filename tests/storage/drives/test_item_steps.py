"""Items of the ledger: what offices and the lead office may do, and what nobody may."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlmodel import Session, select

from storage.deposits import deposits_of
from storage.drives.item_steps import (
    SLIP,
    add_item,
    item_for,
    say_fixed,
    set_plan,
    take_fixed_back,
    withdraw_item,
)
from storage.drives.items import DriveItem, ItemState, count_items, matter_of, open_sealed
from storage.drives.judging import return_item, strike_off, undo_strike
from storage.drives.permits import may_fetch_proof
from storage.errors import ItemMoved, NoSuchItem
from storage.events import Event
from storage.house import House
from storage.letters import Letter
from storage.members import Member, Role
from storage.messages import StoredFile
from tests.drives import drive_house, make_drive, make_item, state_of
from tests.factories import MONDAY, make_member

HOUSE = drive_house()
DRIVE = make_drive()
PHOTO = StoredFile("a" * 32, "照片.jpg", "image/jpeg", 10)


@pytest.fixture
def house() -> House:
    return HOUSE


@pytest.fixture
def clerk(session: Session) -> Member:
    return make_member(session, HOUSE, "李强", "药剂科", Role.STAFF)


@pytest.fixture
def judge(session: Session) -> Member:
    return make_member(session, HOUSE, "王芳", "纪检办")


def fixed(session: Session, item: DriveItem, by: Member, *files: StoredFile) -> DriveItem:
    say_fixed(session, item, DRIVE, by, "已补账", files, version=item.version, house=HOUSE, now=MONDAY)
    return item


def struck(session: Session, item: DriveItem, by: Member) -> DriveItem:
    strike_off(session, item, DRIVE, by, version=item.version, house=HOUSE, now=MONDAY)
    return item


def actions(session: Session) -> list[str]:
    return list(session.exec(select(Event.action).order_by(Event.id)))  # type: ignore[arg-type]


def test_from_a_problem_to_struck_off_every_step_is_in_the_trail(
    session: Session, clerk: Member, judge: Member
) -> None:
    item = add_item(session, DRIVE, clerk, "8月高值耗材账物不符", house=HOUSE, now=MONDAY)
    due = date(2025, 12, 5)
    set_plan(
        session, item, clerk, version=item.version, measure="逐件盘点", responsible="李强", due_on=due,
        house=HOUSE, now=MONDAY,
    )  # fmt: skip
    assert item.next_at is not None
    fixed(session, item, clerk, PHOTO)
    struck(session, item, judge)
    assert (state_of(session, item), item.struck_by) == (ItemState.STRUCK, judge.id)
    assert open_sealed(item, "measure", vault=HOUSE.vault) == "逐件盘点"
    assert [one.uid for one in deposits_of(session, matter_of(item))] == [PHOTO.uid]
    assert actions(session) == ["item_added", "item_planned", "item_fixed", "item_struck"]
    told = "".join(session.exec(select(Event.detail)))
    assert "耗材" not in told
    assert "李强" not in told


def test_numbers_count_within_a_drive(session: Session, clerk: Member) -> None:
    assert [make_item(session, HOUSE, clerk).number for _ in range(3)] == [1, 2, 3]


def test_nobody_strikes_off_their_own(session: Session, judge: Member) -> None:
    """Also in the lead office: not what they added, fixed or are responsible for."""
    colleague = make_member(session, HOUSE, "赵敏", "纪检办")
    added = fixed(session, make_item(session, HOUSE, judge), colleague)
    for member in (judge, colleague):
        with pytest.raises(NoSuchItem):
            struck(session, added, member)
    responsible = make_item(session, HOUSE, colleague, "公示不及时")
    set_plan(session, responsible, colleague, version=1, responsible="主任 王芳", house=HOUSE, now=MONDAY)
    fixed(session, responsible, colleague)
    with pytest.raises(NoSuchItem):
        struck(session, responsible, judge)
    assert state_of(session, added) is state_of(session, responsible) is ItemState.FIXED
    boss = make_member(session, HOUSE, "周主席", "人事科", Role.SUPERVISOR)
    assert struck(session, added, boss).state is ItemState.STRUCK


@pytest.mark.parametrize(
    ("office", "role"),
    [("药剂科", Role.STAFF), ("药剂科", Role.HEAD), ("设备科", Role.HEAD), ("纪检办", Role.STAFF),
     ("人事科", Role.OFFICER), ("纪检办", Role.ADMINISTRATOR)],
)  # fmt: skip
def test_only_who_runs_the_drive_judges(session: Session, clerk: Member, office: str, role: Role) -> None:
    item = fixed(session, make_item(session, HOUSE, clerk), clerk)
    other = make_member(session, HOUSE, "旁人", office, role)
    for judged in (
        lambda: struck(session, item, other),
        lambda: return_item(session, item, DRIVE, other, "不行", version=2, house=HOUSE, now=MONDAY),
    ):
        with pytest.raises(NoSuchItem):
            judged()
    assert state_of(session, item) is ItemState.FIXED
    assert "refused" in actions(session)


def test_other_offices_neither_see_nor_mend_an_item(session: Session, clerk: Member, judge: Member) -> None:
    item = make_item(session, HOUSE, clerk)
    stranger = make_member(session, HOUSE, "外人", "设备科", Role.HEAD)
    with pytest.raises(NoSuchItem):
        item_for(session, item.id or 0, (DRIVE,), stranger, now=MONDAY)
    for member in (stranger, judge):
        with pytest.raises(NoSuchItem):
            fixed(session, item, member)
        with pytest.raises(NoSuchItem):
            set_plan(session, item, member, version=1, measure="x", house=HOUSE, now=MONDAY)
    assert not may_fetch_proof(session, item.id or 0, stranger, HOUSE)
    assert may_fetch_proof(session, item.id or 0, judge, HOUSE)
    clerk.office = "设备科"  # who moved away reads it no more
    assert not may_fetch_proof(session, item.id or 0, clerk, HOUSE)


def test_an_office_that_takes_no_part_adds_nothing(session: Session) -> None:
    outsider = make_member(session, HOUSE, "外人", "人事科")
    with pytest.raises(NoSuchItem):
        add_item(session, DRIVE, outsider, "问题", house=HOUSE, now=MONDAY)
    clerk = make_member(session, HOUSE, "李强", "药剂科", Role.STAFF)
    with pytest.raises(NoSuchItem):
        add_item(session, DRIVE, clerk, "问题", house=HOUSE, now=MONDAY + timedelta(days=40))
    assert count_items(session, "clean") == {}


def test_of_two_who_press_at_once_one_wins(session: Session, clerk: Member, judge: Member) -> None:
    item = fixed(session, make_item(session, HOUSE, clerk), clerk)
    version = item.version
    struck(session, item, judge)
    with pytest.raises(ItemMoved):
        return_item(session, item, DRIVE, judge, "不行", version=version, house=HOUSE, now=MONDAY)
    with pytest.raises(ItemMoved):
        take_fixed_back(session, item, clerk, version=version, house=HOUSE, now=MONDAY)
    assert state_of(session, item) is ItemState.STRUCK


def test_what_is_returned_is_worked_on_again(session: Session, clerk: Member, judge: Member) -> None:
    item = fixed(session, make_item(session, HOUSE, clerk), clerk)
    return_item(session, item, DRIVE, judge, "缺照片", version=item.version, house=HOUSE, now=MONDAY)
    assert (item.state, item.returns) == (ItemState.RETURNED, 1)
    assert open_sealed(item, "returned", vault=HOUSE.vault) == "缺照片"
    fixed(session, item, clerk, PHOTO)
    assert state_of(session, item) is ItemState.FIXED


def back_to_fixed(session: Session, item: DriveItem, clerk: Member, judge: Member) -> ItemState:
    struck(session, item, judge)
    undo_strike(session, item, DRIVE, judge, version=item.version, house=HOUSE, now=MONDAY)
    return item.state


def back_to_open(session: Session, item: DriveItem, clerk: Member, judge: Member) -> ItemState:
    take_fixed_back(session, item, clerk, version=item.version, house=HOUSE, now=MONDAY)
    return item.state


@pytest.mark.parametrize(
    ("undo", "state"), [(back_to_fixed, ItemState.FIXED), (back_to_open, ItemState.OPEN)]
)
def test_a_slip_is_taken_back(
    session: Session, clerk: Member, judge: Member, undo: Callable[..., ItemState], state: ItemState
) -> None:
    item = fixed(session, make_item(session, HOUSE, clerk), clerk)
    assert undo(session, item, clerk, judge) is state
    assert actions(session)[-1] == "item_undone"


def test_what_was_added_goes_only_at_once_and_only_by_whoever_added_it(
    session: Session, clerk: Member, judge: Member
) -> None:
    """An office cannot make its problems vanish later on."""
    item = make_item(session, HOUSE, clerk)
    head = make_member(session, HOUSE, "何主任", "药剂科", Role.HEAD)
    with pytest.raises(NoSuchItem):
        withdraw_item(session, item, head, version=1, now=MONDAY)
    with pytest.raises(ItemMoved):
        withdraw_item(session, item, clerk, version=1, now=MONDAY + SLIP + timedelta(seconds=1))
    withdraw_item(session, item, clerk, version=1, now=MONDAY + SLIP)
    assert count_items(session, "clean") == {}
    with pytest.raises(NoSuchItem):
        item_for(session, item.id or 0, (DRIVE,), judge, now=MONDAY)


def test_the_lead_office_is_told_of_the_first_that_waits_and_not_of_each(
    session: Session, clerk: Member
) -> None:
    for _ in range(3):
        fixed(session, make_item(session, HOUSE, clerk), clerk)
    notices = list(session.exec(select(Letter.notice)))
    assert notices == ["drive.fixed"]


def test_fixed_without_proof_is_not_fixed(session: Session, clerk: Member) -> None:
    item = make_item(session, HOUSE, clerk)
    with pytest.raises(ItemMoved):
        say_fixed(session, item, DRIVE, clerk, "", version=1, house=HOUSE, now=MONDAY)
