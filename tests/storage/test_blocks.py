"""Two officers hold a sender back for a time; nobody learns who it is, and nobody can do it alone."""

from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

from storage.blocks import (
    Block,
    BlockReason,
    agree_to_block,
    block_of,
    blocks_in_force,
    decline_block,
    end_blocks,
    find_block,
    lift_block,
    may_agree,
    may_be_blocked,
    proposal_for,
    propose_block,
    tell_once_a_day,
)
from storage.cases import Case, LeftOutPerson, Outcome
from storage.errors import CaseMoved
from storage.events import Event
from storage.identity import sender_hash
from storage.letters import Letter
from storage.members import Member, Role
from storage.sender_tags import SenderTag, find_tag, forget_old_tags, has_tag, keep_tag, tag_of
from storage.triage import refuse_case
from storage.withdrawal import withdraw_case
from tests.factories import FIXED_VAULT, MONDAY, make_house, make_member, open_a_case

HOUSE = make_house()
SENDER = sender_hash(FIXED_VAULT, "web", "abuser")
SOON = MONDAY + timedelta(minutes=5)


def told(session: Session, sender: str = SENDER, **how: object) -> Case:
    case = open_a_case(session, HOUSE, **how)  # type: ignore[arg-type]
    keep_tag(session, case.id or 0, sender, vault=FIXED_VAULT, now=MONDAY)
    return case


def propose(session: Session, case: Case, member: Member, days: int = 7) -> None:
    propose_block(session, case, member, BlockReason.FLOOD, days, house=HOUSE, now=MONDAY)


def agree(session: Session, case: Case, member: Member) -> Block:
    return agree_to_block(session, case, member, house=HOUSE, now=SOON)


def held(session: Session, sender: str = SENDER, days: float = 0) -> bool:
    return find_block(session, sender, vault=FIXED_VAULT, now=SOON + timedelta(days=days)) is not None


def test_nothing_happens_until_a_second_person_agrees_and_then_for_so_long(session: Session) -> None:
    officer, head = make_member(session, HOUSE), make_member(session, HOUSE, "李强", role=Role.HEAD)
    case = told(session)
    propose(session, case, officer)
    assert not held(session)
    agree(session, case, head)
    assert held(session)
    assert not held(session, sender_hash(FIXED_VAULT, "web", "somebody else"))
    assert not held(session, sender_hash(FIXED_VAULT, "messenger", "abuser"))
    assert held(session, days=6.9)
    assert not held(session, days=7)


def test_a_supervisor_may_be_the_second_and_two_plain_officers_are_not_enough(session: Session) -> None:
    one, two = make_member(session, HOUSE), make_member(session, HOUSE, "李强")
    boss = make_member(session, HOUSE, "钱书记", "审计科", Role.SUPERVISOR)
    case = told(session)
    propose(session, case, one)
    with pytest.raises(CaseMoved):
        agree(session, case, two)
    agree(session, case, boss)
    assert held(session)


def test_a_head_who_proposes_needs_somebody_else_as_well(session: Session) -> None:
    head, officer = make_member(session, HOUSE, role=Role.HEAD), make_member(session, HOUSE, "李强")
    case = told(session)
    propose(session, case, head)
    with pytest.raises(CaseMoved):
        agree(session, case, head)
    agree(session, case, officer)


def test_the_same_person_under_a_second_account_is_no_second_person(session: Session) -> None:
    officer = make_member(session, HOUSE, "王芳")
    twin = make_member(session, HOUSE, " 王 芳 ", role=Role.SUPERVISOR)
    case = told(session)
    propose(session, case, officer)
    assert twin.id != officer.id
    with pytest.raises(CaseMoved):
        agree(session, case, twin)
    assert not held(session)


