"""The staff's names for routing: opened once, anew when somebody joins, moves or leaves."""

from datetime import timedelta

import pytest
from sqlmodel import Session

from storage.members import Role
from storage.roster import Roster
from tests.factories import MONDAY, make_house, make_member

HOUSE = make_house()


def test_hears_of_everybody_who_joins_moves_or_leaves(session: Session) -> None:
    roster = Roster()
    assert roster.people(session, vault=HOUSE.vault) == ()
    member = make_member(session, HOUSE, "王芳", "药剂科", Role.HEAD)
    [person] = roster.people(session, vault=HOUSE.vault)
    assert (person.name, person.office, person.head) == ("王芳", "药剂科", True)
    make_member(session, HOUSE, "王芳", "医务科", now=MONDAY + timedelta(minutes=1))
    [person] = roster.people(session, vault=HOUSE.vault)
    assert (person.office, person.head) == ("医务科", False)
    member.active, member.changed_at = False, MONDAY + timedelta(minutes=2)
    session.flush()
    assert roster.people(session, vault=HOUSE.vault) == ()


def test_opens_no_name_twice(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    roster = Roster()
    make_member(session, HOUSE)
    before = roster.people(session, vault=HOUSE.vault)
    monkeypatch.setattr("storage.roster.name_of", lambda *_, **__: pytest.fail("opened again"))
    assert roster.people(session, vault=HOUSE.vault) is before
