"""医德档案: who reads it, who writes in it, what the person sees, and the veto that takes two."""

import json

import pytest
from sqlmodel import Session, select

from handlers.turn import Desk
from nlp.taxonomy import Intent
from storage.cases import Case, Cause, LeftOutPerson, Outcome, Status
from storage.errors import RecordRefused
from storage.events import Event
from storage.letters import Letter
from storage.members import Role
from storage.staff.employees import Employee, Employment
from storage.staff.record import RecordEntry, Veto, VetoState
from storage.staff.record_counts import counts_of
from storage.staff.record_veto import may_decide
from storage.staff.record_writing import may_change
from tests.duties import make_employee
from tests.factories import MONDAY, make_member, open_a_case
from tests.handlers.staff.colleague import Colleague
from tests.storage.hand_ins.givers import anonymous, by_name

NOTE = "经查实收受红包，已退还，批评教育"
TOLD = "骨科王医生收了我两千块，我叫欧阳锋"


@pytest.fixture
def person(session: Session, desk: Desk) -> Employee:
    employee, _ = make_employee(session, desk.house, "赵敏", "骨科")
    return employee


@pytest.fixture
def keeper(session: Session, desk: Desk) -> Colleague:
    make_member(session, desk.house, "王芳", "纪检办")
    return Colleague(session, desk, "王芳")


def confirmed(session: Session, desk: Desk, **changes: object) -> Case:
    case = open_a_case(session, desk.house, TOLD, **changes)  # type: ignore[arg-type]
    case.status, case.outcome, case.closed_at = Status.CLOSED, Outcome.SUBSTANTIATED, MONDAY
    session.add(case)
    session.flush()
    return case


def enters(keeper: Colleague, case: Case, name: str = "赵敏") -> Colleague:
    return keeper.chooses(f"record:case:{case.number}").says(name).says(NOTE).presses("确认记入")


def events(session: Session, action: str) -> list[Event]:
    return list(session.exec(select(Event).where(Event.action == action)))


def test_a_confirmed_case_goes_from_its_menu_into_the_record(
    session: Session, desk: Desk, person: Employee, keeper: Colleague
) -> None:
    case = confirmed(session, desk)
    keeper.chooses(f"more:{case.id}").presses("记入医德档案").says("赵敏").says(NOTE)
    assert "本人能看到" in keeper.text
    keeper.presses("确认记入")
    (entry,) = session.exec(select(RecordEntry)).all()
    assert (entry.employee_id, entry.case_id) == (person.id, case.id)
    assert NOTE.encode() not in (entry.note or b"")
    keeper.says("医德档案 赵敏")
    assert NOTE in keeper.text
    assert case.number in keeper.text


def test_the_person_reads_the_words_and_nothing_of_the_case(
    session: Session, desk: Desk, person: Employee, keeper: Colleague
) -> None:
    case = confirmed(session, desk)
    enters(keeper, case)
    own = Colleague(session, desk, "赵敏")
    own.says("我的档案")
    assert NOTE in own.text
    assert "没有：一票否决、表扬、拒收红包" in own.text
    for hidden in (case.number, "欧阳锋", "王芳"):
        assert hidden not in own.text
    assert len(events(session, "record_read_own")) == 1


def test_each_reading_stands_in_the_trail(session: Session, person: Employee, keeper: Colleague) -> None:
    keeper.says("医德档案 赵敏")
    keeper.chooses(f"record:open:{person.id}:0")
    found = events(session, "record_read")
    assert [json.loads(event.detail) for event in found] == [{"employee": person.id}] * 2


@pytest.mark.parametrize(
    "words", ["医德档案 赵敏", "/医德档案 赵敏", "医德医风档案：赵敏", "医德档案 {number}"]
)
def test_by_name_or_number(
    session: Session, desk: Desk, person: Employee, keeper: Colleague, words: str
) -> None:
    from storage.staff.employees import open_sealed

    number = open_sealed(person, "number", vault=desk.house.vault)
    assert "医德档案：赵敏（骨科）" in keeper.says(words.format(number=number)).text


def test_of_several_of_one_name_one_is_chosen(
    session: Session, desk: Desk, person: Employee, keeper: Colleague
) -> None:
    make_employee(session, desk.house, "赵敏", "内科", joined=False)
    keeper.says("医德档案 赵敏")
    assert "有 2 位" in keeper.text
    assert all("工号尾号" in label for label in keeper.labels)
    keeper.chooses(keeper.value(next(label for label in keeper.labels if label.startswith("内科"))))
    assert "赵敏（内科）" in keeper.text
    assert len(events(session, "record_read")) == 1


