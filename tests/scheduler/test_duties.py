"""What staff owe, as time passes: a whole stage with a played clock, groups, private chats and the page."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, col, select

from scheduler.duties import remind_people, sweep_occurrences, tell_heads
from storage.duties.assignments import Assignment, find_assignment
from storage.duties.completing import complete, owe_again
from storage.duties.occurrences import Occurrence, OccurrenceStage
from storage.duties.stepping import plan_next_step
from storage.errors import DeliveryError
from storage.letters import Letter
from storage.members import Role
from storage.staff.employees import Employee
from tests.duties import make_book
from tests.stage import Person, Stage

DUE = datetime(2026, 12, 4, 9, 0, tzinfo=UTC)
"""A Friday, 17:00 in Shanghai; its leads: the 25th of November, the 1st, 3rd and 4th of December."""
MORNING = timedelta(minutes=30)
"""08:30 in Shanghai, in UTC."""


def morning(day: int, month: int = 12, **later: float) -> datetime:
    """08:30 in Shanghai on that day of 2026."""
    return datetime(2026, month, day, tzinfo=UTC) + MORNING + timedelta(**later)


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with Stage(
        tmp_path, duties=make_book({}, {"key": "quiz", "title": "准则测试", "done": "quiz"})
    ) as stage:
        yield stage


async def joins(
    stage: Stage, name: str, office: str, role: Role = Role.STAFF, channel: str = "web"
) -> Person:
    """Somebody joins, and reads the welcome."""
    person = await stage.officer(name, office, role, channel)
    await stage.deliver()
    return person


async def plan(stage: Stage, key: str = "study", *, due: datetime = DUE, **fields: Any) -> int:
    duty = stage.house.duties.by_key[key]

    def make(session: Session) -> int:
        opens = fields.pop("opens_at", morning(25, 11))
        occurrence = Occurrence(
            duty=key, period=f"{due:%Y-%m-%d}", title=duty.title, proof=duty.done, each=duty.each,
            opens_at=opens, due_at=due, next_at=opens, changed_at=stage.clock(), **fields,
        )  # fmt: skip
        session.add(occurrence)
        session.flush()
        return occurrence.id or 0

    return await stage.database.run(make)


async def at(stage: Stage, moment: datetime) -> int:
    """The ticker's sweeps at that moment, and delivery."""
    stage.clock.now = moment
    left = await stage.sweep_duties()
    await stage.deliver()
    return left


async def answers(stage: Stage, number: int, office: str = "", *, undo: bool = False) -> None:
    """Everybody (of an office) does what they owe."""

    def do(session: Session) -> None:
        owed = select(Assignment).where(Assignment.occurrence_id == number)
        for one in session.exec(owed).all():
            if not office or one.office == office:
                person = session.get_one(Employee, one.employee_id)
                if undo:
                    owe_again(session, one, now=stage.clock())
                else:
                    complete(session, one, by=person, now=stage.clock())

    await stage.database.run(do)


async def stage_of(stage: Stage, number: int) -> OccurrenceStage:
    return (await stage.database.run(lambda session: session.get_one(Occurrence, number))).stage


def told(stage: Stage, person: Person) -> list[str]:
    return [reply.text for reply in stage.messenger.shown_in(person.name)]


async def test_a_duty_is_told_at_each_lead_and_each_day_overdue_until_it_is_done(stage: Stage) -> None:
    person = await joins(stage, "赵敏", "药剂科", Role.STAFF, "messenger")
    number, before = await plan(stage), len(told(stage, person))
    days: list[datetime] = []
    day = morning(23, 11)
    while day < morning(12):
        if await at(stage, day):
            days.append(day)
        day += timedelta(days=1)
    leads = [morning(25, 11), morning(1), morning(3), morning(4)]
    overdue = [morning(7), morning(8), morning(9), morning(10), morning(11)]
    assert days == leads + overdue
    assert len(told(stage, person)) - before == len(days)
    await answers(stage, number)
    assert await at(stage, morning(14)) == 0
    assert await stage_of(stage, number) is OccurrenceStage.CLOSED


async def test_several_duties_are_one_message_with_a_button_each(stage: Stage) -> None:
    person = await joins(stage, "赵敏", "药剂科", Role.STAFF)
    first = await plan(stage)
    second = await plan(stage, "quiz")
    await at(stage, morning(25, 11))
    shown = await person.looks()
    assert len(shown) == 1
    assert shown[0].text.startswith("您好！您有 2 件事要做")
    values = [choice.value for row in shown[0].choices for choice in row]
    assert values == [f"due:open:{first}", f"due:open:{second}"]


