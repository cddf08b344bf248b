"""A wrong category is one press away from the right one, and the press can be taken back."""

import pytest
from sqlmodel import Session, select

from nlp.taxonomy import Category, Intent
from storage.cases import Case, Part, Status, offices_of
from storage.corrections import Correction, corrected_cases, open_corrections
from storage.events import case_history
from storage.house import House
from storage.letters import Letter
from storage.members import Role
from storage.withdrawal import withdraw_case
from tests.factories import MONDAY, open_a_case
from tests.handlers.conftest import Hire, Officer

STORY = "药房让我去对面那家店买药，说医院没有，护士态度还不好，等了三个小时。"


def wrong_case(session: Session, house: House, **what: object) -> Case:
    given: dict[str, object] = {"categories": [Category.KICKBACK], "supporting": ["药剂科"]}
    return open_a_case(session, house, STORY, **(given | what))  # type: ignore[arg-type]


def press(officer: Officer, case: Case, wish: str) -> Officer:
    return officer.chooses(f"category:{case.id}:{case.version}:{wish}")


def actions(session: Session, case: Case) -> list[str]:
    return [event.action for event in case_history(session, case.id or 0)]


def test_likely_categories_stand_first_and_one_press_sets_one(
    session: Session, house: House, hire: Hire
) -> None:
    case = wrong_case(session, house)
    officer = hire().opens(case).presses("改分类")
    assert "现在是“回扣”" in officer.text
    assert "指使院外购买" in officer.labels[:3]
    assert {"表扬", "咨询", "其他，不是反映", "都不是，看全部类别", "返回此件"} <= set(officer.labels)
    officer.presses("指使院外购买")
    assert case.all_categories == (Category.OUTSIDE_PURCHASE,)
    assert case.intent is Intent.REPORT
    assert "类别已改为“指使院外购买”" in officer.text
    assert officer.labels[0] == "撤销改分类"
    assert STORY in officer.text


def test_every_category_is_within_two_presses(session: Session, house: House, hire: Hire) -> None:
    case = wrong_case(session, house, supporting=[])
    officer = hire().opens(case).presses("改分类").presses("都不是，看全部类别")
    shown = set(officer.labels)
    assert {one.label for one in Category} - shown == {"回扣"}
    rows = officer.replies[0].choices
    assert len(rows) <= 14
    assert max(len(row) for row in rows) == 3
    officer.presses(Category.OVERCHARGING.label)
    assert case.all_categories == (Category.OVERCHARGING,)


def test_without_a_guess_all_are_shown_at_once(session: Session, house: House, hire: Hire) -> None:
    case = open_a_case(session, house, "嗯那个", categories=[])
    labels = hire().opens(case).presses("改分类").labels
    assert {one.label for one in Category} <= set(labels)
    assert "都不是，看全部类别" not in labels


@pytest.mark.parametrize(
    ("label", "intent"),
    [("表扬", Intent.PRAISE), ("咨询", Intent.INQUIRY), ("其他，不是反映", Intent.OTHER)],
)
def test_what_is_no_report_is_said_too(
    session: Session, house: House, hire: Hire, label: str, intent: Intent
) -> None:
    case = wrong_case(session, house)
    hire().opens(case).presses("改分类").presses(label)
    assert (case.intent, case.all_categories) == (intent, ())


def test_undo_restores_and_leaves_nothing_to_learn(session: Session, house: House, hire: Hire) -> None:
    case = wrong_case(session, house, categories=[Category.KICKBACK, Category.SALES_REP])
    officer = hire().opens(case).presses("改分类").presses("指使院外购买")
    assert session.exec(select(Correction)).all()
    officer.presses("撤销改分类")
    assert case.all_categories == (Category.KICKBACK, Category.SALES_REP)
    assert not session.exec(select(Correction)).all()
    assert "撤销改分类" not in officer.labels
    officer.presses("经过")
    assert "把类别由“回扣、医药代表违规进入”改为“指使院外购买”" in officer.text
    assert "撤销改分类，类别恢复为“回扣、医药代表违规进入”" in officer.text


