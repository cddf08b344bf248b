"""Thousands of staff who handle no cases slow nothing down, and are looked for once they do."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlmodel import Session

from storage.audiences import Addressing
from storage.members import Member, Role, move_member, opens
from storage.posting import Former, settle_in, take_off
from storage.roster import Roster
from storage.vault import Vault
from tests.factories import MONDAY, make_house, make_member, open_a_case

HOUSE = make_house()


@contextmanager
def counted_openings(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The places of all values that are opened meanwhile."""
    opened: list[str] = []
    real = Vault.open

    def count(vault: Vault, value: bytes, where: str) -> bytes:
        opened.append(where)
        return real(vault, value, where)

    with monkeypatch.context() as patch:
        patch.setattr(Vault, "open", count)
        yield opened


def staff(session: Session, count: int = 30, office: str = "药剂科") -> list[Member]:
    return [make_member(session, HOUSE, f"职工甲{place}", office, Role.STAFF) for place in range(count)]


def test_a_round_of_letters_opens_nobody_who_handles_no_cases(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    staff(session)
    make_member(session, HOUSE, "王芳", "药剂科")
    case = open_a_case(session, HOUSE, lead="药剂科")
    with counted_openings(monkeypatch) as opened:
        told = Addressing(session, HOUSE).recipients("office:药剂科", case.id)
    assert [one.address for one in told] == ["王芳"]
    assert len(opened) <= 2


def test_a_staff_member_can_be_addressed_where_nobody_handles_cases(session: Session) -> None:
    [one] = staff(session, 1)
    told = Addressing(session, HOUSE).recipients(f"member:{one.id}", None)
    assert [recipient.address for recipient in told] == ["职工甲0"]


def test_a_group_is_quiet_where_a_staff_member_who_is_left_out_reads_along(session: Session) -> None:
    from storage.groups import bind_group

    accused, *_ = staff(session)
    make_member(session, HOUSE, "王芳", "药剂科")
    bind_group(session, channel="messenger", address="g", office="药剂科", vault=HOUSE.vault, now=MONDAY)
    loud = open_a_case(session, HOUSE, lead="药剂科")
    quiet = open_a_case(session, HOUSE, lead="药剂科", left_out_people=[accused.id])
    groups = {
        case.id: [one.is_group for one in Addressing(session, HOUSE).recipients("office:药剂科", case.id)]
        for case in (loud, quiet)
    }
    assert groups == {loud.id: [True, False], quiet.id: [False]}


def test_one_who_joins_opens_one_name_and_not_those_of_all(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    roster = Roster()
    staff(session)
    assert len(roster.people(session, vault=HOUSE.vault)) == 30
    newcomer = make_member(session, HOUSE, "钱进", "药剂科", Role.STAFF)
    with counted_openings(monkeypatch) as opened:
        settle_in(session, newcomer, Former(), by="x", roster=roster, house=HOUSE, now=MONDAY)
        people = roster.people(session, vault=HOUSE.vault)
    assert len(people) == 31
    assert len(opened) <= 2


def test_names_are_those_of_the_rows_also_after_something_was_undone(session: Session) -> None:
    roster = Roster()
    [one] = staff(session, 1)
    with session.begin_nested() as undone:
        move_member(
            session, one, office="设备科", role=Role.OFFICER, vault=HOUSE.vault, now=MONDAY.replace(hour=5)
        )
        assert roster.people(session, vault=HOUSE.vault)[0].office == "设备科"
        undone.rollback()
    make_member(session, HOUSE, "后来", "药剂科", Role.STAFF, now=MONDAY.replace(hour=6))
    assert {person.office for person in roster.people(session, vault=HOUSE.vault)} == {"药剂科"}


def test_a_moved_member_opens_and_one_lifted_by_hand_does_not(session: Session) -> None:
    one, other = staff(session, 2)
    move_member(session, one, office="设备科", role=Role.STAFF, vault=HOUSE.vault, now=MONDAY)
    assert opens(one, vault=HOUSE.vault)
    other.role = Role.SUPERVISOR
    assert not opens(other, vault=HOUSE.vault)


def test_a_staff_member_who_goes_makes_no_office_unmanned_anew(session: Session) -> None:
    from sqlmodel import select

    from storage.letters import Letter

    [one] = staff(session, 1, "设备科")
    take_off(session, one, by="console", roster=Roster(), house=HOUSE, now=MONDAY)
    assert not one.active
    assert session.exec(select(Letter).where(Letter.notice == "handover.covering")).all() == []
