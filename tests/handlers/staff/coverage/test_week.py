"""Monday's message and its picture; and the picture somebody asked for: words and figures, no name."""

from datetime import timedelta

import pytest
from sqlmodel import Session

from handlers.staff.coverage.asked import Asked
from handlers.staff.coverage.report import percent, report_of, scope_of
from handlers.staff.coverage.sheet import has_picture, sheet_of
from handlers.staff.coverage.week import Week, weekly_reply, weekly_sheet
from handlers.words import words_for
from storage.duties.completing import complete
from storage.duties.progress import Progress
from storage.duties.spans import before
from tests.duties import give_out, owed
from tests.factories import MONDAY
from tests.handlers.staff.coverage.ward import Ward, furnish

WORDS = words_for("zh")
THIS = "2025-W48"
DAY = timedelta(days=1)


@pytest.fixture
def ward(session: Session) -> Ward:
    """This week a study is due, last week one was that only 赵敏 and 吴外 did, 吴外 late."""
    ward = furnish(session)
    last = give_out(session, ward.desk.house, "nine", people=list(ward.people.values())[:4], due_in=-3 * DAY)
    for name, days in (("赵敏", -5), ("吴外", -1)):
        complete(
            session, owed(session, last, ward.people[name]), by=ward.people[name], now=MONDAY + days * DAY
        )
    return ward


def week(ward: Ward, name: str, office: str = "") -> Week:
    member = ward.caller(name).turn().officer
    house = ward.desk.house
    scope = scope_of(member, office, house.hospital)
    found = {
        span: report_of(ward.session, Asked(span, office), scope, house=house, now=MONDAY)
        for span in (THIS, before(THIS), before(before(THIS)))
    }
    return Week(found[before(THIS)], found[THIS], found[before(before(THIS))].coverage.total)


def test_a_head_reads_of_both_weeks_without_a_name(ward: Ward) -> None:
    reply = weekly_reply(week(ward, "药主任", "药剂科"), WORDS, house=ward.desk.house)
    assert "每周任务 · 药剂科（11月24日）" in reply.text
    assert "上周到期 1 项：完成 33%（1/3）" in reply.text
    assert "本周到期 1 项，现在完成 33%（1/3）" in reply.text
    assert not [name for name in ward.people if name in reply.text]
    labels = [one.label for row in reply.choices for one in row]
    assert labels == ["上周谁没完成", "本周谁没完成", "看本月"]
    assert all(len(one.value.encode()) <= 64 for row in reply.choices for one in row)
    head = ward.caller("药主任").chooses(reply.choices[0][0].value)
    assert "药剂科 2 人：钱进、周全（还没加入）" in head.text


def test_the_week_before_is_compared_where_there_was_something(ward: Ward) -> None:
    old = give_out(ward.session, ward.desk.house, people=[ward.people["赵敏"]], due_in=-10 * DAY)
    text = weekly_reply(week(ward, "药主任", "药剂科"), WORDS, house=ward.desk.house).text
    assert "比前一周高 33 个百分点" in text
    complete(ward.session, owed(ward.session, old, ward.people["赵敏"]), by=ward.people["赵敏"], now=MONDAY)
    text = weekly_reply(week(ward, "药主任", "药剂科"), WORDS, house=ward.desk.house).text
    assert "比前一周低 67 个百分点" in text


def test_the_house_reads_of_offices(ward: Ward) -> None:
    reply = weekly_reply(week(ward, "书记"), WORDS, house=ward.desk.house)
    assert "每周任务 · 全院" in reply.text
    assert "· 药剂科：33%（1/3）" in reply.text
    assert "其余 1 个科室全部完成" in reply.text
    sheet = weekly_sheet(week(ward, "书记"), WORDS, house=ward.desk.house)
    assert sheet is not None
    assert [chart["title"] for chart in sheet["charts"]] == ["各科室", "上周到期的", "本周到期的"]


def test_a_week_without_a_duty_is_empty(ward: Ward) -> None:
    nothing = week(ward, "纪主任", "纪检办")
    assert nothing.is_empty
    assert weekly_sheet(nothing, WORDS, house=ward.desk.house) is None
    assert not week(ward, "药主任", "药剂科").is_empty


def test_the_picture_of_the_house_has_offices_worst_first_and_no_name(ward: Ward) -> None:
    report = report_of(ward.session, Asked("2025-11"), None, house=ward.desk.house, now=MONDAY)
    sheet = sheet_of(report, WORDS, house=ward.desk.house)
    offices, duties = sheet["charts"]
    assert [row["label"] for row in offices["rows"]] == ["药剂科", "设备科"]
    assert offices["rows"][1]["late"] == 0.5
    assert duties["wide"]
    assert [one["value"] for one in sheet["key"]] == ["38%", "3", "1"]
    assert not [name for name in ward.people if name in str(sheet)]


def test_where_everybody_is_excused_there_is_nothing_to_draw(ward: Ward) -> None:
    report = report_of(ward.session, Asked("2025-10"), None, house=ward.desk.house, now=MONDAY)
    assert not has_picture(report)


@pytest.mark.parametrize(
    ("done", "expected", "shown"), [(0, 40, "0%"), (1, 1000, "1%"), (999, 1000, "99%"), (40, 40, "100%")]
)
def test_only_what_is_whole_reads_100_percent(done: int, expected: int, shown: str) -> None:
    assert percent(Progress(expected=expected, done=done).share) == shown