def test_of_several_categories_one_is_kept_alone_or_put_first(
    session: Session, house: House, hire: Hire
) -> None:
    case = wrong_case(session, house, categories=[Category.KICKBACK, Category.SALES_REP])
    officer = hire().opens(case).presses("改分类").presses("以“医药代表违规进入”为主")
    assert case.categories == "sales_rep,kickback"
    officer.presses("改分类").presses("只留“医药代表违规进入”")
    assert case.categories == "sales_rep"


def test_a_doubtful_category_is_confirmed(session: Session, house: House, hire: Hire) -> None:
    case = wrong_case(session, house)
    case.unsure = True
    hire().opens(case).presses("改分类").presses("就是“回扣”")
    assert case.all_categories == (Category.KICKBACK,)
    assert not case.unsure


def test_the_same_category_again_changes_nothing(session: Session, house: House, hire: Hire) -> None:
    case = wrong_case(session, house)
    officer = press(hire(), case, "kickback")
    assert "没有改动" in officer.text
    assert case.version == 0
    assert "recategorised" not in actions(session, case)


def test_lead_office_is_offered_and_not_changed_silently(session: Session, house: House, hire: Hire) -> None:
    case = wrong_case(session, house, lead="投诉办", supporting=["药剂科"])
    officer = hire("周服", "投诉办").opens(case).presses("改分类").presses("指使院外购买")
    assert case.lead_office == "投诉办"
    assert "一般由药剂科主办" in officer.text
    officer.presses("转给药剂科")
    assert "转给药剂科。请写明转办理由" in officer.text
    officer.says("买药的事归药剂科")
    assert (case.lead_office, case.status) == ("药剂科", Status.RECEIVED)


def test_where_the_lead_fits_nothing_is_offered(session: Session, house: House, hire: Hire) -> None:
    case = wrong_case(session, house)
    officer = press(hire(), case, "red_envelope")
    assert "转给纪检办" not in officer.labels
    press(officer, case, "outside_purchase")
    assert "转给药剂科" in officer.labels


def test_supporting_offices_follow_the_category(session: Session, house: House, hire: Hire) -> None:
    case = wrong_case(session, house, lead="纪检办", supporting=["药剂科"])
    press(hire(), case, "red_envelope")
    assert offices_of(session, case.id or 0, Part.SUPPORTING) == ()
    assert STORY not in hire("赵药", "药剂科").opens(case).text


def test_who_is_left_out_does_not_come_back_as_supporter(session: Session, house: House, hire: Hire) -> None:
    case = open_a_case(session, house, STORY, left_out_offices=["药剂科"])
    officer = press(hire(), case, "kickback")
    assert offices_of(session, case.id or 0, Part.SUPPORTING) == ()
    press(officer, case, "outside_purchase")
    assert "转给药剂科" not in officer.labels


def test_praise_that_names_the_office_is_kept_from_it_as_a_report(
    session: Session, house: House, hire: Hire
) -> None:
    case = open_a_case(
        session,
        house,
        "药剂科收了我两千块才给药，真是太好了",
        lead="药剂科",
        categories=[],
        intent=Intent.PRAISE,
    )
    officer = press(hire("赵药", "药剂科"), case, "red_envelope")
    assert "两千" not in officer.text
    assert case.lead_office == "纪检办"
    assert offices_of(session, case.id or 0, Part.LEFT_OUT) == ("药剂科",)


def test_an_always_urgent_category_is_pushed_at_once(session: Session, house: House, hire: Hire) -> None:
    case = wrong_case(session, house, lead="药剂科")
    before = len(session.exec(select(Letter).where(Letter.notice == "case.new")).all())
    officer = press(hire("赵药", "药剂科"), case, "illegal_biomedical")
    assert case.urgent
    assert "急件" in officer.text
    told = session.exec(select(Letter).where(Letter.notice == "case.new")).all()[before:]
    assert {one.audience for one in told} == {"office:药剂科", "heads:药剂科", "office:纪检办"}
    officer.presses("撤销改分类")
    assert not case.urgent


