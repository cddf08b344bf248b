"""上交办理: cards without content in groups, the whole in private, from taking to settling."""

from datetime import date, timedelta

import pytest
from sqlmodel import Session, select

from handlers.staff.hand_ins.conversation import OFFICE
from handlers.turn import Desk
from storage.cases import Case, people_left_out
from storage.deposits import deposits_of
from storage.entries import reported_text
from storage.events import Event
from storage.hand_ins.rows import PROOF, HandInState, Settled, Way, open_settled
from storage.letters import Letter
from storage.members import Role
from storage.messages import StoredFile
from tests.factories import MONDAY, make_member
from tests.handlers.staff.colleague import Colleague
from tests.storage.hand_ins.givers import MARK, PHOTO_FILE, an_envelope, anonymous, by_name

RECEIPT = StoredFile("d" * 32, "照片.jpg", "image/jpeg", 9)


@pytest.fixture
def officer(session: Session, desk: Desk) -> Colleague:
    make_member(session, desk.house, "王芳", "纪检办")
    return Colleague(session, desk, "王芳")


def test_from_the_list_to_a_deposit_with_receipt(session: Session, desk: Desk, officer: Colleague) -> None:
    row, _, _ = by_name(session, desk.house)
    officer.says("上交办理")
    assert MARK not in officer.text
    officer.chooses(f"handin:open:{row.id}")
    for said in ("赵敏", "两千块现金（2,000 元）", f"{MARK}床", "等待接收"):
        assert said in officer.text
    officer.presses("已收到（已核实）").presses("办结").presses("已充入住院押金")
    officer.says("！").says("YJ-00817")
    officer.says(files=[RECEIPT]).presses("好了").says("已告知家属")
    for said in ("YJ-00817", "已充入住院押金", "已告知家属", "凭证：1"):
        assert said in officer.text
    officer.presses("确认办结")
    assert (row.state, row.way) == (HandInState.SETTLED, Way.DEPOSIT)
    assert open_settled(row, vault=desk.house.vault) == Settled("YJ-00817", "已告知家属")
    assert len(deposits_of(session, f"{PROOF}:{row.id}")) == 1
    actions = [event.action for event in session.exec(select(Event))]
    assert "hand_in_read" in actions
    giver = Colleague(session, desk, "赵敏")
    giver.chooses(f"handin:one:{row.id}")
    for said in ("已充入住院押金", "YJ-00817", "纪检办 王芳", "按时"):
        assert said in giver.text
    assert MARK not in giver.text


def test_every_question_of_the_end_can_be_taken_back(
    session: Session, desk: Desk, officer: Colleague
) -> None:
    row, _ = anonymous(session, desk.house)
    officer.chooses(f"handin:got:{row.id}:0").presses("办结").presses("已退还患者").says("家属签收")
    officer.presses("暂无凭证").presses("没有").presses("上一步").presses("上一步").presses("上一步")
    assert "签收情况" in officer.text
    officer.presses("先不办")
    assert officer.dialogue.flow == ""
    assert row.state is HandInState.RECEIVED


def test_a_confirmation_of_before_ends_nothing(session: Session, desk: Desk, officer: Colleague) -> None:
    row, _ = anonymous(session, desk.house)
    officer.chooses(f"handin:got:{row.id}:0").presses("办结").presses("已退还患者").says("家属签收")
    officer.presses("暂无凭证").presses("没有")
    old = officer.value("确认办结")
    officer.presses("上一步").presses("没有").chooses(old)
    assert row.state is HandInState.RECEIVED
    officer.presses("确认办结")
    assert row.way is Way.RETURNED


def test_of_two_officers_one_takes_and_the_other_reads_it(
    session: Session, desk: Desk, officer: Colleague
) -> None:
    row, _ = anonymous(session, desk.house)
    make_member(session, desk.house, "李强", "纪检办")
    other = Colleague(session, desk, "李强")
    for one in (officer, other):
        one.chooses(f"handin:open:{row.id}")
    officer.presses("已收到（已核实）")
    other.presses("已收到（已核实）")
    assert "刚刚有变化" in other.text
    assert "接收：王芳" in other.text


