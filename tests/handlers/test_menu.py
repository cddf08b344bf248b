"""The first page, and what is said when there is nothing to go by."""

import pytest

from handlers.menu import is_small_talk
from handlers.turn import Desk
from handlers.words import words_for
from tests.factories import Talker
from tests.stage import Stage

LARGE = ["我要反映问题", "查询进度", "满意度评价", "咨询"]


async def test_the_welcome_says_in_one_sentence_what_it_is_for_and_what_is_not_stored(stage: Stage) -> None:
    patient = stage.person("p")
    [reply] = await patient.says("/start")
    assert stage.house.hospital.name in reply.text
    assert "不用留姓名" in reply.text
    assert "不记录" in reply.text
    assert reply.text.count("。") == 1
    assert patient.buttons == LARGE


@pytest.mark.parametrize(
    ("text", "answer"),
    [("你好", "您有什么事"), ("在吗", "您有什么事"), ("", "没有收到内容"), ("帮助", "您可以这样做")],
)
async def test_nothing_to_go_by_is_answered_with_the_large_buttons(
    stage: Stage, text: str, answer: str
) -> None:
    patient = stage.person("p")
    assert answer in (await patient.says(text))[0].text
    assert patient.buttons == LARGE


async def test_going_back_in_the_middle_of_a_report_says_that_it_is_kept(stage: Stage) -> None:
    patient = stage.person("p")
    await patient.says("医生收了我两千块")
    [reply] = await patient.says("返回")
    assert "保存好" in reply.text
    assert "查询码" in reply.text
    assert "查询码" not in (await patient.says("返回"))[0].text


async def test_help_leaves_the_person_where_they_are(stage: Stage) -> None:
    patient = stage.person("p")
    await patient.says("医生收了我两千块")
    await patient.says("帮助")
    await patient.says("骨科，上周三")
    assert await stage.told() == ["医生收了我两千块", "骨科，上周三"]


@pytest.mark.parametrize(
    ("text", "small"),
    [
        ("谢谢！", True),
        ("好的，谢谢", True),
        ("嗯嗯", True),
        ("好的医生收钱", False),
        ("谢谢李护士照顾", False),
    ],
)
def test_tells_small_talk_from_words_that_say_something(
    text: str, small: bool, session: object, desk: Desk
) -> None:
    assert is_small_talk(Talker(session, desk, "p").turn(text=text)) is small  # type: ignore[arg-type]


LONGEST = {"menu.welcome": 130, "report.received_urgent": 150, "menu.help": 130}
FILES = ("menu", "report", "case", "inquiry", "rating", "files")


def test_what_patients_read_is_short_and_free_of_office_words() -> None:
    words = words_for("zh")
    texts = {key: text for key, text in words._texts.items() if key.split(".")[0] in FILES}
    texts = {key: text for key, text in texts.items() if not key.split(".")[1].startswith("words_")}
    for key, text in texts.items():
        assert len(text) <= LONGEST.get(key, 120), key
        for sentence in text.replace("！", "。").replace("？", "。").replace("\n", "。").split("。"):
            assert len(sentence) <= (110 if key == "menu.welcome" else 48), (key, sentence)
        assert not any(word in text for word in ("Exception", "线程", "会话", "系统错误", "token")), key