def test_pressing_twice_and_proposing_twice_do_nothing_more(session: Session) -> None:
    officer, head = make_member(session, HOUSE), make_member(session, HOUSE, "李强", role=Role.HEAD)
    case = told(session)
    propose(session, case, officer)
    with pytest.raises(CaseMoved):
        propose(session, case, head)
    agree(session, case, head)
    for again in (officer, head):
        with pytest.raises(CaseMoved):
            agree(session, case, again)
        with pytest.raises(CaseMoved):
            propose(session, case, again)
    assert len(blocks_in_force(session, now=SOON)) == 1


@pytest.mark.parametrize("which", ["proposer", "agreeing"])
def test_whom_the_report_names_cannot_silence_its_reporter(session: Session, which: str) -> None:
    """Even where the name came after the proposal."""
    officer, head = make_member(session, HOUSE), make_member(session, HOUSE, "李强", role=Role.HEAD)
    case = told(session)
    propose(session, case, officer)
    named = officer if which == "proposer" else head
    session.add(LeftOutPerson(case_id=case.id or 0, member_id=named.id or 0))
    session.flush()
    with pytest.raises(CaseMoved):
        agree(session, case, head)
    assert not held(session)


def test_who_left_or_moved_to_another_office_counts_no_more(session: Session) -> None:
    officer, head = make_member(session, HOUSE), make_member(session, HOUSE, "李强", role=Role.HEAD)
    case = told(session)
    propose(session, case, officer)
    officer.office = "药剂科"
    session.flush()
    with pytest.raises(CaseMoved):
        agree(session, case, head)


def test_supporting_offices_and_administrators_have_no_say(session: Session) -> None:
    officer = make_member(session, HOUSE)
    case = told(session, supporting=["药剂科"])
    propose(session, case, officer)
    block = proposal_for(session, case.id or 0, now=SOON)
    assert block is not None
    for number, (office, role) in enumerate([("药剂科", Role.HEAD), ("纪检办", Role.ADMINISTRATOR)]):
        member = make_member(session, HOUSE, f"某人{number}", office, role)
        assert not may_agree(session, block, case, member, house=HOUSE)


def test_a_proposal_lapses_after_a_day_and_can_be_declined(session: Session) -> None:
    officer, head = make_member(session, HOUSE), make_member(session, HOUSE, "李强", role=Role.HEAD)
    case, other = told(session), told(session)
    propose(session, case, officer)
    propose(session, other, officer)
    decline_block(session, other, head, now=SOON)
    with pytest.raises(CaseMoved):
        decline_block(session, other, head, now=SOON)
    late = MONDAY + timedelta(hours=24)
    with pytest.raises(CaseMoved):
        agree_to_block(session, case, head, house=HOUSE, now=late)
    assert end_blocks(session, now=late) == 1
    assert session.exec(select(Block)).all() == []
    assert may_be_blocked(session, case.id or 0, now=late)


def test_any_one_who_may_ends_it_and_time_does(session: Session) -> None:
    officer, head = make_member(session, HOUSE), make_member(session, HOUSE, "李强", role=Role.HEAD)
    first, second = told(session), told(session, sender_hash(FIXED_VAULT, "web", "another"))
    for case in (first, second):
        propose(session, case, officer, 1)
        agree(session, case, head)
    block = block_of(session, first.id or 0, now=SOON)
    assert block is not None
    assert lift_block(session, block.id or 0, officer, now=SOON)
    assert not lift_block(session, block.id or 0, officer, now=SOON)
    assert not held(session)
    assert end_blocks(session, now=SOON) == 0
    assert end_blocks(session, now=SOON + timedelta(days=1)) == 1
    assert session.exec(select(Block)).all() == []


