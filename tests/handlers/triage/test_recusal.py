"""Stepping back from a case: at once, everywhere, and nobody's case lies unread for it."""

import pytest
from sqlmodel import Session, select

from handlers.notices import render
from handlers.turn import Desk
from handlers.words import words_for
from storage.access import may_see
from storage.audiences import Addressing
from storage.cards import Card, remember_card
from storage.cases import Case, Cause, Status, people_left_out
from storage.clocks import running_clocks
from storage.entries import thread
from storage.events import case_history
from storage.groups import bind_group
from storage.house import House
from storage.letters import Letter, State
from storage.members import Role
from storage.outbox import announce
from tests.factories import MONDAY, open_a_case
from tests.handlers.conftest import Hire, Officer, member_of

NO_SUCH = "没有查到这一件，或者它不归您办理。"


def steps_back(officer: Officer, case: Case, reason: str = "我与被反映人是亲戚") -> Officer:
    officer.opens(case).presses("申请回避")
    officer.says(reason) if reason else officer.presses("跳过")
    assert "确认回避吗" in officer.text
    return officer.presses("确认回避")


def test_who_steps_back_is_out_everywhere_and_the_case_waits_for_a_colleague(
    session: Session, house: House, hire: Hire
) -> None:
    case = open_a_case(session, house)
    anna, bert = hire("王芳"), hire("李强")
    anna.opens(case).presses("受理")
    limits = [clock.due_at for clock in running_clocks(session, case.id or 0)]
    assert "您已回避" in steps_back(anna, case).text
    assert (case.status, case.assignee_id, case.lead_office) == (Status.ACCEPTED, None, "纪检办")
    assert [clock.due_at for clock in running_clocks(session, case.id or 0)] == limits
    assert people_left_out(session, case.id or 0, Cause.RECUSED) == {member_of(anna).id}
    for value in (f"open:{case.id}", f"text:{case.id}:1", f"files:{case.id}", f"history:{case.id}"):
        assert anna.chooses(value).text == NO_SUCH
    assert anna.says(case.number).text == NO_SUCH
    assert case.number not in str(anna.says("本科室").labels)
    assert "申请回避" in bert.opens(case).labels
    assert "我与被反映人是亲戚" in bert.chooses(f"thread:{case.id}").text
    assert "回避：王芳" in bert.chooses(f"history:{case.id}").text


def test_the_reason_is_sealed_and_may_be_missing(session: Session, house: House, hire: Hire) -> None:
    case = open_a_case(session, house)
    anna, _ = hire("王芳"), hire("李强")
    steps_back(anna, case, reason="")
    assert [entry.text for entry in thread(session, case.id or 0, vault=house.vault)][1:] == []
    assert [event.action for event in case_history(session, case.id or 0)].count("recused") == 1


@pytest.mark.parametrize(
    ("colleagues", "lead", "sealed"),
    [
        ([("李强", "药剂科")], "药剂科", False),
        ([("孙立", "纪检办")], "纪检办", False),
        ([("何平", "人事科")], "纪检办", True),
    ],
)
def test_a_case_nobody_of_the_office_may_handle_moves_on(
    session: Session, house: House, hire: Hire, colleagues: list[tuple[str, str]], lead: str, sealed: bool
) -> None:
    case = open_a_case(session, house, lead="药剂科")
    anna = hire("王芳", "药剂科")
    hire("何平", "人事科", Role.SUPERVISOR)
    for name, office in colleagues:
        if office != "人事科":
            hire(name, office)
    steps_back(anna, case)
    assert (case.lead_office, case.sealed) == (lead, sealed)


def test_discipline_that_is_accused_gets_no_case_by_a_recusal(
    session: Session, house: House, hire: Hire
) -> None:
    case = open_a_case(session, house, lead="药剂科", left_out_offices=["纪检办"])
    anna, accused, above = hire("王芳", "药剂科"), hire("孙立"), hire("何平", "人事科", Role.SUPERVISOR)
    steps_back(anna, case)
    assert case.sealed
    assert not may_see(session, case, member_of(accused), house.hospital)
    assert may_see(session, case, member_of(above), house.hospital)


def test_who_joined_later_and_is_named_gets_no_case_by_a_recusal(
    session: Session, house: House, hire: Hire
) -> None:
    case = open_a_case(session, house, "药剂科的事，纪检办孙立收了红包。", lead="药剂科")
    anna, accused = hire("王芳", "药剂科"), hire("孙立", "纪检办")
    hire("何平", "人事科", Role.SUPERVISOR)
    steps_back(anna, case)
    assert case.sealed
    assert not may_see(session, case, member_of(accused), house.hospital)


def test_the_last_who_could_handle_it_may_not_step_back(session: Session, house: House, hire: Hire) -> None:
    case = open_a_case(session, house)
    anna = hire()
    assert "暂时不能回避" in steps_back(anna, case).text
    assert may_see(session, case, member_of(anna), house.hospital)
    assert not people_left_out(session, case.id or 0)


def test_a_supporting_office_may_step_back_too(session: Session, house: House, hire: Hire) -> None:
    hire("王芳", "药剂科")
    case = open_a_case(session, house, lead="药剂科", supporting=["医务科"])
    carl = hire("周洁", "医务科")
    steps_back(carl, case)
    assert carl.opens(case).text == NO_SUCH
    assert case.lead_office == "药剂科"


