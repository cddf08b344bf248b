"""A patient comes with a ticket: joined in a chat, asked on the page, and nobody else gets in."""

from datetime import date, timedelta

import pytest
from sqlmodel import Session, select

from handlers.followup.entrance import BUTTONS
from storage.followup.discharges import Discharge, Standing
from storage.followup.importing import DischargeRow, put_discharges
from storage.followup.joining import new_ticket
from storage.followup.opt_outs import OptOut
from storage.followup.surveys import Stage as Progress
from storage.followup.surveys import Survey
from storage.followup.tickets import Ticket
from storage.receipts import MOST_WRONG, WrongGuess
from tests.stage import Person, Stage

TIP = "骨科的王医生上周收了我两千块红包"
DAY3, DAY30 = "11月26日", "12月23日"


async def discharged(stage: Stage, department: str = "骨科", number: str = "ZY001", phone: str = "") -> str:
    """A patient who left the hospital today; the code on their sheet."""

    def leave(session: Session) -> str:
        channel = "sms" if phone else ""
        row = DischargeRow(
            number, department, stage.clock(), contact_channel=channel, contact=phone, consent=bool(phone)
        )
        put_discharges(session, [row], house=stage.house, now=stage.clock())
        discharge = session.exec(select(Discharge).order_by(Discharge.id.desc())).first()  # type: ignore[union-attr]
        assert discharge is not None
        until = stage.clock() + timedelta(days=60)
        return new_ticket(session, discharge.id or 0, until=until, vault=stage.house.vault)

    return await stage.database.run(leave)


async def stay(stage: Stage) -> Discharge:
    return await stage.database.run(lambda session: session.exec(select(Discharge)).one())


async def surveys(stage: Stage) -> dict[str, Survey]:
    found = await stage.database.run(lambda session: list(session.exec(select(Survey))))
    return {one.plan: one for one in found}


async def count(stage: Stage, table: type) -> int:
    return len(await stage.database.run(lambda session: list(session.exec(select(table)))))


def by_telegram(stage: Stage, name: str = "patient") -> Person:
    return stage.person(name, "messenger")


async def test_a_deep_link_joins_the_chat_and_says_what_comes(stage: Stage) -> None:
    code = await discharged(stage)
    patient = by_telegram(stage)
    await patient.says(f"/start {code}")
    for words in ("示例医院", "骨科", DAY3, "自愿", "退订"):
        assert words in patient.text
    assert patient.buttons == ["以后不用发", "我没有在这里住过院"]
    discharge = await stay(stage)
    assert (discharge.channel, discharge.consent, discharge.joined_on) == (
        "messenger",
        True,
        date(2026, 11, 23),
    )
    assert {one.stage for one in (await surveys(stage)).values()} == {Progress.PLANNED}


@pytest.mark.parametrize("written", ["{0}", "{1}", "随访码 {1}", "/start {0}"])
async def test_digits_may_be_typed_as_they_stand_on_the_paper(stage: Stage, written: str) -> None:
    code = await discharged(stage)
    spaced = f"{code[:4]} {code[4:8]} {code[8:]}"
    await by_telegram(stage).says(written.format(code, spaced))
    assert (await stay(stage)).joined_on is not None


async def test_on_the_page_before_the_day_the_paper_is_to_be_scanned_again(stage: Stage) -> None:
    code = await discharged(stage)
    early = stage.person("early tab")
    await early.chooses(f"ticket:{code}")
    assert f"{DAY3}起，请再扫一次这张纸上的码" in early.text
    discharge = await stay(stage)
    assert (discharge.channel, discharge.chat, discharge.joined_on) == ("", None, None)
    stage.clock.advance(days=3, hours=2)
    later = stage.person("later tab")
    await later.chooses(f"ticket:{code}")
    assert "第 1 题，共 4 题" in later.text
    assert (await surveys(stage))["day3"].stage is Progress.SENT


async def test_a_stranger_with_a_used_code_hears_whom_to_ask(stage: Stage) -> None:
    code = await discharged(stage)
    await by_telegram(stage).says(f"/start {code}")
    for channel in ("messenger", "web"):
        thief = stage.person("thief", channel)
        await thief.says(f"/start {code}")
        assert "已经有人用过" in thief.text
        assert "护士站" in thief.text
        assert "骨科" not in thief.text
    assert (await stay(stage)).channel == "messenger"


async def test_the_same_patient_may_come_again(stage: Stage) -> None:
    code = await discharged(stage)
    patient = by_telegram(stage)
    await patient.says(f"/start {code}")
    stage.clock.advance(days=3, hours=2)
    await patient.says(code)
    assert "第 1 题，共 4 题" in patient.text


async def test_guessing_ends_soon_and_a_right_code_does_not_help_then(stage: Stage) -> None:
    code = await discharged(stage)
    guesser = stage.person("guesser")
    ways = (guesser.chooses, "ticket:{}"), (guesser.says, "/start {}"), (guesser.says, "{}")
    for number in range(MOST_WRONG):
        act, form = ways[number % 3]
        await act(form.format(f"99999999999{number}"))
    assert "没有找到这个号码" in guesser.text
    for act, form in ways:
        assert "15 分钟" in (await act(form.format(code)))[0].text
    for name in BUTTONS:
        await guesser.chooses(f"{name}:{code}")
    assert (await stay(stage)).standing is Standing.ACTIVE
    assert await count(stage, WrongGuess) == MOST_WRONG
    stage.clock.advance(minutes=16)
    assert "住院随访" in (await guesser.chooses(f"ticket:{code}"))[0].text


