"""Join codes: good, used, expired, wrong, too many; private chats and groups."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, select

from handlers.joining import on_bind, on_join, on_join_text
from handlers.turn import Desk
from nlp.reading import Reader
from storage.cases import Case
from storage.errors import CodeError
from storage.events import Event
from storage.groups import Group, active_groups
from storage.house import House
from storage.invites import INVITE_LASTS, check_invite, invite
from storage.members import Member, Role, name_of
from storage.receipts import MOST_WRONG, WINDOW
from tests.factories import MONDAY, Talker, make_house, open_a_case
from tests.handlers.conftest import Hire, Officer, member_of


@pytest.fixture
def anna(session: Session, desk: Desk) -> Talker:
    return Talker(session, desk, "anna")


def code(session: Session, house: House, office: str = "药剂科", *, name: str = "", role: Role = Role.OFFICER,
         for_group: bool = False) -> str:  # fmt: skip
    made = invite(session, office, vault=house.vault, now=MONDAY, role=role, name=name, for_group=for_group)
    session.flush()
    return made


def join(talker: Talker, written: str) -> Talker:
    talker.replies = on_join(talker.turn(text=f"/join {written}"), written)
    return talker


def types(talker: Talker, text: str) -> Talker:
    talker.replies = on_join_text(talker.turn(text=text))
    return talker


def bind(talker: Talker, written: str, *, in_group: bool = True) -> Talker:
    chat = "office-group" if in_group else ""
    talker.replies = on_bind(talker.turn(text=f"/bind {written}", in_group=in_group, chat=chat), written)
    return talker


def member(talker: Talker) -> Member | None:
    return talker.turn().member


def still_good(session: Session, house: House, written: str, *, for_group: bool = False) -> bool:
    try:
        check_invite(session, written, for_group=for_group, vault=house.vault, now=MONDAY)
    except CodeError:
        return False
    return True


def test_code_with_a_name_lets_in_at_once(session: Session, house: House, anna: Talker) -> None:
    join(anna, code(session, house, name="赵药", role=Role.HEAD))
    joined = member(anna)
    assert joined is not None
    assert (joined.office, joined.role, name_of(joined, vault=house.vault)) == ("药剂科", Role.HEAD, "赵药")
    assert "赵药，您好！您已加入药剂科（科室负责人）" in anna.text
    assert anna.replies[0].keep
    assert "本科室" in anna.labels


def test_a_clinical_department_has_a_welcome_of_its_own(session: Session) -> None:
    house = make_house(departments=["骨科"])
    nurse = Talker(session, Desk(house, Reader.load()), "孙敏")
    join(nurse, code(session, house, "骨科", name="孙敏"))
    assert "出院病人说身体不舒服，或者打分低，会在这里通知您" in nurse.text
    assert nurse.labels == ["我的任务", "职工服务", "回访任务", "下班休息"]
    bind(nurse, code(session, house, "骨科", for_group=True))
    assert "本群是骨科的通知群。出院病人要回电时" in nurse.text
    gone = Talker(session, Desk(make_house(), nurse.desk.reader), "李丽")
    join(gone, code(session, house, "骨科", name="李丽"))
    assert "现在没有了" in gone.text


def test_joining_is_in_the_trail_without_a_name(session: Session, house: House, anna: Talker) -> None:
    join(anna, code(session, house, name="赵药"))
    event = session.exec(select(Event)).one()
    assert (event.action, event.case_id) == ("joined", None)
    assert "药剂科" in event.detail
    assert "赵药" not in event.detail + event.actor


def test_code_without_a_name_asks_first_and_is_used_only_then(
    session: Session, house: House, anna: Talker
) -> None:
    written = code(session, house)
    join(anna, written)
    assert "怎么称呼您" in anna.text
    assert member(anna) is None
    assert still_good(session, house, written)
    types(anna, "  赵 药\n")
    assert "赵 药，您好" in anna.text
    assert member(anna) is not None
    assert not still_good(session, house, written)
    assert anna.dialogue.flow == ""


@pytest.mark.parametrize("written", ["", "   ", "12345", "长" * 21, "/mine", "…", "a\x00b"])
def test_what_is_no_name_is_asked_for_again(
    session: Session, house: House, anna: Talker, written: str
) -> None:
    types(join(anna, code(session, house)), written)
    assert "请只发姓名" in anna.text
    assert anna.dialogue.flow == "join"
    assert member(anna) is None


def test_joining_can_be_cancelled_and_the_code_stays_good(
    session: Session, house: House, anna: Talker
) -> None:
    written = code(session, house)
    types(join(anna, written), "取消")
    assert "没有用掉" in anna.text
    assert anna.dialogue.flow == ""
    assert still_good(session, house, written)


def test_code_used_by_another_while_the_name_was_asked(
    session: Session, house: House, desk: Desk, anna: Talker
) -> None:
    written = code(session, house)
    join(anna, written)
    types(join(Talker(session, desk, "ben"), written), "李强")
    types(anna, "王芳")
    assert "用不了" in anna.text
    assert member(anna) is None


def test_code_is_read_kindly(session: Session, house: House, anna: Talker) -> None:
    join(anna, code(session, house, name="赵药").lower().replace("-", " "))
    assert member(anna) is not None


@pytest.mark.parametrize("written", ["ABCDE-23456", "1", "您好", "x" * 100_000, "é{}"])
def test_wrong_code_gets_one_kind_sentence(anna: Talker, written: str) -> None:
    join(anna, written)
    assert [reply.text for reply in anna.replies] == [anna.turn().words("joining.wrong_code")]
    assert not any(reply.keep for reply in anna.replies)


def test_no_code_tells_how(anna: Talker) -> None:
    assert "/join ABCDE-23456" in join(anna, " ").text


def test_used_code_does_not_work_again(session: Session, house: House, desk: Desk, anna: Talker) -> None:
    written = code(session, house, name="赵药")
    join(anna, written)
    ben = join(Talker(session, desk, "ben"), written)
    assert "用不了" in ben.text
    assert member(ben) is None


def test_expired_code_does_not_work(session: Session, house: House, anna: Talker) -> None:
    written = code(session, house, name="赵药")
    anna.now = MONDAY + INVITE_LASTS
    assert "用不了" in join(anna, written).text


def test_too_many_wrong_codes_must_wait_even_with_the_right_one(
    session: Session, house: House, anna: Talker
) -> None:
    written = code(session, house, name="赵药")
    for _ in range(MOST_WRONG):
        join(anna, "WRONG-WRONG")
    session.flush()
    assert "15 分钟" in join(anna, written).text
    assert member(anna) is None
    anna.now = MONDAY + WINDOW + timedelta(seconds=1)
    assert "已加入" in join(anna, written).text


def test_office_that_is_gone_does_not_use_the_code_up(session: Session, house: House, anna: Talker) -> None:
    written = code(session, house, "老科室", name="赵药")
    assert "科室现在没有了" in join(anna, written).text
    assert still_good(session, house, written)
    assert member(anna) is None


def test_join_in_a_group_explains_and_uses_nothing(session: Session, house: House, anna: Talker) -> None:
    written = code(session, house, name="赵药")
    replies = on_join(anna.turn(text=f"/join {written}", in_group=True, chat="group"), written)
    assert ["私聊" in reply.text and written not in reply.text for reply in replies] == [True]
    assert still_good(session, house, written)


def test_a_member_moves_to_the_new_office_under_the_old_name(
    session: Session, house: House, hire: Hire
) -> None:
    officer = hire("王芳", "纪检办")
    first = member_of(officer).id
    case: Case = open_a_case(session, house)
    kept = open_a_case(session, house, lead="药剂科")
    officer.opens(case).presses("受理")
    join(officer, code(session, house, "药剂科"))
    moved = member_of(officer)
    assert (moved.id, moved.office, name_of(moved, vault=house.vault)) == (first, "药剂科", "王芳")
    assert "现在属于药剂科" in officer.text
    assert case.assignee_id is None
    assert "没有查到" in officer.opens(case).text
    assert kept.number in officer.opens(kept).text


def test_a_move_out_of_an_accused_office_opens_nothing(session: Session, house: House, hire: Hire) -> None:
    hire("同事", "药剂科")
    officer = hire("李明", "药剂科")
    case = open_a_case(session, house, "药剂科的人都收回扣", left_out_offices=["药剂科"])
    join(officer, code(session, house, "纪检办", role=Role.SUPERVISOR))
    assert "没有查到" in officer.opens(case).text


def test_joining_puts_an_open_form_away(session: Session, house: House, hire: Hire) -> None:
    officer: Officer = hire().opens(open_a_case(session, house)).presses("问反映人")
    join(officer, code(session, house, "药剂科"))
    assert officer.dialogue.flow == ""


def test_supervisor_is_told_of_sealed_cases(session: Session, house: House, anna: Talker) -> None:
    assert "密件" in join(anna, code(session, house, name="钱书记", role=Role.SUPERVISOR)).replies[0].text


def test_group_is_bound_and_bound_anew(session: Session, house: House, anna: Talker) -> None:
    bind(anna, code(session, house, "药剂科", for_group=True))
    assert "本群是药剂科的通知群" in anna.text
    assert [group.office for group in active_groups(session)] == ["药剂科"]
    bind(anna, code(session, house, "医务科", for_group=True))
    assert [group.office for group in session.exec(select(Group))] == ["医务科"]
    assert {event.action for event in session.exec(select(Event))} == {"bound"}


def test_bind_in_a_private_chat_explains_and_uses_nothing(
    session: Session, house: House, anna: Talker
) -> None:
    written = code(session, house, for_group=True)
    assert "科室群" in bind(anna, written, in_group=False).text
    assert still_good(session, house, written, for_group=True)


def test_codes_for_people_and_groups_are_not_exchanged(session: Session, house: House, anna: Talker) -> None:
    for_group, for_person = code(session, house, for_group=True), code(session, house, name="赵药")
    assert "用不了" in bind(anna, for_person).text
    assert "用不了" in join(anna, for_group).text
    assert still_good(session, house, for_person)
    assert still_good(session, house, for_group, for_group=True)


def test_wrong_bind_codes_are_limited_too(session: Session, anna: Talker) -> None:
    for _ in range(MOST_WRONG):
        bind(anna, "WRONG-WRONG")
    session.flush()
    assert "15 分钟" in bind(anna, "WRONG-WRONG").text


def test_times_are_those_of_the_turn(session: Session, house: House, anna: Talker) -> None:
    later: datetime = MONDAY + timedelta(days=1)
    anna.now = later
    join(anna, code(session, house, name="赵药"))
    joined = member(anna)
    assert joined is not None
    assert joined.joined_at == later


def test_who_joins_hears_that_cases_are_waiting(session: Session, house: House, anna: Talker) -> None:
    open_a_case(session, house, lead="药剂科")
    join(anna, code(session, house, name="王芳"))
    assert "已经有件在等着办" in anna.text
