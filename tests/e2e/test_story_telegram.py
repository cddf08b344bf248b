"""The whole story over Telegram: a tip becomes a case, officers handle it in chat, the reporter hears."""

from storage.members import Role
from tests.e2e import telegram_place
from tests.e2e.telegram_place import TelegramPlace, code_in, everything, newest
from tests.storage import samples
from tests.storage.recordings import recording
from tests.telegram.server.cast import Group, User
from tests.telegram.server.records import Message

place = telegram_place.place

TOLD = "主任说床位紧张，后来给了他两条烟就有了"
SECRETS = ("床位", "两条烟", "给了他")


async def tells(place: TelegramPlace, *, push: bool = True) -> User:
    """A patient who has told it, and wants answers in this chat."""
    patient = place.server.user("张阿姨")
    await patient.write(TOLD)
    receipt = await patient.sees("您的查询码")
    if push:
        await patient.press(receipt, "有答复就发到这里")
        await patient.sees("有答复会发到这里")
    return patient


async def opens(officer: User) -> Message:
    """The officer opens the newest card of their private chat."""
    await officer.sees("编号 2026-")
    await officer.press(newest(officer, "打开"), "打开")
    return await officer.sees("—— 反映内容 ——")


async def transfers(officer: User, office: str) -> None:
    """The officer passes the open case on."""
    await officer.press(newest(officer, "转办"), "转办")
    await officer.press(await officer.sees("请选择接办科室"), office)
    await officer.sees(f"转给{office}")
    await officer.write("请核实床位安排")
    await officer.sees(f"已转{office}办理")


def assert_keeps_silent(*chats: User | Group) -> None:
    """Nothing of what was told was ever said in these chats."""
    for chat in chats:
        said = everything(chat)
        assert not [secret for secret in SECRETS if secret in said]


class TestReporting:
    async def test_words_photo_and_voice_become_one_case(self, place: TelegramPlace) -> None:
        officer = await place.officer("王芳")
        patient = await tells(place, push=False)
        await patient.send_photo(samples.talkative_jpeg(), "这是那天的收据")
        await patient.send_voice(recording("ogg", "libopus", rate=48000))
        await patient.write("住院部，上周三")
        await patient.sees("记下了，谢谢您。")
        view = await opens(officer)
        assert "附件 2" in view.labels
        assert all(
            words in view.text for words in (TOLD, "收据", "住院部，上周三", "两条烟就有了」→ 红包礼金")
        )
        assert code_in(patient)

    async def test_an_album_is_answered_once_and_skips_no_question(self, place: TelegramPlace) -> None:
        patient = await tells(place, push=False)
        await patient.sees("是哪个科室")
        before = len(patient.messages)
        for _ in range(3):
            await patient.send_photo(samples.talkative_jpeg(), album="a")
        await place.server.all_confirmed()
        await patient.write("住院部")
        await patient.sees("大概是什么时候")
        again, following = [one.text for one in patient.messages[before:]]
        assert "是哪个科室" in again
        assert "大概是什么时候" in following

    async def test_the_group_and_the_card_tell_nothing_of_it(self, place: TelegramPlace) -> None:
        officer = await place.officer("王芳")
        group = await place.group("纪检办", officer)
        await tells(place)
        card = await group.sees("编号 2026-00001")
        assert "红包礼金" in card.text
        assert card.labels == ["打开"]
        assert (await officer.sees("编号 2026-00001")).labels == ["打开"]
        assert_keeps_silent(group, officer)

    async def test_a_press_in_the_group_shows_the_case_in_private(self, place: TelegramPlace) -> None:
        officer = await place.officer("王芳")
        group = await place.group("纪检办", officer)
        await tells(place)
        card = await group.sees("编号 2026-00001")
        press = await group.press(officer, card, "打开")
        assert await press.answered() == "已发到您与我的私聊，请到那里查看。"
        assert TOLD in (await officer.sees("—— 反映内容 ——")).text
        assert_keeps_silent(group)

    async def test_a_stranger_in_the_group_gets_no_more_than_a_toast(self, place: TelegramPlace) -> None:
        officer = await place.officer("王芳")
        group = await place.group("纪检办", officer)
        await tells(place)
        card = await group.sees("编号 2026-00001")
        said, stranger = len(group.messages), place.server.user("生人")
        assert "只供办理人员使用" in (await (await group.press(stranger, card, "打开")).answered() or "")
        await (await group.press(officer, card, "打开")).answered()
        await officer.sees("—— 反映内容 ——")
        assert stranger.messages == []
        assert len(group.messages) == said