def test_a_head_asks_officers_of_the_own_office_and_nobody_above(
    session: Session, house: House, hire: Hire
) -> None:
    case = open_a_case(session, house, supporting=["医务科"])
    head, bert = hire("冯刚", role=Role.HEAD), hire("李强")
    hire("周洁", "医务科")
    hire("何平", "纪检办", Role.SUPERVISOR)
    assert "请某人回避" not in bert.opens(case).labels
    assert "现在不能办" in bert.chooses(f"do:recuse_other:{case.id}:{case.version}").text
    head.opens(case).presses("更多…").presses("请某人回避")
    assert head.labels == ["李强", "取消"]
    head.presses("李强").presses("跳过").presses("确认请其回避")
    assert "李强已回避" in head.text
    assert bert.opens(case).text == NO_SUCH


def test_a_supervisor_takes_a_recusal_back_but_never_a_naming(
    session: Session, house: House, hire: Hire
) -> None:
    named, anna, bert = hire("周洁"), hire("赵静"), hire("李强")
    case = open_a_case(session, house, left_out_people=[member_of(named).id])
    above = hire("何平", "人事科", Role.SUPERVISOR)
    assert "取消回避" not in above.opens(case).presses("更多…").labels
    steps_back(anna, case)
    assert "取消回避" not in bert.opens(case).labels
    assert above.opens(case).presses("更多…").presses("取消回避").labels == ["赵静", "取消"]
    above.presses("赵静")
    assert may_see(session, case, member_of(anna), house.hospital)
    assert not may_see(session, case, member_of(named), house.hospital)


def test_who_stepped_back_and_is_named_later_stays_out_for_good(
    session: Session, house: House, desk: Desk, hire: Hire
) -> None:
    from storage.newcomers import look_through_case

    case = open_a_case(session, house, "王芳收了我两千元红包")
    anna, _ = hire("王芳"), hire("李强")
    hire("何平", "人事科", Role.SUPERVISOR)
    steps_back(anna, case)
    people = desk.roster.people(session, vault=house.vault)
    look_through_case(session, case, people, house=house, now=MONDAY)
    assert people_left_out(session, case.id or 0, Cause.RECUSED) == frozenset()
    assert member_of(anna).id in people_left_out(session, case.id or 0)


def test_groups_learn_nothing_and_cards_keep_the_number_alone(
    session: Session, house: House, desk: Desk, hire: Hire
) -> None:
    anna, _ = hire("王芳"), hire("李强")
    case = open_a_case(session, house)
    assert case.id is not None
    bind_group(session, channel="web", address="群", office="纪检办", vault=house.vault, now=MONDAY)
    for chat, audience in (("王芳", f"member:{member_of(anna).id}"), ("群", "group:纪检办")):
        remember_card(
            session, case.id, chat=chat, channel="web", address=chat, is_group=chat == "群",
            audience=audience, reference=chat, opened=True, vault=house.vault, now=MONDAY,
        )  # fmt: skip
    waiting = Letter(
        uid="u", state=State.CLAIMED, notice="case.reminder", arguments='{"kind": "answer", "percent": 100}',
        case_id=case.id, audience=f"member:{member_of(anna).id}", chat="王芳",
        created_at=MONDAY, due_at=MONDAY,
    )  # fmt: skip
    steps_back(anna, case)
    session.flush()
    addressing = Addressing(session, house)
    assert [one.address for one in addressing.recipients("office:纪检办", case.id)] == ["李强"]
    assert addressing.recipients(f"member:{member_of(anna).id}", case.id) == []
    assert render(waiting, session=session, desk=desk, words=words_for("zh"), now=MONDAY) is None
    for card in session.exec(select(Card)).all():
        letter = Letter(
            uid="c", state=State.CLAIMED, notice="case.card", case_id=case.id, audience=f"card:{card.id}",
            created_at=MONDAY, due_at=MONDAY,
        )  # fmt: skip
        shown = render(letter, session=session, desk=desk, words=words_for("zh"), now=MONDAY)
        assert shown is not None
        assert shown.choices == ()
        assert "红包" not in shown.text
        assert "王芳" not in shown.text


def test_a_reminder_that_waits_goes_to_whoever_is_there(session: Session, house: House, hire: Hire) -> None:
    anna, _ = hire("王芳"), hire("李强")
    case = open_a_case(session, house)
    anna.opens(case).presses("受理")
    held = f"member:{member_of(anna).id}"
    announce(session, held, "case.reminder", case_id=case.id, now=MONDAY, kind="answer", percent=50)
    steps_back(anna, case)
    waiting = session.exec(select(Letter).where(Letter.notice == "case.reminder")).all()
    assert [letter.audience for letter in waiting] == ["office:纪检办"]


def test_an_old_form_of_who_stepped_back_ends_like_any_unknown_case(
    session: Session, house: House, hire: Hire
) -> None:
    case = open_a_case(session, house)
    head, bert = hire("冯刚", role=Role.HEAD), hire("李强")
    bert.opens(case).presses("内部备注")
    head.opens(case).presses("更多…").presses("请某人回避").presses("李强").presses("跳过").presses(
        "确认请其回避"
    )
    assert bert.says("我听说是他").text == NO_SUCH
    assert "我听说是他" not in str([entry.text for entry in thread(session, case.id or 0, vault=house.vault)])


def test_who_steps_back_is_out_of_the_copies_too(session: Session, house: House, hire: Hire) -> None:
    first = open_a_case(session, house, likeness="a" * 32)
    copy = open_a_case(session, house, likeness="a" * 32)
    assert copy.same_as == first.id
    anna = hire("王芳")
    hire("李强")
    steps_back(anna, first)
    assert anna.opens(copy).text == NO_SUCH
