"""What people see, and what delivery hears when they cannot."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from bot.channels.base import Outgoing
from bot.channels.telegram import TelegramChannel
from storage.errors import ConfigError, DeliveryError
from storage.messages import Choice, Reply, StoredFile
from tests.telegram import fixtures
from tests.telegram.rig import Application, Pauses, make_channel
from tests.telegram.server import BotApiServer, User

server = fixtures.server
application = fixtures.application

JPEG = b"\xff\xd8\xff-picture"
BUTTONS = ((Choice("受理", "a:1"), Choice("转办", "t:1")), (Choice("详情", "o:1"),))


@pytest.fixture
def pauses() -> Pauses:
    return Pauses()


@pytest.fixture
async def channel(
    server: BotApiServer, application: Application, pauses: Pauses
) -> AsyncIterator[TelegramChannel]:
    channel = make_channel(server, application, pause=pauses)
    yield channel
    await channel.stop()


@pytest.fixture
async def user(server: BotApiServer) -> User:
    user = server.user()
    await user.write("你好")
    return user


def to(chat: Any, reply: Reply, *, number: int = 1) -> Outgoing:
    return Outgoing(number, str(chat.chat_id), reply)


def stored(application: Application, name: str, kind: str, content: bytes, size: int = 0) -> StoredFile:
    application.files[name] = content
    return StoredFile(name, name, kind, size or len(content))


class TestMessages:
    async def test_a_text_with_rows_of_buttons(self, channel: TelegramChannel, user: User) -> None:
        reference = await channel.send(to(user, Reply("*一件* <b>新线索</b> http://a.example", BUTTONS)))
        assert reference == str(user.last.message_id)
        assert user.last.text == "*一件* <b>新线索</b> http://a.example"
        assert [[button.label for button in row] for row in user.last.buttons] == [["受理", "转办"], ["详情"]]
        assert user.last.button("转办").data == "t:1"
        assert not user.last.preview

    async def test_a_long_text_goes_in_parts_with_the_buttons_on_the_last(
        self, channel: TelegramChannel, user: User, pauses: Pauses
    ) -> None:
        text = "护士长收了红包😀。\n" * 1000
        reference = await channel.send(to(user, Reply(text, BUTTONS)))
        assert "".join(part.text.replace("\n", "") for part in user.messages) == text.replace("\n", "")
        assert [bool(part.buttons) for part in user.messages[:-1]] == [False] * (len(user.messages) - 1)
        assert user.last.buttons
        assert reference == str(user.last.message_id)
        assert pauses.seconds == [1] * (len(user.messages) - 1), "a second apart in one chat"

    async def test_a_retry_goes_on_where_the_parts_stopped(
        self, server: BotApiServer, application: Application, user: User
    ) -> None:
        async def cut_the_line(seconds: float) -> None:
            server.drop("sendMessage")

        channel = make_channel(server, application, pause=cut_the_line)
        outgoing = to(user, Reply("字" * 4096 + "完", BUTTONS))
        with pytest.raises(DeliveryError):
            await channel.send(outgoing)
        assert await channel.send(outgoing) == str(user.last.message_id)
        assert [part.text[-1] for part in user.messages] == ["字", "完"]
        await channel.stop()

    async def test_what_belongs_to_a_case_is_protected(
        self, channel: TelegramChannel, user: User, application: Application
    ) -> None:
        file = stored(application, "a.jpg", "image/jpeg", JPEG)
        await channel.send(to(user, Reply("您好")))
        await channel.send(to(user, Reply("案件全文", card="2026-0001")))
        await channel.send(to(user, Reply("附件", files=(file,))))
        assert [message.protected for message in user.messages] == [False, True, True, True]

    async def test_nothing_to_show_is_not_sent(self, channel: TelegramChannel, user: User) -> None:
        assert await channel.send(to(user, Reply("", toast="好"))) is None
        assert await channel.send(to(user, Reply(" \n\x00"))) is None
        assert user.messages == []

    @pytest.mark.parametrize("choice", [Choice("太长", "字" * 22), Choice("空", ""), Choice(" ", "x")])
    async def test_an_impossible_button_is_our_mistake(
        self, server: BotApiServer, channel: TelegramChannel, user: User, choice: Choice
    ) -> None:
        with pytest.raises(ValueError, match="button"):
            await channel.send(to(user, Reply("选", ((choice,),))))
        assert server.called("sendMessage") == []


class TestEdits:
    async def test_an_edit_replaces_text_and_buttons(self, channel: TelegramChannel, user: User) -> None:
        old = await channel.send(to(user, Reply("待受理", BUTTONS)))
        assert await channel.send(to(user, Reply("已受理", edits=old))) == old
        assert [(m.text, m.buttons, m.history) for m in user.messages] == [("已受理", [], ["待受理"])]

    async def test_the_same_edit_again_counts_as_done(self, channel: TelegramChannel, user: User) -> None:
        old = await channel.send(to(user, Reply("待受理", BUTTONS)))
        assert await channel.send(to(user, Reply("待受理", BUTTONS, edits=old))) == old
        assert len(user.messages) == 1

    async def test_an_edit_whose_answer_was_lost_is_done_once(
        self, server: BotApiServer, channel: TelegramChannel, user: User
    ) -> None:
        old = await channel.send(to(user, Reply("待受理", BUTTONS)))
        server.drop("editMessageText", after=True)
        with pytest.raises(DeliveryError):
            await channel.send(to(user, Reply("已受理", edits=old)))
        assert await channel.send(to(user, Reply("已受理", edits=old))) == old
        assert [message.text for message in user.messages] == ["已受理"]

    async def test_a_message_that_is_gone_or_too_old_is_said_anew(
        self, channel: TelegramChannel, user: User
    ) -> None:
        for number, spoil in enumerate(("deleted", "editable")):
            old = await channel.send(to(user, Reply(f"第{number}张卡")))
            setattr(user.last, spoil, spoil == "deleted")
            new = await channel.send(to(user, Reply(f"第{number}张新卡", BUTTONS, edits=old)))
            assert new != old
            assert user.last.text == f"第{number}张新卡"

    async def test_a_reference_of_another_channel_is_said_anew(
        self, channel: TelegramChannel, user: User
    ) -> None:
        assert await channel.send(to(user, Reply("好", edits="web-7"))) is not None
        assert user.last.text == "好"

    async def test_an_edit_in_a_chat_that_blocked_us_is_permanent(
        self, channel: TelegramChannel, user: User
    ) -> None:
        old = await channel.send(to(user, Reply("卡")))
        await user.block()
        with pytest.raises(DeliveryError) as caught:
            await channel.send(to(user, Reply("新卡", edits=old)))
        assert caught.value.permanent


class TestFiles:
    async def test_files_come_first_each_in_its_way(
        self, channel: TelegramChannel, user: User, application: Application
    ) -> None:
        files = (
            stored(application, "1.jpg", "image/jpeg", JPEG),
            stored(application, "2.ogg", "audio/ogg", b"OggS"),
            stored(application, "3.html", "text/html", b"<script>"),
        )
        reference = await channel.send(to(user, Reply("三个附件", BUTTONS, files)))
        assert [m.file.kind if m.file else m.text for m in user.messages] == [
            "document",
            "voice",
            "document",
            "三个附件",
        ]
        assert [m.file.content for m in user.messages if m.file] == [JPEG, b"OggS", b"<script>"]
        assert reference == str(user.last.message_id)

    async def test_a_voice_telegram_does_not_take_goes_as_a_document(
        self, server: BotApiServer, channel: TelegramChannel, user: User, application: Application
    ) -> None:
        server.fail("sendVoice", 400)
        await channel.send(to(user, Reply("", files=(stored(application, "a.ogg", "audio/ogg", b"?"),))))
        assert user.last.file is not None
        assert (user.last.file.kind, user.last.file.name) == ("document", "a.ogg")

    async def test_our_own_picture_is_a_photo_that_may_be_passed_on(
        self, channel: TelegramChannel, user: User, application: Application
    ) -> None:
        ours = replace(stored(application, "满意度.png", "image/png", b"\x89PNG"), ours=True)
        table = replace(stored(application, "满意度.xlsx", "application/zip", b"PK"), ours=True)
        await channel.send(to(user, Reply("图", files=(ours, table))))
        photo, document, text = user.messages
        assert [one.file.kind for one in (photo, document) if one.file] == ["photo", "document"]
        assert not any(message.protected for message in (photo, document, text))

    async def test_our_own_picture_of_a_shape_telegram_does_not_take_goes_as_a_document(
        self, server: BotApiServer, channel: TelegramChannel, user: User, application: Application
    ) -> None:
        server.fail("sendPhoto", 400)
        ours = replace(stored(application, "满意度.png", "image/png", b"\x89PNG"), ours=True)
        await channel.send(to(user, Reply("", files=(ours,))))
        assert user.last.file is not None
        assert user.last.file.kind == "document"

    async def test_a_reporters_picture_is_never_a_photo_and_stays_protected(
        self, channel: TelegramChannel, user: User, application: Application
    ) -> None:
        await channel.send(
            to(user, Reply("", files=(stored(application, "1.png", "image/png", b"\x89PNG"),)))
        )
        assert user.last.file is not None
        assert (user.last.file.kind, user.last.protected) == ("document", True)

    async def test_a_file_that_is_gone_or_too_large_is_named_and_the_text_still_comes(
        self, channel: TelegramChannel, user: User, application: Application
    ) -> None:
        gone = StoredFile("?", "附件1.pdf", "application/pdf", 5)
        large = stored(application, "附件2.mp4", "video/mp4", b"x", size=50_000_001)
        await channel.send(to(user, Reply("全文", files=(gone, large))))
        assert ["附件1.pdf" in user.messages[0].text, "附件2.mp4" in user.messages[1].text] == [True, True]
        assert user.last.text == "全文"


class TestErrors:
    async def test_a_person_who_blocked_the_bot(self, channel: TelegramChannel, user: User) -> None:
        await user.block()
        assert await self._error(channel, user) == (True, None, None)

    async def test_a_person_who_never_wrote(self, server: BotApiServer, channel: TelegramChannel) -> None:
        assert await self._error(channel, server.user()) == (True, None, None)

    async def test_a_chat_that_is_not_there(self, channel: TelegramChannel) -> None:
        with pytest.raises(DeliveryError) as caught:
            await channel.send(Outgoing(1, "12345", Reply("有人吗")))
        assert caught.value.permanent

    async def test_a_group_that_moved_gives_its_new_address(
        self, server: BotApiServer, channel: TelegramChannel
    ) -> None:
        group = server.group()
        supergroup = await group.migrate()
        assert await self._error(channel, group) == (False, None, str(supergroup.chat_id))

    async def test_too_fast_says_how_long_to_wait(
        self, server: BotApiServer, channel: TelegramChannel, user: User
    ) -> None:
        server.fail("sendMessage", 429, retry_after=17)
        assert await self._error(channel, user) == (False, 17.0, None)

    @pytest.mark.parametrize("status", [400, 401, 413, 500, 502, 504])
    async def test_other_refusals_are_for_another_time(
        self, server: BotApiServer, channel: TelegramChannel, user: User, status: int
    ) -> None:
        server.fail("sendMessage", status)
        assert await self._error(channel, user) == (False, None, None)

    async def test_a_dropped_connection_is_for_another_time(
        self, server: BotApiServer, channel: TelegramChannel, user: User
    ) -> None:
        server.drop("sendMessage")
        assert await self._error(channel, user) == (False, None, None)
        assert await channel.send(to(user, Reply("有人吗"))) is not None
        assert len(user.messages) == 1

    async def test_the_error_names_no_token_no_person_and_no_words(
        self, server: BotApiServer, channel: TelegramChannel, user: User
    ) -> None:
        await user.block()
        with pytest.raises(DeliveryError) as caught:
            await channel.send(to(user, Reply("秘密")))
        assert str(caught.value) == "telegram: Forbidden: Forbidden: bot was blocked by the user"
        assert caught.value.__suppress_context__

    @staticmethod
    async def _error(channel: TelegramChannel, chat: Any) -> tuple[bool, float | None, str | None]:
        with pytest.raises(DeliveryError) as caught:
            await channel.send(to(chat, Reply("有人吗")))
        return caught.value.permanent, caught.value.retry_after, caught.value.moved_to


class TestCheck:
    async def test_a_good_token_tells_the_bots_name(self, channel: TelegramChannel) -> None:
        assert await channel.check() == "lianxin_test_bot"

    @pytest.mark.parametrize("token", ["123:wrong", "nonsense"])
    async def test_a_refused_token_is_said_plainly(self, server: BotApiServer, token: str) -> None:
        channel = TelegramChannel(token, read_file=Application(server).read_file, api_base=server.base)
        with pytest.raises(ConfigError, match="TELEGRAM_BOT_TOKEN"):
            await channel.check()
        await channel.stop()

    async def test_a_server_out_of_reach_is_said_plainly(
        self, server: BotApiServer, channel: TelegramChannel
    ) -> None:
        server.fail("getMe", 502)
        with pytest.raises(ConfigError, match="TELEGRAM_API_BASE"):
            await channel.check()

    def test_no_token_is_said_at_once(self, server: BotApiServer, application: Application) -> None:
        with pytest.raises(ConfigError, match="TELEGRAM_BOT_TOKEN"):
            TelegramChannel(" ", read_file=application.read_file)