@pytest.mark.parametrize(
    ("office", "role", "reads"),
    [
        ("纪检办", Role.OFFICER, True), ("人事科", Role.OFFICER, True), ("人事科", Role.HEAD, True),
        ("纪检办", Role.STAFF, False), ("人事科", Role.ADMINISTRATOR, False), ("药剂科", Role.HEAD, False),
        ("药剂科", Role.SUPERVISOR, False), ("药剂科", Role.STAFF, False),
    ],
)  # fmt: skip
def test_only_personnel_and_discipline_read_others(
    session: Session, desk: Desk, person: Employee, office: str, role: Role, reads: bool
) -> None:
    make_member(session, desk.house, "某人", office, role)
    someone = Colleague(session, desk, "某人")
    asked = [someone.says("医德档案 赵敏").text]
    for verb in ("open:{}:0", "add:{}:praise", "veto:{}:2025", "strike:{}", "lift:{}:1", "whose:{}"):
        asked.append(someone.chooses(f"record:{verb.format(person.id)}").text)
        someone.dialogue.clear()
    assert all(("赵敏" in said) == reads for said in asked[:2])
    assert len(events(session, "refused")) == (0 if reads else 7)
    assert reads or not any("赵敏" in said for said in asked)


def test_nothing_of_it_in_a_group(session: Session, person: Employee, keeper: Colleague) -> None:
    keeper.chooses(f"record:open:{person.id}", in_group=True, chat="群")
    assert keeper.text == ""
    assert events(session, "record_read") == []


def test_nobody_reads_or_changes_their_own_as_a_keeper(session: Session, desk: Desk) -> None:
    own, member = make_employee(session, desk.house, "李强", "人事科", Role.HEAD)
    assert member is not None
    case = confirmed(session, desk, lead="人事科")
    keeper = Colleague(session, desk, "李强")
    assert "我的档案" in keeper.says("医德档案 李强").text
    for verb in (f"add:{own.id}:praise", f"veto:{own.id}:2025", f"lift:{own.id}:1"):
        keeper.chooses(f"record:{verb}")
        assert keeper.dialogue.flow == ""
    keeper.chooses(f"record:case:{case.number}").says("李强")
    assert "自己的档案自己不能改" in keeper.text
    assert session.exec(select(RecordEntry)).all() == []
    assert len(events(session, "refused")) >= 3


@pytest.mark.parametrize("how", ["left_out", "recused", "elsewhere"])
def test_from_a_case_hidden_to_them_nobody_enters_anything(
    session: Session, desk: Desk, person: Employee, how: str
) -> None:
    member = make_member(session, desk.house, "王芳", "人事科" if how == "elsewhere" else "纪检办")
    case = confirmed(session, desk)
    if how != "elsewhere":
        cause = Cause.NAMED if how == "left_out" else Cause.RECUSED
        session.add(LeftOutPerson(case_id=case.id or 0, member_id=member.id or 0, cause=cause))
        session.flush()
    keeper = Colleague(session, desk, "王芳")
    keeper.chooses(f"record:case:{case.number}")
    assert "没有这一件" in keeper.text
    keeper.chooses(f"record:add:{person.id}:case").says(case.number)
    assert "没有这一件" in keeper.text
    nothing = Colleague(session, desk, "王芳").chooses("record:case:2025-99999")
    assert nothing.text == "没有这一件，或者您不能看。"


def test_who_is_recused_while_writing_enters_nothing(
    session: Session, desk: Desk, person: Employee, keeper: Colleague
) -> None:
    case = confirmed(session, desk)
    keeper.chooses(f"record:case:{case.number}").says("赵敏").says(NOTE)
    member = keeper.turn().member
    assert member is not None
    session.add(LeftOutPerson(case_id=case.id or 0, member_id=member.id or 0, cause=Cause.RECUSED))
    session.flush()
    keeper.presses("确认记入")
    assert session.exec(select(RecordEntry)).all() == []


@pytest.mark.parametrize(
    "outcome", [Outcome.UNSUBSTANTIATED, Outcome.INSUFFICIENT_EVIDENCE, Outcome.WITHDRAWN, None]
)
def test_only_confirmed_cases_go_in(
    session: Session, desk: Desk, person: Employee, keeper: Colleague, outcome: Outcome | None
) -> None:
    case = confirmed(session, desk)
    case.outcome = outcome
    case.status = Status.CLOSED if outcome else Status.INVESTIGATING
    session.add(case)
    session.flush()
    assert "记入医德档案" not in keeper.chooses(f"more:{case.id}").labels
    assert "没有办结为查实" in keeper.chooses(f"record:case:{case.number}").text
    keeper.chooses(f"record:add:{person.id}:case").says(case.number)
    assert "没有办结为查实" in keeper.text


