"""What is true of taking updates however they come: by polling and by webhook."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest

from bot.channels.base import Outgoing
from storage.messages import Choice, Inbound, Reply, Upload
from tests.telegram import fixtures
from tests.telegram.rig import MODES, Application
from tests.telegram.server import BotApiServer

server = fixtures.server
application = fixtures.application


@pytest.fixture(params=list(MODES))
async def channel(request: Any, server: BotApiServer, application: Application) -> AsyncIterator[Any]:
    async with MODES[request.param](server, application) as channel:
        await server.wait_for(lambda: server.called("getUpdates") or server.called("setWebhook"))
        yield channel


@pytest.mark.usefixtures("channel")
class TestTaking:
    async def test_a_text_arrives_with_sender_chat_and_event(
        self, server: BotApiServer, application: Application
    ) -> None:
        user = server.user("李大爷")
        update_id = await user.write("医生收了我两千块")
        await server.all_confirmed()
        assert application.inbounds == [
            Inbound("telegram", str(user.id), str(user.id), str(update_id), "医生收了我两千块")
        ]

    async def test_an_update_is_not_confirmed_before_it_is_committed(
        self, server: BotApiServer, application: Application
    ) -> None:
        application.open.clear()
        update_id = await server.user().write("等一等")
        await server.wait_for(lambda: application.asked)
        assert server.unconfirmed == [update_id]
        application.open.set()
        await server.all_confirmed()
        assert application.texts == ["等一等"]

    async def test_an_update_that_fails_comes_again(
        self, server: BotApiServer, application: Application
    ) -> None:
        failures = iter([OSError("disk full"), OSError("disk full")])

        def fail_twice(inbound: Inbound) -> None:
            if error := next(failures, None):
                raise error

        application.before = fail_twice
        await server.user().write("第三次才行")
        await server.all_confirmed()
        assert [inbound.event_id for inbound in application.asked] == [application.asked[0].event_id] * 3
        assert application.texts == ["第三次才行"]

    async def test_what_one_person_says_stays_in_order_when_the_first_fails(
        self, server: BotApiServer, application: Application
    ) -> None:
        failed: list[Inbound] = []

        def fail_once(inbound: Inbound) -> None:
            if not failed:
                failed.append(inbound)
                raise OSError

        application.before = fail_once
        user = server.user()
        for text in ("一", "二", "三"):
            await user.write(text)
        await server.all_confirmed()
        assert application.texts == ["一", "二", "三"]

    async def test_one_who_waits_does_not_hold_up_another(
        self, server: BotApiServer, application: Application
    ) -> None:
        application.open.clear()
        await server.user().write("甲")
        await server.user().write("乙")
        await server.wait_for(lambda: len(application.asked) == 2)
        application.open.set()
        await server.all_confirmed()

    async def test_files_beyond_so_many_a_minute_are_refused_and_the_words_kept(
        self, server: BotApiServer, application: Application, monkeypatch: pytest.MonkeyPatch, channel: Any
    ) -> None:
        monkeypatch.setattr(channel._intake._fetched, "allowed", 2)
        flooder = server.user()
        for number in range(4):
            await flooder.send_photo(b"x", f"第{number}张")
        other = server.user()
        await other.send_photo(b"y", "我也有一张")
        await server.all_confirmed()
        kept = {inbound.text: (inbound.refused, len(files)) for inbound, files in _taken(application)}
        assert kept == {
            "第0张": ((), 1),
            "第1张": ((), 1),
            "第2张": (("too_fast",), 0),
            "第3张": (("too_fast",), 0),
            "我也有一张": ((), 1),
        }

    async def test_an_update_that_never_goes_is_given_up_only_when_others_go(
        self, server: BotApiServer, application: Application
    ) -> None:
        def fail_for_poison(inbound: Inbound) -> None:
            if inbound.text == "poison":
                raise ValueError

        application.before = fail_for_poison
        unlucky = server.user()
        await unlucky.write("poison")
        await server.wait_for(lambda: len(application.asked) > 15)
        assert len(server.unconfirmed) == 1
        await server.user().write("别人的话")
        await server.all_confirmed()
        assert application.texts == ["别人的话"]
        assert (await unlucky.sees("再发一次")).text

    async def test_an_update_of_unknown_shape_does_not_stop_the_others(
        self, server: BotApiServer, application: Application
    ) -> None:
        server.world.updates.push("message", {"message_id": 1, "date": "yesterday", "chat": {"id": 5}})
        server.world.updates.push("callback_query", {"id": "1", "from": {"id": 5}})
        await server.user().write("还在")
        await server.all_confirmed()
        assert application.texts == ["还在"]

    async def test_a_press_is_answered_after_the_commit_with_the_toast(
        self, server: BotApiServer, application: Application, channel: Any
    ) -> None:
        user = server.user()
        await user.write("你好")
        await server.all_confirmed()
        message = await _show_button(channel, user)
        application.toast = "已受理"
        application.open.clear()
        press = await user.press(message, "受理")
        await server.wait_for(lambda: len(application.asked) == 2)
        assert not press.query.answered
        application.open.set()
        assert await press.answered() == "已受理"
        pressed = application.inbounds[-1]
        assert (pressed.choice, pressed.pressed) == ("case:accept:7", str(message.message_id))
        assert pressed.event_id == str(press.update_id)

    async def test_a_press_without_toast_is_answered_too(
        self, server: BotApiServer, application: Application, channel: Any
    ) -> None:
        user = server.user()
        await user.write("你好")
        press = await user.press(await _show_button(channel, user), "受理")
        assert await press.answered() is None

    async def test_a_failing_answer_to_a_press_is_nobodys_trouble(
        self, server: BotApiServer, application: Application, channel: Any
    ) -> None:
        user = server.user()
        await user.write("你好")
        await server.all_confirmed()
        message = await _show_button(channel, user)
        server.fail("answerCallbackQuery", 400)
        await user.press(message, "受理")
        await server.all_confirmed()
        assert application.inbounds[-1].choice == "case:accept:7"


async def _show_button(channel: Any, user: Any) -> Any:
    reply = Reply("一件新线索", ((Choice("受理", "case:accept:7"),),))
    await channel.send(Outgoing(1, str(user.id), reply))
    return user.last


def _taken(application: Application) -> list[tuple[Inbound, Sequence[Upload]]]:
    return list(zip(application.inbounds, application.uploads, strict=True))
