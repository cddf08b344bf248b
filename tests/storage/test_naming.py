"""Who a text speaks about, and who it only speaks to: tables of sentences."""

import time

import pytest

from storage.hospital import Hospital, Office
from storage.naming import Named, Person, read_names

HOSPITAL = Hospital.model_validate(
    {
        "name": "示例医院",
        "discipline_office": "纪检办",
        "service_desk": "投诉办",
        "praise_office": "人事科",
        "offices": [
            {"name": "纪检办", "aliases": ["纪委", "监察室", "纪检监察室", "纪检"]},
            {"name": "投诉办", "aliases": ["客服中心", "客服"]},
            {"name": "药剂科", "aliases": ["药房", "西药房"]},
            {"name": "门诊部"},
            {"name": "护理部"},
            {"name": "医务科", "aliases": ["医务处", "医务部"]},
            {"name": "医保科", "aliases": ["医保办"]},
            {"name": "信息科"},
            {"name": "设备科"},
            {"name": "宣传科"},
            {"name": "财务科", "aliases": ["收费处"]},
            {"name": "保卫科", "aliases": ["保安"]},
            {"name": "后勤科", "aliases": ["后勤"]},
            {"name": "人事科"},
        ],
        "leaders": [
            {"name": "赵国栋", "title": "院长"},
            {"name": "孙丽", "title": "副院长"},
            {"name": "钱进", "title": "纪委书记"},
        ],
        "routing": {},
    }
)
PEOPLE = (
    Person(1, "王建国", "医务科", head=True),
    Person(2, "李明", "医务科"),
    Person(3, "欧阳娜", "纪检办"),
    Person(4, "周  强", "药剂科"),
    Person(5, "高明", "设备科"),
    Person(6, "向红", "投诉办"),
    Person(7, "Anna", "护理部"),
)


def named(text: str) -> Named:
    return read_names(HOSPITAL, PEOPLE, text)


@pytest.mark.parametrize(
    ("text", "offices"),
    [
        ("药剂科的人收药商回扣", "药剂科"),
        ("藥劑科收回扣", "药剂科"),
        ("药 剂 科 收 回 扣", "药剂科"),
        ("西药房态度很差", "药剂科"),
        ("药房窗口的小姑娘骂人", "药剂科"),
        ("信息科帮药代统方", "信息科"),
        ("医务科科长收了我两万", "医务科"),
        ("医务部的领导包庇他", "医务科"),
        ("我要举报纪检办", "纪检办"),
        ("投诉投诉办的人", "投诉办"),
        ("你们投诉办不理我", "投诉办"),
        ("给药剂科主任送了红包", "药剂科"),
        ("请设备科科长吃饭才给签字", "设备科"),
        ("向设备科送礼", "设备科"),
        ("红包送到药剂科。", "药剂科"),
        ("钱都交给了收费处，不给发票", "财务科"),
        ("希望药房改进态度", "药剂科"),
        ("希望医务科整改", "医务科"),
        ("要求医务科公开道歉", "医务科"),
        ("希望严查药剂科", "药剂科"),
        ("请查处信息科", "信息科"),
        ("希望药房的人受到处理", "药剂科"),
        ("希望医务科好好查查自己", "医务科"),
        ("向医务科反映过三次，没人管", "医务科"),
        ("找了医务科，他们推给护理部", "医务科 护理部"),
        ("打投诉办电话没人接", "投诉办"),
        ("医生和药房说好了让我去外面买", "药剂科"),
        ("希望纪检办查处药剂科", "药剂科"),
        ("我向纪检办举报，药剂科和设备科都拿回扣", "药剂科 设备科"),
        ("请医务科查一下，医务科有人收钱", "医务科"),
        ("纪检办的人和他们是一伙的", "纪检办"),
        ("病区护理部排班不公", "护理部"),
        ("护理部门管理混乱", "护理部"),
        ("门诊部分管领导收钱", "门诊部"),
        ("医保办公室的人收钱才给办", "医保科"),
        ("保安打人", "保卫科"),
    ],
)
def test_offices_spoken_about_are_found(text: str, offices: str) -> None:
    assert named(text).offices == frozenset(offices.split())


