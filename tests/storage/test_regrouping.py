"""When one of several cases with the same words goes its own way, the others are not lost."""

from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

from nlp.reading import Verdict
from nlp.taxonomy import Category, Intent
from storage.access import may_see
from storage.cases import Case, Status
from storage.clocks import running_clocks
from storage.copies import count_copies
from storage.errors import CaseMoved
from storage.events import case_history
from storage.handover import cover_office
from storage.letters import Letter
from storage.members import Member, Role
from storage.newcomers import look_through_cases
from storage.recusal import lift_recusal, recuse
from storage.regrouping import mend_group, part_if_new, take_out
from storage.rerouting import reconsider
from storage.roster import Roster
from storage.routing import Routing
from storage.triage import accept_case
from storage.withdrawal import restore_case, withdraw_case
from tests.factories import MONDAY, make_house, make_member, open_a_case

HOUSE = make_house()
ALIKE = "a" * 32
STORY = "骨科每次手术前都要病人家属给红包，不给就拖着不排手术，请医院查一查，王芳也知道。"


def group(session: Session, count: int, lead: str = "药剂科") -> list[Case]:
    return [open_a_case(session, HOUSE, STORY, lead=lead, likeness=ALIKE) for _ in range(count)]


def pushes(session: Session) -> list[int | None]:
    """The cases of which an office was told, in order; each once."""
    found = select(Letter.case_id).where(col(Letter.notice) == "case.new").order_by(col(Letter.id))
    return list(dict.fromkeys(session.exec(found)))


def says(session: Session, case: Case, text: str, *, files: bool = False) -> None:
    part_if_new(session, case, text, files=files, house=HOUSE, now=MONDAY)


@pytest.mark.parametrize("words", ["上周三在病房给的", "是护士长收的", "三床也给了"])
def test_a_copy_that_says_more_stands_out_and_is_pushed(session: Session, words: str) -> None:
    first, second, third = group(session, 3)
    says(session, second, words)
    assert (second.same_as, third.same_as) == (None, first.id)
    assert pushes(session) == [first.id, second.id]
    assert running_clocks(session, second.id or 0)
    assert case_history(session, second.id or 0)[-1].action == "stands_alone"


def test_a_picture_is_something_new_as_well(session: Session) -> None:
    _, second = group(session, 2)
    says(session, second, "", files=True)
    assert second.same_as is None


@pytest.mark.parametrize("words", ["", "红包", "请医院查一查！", STORY])
def test_what_was_said_already_changes_nothing(session: Session, words: str) -> None:
    first, second = group(session, 2)
    says(session, second, words)
    says(session, first, words)
    session.refresh(second)
    assert second.same_as == first.id
    assert pushes(session) == [first.id]


def test_a_flooder_whose_copy_came_first_cannot_speak_for_the_others(session: Session) -> None:
    """His addition would be read as theirs: the real ones part from it, and the office is told."""
    flooder, real, other = group(session, 3)
    says(session, flooder, "以上都是开玩笑的，不用查了")
    session.refresh(real)
    session.refresh(other)
    assert (real.same_as, other.same_as) == (None, real.id)
    assert pushes(session) == [flooder.id, real.id]
    assert flooder.likeness is None
    assert open_a_case(session, HOUSE, STORY, lead="药剂科", likeness=ALIKE).same_as == real.id


def test_who_sent_a_copy_first_cannot_withdraw_the_others(session: Session) -> None:
    """An accused with a leaked report sends it himself and takes it back: only his own is closed."""
    accused, real, other = group(session, 3)
    withdraw_case(session, accused, house=HOUSE, now=MONDAY)
    session.refresh(real)
    session.refresh(other)
    assert accused.status is Status.CLOSED
    assert real.status is other.status is Status.RECEIVED
    assert (real.same_as, other.same_as) == (None, real.id)
    assert running_clocks(session, real.id or 0)
    assert pushes(session)[-1] == real.id


def test_a_withdrawn_copy_leaves_and_comes_back_as_a_case_like_any_other(session: Session) -> None:
    first, second = group(session, 2)
    withdraw_case(session, second, house=HOUSE, now=MONDAY)
    assert count_copies(session, first) == 0
    assert first.status is Status.RECEIVED
    restore_case(session, second, house=HOUSE, now=MONDAY)
    assert second.same_as is None
    assert running_clocks(session, second.id or 0)


def test_copies_that_were_told_different_things_part_into_groups(session: Session) -> None:
    officer = make_member(session, HOUSE, "李强", "药剂科")
    first, second = group(session, 2)
    accept_case(session, first, officer, house=HOUSE, now=MONDAY)
    late = group(session, 1)[0]
    assert late.same_as == first.id
    withdraw_case(session, first, house=HOUSE, now=MONDAY)
    session.refresh(late)
    session.refresh(second)
    assert (second.status, second.same_as) == (Status.ACCEPTED, None)
    assert (late.status, late.same_as) == (Status.RECEIVED, None)
    kinds = {str(clock.kind) for clock in running_clocks(session, late.id or 0)}
    assert "decide" in kinds, "nobody has decided on it yet"


