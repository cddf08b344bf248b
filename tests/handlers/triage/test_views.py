"""What an officer reads of a case, and what others do not."""

from datetime import timedelta

from sqlmodel import Session

from handlers.triage import case_card, case_view, moved_card
from handlers.words import words_for
from nlp.crisis import crisis_in
from nlp.tables import rows
from nlp.taxonomy import Category
from storage.cases import Case
from storage.clocks import Limit, running_clocks
from storage.crisis import mark_crisis
from storage.events import case_history
from storage.files import attach_files
from storage.house import House
from storage.members import Role
from storage.messages import StoredFile
from storage.sender_tags import keep_tag
from storage.withdrawal import withdraw_case
from tests.factories import MONDAY, TEXT, open_a_case
from tests.handlers.conftest import Hire, member_of

WORDS = words_for("zh")
DAY = timedelta(days=1)


def test_lead_office_reads_everything(session: Session, house: House, hire: Hire) -> None:
    case = open_a_case(session, house, supporting=["药剂科"], urgent=True)
    shown = hire().opens(case).replies[0]
    for words in (
        case.number, "【急】", "待受理", "红包礼金", "纪检办", "协办：药剂科", "11月24日 09:30", TEXT,
        "「收了我两千块红包」→ 红包礼金", "科室：骨科", "受理决定期限：11月27日 17:00（还剩 3 个工作日）",
    ):  # fmt: skip
        assert words in shown.text
    assert shown.card == case.number
    assert shown.opened
    assert shown.edits == "message-1"


def test_a_case_opened_from_a_list_leaves_the_list_alone(session: Session, house: House, hire: Hire) -> None:
    case = open_a_case(session, house)
    officer = hire().says("本科室")
    assert officer.presses(officer.labels[0]).replies[0].edits is None
    assert case.number in officer.text


def test_supporting_office_reads_masked_and_may_only_note(session: Session, house: House, hire: Hire) -> None:
    case = open_a_case(session, house, supporting=["药剂科"])
    officer = hire("赵药", "药剂科").opens(case)
    assert "13812345678" not in officer.text
    assert "138••••••78" in officer.text
    assert officer.labels[0] == "内部备注"
    assert "受理" not in officer.labels
    for page in ("text", "thread"):
        assert "13812345678" not in officer.chooses(f"{page}:{case.id}").text


def test_supervisor_reads_unmasked_everywhere(session: Session, house: House, hire: Hire) -> None:
    case = open_a_case(session, house, lead="药剂科")
    assert "13812345678" in hire("钱书记", "纪检办", Role.SUPERVISOR).opens(case).text


def test_first_look_of_the_lead_office_ends_that_limit(session: Session, house: House, hire: Hire) -> None:
    case = open_a_case(session, house, supporting=["药剂科"])
    assert case.id is not None
    hire("赵药", "药剂科").opens(case)
    assert Limit.FIRST_LOOK in {clock.kind for clock in running_clocks(session, case.id)}
    hire().opens(case)
    left = running_clocks(session, case.id)
    assert Limit.FIRST_LOOK not in {clock.kind for clock in left}
    assert case.due_at == left[0].due_at


def test_every_reading_is_in_the_trail(session: Session, house: House, hire: Hire) -> None:
    case = open_a_case(session, house)
    officer = hire().opens(case).chooses(f"text:{case.id}:1").chooses(f"thread:{case.id}")
    assert case.id is not None
    read = [event for event in case_history(session, case.id) if event.action == "read"]
    assert [event.actor for event in read] == [f"member:{member_of(officer).id}"] * 3


def test_unknown_and_forbidden_cases_read_alike(session: Session, house: House, hire: Hire) -> None:
    case = open_a_case(session, house, lead="药剂科")
    officer = hire()
    hire("赵药", "药剂科")
    forbidden = officer.opens(case).replies
    assert officer.chooses("open:99999").replies == forbidden
    assert officer.chooses(f"do:accept:{case.id}:0").replies == forbidden
    assert officer.chooses(f"files:{case.id}").replies == forbidden
    assert officer.says(case.number).text == officer.says("2025-09999").text


def test_accused_office_sees_nothing(session: Session, house: House, hire: Hire) -> None:
    case = open_a_case(session, house, left_out_offices=["药剂科"])
    assert case.number not in hire("赵药", "药剂科").opens(case).text


def test_accused_person_sees_nothing_where_colleagues_do(session: Session, house: House, hire: Hire) -> None:
    accused, colleague = hire("王医生"), hire("李强")
    case = open_a_case(session, house, left_out_people=[member_of(accused).id])
    assert TEXT not in accused.opens(case).text
    assert TEXT in colleague.opens(case).text
    assert "王医生" not in colleague.presses("指派").labels


def test_sealed_case_is_for_supervisors_and_stays_there(session: Session, house: House, hire: Hire) -> None:
    case = open_a_case(session, house, sealed=True)
    assert TEXT not in hire().opens(case).text
    supervisor = hire("钱书记", "纪检办", Role.SUPERVISOR).opens(case)
    assert "【密】" in supervisor.text
    assert "转办" not in supervisor.labels
    assert "现在不能办" in supervisor.chooses(f"do:transfer:{case.id}:0").text
    assert case.lead_office == "纪检办"


def test_long_text_comes_in_pages(session: Session, house: House, hire: Hire) -> None:
    long = "\n".join(f"第{line}行，医生收了红包。" for line in range(600))
    case = open_a_case(session, house, long)
    officer = hire().opens(case)
    assert len(officer.text) < 4000
    first = officer.presses("全文").text
    assert "第 1 页" in first
    assert "第0行" in first
    second = officer.presses("下一页").text
    assert first.splitlines()[-1] != second.splitlines()[2]
    seen = first
    while "下一页" in officer.labels:
        seen += officer.text
        officer.presses("下一页")
    seen += officer.text
    assert all(f"第{line}行" in seen for line in range(600))
    assert officer.presses("返回此件").replies[0].card == case.number