async def test_one_duty_is_its_card_with_buttons(stage: Stage) -> None:
    person = await joins(stage, "赵敏", "药剂科", Role.STAFF)
    number = await plan(stage, "quiz")
    await at(stage, morning(25, 11))
    (shown,) = await person.looks()
    assert "准则测试" in shown.text
    assert "○" * 10 + " 0/1" in shown.text
    values = [choice.value for row in shown.choices for choice in row]
    assert values == [f"quiz:begin:{number}", f"due:later:{number}"]


async def test_who_answered_before_the_letter_went_out_is_told_nothing(stage: Stage) -> None:
    person = await joins(stage, "赵敏", "药剂科", Role.STAFF, "messenger")
    number, before = await plan(stage), len(told(stage, person))
    stage.clock.now = morning(25, 11)
    await stage.sweep_duties()
    await answers(stage, number)
    await stage.deliver()
    assert len(told(stage, person)) == before


async def test_a_restart_tells_nobody_the_same_twice(tmp_path: Path) -> None:
    async with Stage(tmp_path, duties=make_book()) as stage:
        await joins(stage, "赵敏", "药剂科", Role.STAFF, "messenger")
        await plan(stage)
        await at(stage, morning(25, 11))
        shown = len(stage.messenger.sent)
    async with Stage(tmp_path, duties=make_book()) as again:
        assert await at(again, morning(25, 11, minutes=5)) == 0
        assert shown > 0
        assert again.messenger.sent == []


async def test_a_day_and_night_of_sweeps_tells_once(stage: Stage) -> None:
    await joins(stage, "赵敏", "药剂科", Role.STAFF, "messenger")
    await plan(stage)
    told = [await at(stage, morning(25, 11) + timedelta(minutes=30 * one)) for one in range(48)]
    assert told == [1] + [0] * 47


async def test_a_crash_before_the_commit_loses_no_reminder(stage: Stage) -> None:
    await joins(stage, "赵敏", "药剂科", Role.STAFF, "messenger")
    await plan(stage)
    stage.clock.now = morning(25, 11)

    def fails(session: Session) -> None:
        for work in (sweep_occurrences, remind_people):
            assert work(session, house=stage.house, now=stage.clock()) == 1
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await stage.database.run(fails)
    letters = select(Letter).where(Letter.notice == "due.digest")
    assert await stage.database.run(lambda session: list(session.exec(letters))) == []
    assert await stage.sweep_duties() == 1


async def test_a_crash_between_marking_and_telling_tells_once(stage: Stage) -> None:
    person = await joins(stage, "赵敏", "药剂科", Role.STAFF, "messenger")
    await plan(stage)
    before = len(told(stage, person))
    stage.clock.now = morning(25, 11)
    await stage.database.run(lambda session: sweep_occurrences(session, house=stage.house, now=stage.clock()))

    def fails(session: Session) -> None:
        remind_people(session, house=stage.house, now=stage.clock())
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await stage.database.run(fails)
    await at(stage, morning(25, 11, minutes=10))
    await at(stage, morning(25, 11, minutes=20))
    assert len(told(stage, person)) == before + 1


async def test_nobody_is_told_while_an_occurrence_of_the_morning_is_still_to_come(stage: Stage) -> None:
    await joins(stage, "赵敏", "药剂科", Role.STAFF)
    await plan(stage)
    await plan(stage, "quiz")
    stage.clock.now = morning(25, 11)
    run = stage.database.run
    assert await run(lambda session: sweep_occurrences(session, house=stage.house, now=stage.clock())) == 1
    assert await run(lambda session: remind_people(session, house=stage.house, now=stage.clock())) == 0


async def test_one_that_cannot_be_given_out_keeps_no_other_away(stage: Stage) -> None:
    person = await joins(stage, "赵敏", "药剂科", Role.STAFF)
    broken = await plan(stage, opens_at=morning(24, 11))
    whole = await plan(stage, "quiz")

    def spoil(session: Session) -> None:  # such an assignment there is already: the insert fails
        session.add(Assignment(occurrence_id=broken, employee_id=1, office="药剂科"))

    await stage.database.run(spoil)
    stage.clock.now = morning(25, 11)
    troubles: list[Exception] = []

    def sweep(session: Session) -> int:
        return sweep_occurrences(session, house=stage.house, now=stage.clock(), troubled=troubles.append)

    while await stage.database.run(sweep):
        pass
    assert len(troubles) == 1
    assert [await stage_of(stage, one) for one in (broken, whole)] == [
        OccurrenceStage.PLANNED, OccurrenceStage.OPEN,
    ]  # fmt: skip
    await stage.sweep_duties()
    (shown,) = await person.looks()
    assert "准则测试" in shown.text


