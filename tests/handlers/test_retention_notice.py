"""The warning before content goes tells each reader of those cases alone that they may know of."""

import json

from sqlmodel import Session

from handlers.retention_notice import retention_notice
from handlers.turn import Desk
from handlers.words import words_for
from storage.cases import Case, CaseOffice, LeftOutPerson, Outcome, Part
from storage.house import House
from storage.letters import Letter, State
from storage.members import Member, Role
from storage.messages import Reply
from storage.triage import accept_case, close_case
from tests.factories import MONDAY, make_member, open_a_case


def closed(session: Session, house: House, officer: Member) -> Case:
    case = open_a_case(session, house)
    accept_case(session, case, officer, house=house, now=MONDAY)
    close_case(session, case, officer, Outcome.UNSUBSTANTIATED, "", "查过了", house=house, now=MONDAY)
    return case


def warning(session: Session, desk: Desk, member: Member, *cases: Case) -> Reply | None:
    letter = Letter(
        uid="letter", state=State.PENDING, notice="retention.warning", audience=f"member:{member.id}",
        created_at=MONDAY, due_at=MONDAY,
    )  # fmt: skip
    arguments = json.loads(json.dumps({"cases": [case.id for case in cases]}))
    return retention_notice(letter, arguments, session=session, desk=desk, words=words_for("zh"), now=MONDAY)


def test_who_was_left_out_meanwhile_reads_no_number(session: Session, desk: Desk, house: House) -> None:
    officer, head = make_member(session, house), make_member(session, house, "李强", role=Role.HEAD)
    kept, other = closed(session, house, officer), closed(session, house, officer)
    for one in (officer, head):
        session.add(LeftOutPerson(case_id=other.id or 0, member_id=one.id or 0))
    session.flush()
    shown = warning(session, desk, head, kept, other)
    assert shown is not None
    assert kept.number in shown.text
    assert other.number not in shown.text + str(shown.choices)
    assert warning(session, desk, officer, other) is None


def test_only_who_may_hold_gets_the_button(session: Session, desk: Desk, house: House) -> None:
    officer, head = make_member(session, house), make_member(session, house, "李强", role=Role.HEAD)
    case = closed(session, house, officer)
    session.add(CaseOffice(case_id=case.id or 0, office="药剂科", part=Part.SUPPORTING))
    elsewhere = make_member(session, house, "周洁", "药剂科", Role.HEAD)
    labels = [
        str(shown.choices)
        for one in (officer, head, elsewhere)
        if (shown := warning(session, desk, one, case))
    ]
    assert [f"保留 {case.number}" in found for found in labels] == [False, True, False]
