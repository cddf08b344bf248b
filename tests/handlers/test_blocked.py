"""A sender whom two officers held back: nothing of theirs is kept, but urgent words and their own answers."""

from storage.members import Role
from tests.stage import Person, Stage

ABUSE = "骨科张三收红包，你们都是骗子，天天骂你们这帮骗子，不解决我就天天发。"
MORE = "骗子骗子，眼科也收红包，骗子医院"


async def held(stage: Stage, days: str = "7 天") -> tuple[Person, Person]:
    """An abuser who was blocked, and the head who agreed."""
    officer, head = await stage.officer("王芳"), await stage.officer("李强", role=Role.HEAD)
    abuser = stage.person("abuser")
    await abuser.says(ABUSE)
    await officer.says("1号")
    await officer.presses("更多…")
    await officer.presses("暂停接收此人消息")
    await officer.presses("恶意刷屏")
    await officer.presses(days)
    await officer.presses("提议暂停")
    await head.says("1号")
    await head.presses("同意暂停")
    return abuser, head


async def test_nothing_is_kept_and_one_sentence_a_day_says_where_else_to_turn(stage: Stage) -> None:
    abuser, _ = await held(stage)
    said = await abuser.says(MORE)
    assert len(said) == 1
    assert "11月30日" in said[0].text
    assert stage.house.hospital.other_ways in said[0].text
    assert await abuser.says(MORE + "第二遍") == []
    await abuser.says("返回")
    assert await abuser.says("医生收了我两千块红包") == []
    assert len(await stage.cases()) == 1
    assert await stage.told() == [ABUSE]
    stage.clock.advance(days=1)
    assert "11月30日" in (await abuser.says(MORE))[0].text


async def test_praise_and_ratings_are_no_way_around_it(stage: Stage) -> None:
    abuser, _ = await held(stage)
    await abuser.says("返回")
    await abuser.says("感谢内科的李护士，服务特别好，非常感谢她")
    await abuser.says("满意度评价")
    await abuser.says("护士态度很好，很满意")
    assert len(await stage.cases()) == 1


async def test_urgent_words_always_pass(stage: Stage) -> None:
    abuser, _ = await held(stage)
    await abuser.says(MORE)
    said = await abuser.says("我不想活了，今晚就从楼上跳下去")
    assert "12356" in said[0].text
    assert "跳下去" in (await stage.told())[-1]
    await abuser.says("返回")
    await abuser.says("有人在急诊科持刀砍人，快来人，出人命了")
    assert "持刀" in (await stage.told(2))[0]


async def test_the_own_answers_stay_open_by_code_and_nothing_can_be_added(stage: Stage) -> None:
    abuser, head = await held(stage)
    code = abuser.code
    await head.says("1号")
    await head.presses("受理")
    await abuser.says(MORE)
    shown = await abuser.says(code)
    assert "已经受理" in shown[-1].text
    assert await abuser.says("再补充一句骗子骗子") == []
    assert await stage.told() == [ABUSE]


async def test_others_and_other_channels_are_heard_as_ever(stage: Stage) -> None:
    await held(stage)
    await stage.person("abuser", "messenger").says("药剂科的人收了药商回扣，我亲眼看见的")
    await stage.person("somebody").says("医生收了我两千块红包")
    assert len(await stage.cases()) == 3


async def test_it_ends_by_itself_and_by_one_officer(stage: Stage) -> None:
    abuser, head = await held(stage, "1 天")
    await abuser.says(MORE)
    await head.says("菜单")
    await head.presses("暂停名单")
    assert "恶意刷屏" in head.text
    await head.presses("解除第 1 个")
    await abuser.says("返回")
    assert "查询码" in (await abuser.says("医生收了我两千块红包"))[0].text
    assert len(await stage.cases()) == 2


async def test_time_ends_it(stage: Stage) -> None:
    abuser, _ = await held(stage, "1 天")
    stage.clock.advance(days=1)
    await abuser.says("医生收了我两千块红包")
    assert len(await stage.cases()) == 2


async def test_an_unconfirmed_proposal_holds_nobody_back(stage: Stage) -> None:
    officer = await stage.officer("王芳", role=Role.HEAD)
    abuser = stage.person("abuser")
    await abuser.says(ABUSE)
    await officer.says("1号")
    for label in ("更多…", "暂停接收此人消息", "广告", "30 天", "提议暂停"):
        await officer.presses(label)
    assert not any(label.startswith("同意暂停") for label in officer.buttons)
    await abuser.says("上周三他又收了一次红包")
    assert len(await stage.told()) == 2
