"""Limits run out: the officer is reminded in chat, then the head, then the discipline office's group."""

from storage.members import Role
from tests.e2e import telegram_place
from tests.e2e.telegram_place import TelegramPlace, everything, newest
from tests.telegram.server.cast import Group, User

place = telegram_place.place

TOLD = "同一项检查收了我两次钱，多收了三百块"


async def hires(place: TelegramPlace) -> tuple[User, User]:
    """The officer of an office, on duty, and its head, who is resting."""
    officer = await place.officer("钱敏", "物价办")
    head = await place.officer("周主任", "物价办", Role.HEAD)
    await head.press(newest(head, "下班休息"), "下班休息")
    await head.sees("好好休息")
    return officer, head


async def test_a_limit_climbs_from_the_officer_to_the_head_to_the_discipline_office(
    place: TelegramPlace,
) -> None:
    officer, head = await hires(place)
    discipline = await place.officer("王芳")
    group = await place.group("纪检办", discipline)
    patient = place.server.user()
    await patient.write(TOLD)
    await patient.sees("您的查询码")
    await officer.press(await officer.sees("编号 2026-00001"), "打开")
    await officer.sees("—— 反映内容 ——")

    await place.pass_time(days=2, hours=5)  # Wednesday 14:00: half of the three days to decide is over
    assert (await officer.sees("2026-00001：受理或转办的时限已经过了 50%")).labels == ["打开"]
    assert "时限" not in everything(head)

    await place.pass_time(days=1)
    await officer.sees("已经过了 80%")
    await head.sees("2026-00001：受理或转办的时限已经过了 80%")
    assert "时限" not in everything(group)

    await place.pass_time(hours=4)
    await officer.sees("2026-00001：受理或转办已到期，请尽快办理。")
    await head.sees("已到期，请尽快办理。")
    told = await group.sees("2026-00001（物价办办理）：受理或转办已到期，请督办。")
    assert told.labels == []  # who cannot open the case gets no button for it
    assert not [one for one in (officer, head, group) if "三百块" in last_words(one)]


async def test_after_the_limit_a_reminder_comes_each_working_day_and_none_at_the_weekend(
    place: TelegramPlace,
) -> None:
    officer, _ = await hires(place)
    patient = place.server.user()
    await patient.write(TOLD)
    await officer.press(await officer.sees("编号 2026-00001"), "打开")
    await officer.sees("—— 反映内容 ——")
    await place.pass_time(days=3, hours=9)  # Thursday evening
    await officer.sees("已到期")
    counts = []
    for _ in range(4):  # Friday, Saturday, Sunday, Monday
        await place.pass_time(days=1)
        await place.settled()
        counts.append(everything(officer).count("已到期"))
    assert counts == [2, 2, 2, 3]


async def test_accepting_ends_the_reminders_of_deciding(place: TelegramPlace) -> None:
    officer, head = await hires(place)
    patient = place.server.user()
    await patient.write(TOLD)
    await officer.press(await officer.sees("编号 2026-00001"), "打开")
    await officer.press(await officer.sees("—— 反映内容 ——"), "受理")
    await officer.sees("已受理，反映人会知道")
    await place.pass_time(days=4)
    await place.settled()
    assert not [one for one in (officer, head) if "受理或转办" in everything(one).partition("已受理")[2]]


def last_words(chat: User | Group) -> str:
    """The last message of the bot, which is the reminder."""
    return chat.last.text