def test_a_sealing_category_is_asked_about_and_seals(session: Session, house: House, hire: Hire) -> None:
    case = wrong_case(session, house, lead="药剂科", supporting=["纪检办"])
    officer = press(hire("赵药", "药剂科"), case, "coverup_retaliation")
    assert "确认要改吗" in officer.text
    assert not case.sealed
    officer.presses("确认，转为密件")
    assert case.sealed
    assert case.lead_office == "纪检办"
    assert STORY not in officer.text
    assert "已转为密件" in officer.text
    assert STORY not in hire("李强").opens(case).text
    supervisor = hire("钱书记", "纪检办", Role.SUPERVISOR).opens(case)
    assert STORY in supervisor.text
    press(supervisor, case, "undo")
    assert case.sealed
    assert case.all_categories == (Category.KICKBACK,)
    assert "仍是密件" in supervisor.text


def test_two_officers_press_and_one_wins(session: Session, house: House, hire: Hire) -> None:
    case = wrong_case(session, house)
    first, second = hire("王芳"), hire("李强")
    first.opens(case).presses("改分类")
    second.opens(case).presses("改分类")
    first.presses("指使院外购买")
    second.presses("表扬")
    assert case.all_categories == (Category.OUTSIDE_PURCHASE,)
    assert "王芳已于 09:30 把类别由“回扣”改为“指使院外购买”" in second.text


def test_second_press_on_undo_changes_nothing(session: Session, house: House, hire: Hire) -> None:
    case = wrong_case(session, house)
    officer = hire().opens(case).presses("改分类").presses("指使院外购买")
    undo = officer.value("撤销改分类")
    officer.chooses(undo)
    version = case.version
    officer.chooses(undo)
    assert case.version == version
    assert case.all_categories == (Category.KICKBACK,)


def test_supporting_office_and_strangers_change_nothing(session: Session, house: House, hire: Hire) -> None:
    case = wrong_case(session, house)
    assert "现在不能办" in press(hire("赵药", "药剂科"), case, "praise").text
    assert case.number not in press(hire("孙医", "医务科"), case, "praise").text
    in_group = hire().chooses(f"category:{case.id}:0:praise", in_group=True)
    assert not in_group.text
    assert case.intent is Intent.REPORT


def test_a_withdrawn_case_is_left_alone(session: Session, house: House, hire: Hire) -> None:
    case = wrong_case(session, house)
    officer = press(hire(), case, "outside_purchase")
    withdraw_case(session, case, house=house, now=MONDAY)
    assert "改分类" not in officer.opens(case).labels
    press(officer, case, "praise")
    assert case.intent is Intent.REPORT
    assert not session.exec(select(Correction)).all()


def test_correction_keeps_masked_words_and_both_opinions(session: Session, house: House, hire: Hire) -> None:
    case = open_a_case(session, house)
    press(hire(), case, "kickback")
    ids = corrected_cases(session, sealed=False)
    kept = open_corrections(session, ids, vault=house.vault)[0]
    assert kept.said.categories[0] is Category.RED_ENVELOPE
    assert kept.meant == (Intent.REPORT, (Category.KICKBACK,))
    assert len(kept.lists) == 12
    assert "收了我两千块红包" in kept.excerpt
    assert "13812345678" not in kept.excerpt


def test_the_trail_holds_codes_alone(session: Session, house: House, hire: Hire) -> None:
    case = open_a_case(session, house)
    press(hire(), case, "kickback")
    event = case_history(session, case.id or 0)[-1]
    assert event.action == "recategorised"
    assert event.detail == '{"became": "kickback", "was": "red_envelope"}'
