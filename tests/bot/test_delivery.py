"""Delivery: in order, at the allowed pace, again after a failure, and given up only when it must be."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlmodel import Session, col, func, select, update

from bot.channels.base import Channel, Limits
from bot.delivery import Delivery
from bot.settling import MOST_ATTEMPTS, backoff
from storage.cases import LeftOutPerson
from storage.errors import DeliveryError
from storage.groups import Group, active_groups
from storage.letters import Letter, State
from storage.members import Member
from storage.messages import Reply
from storage.outbox import announce, post_reply
from storage.sending import dead_letters, revive
from tests.stage import Messenger, Stage

TOLD = "医生收了我两千块"
Skip = Callable[[float], None]


@pytest.fixture
async def skip(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Skip:
    """Lets seconds pass for the pace and for the outbox."""
    loop = asyncio.get_running_loop()

    def skip(seconds: float) -> None:
        real = loop.time
        monkeypatch.setattr(loop, "time", lambda: real() + seconds)
        stage.clock.advance(seconds=seconds)

    return skip


async def post(stage: Stage, chat: str, *texts: str, group: bool = False, channel: str = "messenger") -> None:
    def write(session: Session) -> None:
        sealed, now = stage.house.vault, stage.clock()
        for text in texts:
            reply = Reply(text)
            post_reply(session, reply, channel=channel, address=chat, is_group=group, vault=sealed, now=now)

    await stage.database.run(write)


def shown(stage: Stage) -> list[tuple[str, str]]:
    return [(chat, reply.text) for chat, _, reply in stage.messenger.sent]


async def states(stage: Stage) -> list[State]:
    found = select(Letter).where(Letter.channel == "messenger").order_by(col(Letter.id))
    return await stage.database.run(lambda session: [letter.state for letter in session.exec(found)])


def test_waits_twice_as_long_after_each_failure_up_to_a_quarter_of_an_hour() -> None:
    assert [backoff(attempts).total_seconds() for attempts in (1, 2, 3, 9, 10, 500)] == [
        2,
        4,
        8,
        512,
        900,
        900,
    ]


async def test_letters_of_a_chat_arrive_in_order_and_words_are_forgotten_once_sent(stage: Stage) -> None:
    await post(stage, "a", "1", "2", "3")
    await post(stage, "b", "x")
    await stage.deliver()
    assert [text for chat, text in shown(stage) if chat == "a"] == ["1", "2", "3"]
    assert ("b", "x") in shown(stage)
    letters = await stage.database.run(lambda session: list(session.exec(select(Letter))))
    assert all(letter.payload is None and letter.address is None for letter in letters)


async def test_nothing_overtakes_a_letter_that_waits_for_its_next_attempt(stage: Stage, skip: Skip) -> None:
    stage.messenger.failures.append(ConnectionError())
    await post(stage, "a", "1", "2")
    await stage.deliver()
    assert shown(stage) == []
    skip(3)
    await stage.deliver()
    assert shown(stage) == [("a", "1"), ("a", "2")]


async def test_retry_after_holds_only_the_chat_it_names(stage: Stage, skip: Skip) -> None:
    stage.messenger.failures.append(DeliveryError("flood", retry_after=30))
    await post(stage, "a", "1", "2")
    await stage.deliver()
    await post(stage, "b", "x")
    await stage.deliver()
    assert shown(stage) == [("b", "x")]
    skip(29)
    await stage.deliver()
    assert shown(stage) == [("b", "x")]
    skip(2)
    await stage.deliver()
    assert shown(stage) == [("b", "x"), ("a", "1"), ("a", "2")]


@pytest.mark.parametrize(
    ("error", "dead"),
    [(DeliveryError("503"), True), (ConnectionError(), True), (DeliveryError("flood", retry_after=1), False)],
)
async def test_gives_up_after_twelve_failures_but_never_for_being_told_to_wait(
    stage: Stage, skip: Skip, error: Exception, dead: bool
) -> None:
    await post(stage, "a", "1")
    for _ in range(MOST_ATTEMPTS):
        stage.messenger.failures.append(error)
        await stage.deliver()
        skip(1000)
    assert MOST_ATTEMPTS == 12
    assert await states(stage) == [State.DEAD if dead else State.PENDING]


async def test_a_dead_letter_can_be_revived(stage: Stage) -> None:
    stage.messenger.failures.append(DeliveryError("blocked", permanent=True))
    await post(stage, "a", "1")
    await stage.deliver()
    [letter] = await stage.database.run(dead_letters)
    assert letter.error == "blocked"
    assert await stage.database.run(lambda session: revive(session, letter.id or 0, now=stage.clock()))
    await stage.deliver()
    assert shown(stage) == [("a", "1")]


async def test_a_permanent_error_switches_group_and_duty_off_and_buries_what_waits(stage: Stage) -> None:
    await stage.group("g", "纪检办")
    officer = await stage.officer("王芳", channel="messenger")
    await stage.deliver()
    stage.messenger.failures += [DeliveryError("gone", permanent=True)] * 2
    await post(stage, "g", "1", "2", group=True)
    await post(stage, officer.name, "1")
    await stage.deliver()
    groups, members = await stage.database.run(
        lambda session: (list(session.exec(select(Group))), list(session.exec(select(Member))))
    )
    assert [group.active for group in groups] == [False]
    assert [member.on_duty for member in members] == [False]
    assert (await states(stage)).count(State.DEAD) == 3
    await stage.person("p").says(TOLD)
    await stage.deliver()
    assert "g" not in [chat for chat, text in shown(stage) if "编号 20" in text]


async def test_a_group_that_became_a_supergroup_keeps_its_office_and_its_letters(stage: Stage) -> None:
    await stage.group("g", "纪检办")
    await stage.deliver()
    stage.messenger.failures.append(DeliveryError("moved", moved_to="g-new"))
    await post(stage, "g", "1", "2", group=True)
    await stage.deliver()
    assert shown(stage)[-2:] == [("g-new", "1"), ("g-new", "2")]
    active = await stage.database.run(active_groups)
    assert [group.office for group in active] == ["纪检办"]
    await stage.person("p").says(TOLD)
    await stage.deliver()
    assert shown(stage)[-1][0] == "g-new"


async def test_what_was_in_flight_at_a_stop_goes_out_again_after_the_start(stage: Stage) -> None:
    await post(stage, "a", "1", "2")
    await stage.database.run(_claim_all)
    await stage.deliver()
    assert shown(stage) == []
    running = asyncio.create_task(stage.delivery.run())
    await asyncio.wait_for(stage.messenger.has_sent(2), 5)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert shown(stage) == [("a", "1"), ("a", "2")]


def _claim_all(session: Session) -> None:
    for letter in session.exec(select(Letter)):
        letter.state = State.CLAIMED


async def test_a_notice_that_fails_to_render_is_buried_and_others_go_on(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    await stage.group("g", "纪检办")
    await stage.person("p").says(TOLD)
    await stage.database.run(
        lambda session: announce(
            session, "office:纪检办", "case.reminder", case_id=1, now=stage.clock(), kind="?"
        )
    )
    await stage.database.run(
        lambda session: announce(session, "member:x", "case.assigned", case_id=1, now=stage.clock())
    )
    await stage.deliver()
    assert "编号 20" in stage.messenger.shown_in("g")[-1].text
    dead = await stage.database.run(dead_letters)
    assert {(letter.notice, letter.error) for letter in dead} == {
        ("case.reminder", "KeyError"),
        ("case.assigned", "ValueError"),
    }


async def test_a_letter_that_cannot_be_unsealed_is_buried_and_others_go_on(stage: Stage) -> None:
    await post(stage, "a", "1")

    def damage(session: Session) -> None:
        [letter] = session.exec(select(Letter))
        letter.payload = b"damaged"

    await stage.database.run(damage)
    await post(stage, "b", "x")
    await stage.deliver()
    assert shown(stage) == [("b", "x")]
    assert await states(stage) == [State.DEAD, State.SENT]


async def test_delivery_survives_a_pass_that_fails(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    failures = [OSError("disk full")]
    whole = stage.delivery.deliver_once

    async def once() -> bool:
        if failures:
            stage.delivery.wake()
            raise failures.pop()
        return await whole()

    monkeypatch.setattr(stage.delivery, "deliver_once", once)
    await post(stage, "a", "1")
    running = asyncio.create_task(stage.delivery.run())
    await asyncio.wait_for(stage.messenger.has_sent(1), 5)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_a_letter_for_a_channel_that_is_off_waits_and_holds_nobody(stage: Stage) -> None:
    await post(stage, "a", "1", channel="telegram")
    await post(stage, "b", "x")
    await stage.deliver()
    assert shown(stage) == [("b", "x")]


async def test_ends_quietly_when_the_storage_closes(stage: Stage) -> None:
    running = asyncio.create_task(stage.delivery.run())
    await asyncio.to_thread(stage.database.stop)
    stage.delivery.wake()
    await asyncio.wait_for(running, timedelta(seconds=5).total_seconds())


async def test_a_case_written_out_for_an_officer_is_not_sent_once_it_is_kept_from_them(stage: Stage) -> None:
    await stage.person("p").says(TOLD)
    officer = await stage.officer("王芳", channel="messenger")
    await stage.deliver()
    before = len(stage.messenger.sent)
    await officer.chooses("open:1")

    def leave_out(session: Session) -> None:
        member = session.exec(select(Member)).one()
        session.add(LeftOutPerson(case_id=1, member_id=member.id or 0))

    await stage.database.run(leave_out)
    await stage.deliver()
    assert all("两千" not in reply.text for _, _, reply in stage.messenger.sent[before:])


@pytest.mark.parametrize("assigned", [False, True])
async def test_who_belongs_to_two_audiences_hears_of_an_urgent_case_once(
    stage: Stage, assigned: bool
) -> None:
    """The discipline office hears as such and for the office that nobody has joined."""
    officer = await stage.officer("王芳", channel="messenger")
    group = await stage.group("群", "纪检办")
    reporter = stage.person("patient")
    await reporter.says("护士态度很差，我妈不想活了，今晚要从楼上跳下去")
    if assigned:
        await stage.deliver()
        await officer.chooses("do:accept:1:0")
        await stage.deliver()
        stage.clock.advance(minutes=20)
        stage.messenger.sent.clear()
        await reporter.says("我真的不想活了，今晚就跳下去")
    await stage.deliver()
    told = f"{'【急】' if assigned else '编号 '}{stage.clock().year}"
    for one in (officer, group):
        assert len([text for chat, text in shown(stage) if chat == one.name and text.startswith(told)]) == 1


def _slow(stage: Stage, *names: str) -> tuple[Delivery, list[Messenger]]:
    """Delivery of its own that may send 25 a second to each channel."""
    messengers = [Messenger(name) for name in names]
    for one in messengers:
        one.limits = Limits(per_second=25, per_chat_second=1, per_group_minute=20)
    channels: dict[str, Channel] = {one.name: one for one in messengers}
    return Delivery(
        database=stage.database, desk=stage.desk, channels=channels, clock=stage.clock
    ), messengers


async def _ask_many(stage: Stage, count: int, channel: str = "messenger") -> None:
    for number in range(count):
        await post(stage, f"patient {number}", "请问您满意吗？", channel=channel)
    await stage.database.run(lambda session: session.execute(update(Letter).values(bulk=True)))


async def test_an_urgent_case_does_not_wait_behind_questions_to_all_patients(stage: Stage) -> None:
    await stage.group("g", "纪检办")
    await stage.deliver()
    await _ask_many(stage, 60)
    await stage.person("p").says(TOLD)
    delivery, [messenger] = _slow(stage, "messenger")
    await delivery.deliver_once()
    await delivery.landed()
    assert messenger.sent[0][0] == "g"
    assert 1 < len(messenger.sent) < 20


async def test_a_channel_that_wants_a_rest_gets_it_and_the_others_go_on(stage: Stage, skip: Skip) -> None:
    delivery, [texts, messenger] = _slow(stage, "sms", "messenger")
    texts.failures.append(DeliveryError("flood", retry_after=60, whole=True))
    await _ask_many(stage, 1, "sms")
    await delivery.deliver_once()
    await delivery.landed()
    await _ask_many(stage, 12, "sms")
    await _ask_many(stage, 3)
    running = asyncio.create_task(delivery.run())
    await asyncio.wait_for(messenger.has_sent(3), 5)
    assert len(texts.attempts) == 1
    skip(61)
    delivery.wake()
    await asyncio.wait_for(texts.has_sent(12), 10)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_a_notice_of_a_case_does_not_wait_until_all_patients_have_been_looked_up(stage: Stage) -> None:
    """Thousands of surveys fall due at once, and a moment later somebody is in danger."""
    await stage.group("g", "纪检办")
    await stage.deliver()

    def many(session: Session) -> None:
        for number in range(500):
            announce(session, f"survey:{number}", "survey.ask", now=stage.clock(), survey=number)

    await stage.database.run(many)
    await stage.person("p").says(TOLD)
    assert await stage.delivery.deliver_once()
    await stage.delivery.landed()
    assert "编号 20" in stage.messenger.shown_in("g")[-1].text
    left = select(func.count()).select_from(Letter).where(Letter.state == State.PENDING, Letter.bulk)
    assert await stage.database.run(lambda session: session.exec(left).one()) > 400
    await stage.deliver()
    assert await stage.database.run(lambda session: session.exec(left).one()) == 0


async def test_of_two_notices_for_one_page_both_are_shown(stage: Stage) -> None:
    officer = await stage.officer("王芳", "纪检办")
    for number in range(2):
        await stage.person(f"p{number}").says(f"{TOLD}，第{number}次")
    await stage.deliver()
    shown_cards = [reply.card for reply in await officer.looks() if reply.card]
    assert len(shown_cards) == 2
