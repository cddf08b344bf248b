"""Letters about surveys on their way: a stop in between, a chat that is gone, somebody who opted out."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, col, select

from bot.delivery import Delivery
from bot.destroying import warn_and_destroy
from bot.figures import Figures
from bot.settling import MOST_ATTEMPTS
from bot.ticker import Ticker
from storage.claiming import claim_due
from storage.errors import DeliveryError
from storage.followup.discharges import Discharge, Standing
from storage.followup.stopping import opt_out, set_standing
from storage.followup.surveys import Stage as SurveyStage
from storage.followup.surveys import Survey
from storage.letters import Letter, State
from storage.sending import release_claimed
from tests.stage import Messenger, Stage, sample_hospital
from tests.storage.followup.stays import PHONE, local, make_stay

LEFT = local("2026-11-20 14:00")
DUE = local("2026-11-23 10:00")


@pytest.fixture
def sms() -> Messenger:
    return Messenger("sms")


@pytest.fixture
async def stage(tmp_path: Path, sms: Messenger) -> AsyncIterator[Stage]:
    """A bot that also sends SMS, on the day of the first question."""
    async with Stage(tmp_path) as stage:
        equip(stage, sms)
        yield stage


def equip(stage: Stage, sms: Messenger) -> None:
    stage.clock.now = DUE
    channels = {"web": stage.page, "messenger": stage.messenger, "sms": sms}
    stage.delivery = Delivery(database=stage.database, desk=stage.desk, channels=channels, clock=stage.clock)


async def leave(stage: Stage, address: str = "anna", **stay: str) -> None:
    """Somebody who joined in the messenger left three days ago."""

    def work(session: Session) -> None:
        make_stay(session, stage.house, LEFT, channel="messenger", address=address, **stay)  # type: ignore[arg-type]

    await stage.database.run(work)


async def first_survey(stage: Stage) -> Survey:
    found = select(Survey).order_by(col(Survey.id)).limit(1)
    return await stage.database.run(lambda session: session.exec(found).one())


async def the_stay(stage: Stage) -> Discharge:
    return await stage.database.run(lambda session: session.exec(select(Discharge)).one())


async def test_a_question_arrives_and_the_survey_knows(stage: Stage) -> None:
    await leave(stage)
    assert await stage.sweep_surveys() == 1
    assert not (await first_survey(stage)).reached
    await stage.deliver()
    assert len(stage.messenger.shown_in("anna")) == 1
    assert (await first_survey(stage)).reached


async def test_a_crash_between_claim_and_send_sends_once(stage: Stage, sms: Messenger) -> None:
    await leave(stage)
    await stage.sweep_surveys()
    async with Stage(stage.folder) as again:  # nothing of the first process is left but the file
        equip(again, sms)
        assert await again.sweep_surveys() == 0
        await again.deliver()
        await again.deliver()
        assert len(again.messenger.shown_in("anna")) == 1
    assert stage.messenger.sent == []


async def test_a_crash_with_the_letter_in_hand_sends_it_at_the_next_start(
    stage: Stage, sms: Messenger
) -> None:
    await leave(stage)
    await stage.sweep_surveys()
    stage.messenger.failures = [DeliveryError("slow", retry_after=1)]
    await stage.deliver()
    stage.clock.advance(seconds=2)
    taken = await stage.database.run(lambda session: len(claim_due(session, now=stage.clock(), limit=9)))
    assert taken == 1
    async with Stage(stage.folder) as again:
        equip(again, sms)
        again.clock.now = stage.clock.now
        await again.database.run(release_claimed)
        await again.sweep_surveys()
        await again.deliver()
        assert len(again.messenger.shown_in("anna")) == 1


@pytest.mark.parametrize("swept", [False, True])
async def test_who_opts_out_before_the_letter_is_sent_gets_none(stage: Stage, swept: bool) -> None:
    await leave(stage)
    await stage.sweep_surveys()
    if swept:  # the audience was found already: the letter waits for its next attempt
        stage.messenger.failures = [DeliveryError("busy")]
        await stage.deliver()
    chat = (await the_stay(stage)).chat or ""
    await stage.database.run(lambda session: opt_out(session, chat=chat, house=stage.house, now=DUE))
    stage.clock.advance(minutes=10)
    await stage.deliver()
    assert stage.messenger.sent == []


async def test_who_died_meanwhile_gets_no_letter(stage: Stage) -> None:
    await leave(stage)
    await stage.sweep_surveys()

    def died(session: Session) -> None:
        set_standing(session, session.exec(select(Discharge)).one(), Standing.DECEASED, now=DUE)

    await stage.database.run(died)
    await stage.deliver()
    assert stage.messenger.sent == []
    letters = await stage.database.run(lambda session: list(session.exec(select(Letter))))
    assert all(letter.state is State.SENT and letter.payload is None for letter in letters)


async def test_a_chat_that_is_gone_is_asked_by_sms_and_reminded_there(stage: Stage, sms: Messenger) -> None:
    await leave(stage)
    stage.messenger.failures = [DeliveryError("blocked", permanent=True)]
    await stage.sweep_surveys()
    await stage.deliver()
    assert stage.messenger.sent == []
    assert len(sms.shown_in(PHONE)) == 1
    assert (await the_stay(stage)).channel == "sms"
    assert (await first_survey(stage)).reached
    stage.clock.advance(days=2)
    await stage.sweep_surveys()
    await stage.deliver()
    assert len(sms.shown_in(PHONE)) == 2
    assert stage.messenger.sent == []


async def test_a_number_that_does_not_exist_is_unreachable_and_not_tried_again(
    stage: Stage, sms: Messenger
) -> None:
    await leave(stage)
    stage.messenger.failures = [DeliveryError("blocked", permanent=True)]
    sms.failures = [DeliveryError("no such number", permanent=True)]
    await stage.sweep_surveys()
    await stage.deliver()
    assert (await first_survey(stage)).stage is SurveyStage.UNREACHABLE
    stage.clock.advance(days=20)
    await stage.sweep_surveys()
    await stage.deliver()
    assert sms.sent == stage.messenger.sent == []


async def test_an_outage_of_half_a_day_asks_once_when_it_is_over(stage: Stage, sms: Messenger) -> None:
    await leave(stage)
    stage.messenger.failures = [DeliveryError("down") for _ in range(MOST_ATTEMPTS)]
    for _ in range(40):
        await stage.sweep_surveys()
        await stage.deliver()
        stage.clock.advance(minutes=15)
    assert len(stage.messenger.shown_in("anna")) == 1
    assert sms.sent == []
    assert (await first_survey(stage)).reached


async def test_a_channel_that_was_taken_away_is_replaced_by_sms(stage: Stage, sms: Messenger) -> None:
    def work(session: Session) -> None:
        make_stay(session, stage.house, LEFT, channel="telegram", address="77")

    await stage.database.run(work)
    for _ in range(20):
        await stage.sweep_surveys()
        await stage.deliver()
        stage.clock.advance(minutes=15)
    assert len(sms.shown_in(PHONE)) == 1


async def test_switched_off_with_letters_waiting_sends_none(stage: Stage, sms: Messenger) -> None:
    await leave(stage)
    await stage.sweep_surveys()
    async with Stage(stage.folder, hospital=sample_hospital(followup={"enabled": False})) as again:
        equip(again, sms)
        await again.deliver()
        assert again.messenger.sent == []


async def test_what_was_not_sent_by_evening_waits_for_the_morning(stage: Stage) -> None:
    await leave(stage)
    stage.clock.now = local("2026-11-23 19:59")
    await stage.sweep_surveys()
    stage.clock.advance(minutes=2)
    await stage.deliver()
    assert stage.messenger.sent == []
    stage.clock.now = local("2026-11-24 08:59")
    await stage.deliver()
    assert stage.messenger.sent == []
    stage.clock.advance(minutes=1)
    await stage.deliver()
    assert len(stage.messenger.shown_in("anna")) == 1


async def test_an_address_that_does_not_open_falls_back_to_the_number(stage: Stage, sms: Messenger) -> None:
    await leave(stage)

    def spoil(session: Session) -> None:
        session.exec(select(Discharge)).one().address = b"spoilt"

    await stage.database.run(spoil)
    await stage.sweep_surveys()
    await stage.deliver()
    await stage.deliver()  # the new letter is found at the next look
    assert len(sms.shown_in(PHONE)) == 1


async def test_the_ticker_asks_slice_by_slice_and_wakes_delivery(stage: Stage) -> None:
    woken: list[bool] = []
    ticker = Ticker(
        database=stage.database, house=stage.house, files=stage.files, figures=Figures(),
        clock=stage.clock, wake=lambda: woken.append(True),
    )  # fmt: skip
    await ticker.ask_patients()
    assert woken == []
    await leave(stage)
    await ticker.ask_patients()
    assert woken == [True]
    stage.clock.advance(seconds=30)
    await ticker.ask_patients()
    assert woken == [True]


async def test_number_and_address_of_a_stay_go_with_the_daily_sweep(stage: Stage) -> None:
    await leave(stage)
    stage.clock.now = LEFT + timedelta(days=30 + 14 + 91)
    await stage.sweep_surveys()
    await warn_and_destroy(database=stage.database, house=stage.house, files=stage.files, clock=stage.clock)
    stay = await the_stay(stage)
    assert (stay.number, stay.phone, stay.address, stay.chat, stay.channel) == (None, None, None, None, "")