class TestHandling:
    async def test_officer_gets_the_files_without_hidden_data(self, place: TelegramPlace) -> None:
        officer, patient = await place.officer("王芳"), await tells(place, push=False)
        await patient.send_photo(samples.talkative_jpeg())
        await patient.sees("记下了")
        await officer.press(await opens(officer), "附件 1")
        await officer.sees("请勿转发")
        (sent,) = [message for message in officer.messages if message.file]
        assert sent.file is not None
        assert sent.protected
        assert sent.file.kind == "document"
        assert sent.file.content.startswith(b"\xff\xd8\xff")
        assert samples.MARK not in sent.file.content

    async def test_accepting_edits_the_groups_card_and_tells_the_reporter(self, place: TelegramPlace) -> None:
        officer = await place.officer("王芳")
        group = await place.group("纪检办", officer)
        patient = await tells(place)
        await officer.press(await opens(officer), "受理")
        await patient.sees("已经受理")
        card = await group.sees("状态：已受理")
        assert "待受理" in card.history[0]
        assert_keeps_silent(group)

    async def test_second_officer_with_an_old_button_learns_what_happened(self, place: TelegramPlace) -> None:
        first, second = await place.officer("王芳"), await place.officer("李强")
        await tells(place)
        mine, theirs = await opens(first), await opens(second)
        old = theirs.button("受理").data
        await first.press(mine, "受理")
        await second.sees("状态：已受理")  # redrawn; the thumb was already on its way
        press = await second.press_value(theirs, old)
        assert await press.answered() == "王芳已于 09:00 受理，刚才的操作没有执行，下面是最新情况。"
        again = await first.press_value(mine, old)
        assert "没有重复办理" in (await again.answered() or "")

    async def test_a_question_is_pushed_and_answered_through_its_button(self, place: TelegramPlace) -> None:
        officer, patient = await place.officer("王芳"), await tells(place)
        await officer.press(await opens(officer), "受理")
        await officer.sees("已受理，反映人会知道")
        await officer.press(newest(officer, "问反映人"), "问反映人")
        await officer.sees("请写下问题")
        await officer.write("请问是哪位主任？")
        question = await patient.sees("请问是哪位主任？")
        await place.pass_time(hours=20)
        await patient.press(question, "查看并回复")
        await patient.sees("直接打字")
        await patient.write("内科的刘主任")
        await patient.sees("已经补充进去")
        await officer.press(await officer.sees("反映人有新的补充"), "打开")
        assert "内科的刘主任" in (await officer.sees("刘主任")).text

    async def test_an_answer_typed_without_the_button_reaches_the_case(self, place: TelegramPlace) -> None:
        officer, patient = await place.officer("王芳"), await tells(place)
        await officer.press(await opens(officer), "问反映人")
        await officer.sees("请写下问题")
        await officer.write("请问是哪位主任？")
        await patient.sees("请问是哪位主任？")
        await place.pass_time(hours=20)
        await patient.write("内科的刘主任")
        await patient.sees("已经补充进去")


async def test_an_office_on_the_web_closes_and_the_answer_goes_back_to_telegram(
    place: TelegramPlace,
) -> None:
    officer = await place.officer("王芳")
    group = await place.group("纪检办", officer)
    patient = await tells(place)
    async with place.web() as doctor, place.web() as visitor:
        await doctor.says(f"/join {await place.invite('医务科', '赵敏', Role.HEAD)}")
        await opens(officer)
        await transfers(officer, "医务科")
        await patient.sees("转给了医务科")
        assert (await group.sees("已不在这里办理")).labels == []
        await officer.sees("已不在这里办理")
        assert TOLD not in "\n".join(message.text for message in officer.messages)

        await doctor.sees("编号 2026-00001")
        assert TOLD in await doctor.presses("打开")
        for label in ("受理", "办结", "查实"):
            await doctor.presses(label)
        await doctor.says("批评教育")
        assert "确认发送吗" in await doctor.says("香烟已经退回给您。")
        assert "已办结（查实）" in await doctor.presses("确认发送")

        assert "香烟已经退回给您。" in (await patient.sees("情况属实")).text
        assert "批评教育" not in everything(patient)
        back = await visitor.says(code_in(patient))
        assert all(words in back for words in (TOLD, "情况属实", "香烟已经退回给您。"))
        assert_keeps_silent(group)