async def test_what_was_missed_during_a_stop_is_one_message(stage: Stage) -> None:
    person = await joins(stage, "赵敏", "药剂科", Role.STAFF, "messenger")
    await plan(stage)
    await at(stage, morning(25, 11))
    before = len(told(stage, person))
    await at(stage, morning(8, hours=3))
    assert len(told(stage, person)) == before + 1
    assert "已超期 2 个工作日" in told(stage, person)[-1]


async def test_nothing_goes_out_at_night_or_on_a_day_off(stage: Stage) -> None:
    person = await joins(stage, "赵敏", "药剂科", Role.STAFF, "messenger")
    await plan(stage)
    before = len(told(stage, person))
    await at(stage, morning(25, 11, hours=12))  # 20:30, after a stop
    assert len(told(stage, person)) == before
    await at(stage, morning(26, 11))
    assert len(told(stage, person)) == before + 1
    await at(stage, morning(4, hours=12))
    await at(stage, morning(5))  # a Saturday
    await at(stage, morning(6, hours=3))
    assert len(told(stage, person)) == before + 1
    await at(stage, morning(7))
    assert len(told(stage, person)) == before + 2


async def test_a_letter_that_waited_into_the_night_waits_for_the_morning(stage: Stage) -> None:
    person = await joins(stage, "赵敏", "药剂科", Role.STAFF, "messenger")
    await plan(stage)
    before = len(told(stage, person))
    stage.clock.now = morning(25, 11)
    await stage.sweep_duties()  # and delivery stands still until half past eight at night
    stage.clock.now = morning(25, 11, hours=12)
    await stage.deliver()
    assert len(told(stage, person)) == before
    stage.clock.now = morning(26, 11)
    await stage.deliver()
    assert len(told(stage, person)) == before + 1


async def test_what_is_urgent_goes_at_once_and_what_is_not_in_the_morning(tmp_path: Path) -> None:
    book = make_book({"urgent": True}, {"key": "quiz", "title": "测试"})
    async with Stage(tmp_path, duties=book) as stage:
        person = await joins(stage, "赵敏", "药剂科", Role.STAFF, "messenger")
        before = len(told(stage, person))
        await plan(stage, "quiz", opens_at=morning(25, 11, hours=5))
        await at(stage, morning(25, 11, hours=5))
        assert len(told(stage, person)) == before
        await plan(stage, opens_at=morning(25, 11, hours=6))
        await at(stage, morning(25, 11, hours=6))
        assert len(told(stage, person)) == before + 1


async def test_a_short_notice_does_not_wait_for_the_next_morning(stage: Stage) -> None:
    person = await joins(stage, "赵敏", "药剂科", Role.STAFF, "messenger")
    before = len(told(stage, person))
    noon = morning(4, hours=4)
    await plan(stage, opens_at=noon)
    await at(stage, noon)
    assert len(told(stage, person)) == before + 1


async def test_who_has_longer_is_reminded_before_their_own_day(stage: Stage) -> None:
    slow = await joins(stage, "赵敏", "药剂科", Role.STAFF, "messenger")
    number = await plan(stage)
    await at(stage, morning(25, 11))

    def give_time(session: Session) -> None:
        person = session.exec(select(Employee)).one()
        assignment = find_assignment(session, session.get_one(Occurrence, number), person)
        assert assignment is not None
        assignment.extended_until = datetime(2026, 12, 11, 9, tzinfo=UTC)  # the next Friday
        session.add(assignment)

    await stage.database.run(give_time)
    before = len(told(stage, slow))
    days = [day for day in range(1, 15) if await at(stage, morning(day))]
    assert days == [2, 8, 10, 11, 14]
    assert len(told(stage, slow)) - before == 5