def test_the_same_case_goes_in_once(
    session: Session, desk: Desk, person: Employee, keeper: Colleague
) -> None:
    case = confirmed(session, desk)
    enters(keeper, case)
    assert "已经记过" in enters(keeper, case).text
    assert len(session.exec(select(RecordEntry)).all()) == 1


def test_an_old_confirmation_enters_nothing(
    session: Session, desk: Desk, person: Employee, keeper: Colleague
) -> None:
    keeper.chooses(f"record:add:{person.id}:refused").says("当面退还红包")
    value = keeper.value("确认记入")
    keeper.chooses(value)
    keeper.chooses(value)
    assert len(session.exec(select(RecordEntry)).all()) == 1


def test_praise_from_a_case_or_by_word_and_a_mistake_is_struck(
    session: Session, desk: Desk, person: Employee, keeper: Colleague
) -> None:
    case = confirmed(session, desk, intent=Intent.PRAISE)
    keeper.chooses(f"record:open:{person.id}").presses("记表扬").says(case.number).says("锦旗").presses(
        "确认记入"
    )
    keeper.presses("返回档案").presses("记表扬").presses("没有编号").says("感谢信").presses("确认记入")
    keeper.presses("返回档案")
    for said in ("锦旗", "感谢信"):
        assert said in keeper.text
    keeper.presses("撤销记录").chooses(keeper.value(keeper.labels[0]))
    assert "已撤销" in keeper.text
    assert len(events(session, "record_struck")) == 1
    keeper.presses("返回档案")
    assert ("锦旗" in keeper.text) != ("感谢信" in keeper.text)


def test_hand_ins_by_name_stand_in_it_late_ones_as_late(
    session: Session, desk: Desk, keeper: Colleague
) -> None:
    row, employee, _ = by_name(session, desk.house, "钱进", "骨科")
    row.late = True
    session.add(row)
    anonymous(session, desk.house)
    keeper.chooses(f"record:open:{employee.id}")
    assert f"{row.number} 已登记，等待接收 逾期" in keeper.text
    assert "SJ-2025-0002" not in keeper.text


def test_who_left_is_found_no_more(session: Session, person: Employee, keeper: Colleague) -> None:
    person.standing = Employment.LEFT
    session.add(person)
    session.flush()
    assert "没有找到" in keeper.says("医德档案 赵敏").text
    assert "没有找到" in keeper.chooses(f"record:open:{person.id}").text


# ── the veto ─────────────────────────────────────────────────────────


def proposes(session: Session, desk: Desk, person: Employee, keeper: Colleague) -> Veto:
    enters(keeper, confirmed(session, desk)).presses("返回档案").presses("提出2025年一票否决")
    keeper.says("收受红包，经查实")
    assert "等第二人确认" in keeper.text
    (veto,) = session.exec(select(Veto)).all()
    return veto


def head(session: Session, desk: Desk) -> Colleague:
    make_member(session, desk.house, "周洁", "纪检办", Role.HEAD)
    return Colleague(session, desk, "周洁")


def test_without_a_confirmed_case_there_is_no_veto(
    session: Session, desk: Desk, person: Employee, keeper: Colleague
) -> None:
    keeper.chooses(f"record:open:{person.id}")
    assert not any("一票否决" in label for label in keeper.labels)
    keeper.chooses(f"record:veto:{person.id}:2025").says("我看他不顺眼")
    assert "没有当年查实的案件" in keeper.text
    assert session.exec(select(Veto)).all() == []


def test_a_veto_takes_two_and_is_lifted_by_two(
    session: Session, desk: Desk, person: Employee, keeper: Colleague
) -> None:
    veto = proposes(session, desk, person, keeper)
    assert veto.state is VetoState.PROPOSED
    own = Colleague(session, desk, "赵敏")
    assert "收受红包，经查实" not in own.says("我的档案").text
    second = head(session, desk)
    second.says("一票否决").chooses(f"record:decide:{veto.id}")
    assert "收受红包，经查实" in second.text
    second.presses("同意")
    assert veto.confirmed_by is not None
    assert "年：一票否决" in own.says("我的档案").text
    keeper.chooses(f"record:open:{person.id}").presses("撤销2025年否决").says("申诉成立")
    assert "等第二人确认" in keeper.text
    second.chooses(f"record:decide:{veto.id}").presses("同意")
    assert veto.lifted_by is not None
    told = [event.action for event in session.exec(select(Event)) if event.action.startswith("veto")]
    assert told == ["veto_proposed", "veto_set", "veto_lifting", "veto_lifted"]