def test_the_trail_tells_every_step_and_never_who_it_was(session: Session) -> None:
    officer, head = make_member(session, HOUSE), make_member(session, HOUSE, "李强", role=Role.HEAD)
    case = told(session)
    propose(session, case, officer)
    block = agree(session, case, head)
    lift_block(session, block.id or 0, head, now=SOON)
    events = session.exec(select(Event).where(Event.case_id == case.id).order_by(col(Event.id))).all()
    steps = [(event.actor, event.action) for event in events][1:]
    assert steps == [
        (f"member:{officer.id}", "block_proposed"),
        (f"member:{head.id}", "blocked"),
        (f"member:{head.id}", "unblocked"),
    ]
    tag = tag_of(SENDER, vault=FIXED_VAULT)
    assert not any(tag in event.detail or SENDER in event.detail for event in events)


def test_only_those_who_could_agree_are_asked_and_no_group(session: Session) -> None:
    officer, head = make_member(session, HOUSE), make_member(session, HOUSE, "李强", role=Role.HEAD)
    make_member(session, HOUSE, "赵敏")
    away = make_member(session, HOUSE, "孙立", role=Role.HEAD)
    away.on_duty = False
    propose(session, told(session), officer)
    asked = select(Letter.audience).where(col(Letter.notice) == "case.block_asked")
    assert list(session.exec(asked)) == [f"member:{head.id}"]


def test_a_tag_is_sealed_differs_by_case_and_is_gone_after_three_days(session: Session) -> None:
    first, second = told(session), told(session)
    one, two = (session.get(SenderTag, case.id) for case in (first, second))
    assert one is not None
    assert two is not None
    tag = tag_of(SENDER, vault=FIXED_VAULT)
    assert find_tag(session, first.id or 0, vault=FIXED_VAULT, now=SOON) == tag
    assert one.tag != two.tag, "the table does not tell that both came from one person"
    assert bytes.fromhex(tag) not in one.tag + two.tag
    one.tag = two.tag
    session.flush()
    assert find_tag(session, first.id or 0, vault=FIXED_VAULT, now=SOON) == "", "moved to another case"
    gone = MONDAY + timedelta(hours=72)
    assert not has_tag(session, second.id or 0, now=gone)
    assert forget_old_tags(session, now=gone) == 2


def test_the_last_message_counts_and_closing_forgets(session: Session) -> None:
    officer = make_member(session, HOUSE)
    refused, withdrawn = told(session), told(session)
    other = sender_hash(FIXED_VAULT, "web", "another device")
    keep_tag(session, refused.id or 0, other, vault=FIXED_VAULT, now=MONDAY)
    assert find_tag(session, refused.id or 0, vault=FIXED_VAULT, now=SOON) == tag_of(other, vault=FIXED_VAULT)
    refuse_case(session, refused, officer, "不归我们", house=HOUSE, now=MONDAY)
    withdraw_case(session, withdrawn, house=HOUSE, now=MONDAY)
    assert withdrawn.outcome is Outcome.WITHDRAWN
    assert session.exec(select(SenderTag)).all() == []
    with pytest.raises(CaseMoved):
        propose(session, refused, officer)


def test_a_proposed_tag_is_sealed_and_bound_to_its_proposal(session: Session) -> None:
    officer, head = make_member(session, HOUSE), make_member(session, HOUSE, "李强", role=Role.HEAD)
    case, other = told(session), told(session, sender_hash(FIXED_VAULT, "web", "innocent"))
    propose(session, case, officer)
    propose(session, other, officer)
    mine, theirs = (proposal_for(session, one.id or 0, now=SOON) for one in (case, other))
    assert mine is not None
    assert theirs is not None
    assert mine.tag is None
    mine.sealed_tag = theirs.sealed_tag
    session.flush()
    with pytest.raises(CaseMoved):
        agree(session, case, head)


def test_one_sentence_a_day(session: Session) -> None:
    officer, head = make_member(session, HOUSE), make_member(session, HOUSE, "李强", role=Role.HEAD)
    case = told(session)
    propose(session, case, officer)
    block = agree(session, case, head)
    assert tell_once_a_day(session, block, now=SOON)
    assert not tell_once_a_day(session, block, now=SOON + timedelta(hours=23))
    assert tell_once_a_day(session, block, now=SOON + timedelta(hours=24))