async def test_heads_read_names_and_then_discipline_until_it_is_done(stage: Stage) -> None:
    head = await joins(stage, "周主任", "药剂科", Role.HEAD, "messenger")
    chief = await joins(stage, "纪委书记", "纪检办", Role.HEAD, "messenger")
    await joins(stage, "赵敏", "药剂科", Role.STAFF)
    await joins(stage, "钱多", "医务科", Role.STAFF)
    number = await plan(stage)
    await at(stage, morning(25, 11))
    await at(stage, morning(4))
    assert "名单" not in "".join(told(stage, head) + told(stage, chief))
    await at(stage, morning(7))  # one working day overdue
    (names,) = [text for text in told(stage, head) if "名单" in text]
    assert "赵敏" in names
    assert "钱多" not in names
    assert [text for text in told(stage, chief) if "名单" in text and "钱多" in text]  # has no head
    seen = len([text for text in told(stage, chief) if "名单" in text])
    await at(stage, morning(8))
    assert len([text for text in told(stage, head) if "名单" in text]) == 1
    await at(stage, morning(9))  # three days
    mine = [text for text in told(stage, chief) if "名单" in text]
    assert len(mine) == seen + 1
    assert "赵敏" in mine[-1]
    assert "钱多" in mine[-1]
    await answers(stage, number)
    before = len(stage.messenger.sent)
    for day in (10, 11, 14, 15, 16, 17, 18, 21, 22):
        await at(stage, morning(day))
    assert len(stage.messenger.sent) == before


async def test_offices_without_a_head_are_one_letter_to_discipline_and_name_no_other(stage: Stage) -> None:
    chief = await joins(stage, "纪委书记", "纪检办", Role.HEAD, "messenger")
    head = await joins(stage, "周主任", "药剂科", Role.HEAD, "messenger")
    for number, office in enumerate(("医务科", "骨科", "内科", "儿科", "药剂科")):
        await joins(stage, f"职工{'甲乙丙丁戊'[number]}", office)
    number = await plan(stage)
    await at(stage, morning(25, 11))
    await answers(stage, number, "纪检办")
    await at(stage, morning(7))
    (letter,) = [text for text in told(stage, chief) if "名单" in text]
    assert all(f"职工{name}" in letter for name in "甲乙丙丁")
    assert "职工戊" not in letter, "their own head hears first"
    assert "职工戊" in told(stage, head)[-1] or "职工戊" in told(stage, head)[-2]


async def test_at_the_end_heads_get_a_last_word_and_nobody_is_reminded_any_more(stage: Stage) -> None:
    head = await joins(stage, "周主任", "药剂科", Role.HEAD, "messenger")
    await joins(stage, "赵敏", "药剂科", Role.STAFF, "messenger")
    number = await plan(stage)
    day = morning(25, 11)
    while day <= morning(21):
        await at(stage, day)
        day += timedelta(days=1)
    assert await stage_of(stage, number) is OccurrenceStage.CLOSED
    assert "已结束，仍有 2 人没有完成" in told(stage, head)[-1]
    shown = len(stage.messenger.sent)
    for later in range(22, 31):
        await at(stage, morning(later))
    assert len(stage.messenger.sent) == shown


async def test_what_is_given_back_when_all_is_over_is_called_to_mind_until_it_is_done(stage: Stage) -> None:
    """Ten working mornings from then on, as if it had been due then; nobody else hears of it again."""
    pharmacist = await joins(stage, "赵敏", "药剂科", channel="messenger")
    doctor = await joins(stage, "孙立", "医务科", channel="messenger")
    number = await plan(stage)
    await at(stage, morning(25, 11))
    await answers(stage, number, "药剂科")
    await at(stage, morning(21))
    assert await stage_of(stage, number) is OccurrenceStage.CLOSED
    before = len(told(stage, pharmacist)), len(told(stage, doctor))
    stage.clock.now = morning(22, hours=2)
    await answers(stage, number, "药剂科", undo=True)
    assert await stage_of(stage, number) is OccurrenceStage.OPEN
    for day in (22, 23, 24):
        await at(stage, morning(day, hours=3))
    assert (len(told(stage, pharmacist)), len(told(stage, doctor))) == (before[0] + 2, before[1])
    await answers(stage, number, "药剂科")
    await at(stage, morning(25))
    assert len(told(stage, pharmacist)) == before[0] + 2
    for day in (28, 29, 30, 31):
        await at(stage, morning(day))
    await at(stage, datetime(2027, 1, 15, 1, 0, tzinfo=UTC))
    assert await stage_of(stage, number) is OccurrenceStage.CLOSED
    assert (len(told(stage, pharmacist)), len(told(stage, doctor))) == (before[0] + 2, before[1])