@pytest.mark.parametrize(
    "text",
    [
        "请纪检办查一下",
        "請紀檢辦查一下",
        "请纪检办尽快查一查这个医生",
        "恳请医院纪检办严肃处理",
        "恳请医院领导和纪检办对王医生进行调查",
        "希望医务科管管",
        "希望医务科、纪检办给个说法",
        "医务科能不能管一管他",
        "麻烦投诉办帮忙看看",
        "向纪检办举报",
        "我要向你们纪检办实名举报王医生",
        "我已经跟医务科反映了",
        "反映到医务科",
        "再不退钱我就去找纪检办",
        "再这样我就告到纪委。",
        "投诉办您好",
        "投诉办你好，我想说个事",
        "尊敬的纪检办领导：我要反映一件事",
        "医务科：我要反映一件事",
        "转纪检办处理",
        "这个归医务科管吗",
        "投诉办在几楼",
        "纪检办的举报电话是多少",
        "请纪委、检察院、教育局严厉查处",
        "恳请纪委领导为民做主",
        "我要去纪委告他",
    ],
)
def test_offices_spoken_to_are_not_accused(text: str) -> None:
    assert named(text).offices == frozenset()


@pytest.mark.parametrize(
    "text",
    [
        "让我去大药房买药",
        "让我去外面的药房买药",
        "让我去医院对面药房自费买",
        "号贩子就在门诊部门口",
        "门诊部门前都是号贩子",
        "药房旁边有人推销",
        "纪检办门口有人拉客",
        "门诊部分费用没退",
        "护理部分项目重复收费",
        "医保办理要给红包才行",
        "医保办好了吗",
        "投诉办法在哪里看",
        "投诉办理得太慢",
        "某某信息科技有限公司给医生钱",
        "宣传科普都是假的",
        "财务科目都是假的",
        "医生的设备科研经费乱报",
        "不能确保安全",
        "医保安排得乱七八糟",
        "对顾客服务很差",
        "收费处理得不对",
        "我已经向省纪委监察室举报",
        "区教育局监察室不管",
        "县药剂科协会",
    ],
)
def test_pieces_of_other_words_and_places_are_not_offices(text: str) -> None:
    assert named(text).offices == frozenset()


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("李明收了我一千", {2}),
        ("主任李明收红包", {2}),
        ("李 明 收 红 包", {2}),
        ("李明白天不在，晚上收红包", {2}),
        ("李明白收了我的钱", {2}),  # 白收 or 李明白: could be either
        ("红包是李明收的", {2}),
        ("李明和王建国都收", {1, 2}),
        ("李明白主任收红包", set()),
        ("我找的是李明华，不是别人", set()),
        ("李明亮医生收红包", set()),
        ("請李明主任查一下", set()),
        ("王建国主任您好", set()),
        ("希望王建国科长管管下面的人", set()),
        ("周强拿回扣", {4}),
        ("欧阳娜压着不办", {3}),
        ("医生高明，护士细心", set()),  # a word
        ("高明主任拿回扣", {5}),
        ("anna收红包", {7}),
        ("hannah收红包", set()),
        ("医务科王科长收了钱", {1}),
        ("医务科的王主任收了钱", {1}),
        ("纪检办的欧阳科长收了钱", {3}),
    ],
)
def test_officers_spoken_about_are_found(text: str, people: set[int]) -> None:
    assert named(text).people == people


@pytest.mark.parametrize(
    ("text", "possible", "likely"),
    [
        ("王主任收红包", {1}, set()),
        ("王副主任收红包", {1}, set()),
        ("李医生收红包", {2}, set()),
        ("姓王的收红包", {1}, set()),
        ("王某某收红包", {1}, set()),
        ("王科长收红包", {1}, {1}),
        ("欧阳主任收红包", {3}, set()),
        ("向科长收红包", {6}, set()),  # 向 may be the small word
        ("刘主任收红包", set(), set()),
        ("主任收红包", set(), set()),
        ("王主任您好，我要反映一个护士", set(), set()),
        ("大王医院", set(), set()),
        ("坑害百姓王法何在", set(), set()),
    ],
)
def test_a_shared_surname_and_title_is_only_possible(text: str, possible: set[int], likely: set[int]) -> None:
    found = named(text)
    assert not found.people
    assert found.possible == possible
    assert found.likely == likely


