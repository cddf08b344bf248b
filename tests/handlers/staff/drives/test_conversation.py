"""专项 in chat: which drives there are, one of them, and a problem from its finding to being struck off."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, select

from handlers.turn import Desk
from nlp.reading import Reader
from storage.deposits import Deposit, deposited
from storage.drives.items import DriveItem, ItemState, open_sealed
from storage.errands import Errand, ErrandKind
from storage.events import Event
from storage.letters import Letter
from storage.members import Role
from storage.messages import StoredFile
from tests.drives import drive_house, make_drive, make_item
from tests.duties import give_out, make_employee
from tests.factories import MONDAY, make_database
from tests.handlers.staff.colleague import Colleague

LATER = make_drive(key="later", title="明年专项", start="2026-03-02")
HOUSE = drive_house(make_drive(), LATER)
OTHERS = (
    ("设备科", Role.HEAD), ("人事科", Role.OFFICER), ("纪检办", Role.STAFF), ("纪检办", Role.ADMINISTRATOR),
)  # fmt: skip
VERBS = (
    "item:1", "files:1", "strike:1:1", "fixed:1:1", "measure:1:1", "due:1:1:7", "withdraw:1:1", "return:1:1",
    "unfix:1:1", "unstrike:1:1", "skip:1:1:measure", "items:clean:all:all:0", "offices:clean",
)  # fmt: skip
PHOTO = StoredFile("a" * 32, "照片.jpg", "image/jpeg", 10)


@pytest.fixture(scope="module")
def desk() -> Desk:
    return Desk(HOUSE, Reader.load())


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    database = make_database(tmp_path / "lianxin.db")
    with database.engine.connect() as connection, Session(bind=connection) as session:
        yield session
        session.rollback()
    database.stop()


class Cast:
    """People who join when they are first spoken of."""

    def __init__(self, session: Session, desk: Desk) -> None:
        self.session, self.desk, self.now = session, desk, MONDAY

    def __call__(self, name: str = "李强", office: str = "药剂科", role: Role = Role.STAFF) -> Colleague:
        make_employee(self.session, self.desk.house, name, office, role)
        return Colleague(self.session, self.desk, name, now=self.now)


@pytest.fixture
def cast(session: Session, desk: Desk) -> Cast:
    return Cast(session, desk)


def items(session: Session) -> list[DriveItem]:
    session.expire_all()
    return list(session.exec(select(DriveItem)))


@pytest.mark.parametrize("word", ["专项", "/专项", "专项行动", "问题台账", "/drive"])
def test_the_word_opens_the_drive_that_runs(cast: Cast, word: str) -> None:
    told = cast().says(word)
    assert "《红包专项整治》" in told.text
    assert "第 1 段（共 2 段）：自查自纠，11月24日—12月5日，还剩 11 天" in told.text


def test_of_several_one_is_chosen(cast: Cast, session: Session) -> None:
    clerk = cast()
    clerk.now = datetime(2026, 2, 2, 2, tzinfo=MONDAY.tzinfo)
    assert clerk.says("专项").labels[:2] == ["红包专项整治（已结束）", "明年专项（3月2日 开始）"]
    assert "3月2日 开始" in clerk.presses("明年专项（3月2日 开始）").text


def test_who_takes_no_part_sees_no_drive(cast: Cast) -> None:
    outsider = cast("外人", "人事科")
    assert "没有您参加" in outsider.says("专项").text
    assert "没有查到" in outsider.chooses("drive:show:clean").text
    assert "没有查到" in outsider.chooses("drive:items:clean:mine:all:0").text


def test_open_deliverables_of_the_office_are_shown_and_lead_on(cast: Cast, session: Session) -> None:
    clerk = cast()
    report = give_out(session, HOUSE, "clean_report", offices=["药剂科", "设备科"], drive="clean",
                      phase="selfcheck")  # fmt: skip
    clerk.says("专项")
    assert "材料：已交 0/2" in clerk.text
    assert "○ 自查报告" in clerk.text
    assert clerk.value("去交：自查报告") == f"due:open:{report.id}"


def test_from_finding_a_problem_to_striking_it_off(cast: Cast, session: Session) -> None:
    clerk, judge = cast(), cast("王芳", "纪检办", Role.OFFICER)
    clerk.says("专项").presses("登记问题").says("8 月高值耗材账物不符，差 2 件")
    assert "已登记为第 1 条" in clerk.text
    clerk.says("逐件盘点，补账")
    clerk.says("李强")
    clerk.says("12月3日")
    assert "期限：12月3日" in clerk.text
    assert "责任人：李强" in clerk.text
    clerk.presses("已改好").says("", files=[PHOTO])
    second = StoredFile("b" * 32, "照片.jpg", "image/jpeg", 10)
    clerk.says("", files=[second])
    assert "附件：2 个" in clerk.presses("发完了").text
    judge.chooses("drive:items:clean:all:fixed:0")
    judge.presses("1. 药剂科：8 月高值耗材账物不符，差 …（等销号）")
    assert "李强" in judge.text
    assert len(judge.presses("看附件").replies[0].files) == 2
    judge.presses("打开").presses("销号")
    assert "已销号" in judge.text
    (item,) = items(session)
    assert item.state is ItemState.STRUCK
    assert open_sealed(item, "measure", vault=HOUSE.vault) == "逐件盘点，补账"
    assert deposited(session) == {PHOTO.uid, second.uid}
    judge.presses("销错了，恢复")
    assert items(session)[0].state is ItemState.FIXED


def test_questions_after_adding_may_be_left_for_later(cast: Cast, session: Session) -> None:
    clerk = cast().says("专项").presses("登记问题").says("公示栏三个月没换")
    clerk.presses("以后再写").presses("以后再写")
    assert "几号前改好" in clerk.text
    clerk.presses("14 天")
    assert "期限：12月8日" in clerk.text
    assert clerk.says("你好").text != ""
    assert len(items(session)) == 1


def test_returned_with_a_word_that_the_office_reads(cast: Cast, session: Session) -> None:
    clerk, judge = cast(), cast("王芳", "纪检办", Role.OFFICER)
    clerk.says("专项").presses("登记问题").says("公示栏三个月没换")
    clerk.chooses("drive:item:1").presses("已改好").says("换好了").presses("发完了")
    judge.chooses("drive:item:1").presses("退回").says("请附照片")
    assert "已退回药剂科" in judge.text
    assert "退回原因：请附照片" in clerk.chooses("drive:item:1").text
    notices = list(session.exec(select(Letter.notice, Letter.audience)))
    assert ("drive.returned", "every_head:药剂科") in notices


def test_a_slip_is_withdrawn_at_once_and_not_later(cast: Cast, session: Session) -> None:
    clerk = cast().says("专项").presses("登记问题").says("写错了")
    clerk.chooses("drive:item:1")
    clerk.now = MONDAY + timedelta(minutes=31)
    assert "登记错了，撤回" not in clerk.chooses("drive:item:1").labels
    assert "没有执行" in clerk.chooses("drive:withdraw:1:1").text
    clerk.now = MONDAY
    clerk.chooses("drive:item:1").presses("登记错了，撤回")
    assert items(session)[0].state is ItemState.WITHDRAWN


def test_nobody_of_another_office_reads_an_item(cast: Cast, session: Session) -> None:
    clerk = cast()
    clerk.says("专项").presses("登记问题").says("标记甲乙丙丁")
    for office, role in OTHERS:
        other = cast(f"{office}{role}", office, role)
        for verb in VERBS:
            assert "标记甲乙" not in other.chooses(f"drive:{verb}").text, (office, verb)
    (item,) = items(session)
    assert (item.state, item.version) == (ItemState.OPEN, 1)
    assert "refused" in list(session.exec(select(Event.action)))


def test_who_fixed_it_has_no_button_to_strike_it_off(cast: Cast, session: Session) -> None:
    officer = cast("王芳", "纪检办", Role.OFFICER)
    officer.says("专项").presses("登记问题").says("本科的问题")
    officer.chooses("drive:item:1").presses("已改好").says("好了").presses("发完了")
    assert "销号" not in officer.labels
    assert "不能自己销号" in officer.chooses(f"drive:strike:1:{items(session)[0].version}").text


@pytest.mark.parametrize("verb", ["item", "strike", "unstrike", "fixed", "due", "files", "skip", "no", ""])
@pytest.mark.parametrize("rest", ["", ":", ":x", ":99999999999", ":-1:1", ":1:1:1:1", ":٣:1", ":clean:mine"])
def test_forged_buttons_lead_nowhere(cast: Cast, session: Session, verb: str, rest: str) -> None:
    said = cast().chooses(f"drive:{verb}{rest}")
    assert said.text
    assert items(session) == []


@pytest.mark.parametrize("page", ["0", "1", "999", "x", "", "-1", "９"])
def test_any_page_of_the_ledger_is_shown(cast: Cast, session: Session, page: str) -> None:
    clerk = cast()
    member = clerk.turn().member
    assert member is not None
    for number in range(20):
        make_item(session, HOUSE, member, f"问题{number}")
    assert "条" in clerk.chooses(f"drive:items:clean:mine:all:{page}").text


def test_in_a_group_nothing_is_shown(cast: Cast, session: Session) -> None:
    clerk = cast().chooses("drive:show:clean", in_group=True)
    assert clerk.text == ""
    assert "私聊" in clerk.toast
    assert list(session.exec(select(Letter.notice))) == ["drive.view"]
    assert cast("外人", "人事科").chooses("drive:item:1", in_group=True).text == ""


def test_the_lead_office_asks_for_ledger_summary_and_picture(cast: Cast, session: Session) -> None:
    judge = cast("王芳", "纪检办", Role.OFFICER)
    for label in ("导出台账", "进度图", "总结稿"):
        judge.says("专项").presses(label)
    assert {one.kind for one in session.exec(select(Errand))} == {
        ErrandKind.DRIVE_LEDGER, ErrandKind.DRIVE_PICTURE, ErrandKind.DRIVE_SUMMARY,
    }  # fmt: skip


@pytest.mark.parametrize(("role", "may"), [(Role.STAFF, ()), (Role.OFFICER, ()), (Role.HEAD, ("picture",))])
def test_others_get_no_ledger(cast: Cast, session: Session, role: Role, may: tuple[str, ...]) -> None:
    clerk = cast("何主任", "药剂科", role)
    for what in ("ledger", "summary", "picture"):
        clerk.chooses(f"drive:{what}:clean")
    assert [one.kind.value for one in session.exec(select(Errand))] == [f"drive_{one}" for one in may]


def test_a_command_in_the_middle_of_a_question_is_a_command(cast: Cast, session: Session) -> None:
    clerk = cast().says("专项").presses("登记问题")
    clerk.says("/专项")
    assert "《红包专项整治》" in clerk.text
    assert items(session) == []


def test_words_that_do_not_do_are_asked_for_again(cast: Cast, session: Session) -> None:
    clerk = cast().says("专项").presses("登记问题")
    assert "请写几个字" in clerk.says("。。。").text
    assert "太长了" in clerk.says("长" * 501).text
    assert "只收文字" in clerk.says("", files=[PHOTO]).text
    clerk.says("问题")
    clerk.chooses("drive:item:1").presses("定期限")
    for day in ("13月40日", "2025-11-24", "昨天", "2040-01-01"):
        assert "没看懂这个日期" in clerk.says(day).text
    assert list(session.exec(select(Deposit))) == []