async def test_names_stop_where_somebody_answers_between_the_sweep_and_the_letter(stage: Stage) -> None:
    head = await joins(stage, "周主任", "药剂科", Role.HEAD, "messenger")
    number = await plan(stage)
    await at(stage, morning(25, 11))
    stage.clock.now = morning(7)
    await stage.sweep_duties()
    await answers(stage, number)
    await stage.deliver()
    assert not [text for text in told(stage, head) if "名单" in text]


async def test_heads_are_told_once_a_morning_however_often_it_is_asked(stage: Stage) -> None:
    await joins(stage, "周主任", "药剂科", Role.HEAD, "messenger")
    await plan(stage)
    await at(stage, morning(25, 11))
    stage.clock.now = morning(7)
    await stage.sweep_duties()
    run = stage.database.run
    assert await run(lambda session: tell_heads(session, house=stage.house, now=stage.clock())) == 0


async def test_who_blocked_the_bot_is_left_alone_shown_to_the_head_and_back_as_they_write(
    stage: Stage,
) -> None:
    head = await joins(stage, "周主任", "药剂科", Role.HEAD)
    person = await joins(stage, "赵敏", "药剂科", Role.STAFF, "messenger")
    await plan(stage)
    stage.messenger.failures.append(DeliveryError("blocked", permanent=True))
    await at(stage, morning(25, 11))
    tries = len(stage.messenger.attempts)
    await at(stage, morning(1))
    await at(stage, morning(7))
    assert len(stage.messenger.attempts) == tries
    await head.looks()
    assert "赵敏（发不到）" in head.text
    await person.says("帮助")
    await at(stage, morning(8))
    assert any("专题学习" in text for text in told(stage, person))


async def test_two_sweepers_at_once_tell_each_person_once(stage: Stage) -> None:
    for name in ("赵敏", "钱多", "孙立"):
        await joins(stage, name, "药剂科", Role.STAFF, "messenger")
    await plan(stage)
    await plan(stage, "quiz")
    stage.clock.now = morning(25, 11)
    await asyncio.gather(*(stage.sweep_duties() for _ in range(4)))
    letters = select(Letter).where(Letter.notice == "due.digest")
    left = await stage.database.run(lambda session: list(session.exec(letters.order_by(col(Letter.id)))))
    assert len(left) == 3
    assert all(one.bulk for one in left)


async def test_a_due_day_that_moved_has_the_leads_of_its_new_day(stage: Stage) -> None:
    await joins(stage, "赵敏", "药剂科", Role.STAFF, "messenger")
    number = await plan(stage)
    await at(stage, morning(25, 11))

    def move(session: Session) -> None:
        occurrence = session.get_one(Occurrence, number)
        occurrence.due_at += timedelta(days=7)
        plan_next_step(session, occurrence, house=stage.house, now=stage.clock())

    await stage.database.run(move)
    assert [day for day in range(1, 15) if await at(stage, morning(day))] == [2, 8, 10, 11, 14]


async def test_who_is_excused_as_they_are_away_is_told_nothing_and_shown_apart(stage: Stage) -> None:
    away = await joins(stage, "赵敏", "药剂科", Role.STAFF, "messenger")
    here = await joins(stage, "钱多", "药剂科")
    before = len(told(stage, away))
    await away.says("请假 11月30日到12月6日")
    await stage.deliver()
    before = len(told(stage, away))
    await plan(stage)
    await at(stage, morning(25, 11))
    await at(stage, morning(1))
    assert len(told(stage, away)) == before
    await here.looks()
    assert "0/1（另有 1 人请假等，不计入）" in here.text


async def test_a_newcomer_gets_what_is_open_with_the_next_digest(stage: Stage) -> None:
    await plan(stage)
    await joins(stage, "赵敏", "药剂科")
    await at(stage, morning(25, 11))
    await at(stage, morning(26, 11, hours=2))
    person = await joins(stage, "新来", "药剂科", Role.STAFF, "messenger")
    before = len(told(stage, person))
    await at(stage, morning(26, 11, hours=3))
    assert len(told(stage, person)) == before
    await at(stage, morning(27, 11))
    assert "专题学习" in told(stage, person)[-1]
    assert len(told(stage, person)) == before + 1