@pytest.mark.parametrize(
    ("text", "leader"),
    [
        ("赵国栋收了包工头的钱", True),
        ("赵院长收了包工头的钱", True),
        ("孙副院长收了包工头的钱", True),
        ("孙院长收了包工头的钱", True),
        ("钱书记压着不查", True),
        ("你们院长带头收钱", True),
        ("院长和药代一起吃饭", True),
        ("副院长打人", True),
        ("医院的纪委书记是他亲戚", True),
        ("希望院长管管", False),
        ("尊敬的赵院长：我要表扬护士", False),
        ("院长信箱打不开", False),
        ("院长办公室在几楼", False),
        ("周院长是外院的", False),
        ("法院院长来住院", False),
        ("前院长已经被抓了", False),
        ("赵医生收红包", False),
        ("县委书记来视察", False),
        ("护士长骂人", False),
        ("医院长期不给开发票", False),
    ],
)
def test_leaders_are_found_by_name_title_and_function(text: str, leader: bool) -> None:
    assert named(text).leader is leader


@pytest.mark.parametrize("text", ["", " ", "🧧", "\x00\ud800\ue000", "?!", "。" * 100])
def test_any_text_can_be_read(text: str) -> None:
    assert named(text) == Named()


def test_a_very_long_text_is_read_in_reasonable_time() -> None:
    text = ("请纪检办和医务科以及药房的领导尽快对王主任进行" * 20 + "药房和") * 200
    began = time.perf_counter()
    named(text[:100_000])
    assert time.perf_counter() - began < 5


def test_odd_characters_in_names_and_titles_do_not_matter() -> None:
    leaders = [{"name": "王(小)", "title": "院长(兼)"}, {"name": "赵[四", "title": ")"}]
    odd = Hospital.model_validate(HOSPITAL.model_dump() | {"leaders": leaders})
    people = (Person(1, "", "医务科"), Person(2, "*", "医务科"), Person(3, "Li (Ming", "医务科"))
    assert read_names(odd, people, "王院长和小王说[四").people == frozenset()


def test_other_staff_and_another_hospital_are_found_by_their_own_names() -> None:
    text = "医务科李明收了钱，国际部陈静也收了"
    later = (*PEOPLE, Person(6, "陈静", "门诊部"))
    other = HOSPITAL.model_copy(update={"offices": (Office(name="国际部"),)})
    assert read_names(HOSPITAL, PEOPLE, text).people == {2}
    assert read_names(HOSPITAL, later, text).people == {2, 6}
    assert read_names(other, later, text).offices == {"国际部"}
    assert read_names(HOSPITAL, PEOPLE, text).offices == {"医务科"}


def test_a_list_of_people_may_change_between_two_texts() -> None:
    people = list(PEOPLE)
    assert read_names(HOSPITAL, people, "陈静收了钱").people == frozenset()
    people.append(Person(6, "陈静", "门诊部"))
    assert read_names(HOSPITAL, people, "陈静收了钱").people == {6}


@pytest.mark.parametrize("name", ["医务科", "医务科的", "王科长、"])
def test_a_text_of_nothing_but_names_is_read_in_no_time(name: str) -> None:
    began = time.perf_counter()
    assert read_names(HOSPITAL, PEOPLE, name * 8_000) != Named()
    assert time.perf_counter() - began < 5


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("铁手张收了钱", Named()),
        ("小诸葛收了钱", Named(people=frozenset({2}))),
        ("小諸葛收了钱", Named(people=frozenset({2}))),
        ("请小诸葛处理一下", Named()),
        ("财神爷要打点", Named(offices=frozenset({"财务科"}))),
        ("老佛爷收了钱", Named(leader=True)),
        ("一把手收了钱", Named(leader=True)),
    ],
)
def test_a_nickname_means_an_officer_a_leader_or_an_office(text: str, expected: Named) -> None:
    named = HOSPITAL.with_nicknames(
        {"小诸葛": "李明", "财神爷": "收费处", "老佛爷": "孙丽", "一把手": "院长", "铁手张": "张伟"}
    )
    assert read_names(named, PEOPLE, text) == expected
    assert read_names(HOSPITAL, PEOPLE, text) == Named()