@pytest.mark.parametrize("verb", ["agree", "decline", "decide"])
@pytest.mark.parametrize("who", ["proposer", "officer", "personnel", "other head", "administrator", "staff"])
def test_nobody_but_a_second_person_above_decides(
    session: Session, desk: Desk, person: Employee, keeper: Colleague, who: str, verb: str
) -> None:
    veto = proposes(session, desk, person, keeper)
    others = {
        "officer": ("纪检办", Role.OFFICER), "personnel": ("人事科", Role.HEAD),
        "other head": ("药剂科", Role.HEAD),
        "administrator": ("纪检办", Role.ADMINISTRATOR), "staff": ("纪检办", Role.STAFF),
    }  # fmt: skip
    tries = keeper
    if who != "proposer":
        make_member(session, desk.house, "某人", *others[who])
        tries = Colleague(session, desk, "某人")
    tries.chooses(f"record:{verb}:{veto.id}:0")
    assert veto.state is VetoState.PROPOSED
    assert "赵敏" not in tries.text


def test_a_head_does_not_agree_to_what_they_proposed_themselves(
    session: Session, desk: Desk, person: Employee
) -> None:
    first = head(session, desk)
    veto = proposes(session, desk, person, first)
    first.chooses(f"record:agree:{veto.id}:0")
    assert veto.state is VetoState.PROPOSED


def test_whom_it_is_about_decides_nothing(session: Session, desk: Desk, keeper: Colleague) -> None:
    person, _ = make_employee(session, desk.house, "赵敏", "纪检办", Role.HEAD)
    veto = proposes(session, desk, person, keeper)
    own = Colleague(session, desk, "赵敏")
    own.chooses(f"record:agree:{veto.id}:0")
    assert veto.state is VetoState.PROPOSED
    assert "没有等您确认" in own.says("一票否决").text


def test_declined_it_never_counted_and_an_old_button_decides_nothing(
    session: Session, desk: Desk, person: Employee, keeper: Colleague
) -> None:
    veto = proposes(session, desk, person, keeper)
    second = head(session, desk)
    second.chooses(f"record:decide:{veto.id}")
    old = second.value("同意")
    second.presses("不同意")
    second.chooses(old)
    assert veto.state is VetoState.DECLINED


def test_word_of_it_names_nobody(session: Session, desk: Desk, person: Employee, keeper: Colleague) -> None:
    proposes(session, desk, person, keeper)
    letters = [letter for letter in session.exec(select(Letter)) if letter.notice == "record.veto"]
    assert {letter.audience for letter in letters} == {"every_head:纪检办", "supervisors"}
    assert all(json.loads(letter.arguments).keys() == {"veto", "above"} for letter in letters)


@pytest.mark.parametrize("whose", ["王芳", "赵 敏"])
def test_a_second_account_is_no_second_person(
    session: Session, desk: Desk, person: Employee, keeper: Colleague, whose: str
) -> None:
    """Neither who proposed it nor whom it is about comes again as supervisor from another chat."""
    veto = proposes(session, desk, person, keeper)
    again = make_member(session, desk.house, whose, "纪检办", Role.SUPERVISOR, channel="telegram")
    assert not may_decide(session, veto, again, house=desk.house)


def test_nobody_writes_into_their_own_record_from_a_second_account(
    session: Session, desk: Desk, person: Employee
) -> None:
    again = make_member(session, desk.house, "赵敏", "人事科", channel="telegram")
    with pytest.raises(RecordRefused, match="own"):
        may_change(session, person, again, house=desk.house, now=MONDAY)


def test_a_veto_whose_case_was_struck_meanwhile_is_not_set(
    session: Session, desk: Desk, person: Employee, keeper: Colleague
) -> None:
    veto = proposes(session, desk, person, keeper)
    (entry,) = session.exec(select(RecordEntry)).all()
    keeper.chooses(f"record:strike:{person.id}:{entry.id}")
    assert "请先撤销否决" in keeper.text
    assert entry.struck_at is None
    session.delete(entry)
    session.flush()
    head(session, desk).chooses(f"record:agree:{veto.id}:0")
    assert veto.state is VetoState.PROPOSED


def test_a_veto_or_a_case_put_in_by_a_column_counts_nothing(
    session: Session, desk: Desk, person: Employee, keeper: Colleague
) -> None:
    """Who may write to the database sets a veto, and hangs a confirmed case on somebody else."""
    other, _ = make_employee(session, desk.house, "钱进", "骨科", joined=False)
    veto = proposes(session, desk, person, keeper)
    assert [one.entries.total() for one in counts_of(session, 2025, house=desk.house)] == [1, 0]
    (entry,) = session.exec(select(RecordEntry)).all()
    veto.state, veto.confirmed_by = VetoState.STANDING, 1
    entry.employee_id = other.id or 0
    session.add_all([veto, entry])
    session.flush()
    counted = counts_of(session, 2025, house=desk.house)
    assert [(one.entries.total(), one.veto) for one in counted] == [(0, False), (0, False)]
