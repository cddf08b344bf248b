"""The server takes what Telegram takes and refuses what Telegram refuses."""

import io
from typing import Any

import aiohttp
import pytest

from tests.telegram import fixtures
from tests.telegram.client import BareBot
from tests.telegram.server import BotApiServer, User

server = fixtures.server
bot = fixtures.bot


@pytest.fixture
async def user(server: BotApiServer) -> User:
    user = server.user()
    await user.write("你好")
    return user


def keyboard(data: str = "yes", label: str = "是") -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": label, "callback_data": data}]]}


async def test_a_message_stands_in_the_chat_and_is_returned(
    server: BotApiServer, bot: BareBot, user: User
) -> None:
    answer = await bot("sendMessage", chat_id=user.id, text=" 好 ", reply_markup=keyboard())
    assert answer["result"]["text"] == "好"
    assert answer["result"]["message_id"] == user.last.message_id
    assert [(message.text, message.labels) for message in server.sent(user)] == [("好", ["是"])]


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"text": " "}, "text is empty"),
        ({}, "text is empty"),
        ({"text": "字" * 4097}, "too long"),
        ({"text": "😀" * 2049}, "too long"),
        ({"text": "x", "reply_markup": keyboard("字" * 22)}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "reply_markup": keyboard("")}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "reply_markup": keyboard(label=" ")}, "button text"),
        ({"text": "x", "reply_markup": [1]}, "reply markup"),
        ({"text": "x", "colour": "red"}, "unknown parameters"),
        ({"text": 5}, "can't parse text"),
        ({"text": "x", "chat_id": "everybody"}, "can't parse chat_id"),
        ({"text": "x", "chat_id": 5}, "chat not found"),
    ],
)
async def test_a_message_of_wrong_shape_is_refused(
    bot: BareBot, user: User, params: dict[str, Any], words: str
) -> None:
    code, description = await bot.refused("sendMessage", **{"chat_id": user.id, **params})
    assert code == 400
    assert words in description


async def test_texts_of_exactly_the_limit_are_taken(bot: BareBot, user: User) -> None:
    await bot("sendMessage", chat_id=user.id, text="😀" * 2048)
    await bot("sendMessage", chat_id=user.id, text="x", reply_markup=keyboard("x" * 64))
    assert len(user.messages) == 2


async def test_edits_and_their_refusals(bot: BareBot, user: User) -> None:
    await bot("sendMessage", chat_id=user.id, text="一", reply_markup=keyboard())
    edit = {"chat_id": user.id, "message_id": user.last.message_id}
    assert (await bot("editMessageText", **edit, text="二"))["ok"]
    assert (user.last.text, user.last.labels, user.last.history) == ("二", [], ["一"])
    assert "not modified" in (await bot.refused("editMessageText", **edit, text="二"))[1]
    assert (await bot("editMessageReplyMarkup", **edit, reply_markup=keyboard()))["ok"]
    user.last.editable = False
    assert "can't be edited" in (await bot.refused("editMessageText", **edit, text="三"))[1]
    user.forget(user.last)
    assert "to edit not found" in (await bot.refused("editMessageText", **edit, text="三"))[1]


async def test_a_press_can_be_answered_once(bot: BareBot, user: User) -> None:
    await bot("sendMessage", chat_id=user.id, text="一", reply_markup=keyboard())
    press = await user.press(user.last, "是")
    update = (await bot("getUpdates"))["result"][-1]
    assert update["update_id"] == press.update_id
    assert update["callback_query"]["data"] == "yes"
    await bot("answerCallbackQuery", callback_query_id=press.query.id, text="好")
    assert await press.answered() == "好"
    assert "too old" in (await bot.refused("answerCallbackQuery", callback_query_id=press.query.id))[1]
    with pytest.raises(AssertionError, match="no button"):
        await user.press(user.last, "否")


async def test_closed_chats_are_forbidden(server: BotApiServer, bot: BareBot, user: User) -> None:
    group = server.group()
    await user.block()
    await group.remove_bot(user)
    stranger = server.user()
    for chat, words in ((user, "blocked"), (group, "kicked"), (stranger, "initiate")):
        code, description = await bot.refused("sendMessage", chat_id=chat.chat_id, text="x")
        assert (code, words in description) == (403, True)
    await user.write("又来了")
    assert (await bot("sendMessage", chat_id=user.id, text="欢迎"))["ok"]


async def test_a_group_that_moved_names_its_new_id(server: BotApiServer, bot: BareBot) -> None:
    group = server.group()
    supergroup = await group.migrate()
    answer = await bot("sendMessage", chat_id=group.chat_id, text="x")
    assert answer["parameters"] == {"migrate_to_chat_id": supergroup.chat_id}
    updates = (await bot("getUpdates"))["result"]
    assert updates[0]["message"]["migrate_to_chat_id"] == supergroup.chat_id
    assert updates[1]["message"]["migrate_from_chat_id"] == group.chat_id


async def test_files_go_both_ways(server: BotApiServer, bot: BareBot, user: User) -> None:
    form = aiohttp.FormData({"chat_id": str(user.id), "caption": "附件"})
    form.add_field("document", b"%PDF", filename="a.pdf", content_type="application/pdf")
    await bot.session.post(f"{server.base}/bot{server.token}/sendDocument", data=form)
    assert user.last.file is not None
    assert (user.last.text, user.last.file.name, user.last.file.content) == ("附件", "a.pdf", b"%PDF")
    found = await bot("getFile", file_id=user.last.file.file_id)
    url = f"{server.base}/file/bot{server.token}/{found['result']['file_path']}"
    async with bot.session.get(url) as answer:
        assert await answer.read() == b"%PDF"


async def test_files_beyond_the_limits_are_refused(server: BotApiServer, bot: BareBot, user: User) -> None:
    large = server.world.keep_file("document", "a", b"x", "x/y", size=21_000_000)
    assert "too big" in (await bot.refused("getFile", file_id=large.file_id))[1]
    assert "wrong file_id" in (await bot.refused("getFile", file_id="nothing"))[1]
    for content, status in ((b"", 400), (bytes(50_000_001), 413)):
        form = aiohttp.FormData({"chat_id": str(user.id)})
        form.add_field("document", io.BytesIO(content), filename="a")
        url = f"{server.base}/bot{server.token}/sendDocument"
        async with bot.session.post(url, data=form) as answer:
            assert answer.status == status


@pytest.mark.parametrize(("token", "status"), [("123:wrong", 401), ("nonsense", 404)])
async def test_another_token_is_refused(server: BotApiServer, bot: BareBot, token: str, status: int) -> None:
    async with bot.session.get(f"{server.base}/bot{token}/getMe") as answer:
        assert answer.status == status


async def test_an_unknown_method_is_not_found(bot: BareBot) -> None:
    assert (await bot.refused("sendMoney"))[0] == 404


async def test_commands_carry_their_entities(server: BotApiServer, bot: BareBot) -> None:
    await server.group().write(server.user(), "😀 /bind@x_bot A /no/b")
    message = (await bot("getUpdates"))["result"][0]["message"]
    assert message["entities"] == [
        {"type": "bot_command", "offset": 3, "length": 11},
        {"type": "bot_command", "offset": 17, "length": 3},
    ]