def test_pages_beyond_the_end_show_the_nearest(session: Session, house: House, hire: Hire) -> None:
    case = open_a_case(session, house)
    assert TEXT in hire().chooses(f"text:{case.id}:999").text
    assert TEXT in hire("李强").chooses(f"text:{case.id}:x").text


def test_an_empty_report_with_files_reads_well(session: Session, house: House, hire: Hire) -> None:
    file = StoredFile("u1", "照片.jpg", "image/jpeg", 1234, warning=True)
    case = open_a_case(session, house, "", files=[file], categories=())
    officer = hire().opens(case)
    assert "没有文字" in officer.text
    reply = officer.presses("附件 1").replies[0]
    assert reply.files == (file,)
    assert "隐藏信息" in reply.text


def test_files_are_not_for_others(session: Session, house: House, hire: Hire) -> None:
    case = open_a_case(session, house)
    file = StoredFile("u1", "a.jpg", "image/jpeg", 1)
    attach_files(session, [file], case_id=case.id or 0, entry_id=None, vault=house.vault, now=MONDAY)
    hire("赵药", "药剂科")
    assert not hire("孙医", "医务科").chooses(f"files:{case.id}").replies[0].files


def test_withdrawal_is_shown(session: Session, house: House, hire: Hire) -> None:
    case = open_a_case(session, house)
    withdraw_case(session, case, house=house, now=MONDAY)
    officer = hire().opens(case)
    assert "已办结（反映人撤回）" in officer.text
    assert "反映人　撤回" in officer.presses("经过").text


def test_history_names_colleagues_and_joins_readings(session: Session, house: House, hire: Hire) -> None:
    case = open_a_case(session, house)
    officer = hire().opens(case).opens(case).presses("受理").presses("经过")
    lines = officer.text.splitlines()[2:]
    assert [line.partition("　")[2] for line in lines] == [
        "反映人　提交反映，由纪检办主办", "王芳　查看", "王芳　受理",
    ]  # fmt: skip


def test_overdue_says_by_how_many_working_days(session: Session, house: House, hire: Hire) -> None:
    case = open_a_case(session, house)
    officer = hire()
    officer.now = MONDAY + 8 * DAY
    assert "受理决定期限：11月27日 17:00（已超期 3 个工作日）" in officer.chooses(f"open:{case.id}").text


def test_guessed_holidays_are_said_loudly(session: Session, house: House, hire: Hire) -> None:
    case = open_a_case(session, house, now=MONDAY + 390 * DAY)
    officer = hire()
    officer.now = MONDAY + 390 * DAY
    assert "节假日还没有公布" in officer.chooses(f"open:{case.id}").text


def card(case: Case, session: Session, house: House, *, group: bool) -> str:
    return case_card(case, session=session, house=house, words=WORDS, now=MONDAY, group=group).text


def test_card_shows_no_content_and_no_name_in_a_group(session: Session, house: House, hire: Hire) -> None:
    case = open_a_case(session, house, urgent=True)
    hire().opens(case).presses("受理")
    group, private = card(case, session, house, group=True), card(case, session, house, group=False)
    for words in (case.number, "【急】", "红包礼金", "纪检办", "已受理", "期限："):
        assert words in group
    assert "王芳" not in group
    assert "经办：王芳" in private
    assert "两千" not in group + private


def test_card_of_a_sealed_case_never_shows_in_a_group(session: Session, house: House) -> None:
    case = open_a_case(session, house, sealed=True, categories=[Category.COVERUP_RETALIATION])
    assert card(case, session, house, group=True) == moved_card(case, words=WORDS).text


def test_view_sent_to_somebody_who_lost_access_tells_nothing(
    session: Session, house: House, hire: Hire
) -> None:
    officer = hire()
    case = open_a_case(session, house, left_out_people=[member_of(officer).id])
    view = case_view(case, member_of(officer), session=session, desk=officer.desk, words=WORDS, now=MONDAY)
    assert view == moved_card(case, words=WORDS)


def test_every_reason_of_the_reader_has_words() -> None:
    reasons = {row[4] for row in rows("frames.tsv", 5)} | {"key word", "topic word, context decides"}
    assert [reason for reason in sorted(reasons) if not WORDS.has(f"why.{reason}")] == []


def test_what_is_rarely_done_lies_behind_one_button(session: Session, house: House, hire: Hire) -> None:
    """A phone shows the case with the buttons of every day; one rare button alone needs no fold."""
    case = open_a_case(session, house)
    keep_tag(session, case.id or 0, "ab" * 16, vault=house.vault, now=MONDAY)
    head, officer = hire("王芳", role=Role.HEAD), hire("李强", "药剂科")
    assert "申请回避" not in head.opens(case).labels
    assert head.presses("更多…").labels == ["申请回避", "请某人回避", "暂停接收此人消息", "返回此件"]
    other = open_a_case(session, house, supporting=["药剂科"])
    assert "申请回避" in officer.opens(other).labels
    assert "更多…" not in officer.labels


def test_an_open_case_says_that_somebody_may_be_in_danger(session: Session, house: House, hire: Hire) -> None:
    case = open_a_case(session, house, urgent=True)
    crisis = crisis_in("我不想活了，今晚就跳下去")
    assert crisis is not None
    assert "生命危险" not in hire().opens(case).text
    mark_crisis(session, case, crisis, announced=True, accused=False, house=house, now=MONDAY)
    assert "生命危险" in hire("李强").opens(case).text
