"""Who hears what of a hand-in at the moment a letter is sent."""

import json

import pytest
from sqlmodel import Session

from handlers.notices import render
from handlers.turn import Desk
from handlers.words import words_for
from storage.hand_ins.giving import take_back
from storage.hand_ins.handling import receive, settle
from storage.hand_ins.rows import HandIn, Settled, Way
from storage.letters import Letter, State
from storage.members import Role
from storage.messages import Reply
from tests.factories import MONDAY, make_member
from tests.storage.hand_ins.givers import MARK, anonymous, by_name


def sent(
    session: Session, desk: Desk, audience: str, notice: str, row: HandIn, **more: object
) -> Reply | None:
    letter = Letter(
        uid="1", state=State.PENDING, audience=audience, notice=f"handin.{notice}", attempts=1,
        arguments=json.dumps({"hand_in": row.id, **more}), is_group=audience.startswith("group:"),
        created_at=MONDAY, due_at=MONDAY,
    )  # fmt: skip
    return render(letter, session=session, desk=desk, words=words_for("zh"), now=MONDAY)


@pytest.mark.parametrize("notice", ["new", "reminder"])
def test_a_group_reads_number_and_limit_alone(session: Session, desk: Desk, notice: str) -> None:
    row, _, _ = by_name(session, desk.house)
    reply = sent(session, desk, "group:纪检办", notice, row)
    assert reply is not None
    assert row.number in reply.text
    for hidden in (MARK, "赵敏", "2,000", "两千"):
        assert hidden not in reply.text
    assert sent(session, desk, "group:药剂科", notice, row) is None


def test_the_giver_hears_nothing_as_an_officer(session: Session, desk: Desk) -> None:
    row, _, giver = by_name(session, desk.house, "王芳", "纪检办")
    giver.role = Role.OFFICER
    for notice in ("new", "reminder", "card"):
        assert sent(session, desk, f"member:{giver.id}", notice, row) is None


def test_a_supervisor_of_the_office_hears_once(session: Session, desk: Desk) -> None:
    row, _ = anonymous(session, desk.house)
    inside = make_member(session, desk.house, "何平", "纪检办", Role.SUPERVISOR)
    outside = make_member(session, desk.house, "吴监", "医务科", Role.SUPERVISOR)
    assert sent(session, desk, f"member:{inside.id}", "reminder", row, above=True) is None
    assert sent(session, desk, f"member:{inside.id}", "reminder", row, above=False) is not None
    assert sent(session, desk, f"member:{outside.id}", "reminder", row, above=True) is not None


def test_what_is_over_is_not_told_any_more(session: Session, desk: Desk) -> None:
    row, _, giver = by_name(session, desk.house)
    take_back(session, row, by=giver, house=desk.house, now=MONDAY)
    officer = make_member(session, desk.house)
    for notice in ("new", "reminder"):
        assert sent(session, desk, f"member:{officer.id}", notice, row) is None


def test_how_it_was_settled_is_told_to_its_giver_alone(session: Session, desk: Desk) -> None:
    row, _, giver = by_name(session, desk.house)
    officer, other = make_member(session, desk.house), make_member(session, desk.house, "钱进", "药剂科")
    receive(session, row, officer, version=0, now=MONDAY)
    assert sent(session, desk, f"member:{giver.id}", "settled", row) is None
    settle(session, row, officer, Way.DEPOSIT, Settled("1"), version=1, house=desk.house, now=MONDAY)
    told = sent(session, desk, f"member:{giver.id}", "settled", row)
    assert told is not None
    assert "已充入住院押金" in told.text
    for member in (officer, other):
        assert sent(session, desk, f"member:{member.id}", "settled", row) is None
    assert sent(session, desk, "group:纪检办", "settled", row) is None


def test_who_left_meanwhile_gets_no_content(session: Session, desk: Desk) -> None:
    row, _ = anonymous(session, desk.house)
    officer = make_member(session, desk.house)
    assert MARK in (sent(session, desk, f"member:{officer.id}", "card", row) or Reply("")).text
    officer.active = False
    session.add(officer)
    session.flush()
    assert sent(session, desk, f"member:{officer.id}", "card", row) is None