def test_an_officer_takes_one_out_once(session: Session) -> None:
    officer = make_member(session, HOUSE, "李强", "药剂科")
    first, second, third = group(session, 3)
    take_out(session, second, officer, house=HOUSE, now=MONDAY)
    assert (second.same_as, third.same_as) == (None, first.id)
    assert case_history(session, second.id or 0)[-1].action == "separated"
    assert open_a_case(session, HOUSE, STORY, lead="药剂科", likeness=ALIKE).same_as == first.id
    with pytest.raises(CaseMoved):
        take_out(session, second, officer, house=HOUSE, now=MONDAY)


def test_an_addition_that_names_the_office_moves_the_own_case_alone(session: Session) -> None:
    """Else whoever sent a copy could take everybody's report from the office, or seal it, with one line."""
    first, second = group(session, 2)
    says(session, second, "药剂科的人都有份")
    seen = Verdict(Intent.REPORT, (Category.RED_ENVELOPE,))
    routing = Routing("纪检办", left_out_offices=("药剂科",))
    reconsider(session, second, verdict=seen, routing=routing, house=HOUSE, now=MONDAY)
    assert (second.lead_office, first.lead_office) == ("纪检办", "药剂科")


def join(session: Session, name: str, office: str, role: Role = Role.OFFICER) -> Member:
    member = make_member(session, HOUSE, name, office, role)
    everyone = Roster().people(session, vault=HOUSE.vault)
    look_through_cases(session, member, everyone, house=HOUSE, now=MONDAY)
    return member


def test_a_newcomer_who_is_named_sees_none_of_them_and_the_group_stays_whole(session: Session) -> None:
    make_member(session, HOUSE, "同事甲", "药剂科")
    cases = group(session, 4)
    before = len(session.exec(select(Letter)).all())
    named = join(session, "王芳", "药剂科")
    for case in cases:
        session.refresh(case)
        assert not may_see(session, case, named, HOUSE.hospital)
    assert [case.same_as for case in cases] == [None, *[cases[0].id] * 3]
    assert len(session.exec(select(Letter)).all()) == before


def test_a_named_head_moves_all_of_them_with_one_push(session: Session) -> None:
    make_member(session, HOUSE, "同事甲", "药剂科")
    cases = group(session, 4)
    join(session, "王芳", "药剂科", Role.HEAD)
    for case in cases:
        session.refresh(case)
        assert case.lead_office == "纪检办"
    assert [case.same_as for case in cases] == [None, *[cases[0].id] * 3]
    moved = select(Letter).where(col(Letter.notice) == "case.new", col(Letter.audience) == "office:纪检办")
    assert len(session.exec(moved).all()) == 1
    assert not running_clocks(session, cases[1].id or 0)


def test_copies_that_lie_elsewhere_than_their_first_do_not_vanish(session: Session) -> None:
    first, second = group(session, 2)
    first.lead_office = "纪检办"
    session.flush()
    mend_group(session, first, house=HOUSE, now=MONDAY)
    session.refresh(second)
    assert second.same_as is None
    assert pushes(session)[-1] == second.id


def test_who_steps_back_from_one_steps_back_from_all(session: Session) -> None:
    officer = make_member(session, HOUSE, "李强", "药剂科")
    make_member(session, HOUSE, "赵敏", "药剂科")
    boss = make_member(session, HOUSE, "钱书记", "纪检办", Role.SUPERVISOR)
    everyone = Roster().people(session, vault=HOUSE.vault)
    first, second = group(session, 2)
    recuse(session, first, officer, by=officer, people=everyone, house=HOUSE, now=MONDAY)
    session.expire_all()
    assert not may_see(session, second, officer, HOUSE.hospital)
    third = group(session, 1)[0]
    assert third.same_as == first.id
    assert not may_see(session, third, officer, HOUSE.hospital)
    lift_recusal(session, first, officer, by=boss, people=everyone, house=HOUSE, now=MONDAY)
    session.expire_all()
    assert may_see(session, second, officer, HOUSE.hospital)


def test_an_office_without_anybody_passes_the_group_on_with_one_notice(session: Session) -> None:
    make_member(session, HOUSE, "赵敏", "纪检办")
    officer = make_member(session, HOUSE, "李强", "药剂科")
    first, *_ = group(session, 5)
    officer.active = False
    session.flush()
    everyone = Roster().people(session, vault=HOUSE.vault)
    before = len(session.exec(select(Letter)).all())
    cover_office(session, "药剂科", people=everyone, house=HOUSE, now=MONDAY + timedelta(days=1))
    new = session.exec(select(Letter).order_by(col(Letter.id))).all()[before:]
    assert [letter.arguments for letter in new] == [f'{{"office": "药剂科", "cases": [{first.id}]}}']
