"""A patient presses the link of their sheet in Telegram, and is asked there on the third day."""

from datetime import timedelta

from sqlmodel import Session, select

from storage.followup.discharges import Discharge
from storage.followup.importing import DischargeRow, put_discharges
from storage.followup.joining import new_ticket
from storage.followup.surveys import Stage, Survey
from tests.e2e import telegram_place
from tests.e2e.telegram_place import TelegramPlace, everything

place = telegram_place.place


async def ticket(place: TelegramPlace) -> str:
    """The code on the sheet of somebody who left today and gave no number."""
    house, now = place.app.house, place.clock()

    def leave(session: Session) -> str:
        put_discharges(session, [DischargeRow("ZY001", "骨科", now)], house=house, now=now)
        (one,) = session.exec(select(Discharge.id)).all()
        return new_ticket(session, one or 0, until=now + timedelta(days=60), vault=house.vault)

    return await place.app.database.run(leave)


async def day3(place: TelegramPlace) -> Survey:
    found = select(Survey).where(Survey.plan == "day3")
    return await place.app.database.run(lambda session: session.exec(found).one())


async def test_one_press_joins_and_the_third_day_asks(place: TelegramPlace) -> None:
    patient, thief = place.server.user("张阿姨"), place.server.user("路人")
    code = await ticket(place)
    await patient.write(f"/start {code}")
    await patient.sees("11月26日起，我们会在这里问您")
    await thief.write(f"/start {code}")
    await thief.sees("已经有人用过了")
    place.clock.advance(days=3, hours=2)
    await place.app.ticker.ask_patients()
    place.app.delivery.wake()
    question = await patient.sees("第 1 题，共 4 题")
    await patient.press(question, "4 ★★★★ 满意")
    await patient.sees("第 2 题，共 4 题")
    assert (await day3(place)).score == 4
    assert "第 1 题" not in everything(thief)


async def test_in_a_group_the_link_is_not_taken(place: TelegramPlace) -> None:
    patient = place.server.user("张阿姨")
    group = place.server.group("病友群")
    code = await ticket(place)
    await group.write(patient, f"/start@{place.server.username} {code}")
    await group.sees("请不要把纸上的码发在群里")
    assert (await day3(place)).stage is Stage.STOPPED
    await patient.write(code)
    await patient.sees("11月26日起")
    assert (await day3(place)).stage is Stage.PLANNED
