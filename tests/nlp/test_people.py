"""People are found by name and title; words that only look like names are none."""

import pytest

from nlp.normalise import normalise
from nlp.people import Person, find_people


def people(text: str) -> list[Person]:
    return list(find_people(normalise(text), text))


@pytest.mark.parametrize(
    ("text", "said", "surname", "given", "title"),
    [
        ("骨二科张主任收了", "张主任", "张", "", "主任"),
        ("张伟主任收了", "张伟主任", "张", "伟", "主任"),
        ("给王小明医生", "王小明医生", "王", "小明", "医生"),
        ("科主任张建国收了", "科主任张建国", "张", "建国", "科主任"),
        ("护士李娜让我买", "护士李娜", "李", "娜", "护士"),
        ("欧阳主任", "欧阳主任", "欧阳", "", "主任"),
        ("欧阳娜娜护士", "欧阳娜娜护士", "欧阳", "娜娜", "护士"),
        ("姓李的护士", "姓李的护士", "李", "", "护士"),
        ("那个姓王的收的", "姓王的", "王", "", ""),
        ("一位文姓医生", "文姓医生", "文", "", "医生"),
        ("叫张伟的医生", "张伟的医生", "张", "伟", "医生"),
        ("王某收了", "王某", "王", "", ""),
        ("陈某某主任", "陈某某主任", "陈", "", "主任"),
        ("陈大夫", "陈大夫", "陈", "", "大夫"),
        ("陳醫師說", "陳醫師", "陈", "", "医师"),
        ("林護理長", "林護理長", "林", "", "护理长"),
        ("孙副院长", "孙副院长", "孙", "", "副院长"),
        ("小王护士", "小王护士", "王", "", "护士"),
        ("老张主任", "老张主任", "张", "", "主任"),
        ("李国庆主任", "李国庆主任", "李", "国庆", "主任"),
        ("张主任医师", "张主任医师", "张", "", "主任医师"),
        ("钱主任收的", "钱主任", "钱", "", "主任"),
        ("请张主任来", "张主任", "张", "", "主任"),
        ("感谢周主任", "周主任", "周", "", "主任"),
        ("找王姐", "王姐", "王", "", "姐"),
        ("Dr. Lin asked", "Dr. Lin", "lin", "", "dr"),
        ("dr林", "dr林", "林", "", "dr"),
    ],
)
def test_somebody_is_named(text: str, said: str, surname: str, given: str, title: str) -> None:
    (found,) = people(text)
    assert (found.text, found.surname, found.given, found.title) == (said, surname, given, title)


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("主刀医生收了", "主刀医生"), ("麻醉师要钱", "麻醉师"), ("護理長要了", "護理長"),
        ("安排护士来", "护士"), ("高度医生", "医生"),
        ("黄疸医生说", "医生"), ("打石膏医生说", "医生"), ("马上主任就来", "主任"), ("田间护士", "护士"),
        ("上周主任说", "主任"),
        ("三分钟护士才来", "护士"), ("挂一张主任号", "主任"), ("给了钱主任才来", "主任"),
        ("向医生送红包", "医生"), ("由于医生不在", "医生"),
        ("现金护士收了", "护士"), ("紧张主任说", "主任"), ("医生高兴地收了", "医生"),
        ("医生张口就要", "医生"), ("对方医生", "医生"),
        ("院方医生", "医生"), ("任何医生", "医生"), ("许多医生", "医生"), ("和护士说", "护士"),
        ("三万主任收了", "主任"), ("结石医生", "医生"),
        ("检查时医生说", "医生"), ("当时医生说", "医生"),
    ],
)  # fmt: skip
def test_only_a_role_is_told(text: str, role: str) -> None:
    assert [(one.text, one.surname) for one in people(text)] == [(role, "")]


@pytest.mark.parametrize(
    "text", ["白内障专家", "黄牛专家号", "老百姓", "我姓周", "本人姓李", "某省", "陆某省", "在护士站",
    "护士节", "高度近视", "周三", "工作安排"],
)  # fmt: skip
def test_nobody_is_named(text: str) -> None:
    assert people(text) == []


def test_several_are_kept_apart() -> None:
    assert [one.text for one in people("张医生和李护士长，让安排王护士")] == ["张医生", "李护士长", "王护士"]
