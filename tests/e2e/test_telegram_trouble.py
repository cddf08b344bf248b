"""What goes wrong around Telegram: blocked, moved, throttled, cut off, restarted. Nobody else suffers."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from sqlmodel import col, func, select

from bot.channels.telegram import TelegramChannel
from storage.cases import Case
from storage.members import Member
from storage.sending import dead_letters
from storage.subscriptions import Subscription
from tests.e2e import telegram_place
from tests.e2e.telegram_place import MODES, TelegramPlace, everything, newest
from tests.telegram.server.cast import User

place = telegram_place.place

TOLD = "骨科刘医生上周三收了我两千块红包"


async def reports(place: TelegramPlace, text: str = TOLD, name: str = "张阿姨") -> User:
    """A patient who has told something."""
    patient = place.server.user(name)
    await patient.write(text)
    await patient.sees("您的查询码")
    return patient


async def wants_answers(patient: User) -> User:
    """The patient has answers pushed."""
    await patient.press(newest(patient, "有答复就发到这里"), "有答复就发到这里")
    await patient.sees("有答复会发到这里")
    return patient


async def accepts(officer: User, number: str) -> None:
    """The officer opens a case by its number and accepts it."""
    await officer.write(number)
    await officer.press(await officer.sees(f"编号 {number}\n状态：待受理"), "受理")
    await officer.sees(f"编号 {number}\n状态：已受理")


async def count(place: TelegramPlace, table: type[Case] | type[Subscription]) -> int:
    """How many rows there are."""
    return await place.app.database.run(
        lambda session: session.exec(select(func.count()).select_from(table)).one()
    )


class TestChatsThatChange:
    async def test_a_group_that_becomes_a_supergroup_keeps_its_office(self, place: TelegramPlace) -> None:
        officer = await place.officer("王芳")
        group = await place.group("纪检办", officer)
        supergroup = await group.migrate()
        await place.server.all_confirmed()
        await reports(place)
        assert (await supergroup.sees("编号 2026-00001")).labels == ["打开"]

    async def test_a_move_nobody_told_of_is_learnt_from_the_refusal(self, place: TelegramPlace) -> None:
        officer = await place.officer("王芳")
        group = await place.group("纪检办", officer)
        supergroup = await group.migrate()
        place.server.world.updates.pending.clear()
        await reports(place)
        await supergroup.sees("编号 2026-00001")
        await reports(place, name="李大爷")
        await supergroup.sees("编号 2026-00002")

    async def test_old_cards_of_a_moved_group_do_not_stay_behind(self, place: TelegramPlace) -> None:
        officer = await place.officer("王芳")
        group = await place.group("纪检办", officer)
        await reports(place)
        await group.sees("编号 2026-00001")
        supergroup = await group.migrate()
        await place.server.all_confirmed()
        await accepts(officer, "2026-00001")
        await supergroup.sees("状态：已受理")

    async def test_a_reporter_who_blocks_the_bot_is_forgotten_and_others_are_told(
        self, place: TelegramPlace
    ) -> None:
        officer = await place.officer("王芳")
        leaver = await wants_answers(await reports(place))
        stayer = await wants_answers(await reports(place, name="李大爷"))
        await leaver.block()
        await place.server.all_confirmed()
        assert await count(place, Subscription) == 1
        await accepts(officer, "2026-00001")
        await accepts(officer, "2026-00002")
        await stayer.sees("已经受理")
        assert "已经受理" not in everything(leaver)

    async def test_a_block_nobody_told_of_is_learnt_from_the_refusal(self, place: TelegramPlace) -> None:
        officer = await place.officer("王芳")
        leaver = await wants_answers(await reports(place))
        await leaver.block()
        place.server.world.updates.pending.clear()
        await accepts(officer, "2026-00001")
        await until(place, lambda: count(place, Subscription), 0)

    async def test_an_officer_who_blocks_the_bot_is_off_duty_and_colleagues_get_the_cards(
        self, place: TelegramPlace
    ) -> None:
        gone, there = await place.officer("王芳"), await place.officer("李强")
        await gone.block()
        await place.server.all_confirmed()
        await reports(place)
        await there.sees("编号 2026-00001")
        assert "编号 2026-00001" not in everything(gone)
        duty = await place.app.database.run(
            lambda session: session.exec(select(Member.on_duty).order_by(col(Member.id))).all()
        )
        assert list(duty) == [False, True]
        assert await place.app.database.run(dead_letters) == []


class TestServerTrouble:
    async def test_a_chat_told_to_wait_holds_up_nobody_else(self, place: TelegramPlace) -> None:
        first, second = await place.officer("王芳"), await place.officer("李强")
        place.server.fail("sendMessage", 429, retry_after=1)
        patient = place.server.user("张阿姨")
        await patient.write(TOLD)
        await place.server.wait_for(lambda: len(waiting(first, second, patient)) == 1)
        await until(place, lambda: no_one(waiting(first, second, patient)), True)

    async def test_errors_and_cut_connections_lose_nothing_and_repeat_nothing(
        self, place: TelegramPlace
    ) -> None:
        officer = await place.officer("王芳")
        server = place.server
        server.drop("getUpdates", times=2)
        server.fail("sendMessage", 502)
        server.drop("sendMessage")
        patient = server.user("张阿姨")
        for text in (TOLD, "是住院部的事", "请尽快查"):
            await patient.write(text)
        await server.all_confirmed()
        await until(place, lambda: seen(officer, "编号 2026-00001"), True)
        await until(place, lambda: seen(patient, "您的查询码"), True)
        assert await count(place, Case) == 1
        assert everything(patient).count("您的查询码") == 1

    async def test_a_restart_in_the_middle_goes_on_where_it_was(self, place: TelegramPlace) -> None:
        officer = await place.officer("王芳")
        group = await place.group("纪检办", officer)
        patient = await wants_answers(await reports(place))
        await officer.write("2026-00001")
        await officer.press(await officer.sees("—— 反映内容 ——"), "问反映人")
        await officer.sees("请写下问题")
        await place.stop()
        await patient.write("是骨科三病区")
        await officer.write("当时还有谁在场？")
        await place.start()
        question = await patient.sees("当时还有谁在场？")
        await patient.press(question, "查看并回复")
        assert "是骨科三病区" in (await patient.sees("直接打字")).text
        await accepts(officer, "2026-00001")
        await group.sees("状态：已受理")
        assert await count(place, Case) == 1

    async def test_what_was_on_its_way_at_a_stop_arrives_after_the_start(self, place: TelegramPlace) -> None:
        officer = await place.officer("王芳")
        calls = len(place.server.called("sendMessage"))
        place.server.fail("sendMessage", 500, times=2)
        patient = place.server.user("张阿姨")
        await patient.write(TOLD)
        await place.server.wait_for(lambda: len(place.server.called("sendMessage")) == calls + 2)
        await place.stop()
        assert everything(patient) == ""
        await place.start()
        await patient.sees("您的查询码")
        await officer.sees("编号 2026-00001")


@pytest.mark.parametrize("mode", MODES)
async def test_the_pace_telegram_allows_is_kept(tmp_path: Path, mode: str) -> None:
    pace = TelegramChannel.limits
    async with telegram_place.telegram_place(
        tmp_path / "var", mode, limits=pace, server_limits=True
    ) as place:
        officers = [await place.officer(name) for name in ("王芳", "李强")]
        patient = await reports(place, "主任收了两条烟")
        await patient.sees("是哪个科室")
        for officer in officers:
            await officer.sees("编号 2026-00001")
        assert place.server.limits is not None
        assert place.server.limits.refused == 0


def waiting(*people: User) -> list[User]:
    """Who has not heard of the case yet."""
    return [one for one in people if "2026-00001" not in everything(one) and "查询码" not in everything(one)]


async def no_one(people: list[User]) -> bool:
    """Whether nobody is left."""
    return not people


async def seen(chat: User, words: str) -> bool:
    """Whether the words stand in the chat."""
    return words in everything(chat)


async def until(place: TelegramPlace, look: Callable[[], Awaitable[object]], wanted: object) -> None:
    """Lets the hospital's time pass, a little at a time, until it is so."""
    async with asyncio.timeout(5):
        while await look() != wanted:
            await place.pass_time(seconds=0.05)