async def test_pressing_with_guessed_codes_counts_as_guessing(stage: Stage) -> None:
    await discharged(stage)
    guesser = stage.person("guesser")
    for number in range(MOST_WRONG):
        await guesser.chooses(f"ticket.stop:99999999999{number}")
    assert await count(stage, WrongGuess) == MOST_WRONG


async def test_in_a_group_no_code_is_taken(stage: Stage) -> None:
    code = await discharged(stage)
    someone = stage.person("group", "messenger")
    replies = await someone.says(f"/start {code}", in_group=True)
    assert "私聊" in replies[0].text
    assert await someone.says(code, in_group=True) == []
    assert (await stay(stage)).joined_on is None
    await by_telegram(stage).says(f"/start {code}")
    assert (await stay(stage)).joined_on is not None


async def test_an_expired_code_is_told_kindly(stage: Stage) -> None:
    code = await discharged(stage)
    stage.clock.advance(days=61)
    patient = by_telegram(stage)
    await patient.says(f"/start {code}")
    assert "过期" in patient.text
    assert (await stay(stage)).joined_on is None


async def test_stopping_holds_for_the_number_too_and_can_be_taken_back(stage: Stage) -> None:
    code = await discharged(stage, phone="13812345678")
    patient = by_telegram(stage)
    await patient.says(f"/start {code}")
    await patient.presses("以后不用发")
    assert (await stay(stage)).standing is Standing.OPTED_OUT
    assert await count(stage, OptOut) == 2
    assert "不会再问您" in (await patient.says(f"/start {code}"))[0].text
    await patient.presses("点错了")
    assert (await stay(stage)).standing is Standing.ACTIVE
    assert {one.stage for one in (await surveys(stage)).values()} == {Progress.PLANNED}


async def test_stopping_on_the_page_stops_the_letters(stage: Stage) -> None:
    code = await discharged(stage, phone="13812345678")
    visitor = stage.person("tab")
    await visitor.chooses(f"ticket:{code}")
    await visitor.presses("以后不用发")
    assert (await stay(stage)).standing is Standing.OPTED_OUT
    assert {one.stage for one in (await surveys(stage)).values()} == {Progress.STOPPED}


async def test_a_stranger_with_the_paper_is_asked_twice_and_left_alone(stage: Stage) -> None:
    code = await discharged(stage)
    finder = by_telegram(stage, "finder")
    await finder.says(f"/start {code}")
    await finder.presses("我没有在这里住过院")
    await finder.presses("点错了，是我住的院")
    assert (await stay(stage)).standing is Standing.ACTIVE
    await finder.presses("我没有在这里住过院")
    await finder.presses("对，没住过")
    discharge = await stay(stage)
    assert (discharge.standing, discharge.channel, discharge.chat, discharge.address) == (
        Standing.WRONG_PERSON, "", None, None,
    )  # fmt: skip
    assert "打扰您了" in finder.text


async def test_who_left_only_words_is_not_taken_for_a_code(stage: Stage) -> None:
    reporter = stage.person("reporter")
    await reporter.says(TIP)
    await reporter.says("057187654321")
    assert await count(stage, WrongGuess) == 0
    assert len(await stage.told()) == 2


async def test_a_number_inside_a_report_stays_a_part_of_it(stage: Stage) -> None:
    reporter = stage.person("reporter")
    await reporter.says(TIP)
    await reporter.says("住院号 202611230001")
    await reporter.says("202611230001")
    assert "没有找到这个号码" not in reporter.text
    assert "202611230001" in (await stage.told())[-1]


async def test_sixteen_digits_are_still_a_receipt(stage: Stage) -> None:
    reporter = stage.person("reporter")
    await reporter.says(TIP)
    code = reporter.code
    again = stage.person("again")
    await again.says(code)
    assert "2026-00001" in again.text


async def test_a_ticket_puts_an_open_report_aside(stage: Stage) -> None:
    """Nothing remembers the report and the stay together: the words of the next minutes go to neither."""
    code = await discharged(stage)
    stage.clock.advance(days=3, hours=2)
    person = stage.person("tab")
    await person.says(TIP)
    await person.chooses(f"ticket:{code}")
    told = await stage.told()
    await person.says("很好，谢谢")
    assert await stage.told() == told
    await person.says(TIP)
    assert "第 1 题" in person.text


async def test_a_name_with_markup_is_shown_as_it_is(stage: Stage) -> None:
    code = await discharged(stage, department="<b>骨科</b>{hospital}")
    patient = by_telegram(stage)
    await patient.says(f"/start {code}")
    assert "<b>骨科</b>{hospital}" in patient.text


async def test_start_without_a_ticket_is_the_welcome_as_ever(stage: Stage) -> None:
    for text in ("/start", "/start hello", "/start 12345", "/start 1234567890123456"):
        person = stage.person(text, "messenger")
        await person.says(text)
        assert "我要反映问题" in person.buttons
    assert await count(stage, WrongGuess) == 0


async def test_no_code_is_kept_anywhere_in_the_clear(stage: Stage) -> None:
    code = await discharged(stage)
    stage.clock.advance(days=3, hours=2)
    for name in ("one", "two"):
        person = stage.person(name)
        await person.chooses(f"ticket:{code}")
        await person.says(f"/start {code}")
    for file in stage.folder.iterdir():
        if file.is_file():
            assert code.encode() not in file.read_bytes(), file.name
    assert await count(stage, Ticket) == 1
