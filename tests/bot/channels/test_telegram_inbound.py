"""What each kind of update means, and files on their way in."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.channels.telegram import TelegramChannel
from storage.messages import Upload
from tests.telegram import fixtures
from tests.telegram.rig import Application, polling
from tests.telegram.server import BotApiServer

server = fixtures.server
application = fixtures.application

MEGABYTE = 1024 * 1024


@pytest.fixture(autouse=True)
async def channel(server: BotApiServer, application: Application) -> AsyncIterator[TelegramChannel]:
    async with polling(server, application) as channel:
        yield channel


class TestWords:
    @pytest.mark.parametrize("text", ["/start PAYLOAD-7", "/start", "/join ABCD-1234", "/不是", "😀", "/"])
    async def test_private_words_arrive_as_they_are(
        self, server: BotApiServer, application: Application, text: str
    ) -> None:
        await server.user().write(text)
        await server.all_confirmed()
        assert application.texts == [text]

    async def test_lone_surrogates_and_control_characters_do_not_get_in(
        self, server: BotApiServer, application: Application
    ) -> None:
        await server.user().write("红\x00包\ud83d\r\n医生\x1b\t😀")
        await server.all_confirmed()
        assert application.texts == ["红包\ufffd\n医生\t😀"]

    @pytest.mark.parametrize(
        ("code", "language"),
        [("zh-hans", "zh"), ("zh-TW", "zh"), ("zh", "zh"), ("en", "en"), ("fr", "en"), (None, "zh")],
    )
    async def test_language_follows_the_persons_settings(
        self, server: BotApiServer, application: Application, code: str | None, language: str
    ) -> None:
        await server.user(language=code).write("hello")
        await server.all_confirmed()
        assert application.inbounds[0].language == language

    async def test_a_sticker_is_a_message_without_words(
        self, server: BotApiServer, application: Application
    ) -> None:
        await server.user().send_sticker()
        await server.all_confirmed()
        assert (application.texts, application.uploads) == ([""], [()])

    async def test_contacts_places_and_edits_are_not_kept_and_the_person_is_told(
        self, server: BotApiServer, application: Application
    ) -> None:
        user = server.user()
        await user.send_contact("13800000000", "王主任")
        await user.sees("联系人名片没有保存")
        await user.send_location()
        await user.sees("位置没有保存")
        await user.edit("改过的话")
        await user.sees("重新发一条")
        assert application.asked == []


class TestGroups:
    @pytest.mark.parametrize(
        ("written", "heard"),
        [
            ("/bind ABCD", "/bind ABCD"),
            ("/bind@lianxin_test_bot ABCD", "/bind ABCD"),
            ("/bind@Lianxin_Test_Bot ABCD", "/bind ABCD"),
            ("/help", "/help"),
        ],
    )
    async def test_commands_to_us_are_heard(
        self, server: BotApiServer, application: Application, written: str, heard: str
    ) -> None:
        user, group = server.user(), server.group()
        await group.write(user, written)
        await server.all_confirmed()
        [inbound] = application.inbounds
        assert (inbound.text, inbound.in_group) == (heard, True)
        assert (inbound.sender, inbound.chat) == (str(user.id), str(group.chat_id))

    @pytest.mark.parametrize(
        "chatter", ["今天谁值班", "/bind@another_bot ABCD", "看 /bind ABCD", "/", "/绑定 ABCD", " /bind ABCD"]
    )
    async def test_chatter_is_not_heard(
        self, server: BotApiServer, application: Application, chatter: str
    ) -> None:
        await server.group().write(server.user(), chatter)
        await server.all_confirmed()
        assert application.asked == []

    async def test_anonymous_administrators_of_two_groups_are_two_senders(
        self, server: BotApiServer, application: Application
    ) -> None:
        for group in (server.group("一"), server.group("二")):
            anonymous = {"id": 1087968824, "is_bot": True, "first_name": "Group"}
            group._push_message(anonymous, {"text": "/bind X", "sender_chat": group.chat.to_json()})
        await server.all_confirmed()
        assert len({inbound.sender for inbound in application.inbounds}) == 2

    async def test_a_group_that_moved_is_told_of_from_both_sides(
        self, server: BotApiServer, application: Application
    ) -> None:
        group = server.group()
        supergroup = await group.migrate()
        await server.all_confirmed()
        assert application.moves == [(str(group.chat_id), str(supergroup.chat_id))] * 2
        assert application.asked == []

    async def test_a_chat_closed_to_the_bot_is_told_of(
        self, server: BotApiServer, application: Application
    ) -> None:
        user, group = server.user(), server.group()
        await user.write("你好")
        await user.block()
        await group.remove_bot(user)
        await server.all_confirmed()
        assert set(application.gone) == {str(user.id), str(group.chat_id)}


class TestFiles:
    async def test_the_largest_photo_comes_with_its_caption(
        self, server: BotApiServer, application: Application
    ) -> None:
        await server.user().send_photo(b"\xff\xd8\xffphoto", "转账截图")
        await server.all_confirmed()
        assert application.texts == ["转账截图"]
        assert application.uploads == [(Upload("photo.jpg", b"\xff\xd8\xffphoto"),)]

    async def test_voices_videos_and_documents_come_under_their_names(
        self, server: BotApiServer, application: Application
    ) -> None:
        user = server.user()
        await user.send_voice(b"OggS")
        await user.send_video("走廊.mp4", b"mp4")
        await user.send_document("清单\u202e.pdf", b"%PDF")
        await user.send_document("empty.txt", b"")
        await server.all_confirmed()
        assert [upload for uploads in application.uploads for upload in uploads] == [
            Upload("voice.ogg", b"OggS"),
            Upload("走廊.mp4", b"mp4"),
            Upload("清单\u202e.pdf", b"%PDF"),
            Upload("empty.txt", b""),
        ]

    async def test_each_picture_of_an_album_arrives_in_order(
        self, server: BotApiServer, application: Application
    ) -> None:
        user = server.user()
        for number in range(5):
            await user.send_photo(b"photo%d" % number, "一共五张" if number == 0 else "", album="a")
        await server.all_confirmed()
        assert [uploads[0].content for uploads in application.uploads] == [b"photo%d" % n for n in range(5)]
        assert application.texts == ["一共五张", "", "", "", ""]

    @pytest.mark.parametrize("size", [20 * MEGABYTE + 1, 60 * MEGABYTE])
    async def test_a_file_over_the_limit_is_refused_and_its_words_are_kept(
        self, server: BotApiServer, application: Application, size: int
    ) -> None:
        await server.user().send_document("录像.mp4", b"x", "当时的录像", size=size)
        await server.all_confirmed()
        [inbound] = application.inbounds
        assert (inbound.text, inbound.refused) == ("当时的录像", ("too_large",))
        assert server.called("getFile") == []

    async def test_a_size_the_server_kept_to_itself_is_found_out(
        self, server: BotApiServer, application: Application
    ) -> None:
        user = server.user()
        file = server.world.keep_file("document", "大.bin", b"x", "x/y", size=21 * MEGABYTE)
        user._say({"document": {key: value for key, value in file.to_json().items() if key != "file_size"}})
        await server.all_confirmed()
        assert application.inbounds[0].refused == ("too_large",)

    async def test_a_stumbling_download_is_tried_again(
        self, server: BotApiServer, application: Application
    ) -> None:
        server.fail("getFile", 502)
        server.drop("file")
        await server.user().send_document("a.pdf", b"%PDF")
        await server.all_confirmed()
        assert application.uploads == [(Upload("a.pdf", b"%PDF"),)]
        assert len(application.asked) == 1

    async def test_a_file_that_never_comes_is_refused_and_its_words_are_kept(
        self, server: BotApiServer, application: Application
    ) -> None:
        server.fail("file", 500, times=100)
        await server.user().send_document("a.pdf", b"%PDF", "证据在此")
        await server.all_confirmed()
        [inbound] = application.inbounds
        assert (inbound.text, inbound.refused) == ("证据在此", ("damaged",))
        assert len(server.called("getFile")) == 9

    async def test_only_a_few_files_are_in_memory_at_once(
        self, server: BotApiServer, application: Application
    ) -> None:
        gate: Any = server.hold("file")
        for _ in range(6):
            await server.user().send_document("a.pdf", b"%PDF")
        await server.user().write("话先到")
        await gate.wait_until_reached(3)
        await server.wait_for(lambda: application.texts == ["话先到"])
        assert gate.reached == 3
        gate.release()
        await server.all_confirmed()
        assert len(application.inbounds) == 7