def test_two_settle_at_once_and_the_second_loses(session: Session, desk: Desk, officer: Colleague) -> None:
    row, _ = anonymous(session, desk.house)
    make_member(session, desk.house, "李强", "纪检办")
    other = Colleague(session, desk, "李强")
    officer.chooses(f"handin:got:{row.id}:0")
    for one, way in ((officer, "已退还患者"), (other, "已存入廉政账户")):
        one.chooses(f"handin:open:{row.id}").presses("办结").presses(way).says("凭据一").presses("暂无凭证")
        one.presses("没有")
    officer.presses("确认办结")
    other.presses("确认办结")
    assert row.way is Way.RETURNED
    assert "刚刚有变化" in other.text


def test_past_the_limit_the_office_says_when_it_came(
    session: Session, desk: Desk, officer: Colleague
) -> None:
    in_time, _ = anonymous(session, desk.house)
    late, _ = anonymous(session, desk.house)
    officer.now = MONDAY + timedelta(days=10)
    officer.chooses(f"handin:got:{in_time.id}:0")
    assert "什么时候交到" in officer.text
    officer.presses("期限内就交到了")
    officer.chooses(f"handin:got:{late.id}:0").presses("期限以后才交")
    assert (in_time.late, late.late) == (False, True)


def test_kept_first_is_asked_twice_and_leads_to_no_case_by_itself(
    session: Session, desk: Desk, officer: Colleague
) -> None:
    row, _, giver = by_name(session, desk.house, on=date(2025, 10, 9))
    officer.chooses(f"handin:kept:{row.id}:0")
    assert not row.kept_first
    officer.presses("确定标记")
    assert row.kept_first
    assert session.exec(select(Case)).all() == []
    officer.presses("据此立案")
    assert session.exec(select(Case)).all() == []
    officer.presses("确定立案")
    (case,) = session.exec(select(Case)).all()
    assert row.case_id == case.id
    assert giver.id in people_left_out(session, case.id or 0)
    text = reported_text(session, case.id or 0, vault=desk.house.vault)
    assert "赵敏" in text
    assert f"{MARK}床" not in text
    officer.chooses(f"handin:case:{row.id}:{row.version}:yes")
    assert len(session.exec(select(Case)).all()) == 1


def test_a_case_against_discipline_is_for_supervisors_alone(session: Session, desk: Desk) -> None:
    row, _, giver = by_name(session, desk.house, "王芳", "纪检办", on=date(2025, 10, 9))
    giver.role = Role.OFFICER
    make_member(session, desk.house, "李强", "纪检办")
    colleague = Colleague(session, desk, "李强")
    colleague.chooses(f"handin:kept:{row.id}:0:yes").presses("据此立案").presses("确定立案")
    (case,) = session.exec(select(Case)).all()
    assert case.sealed
    assert case.number not in colleague.text


def test_no_case_from_what_is_not_marked(session: Session, desk: Desk, officer: Colleague) -> None:
    row, _ = anonymous(session, desk.house)
    officer.chooses(f"handin:case:{row.id}:0:yes")
    assert session.exec(select(Case)).all() == []


def test_refused_with_words_for_the_giver(session: Session, desk: Desk, officer: Colleague) -> None:
    row, _, giver = by_name(session, desk.house)
    officer.chooses(f"handin:refuse:{row.id}:0").says("不是患者送的")
    assert row.state is HandInState.REFUSED
    letters = session.exec(select(Letter).where(Letter.audience == f"member:{giver.id}")).all()
    assert [letter.notice for letter in letters] == ["handin.settled"]


def test_who_is_named_as_holder_sees_no_button_to_end_it(
    session: Session, desk: Desk, officer: Colleague
) -> None:
    row, _ = anonymous(session, desk.house, given=an_envelope(handed_to="王芳"))
    officer.chooses(f"handin:got:{row.id}:0")
    assert "办结" not in officer.labels
    assert "另一位同事" in officer.text
    officer.chooses(f"handin:way:{row.id}:1:returned")
    assert officer.dialogue.flow == ""


def test_files_are_shown_to_who_opens_it(session: Session, desk: Desk, officer: Colleague) -> None:
    row, _ = anonymous(session, desk.house, files=(PHOTO_FILE,))
    officer.chooses(f"handin:files:{row.id}")
    assert [file.uid for reply in officer.replies for file in reply.files] == [PHOTO_FILE.uid]


def test_proof_is_added_later(session: Session, desk: Desk, officer: Colleague) -> None:
    row, _ = anonymous(session, desk.house)
    officer.chooses(f"handin:got:{row.id}:0").presses("办结").presses("已退还患者").says("家属签收")
    officer.presses("暂无凭证").presses("没有").presses("确认办结")
    officer.chooses(f"handin:open:{row.id}")
    assert "还没有凭证" in officer.text
    officer.presses("补凭证").says(files=[RECEIPT])
    assert "凭证 1 份" in officer.text


VERBS = (
    "list:0", "open:{id}", "got:{id}:0", "got:{id}:0:late", "kept:{id}:0:yes", "files:{id}",
    "way:{id}:0:returned", "refuse:{id}:0", "proof:{id}:0", "case:{id}:0:yes", "totals", "end:skip",
)  # fmt: skip


def test_every_button_of_the_office_stands_in_the_table() -> None:
    assert {verb.partition(":")[0] for verb in VERBS} == OFFICE | {"totals", "end"}


@pytest.mark.parametrize(
    ("office", "role"),
    [
        ("药剂科", Role.OFFICER), ("药剂科", Role.HEAD), ("药剂科", Role.STAFF), ("纪检办", Role.STAFF),
        ("人事科", Role.HEAD), ("纪检办", Role.ADMINISTRATOR), ("药剂科", Role.ADMINISTRATOR),
    ],
)  # fmt: skip
@pytest.mark.parametrize("verb", VERBS)
def test_nobody_else_learns_or_changes_anything(
    session: Session, desk: Desk, office: str, role: Role, verb: str
) -> None:
    row, _ = anonymous(session, desk.house)
    make_member(session, desk.house, "某人", office, role)
    person = Colleague(session, desk, "某人")
    person.chooses(f"handin:{verb.format(id=row.id)}")
    nothing = Colleague(session, desk, "某人").chooses(f"handin:{verb.format(id=98765)}")
    assert person.text == nothing.text
    for hidden in (MARK, row.number, "两千"):
        assert hidden not in person.text + person.toast
    assert (row.state, row.version) == (HandInState.REPORTED, 0)


@pytest.mark.parametrize("verb", VERBS)
def test_nothing_of_it_is_shown_in_a_group(
    session: Session, desk: Desk, officer: Colleague, verb: str
) -> None:
    row, _ = anonymous(session, desk.house)
    officer.chooses(f"handin:{verb.format(id=row.id)}", in_group=True, chat="群")
    assert officer.text == ""
    assert MARK not in officer.toast
    assert row.version == 0
    cards = [letter for letter in session.exec(select(Letter)) if letter.notice == "handin.card"]
    assert len(cards) == (verb == "open:{id}")


@pytest.mark.parametrize("number", ["", "x", "-1", "99999999999", "１", "1:2:3:4:5"])
def test_forged_numbers_lead_nowhere(session: Session, desk: Desk, officer: Colleague, number: str) -> None:
    for verb in ("open", "got", "way", "case", "one", "slip", "recall"):
        officer.chooses(f"handin:{verb}:{number}")
        assert "没有这一件" in officer.text


def test_totals_for_heads_and_supervisors(session: Session, desk: Desk, officer: Colleague) -> None:
    for _ in range(3):
        anonymous(session, desk.house)
    officer.says("上交统计")
    assert "负责人" in officer.text
    make_member(session, desk.house, "李强", "纪检办", Role.HEAD)
    head = Colleague(session, desk, "李强")
    head.says("上交统计")
    assert "件数：3" in head.text
    assert "6,000" not in head.text  # the month is not over
    head.now = MONDAY + timedelta(days=10)
    head.says("/上交统计").presses("上个月")
    assert "金额合计：6,000 元" in head.text
    head.chooses("handin:totals:1999-99")
    assert "2025-12" in head.text


def test_the_menu_counts_what_waits(session: Session, desk: Desk, officer: Colleague) -> None:
    anonymous(session, desk.house)
    assert "上交登记 1" in officer.chooses("desk").labels
