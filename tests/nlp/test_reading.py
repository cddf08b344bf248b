"""Sentences per phenomenon: what is alleged, refused, asked, thanked for, or elsewhere's business."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.reading import Reader
from nlp.taxonomy import MISCONDUCT, Category, Intent

ALLEGED = [
    ("昨天手术前给主刀医生塞了两千块红包，他收了。", Category.RED_ENVELOPE),
    ("醫生收了我們三千塊紅包", Category.RED_ENVELOPE),
    ("麻醉师暗示我表示一下，我给了五百。", Category.RED_ENVELOPE),
    ("微信转账给了主任1000，他点了收款。", Category.RED_ENVELOPE),
    ("主任收了我家两条中华和一张购物卡。", Category.RED_ENVELOPE),
    ("主任说床位紧张，后来给了他两条烟就有了", Category.RED_ENVELOPE),
    ("红\u200b包两千塞给护士长，她收下了", Category.RED_ENVELOPE),
    ("支架一个回扣好几千", Category.KICKBACK),
    ("厂家请主任去三亚开会全家报销", Category.KICKBACK),
    ("设备科长要5个点", Category.KICKBACK),
    ("信息科有人给药代拉处方量", Category.PRESCRIPTION_DATA),
    ("医生让我去门口的药店买药，说报他名字", Category.OUTSIDE_PURCHASE),
    ("没住院但医保有住院记录", Category.INSURANCE_FRAUD),
    ("把医保卡放医院，每个月帮我刷一次给我返现", Category.INSURANCE_FRAUD),
    ("上午刚拍的CT下午又让拍", Category.OVER_TREATMENT),
    ("同一项检查重复收费，收了两次", Category.OVERCHARGING),
    ("护士挂的药水是过期药", Category.IMPROPER_MEDICATION),
    ("给我看牙的人没有行医证，是实习生", Category.UNLICENSED_PRACTICE),
    ("他们篡改病历，签的不是我的名字", Category.FALSE_DOCUMENTS),
    ("医院的广告说无效退款，治愈率百分百", Category.FALSE_ADVERTISING),
    ("门口号贩子300块卖专家号", Category.TOUTING),
    ("护士把我的病情发到群里", Category.PRIVACY_BREACH),
    ("门口有人中介卖肾，十几万一个", Category.ILLEGAL_BIOMEDICAL),
    ("一次性的针头洗洗又给人用", Category.PRODUCT_SAFETY),
    ("我举报以后就被打击报复，调去看仓库", Category.COVERUP_RETALIATION),
]

EXTORTED = [
    "不送红包就不给安排床位。",
    "不给两千麻醉师就不来",
    "没有紅包排不到好醫師",
    "管床大夫让我们意思意思，不意思一下手术就往后排。",
]

OVERTURNED = [
    "红包他推了几下就收下了。",
    "说好退的红包到现在没退。",
    "没有一个医生不收红包",
    "嘴上说不要红包，后来还是收了",
]

REFUSED = [
    "我们给医生红包，他坚决不要，还追出来还给我们。",
    "医生没收红包，真是好大夫。",
    "护士长当场拒收，我们送了锦旗。",
    "紅包退了三次還是不肯收，謝謝醫生",
]

ASKED = [
    "做手术要不要包红包，一般多少？",
    "给医生送锦旗算不算红包？",
    "我想给医生送红包，合适吗？",
    "怎么匿名举报收红包？",
    "请问周六门诊几点上班",
]

ELSEWHERE = [
    "小学班主任教师节要家长送礼",
    "我们工地包工头吃回扣",
    "驾校教练不给烟不让上车",
    "村干部办低保吃拿卡要",
]

SMALL_TALK = ["你好", "在吗？", "😂😂😂", "👍", "晚安🌙", "宝妈兼职，刷单日结300", "。。。", "", "\0\ud800"]


def read(text: str) -> Intent:
    return Reader.load().read(text).intent


@pytest.mark.parametrize(("text", "category"), ALLEGED)
def test_allegation_is_a_report_of_its_category(text: str, category: Category) -> None:
    verdict = Reader.load().read(text)
    assert verdict.intent is Intent.REPORT
    assert category in verdict.categories
    assert any(piece.category is category for piece in verdict.evidence)


@pytest.mark.parametrize(
    ("text", "category"), [*ALLEGED, ("出院后请科室吃饭，主任让我们买的单。", Category.RED_ENVELOPE)]
)
def test_lists_alone_find_plain_allegations(text: str, category: Category) -> None:
    verdict = Reader.by_keywords().read(text)
    assert verdict.intent is Intent.REPORT
    assert category in verdict.categories


@pytest.mark.parametrize("text", EXTORTED + OVERTURNED)
def test_extortion_and_overturned_refusal_are_reports_in_spite_of_their_negation(text: str) -> None:
    verdict = Reader.load().read(text)
    assert verdict.intent is Intent.REPORT
    assert verdict.categories[0] is Category.RED_ENVELOPE


@pytest.mark.parametrize("text", REFUSED)
def test_refused_gift_is_praise(text: str) -> None:
    assert read(text) is Intent.PRAISE


@pytest.mark.parametrize("text", ASKED)
def test_question_is_an_inquiry(text: str) -> None:
    assert read(text) is Intent.INQUIRY


@pytest.mark.parametrize("text", ELSEWHERE)
def test_matters_of_others_are_no_confident_report(text: str) -> None:
    verdict = Reader.load().read(text)
    assert verdict.intent is Intent.OTHER or verdict.unsure


@pytest.mark.parametrize("text", SMALL_TALK)
def test_small_talk_is_confidently_other(text: str) -> None:
    verdict = Reader.load().read(text)
    assert verdict.intent is Intent.OTHER
    assert not verdict.unsure
    assert not verdict.categories


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("护士态度太差，骂人", Category.SERVICE_ATTITUDE),
        ("护士打我", Category.SERVICE_ATTITUDE),
        ("他摸我", Category.SERVICE_ATTITUDE),
        ("误诊，肺炎当感冒治了十天", Category.CARE_QUALITY),
        ("厕所太脏，没人修", Category.PROCESS_ENVIRONMENT),
    ],
)
def test_dissatisfaction_is_a_complaint(text: str, category: Category) -> None:
    verdict = Reader.load().read(text)
    assert verdict.intent is Intent.COMPLAINT
    assert verdict.categories[0] is category


@pytest.mark.parametrize(
    "text",
    [
        "塞给护士一包糖，她收了",
        "举报以后他才把钱退给我",
        "药企的人来过主任办公室",
        "有人说这里看病要打点",
        "王医生真好，收了钱才好好看",
    ],
)
def test_doubtful_text_is_never_set_aside_without_a_person(text: str) -> None:
    verdict = Reader.load().read(text)
    assert verdict.unsure or verdict.intent in (Intent.REPORT, Intent.COMPLAINT)


@pytest.mark.parametrize("text", ["医生打我电话提醒复查", "刚被打了针", "医生摸我额头"])
def test_a_call_or_an_injection_is_no_violence(text: str) -> None:
    assert not Reader.by_keywords().read(text).categories
    assert not MISCONDUCT.intersection(Reader.load().read(text).categories)


@pytest.mark.parametrize(
    "text",
    [
        "明天早上的手术，麻醉师说不给两千就不来",
        "我爸打完针喘不上气，嘴唇都紫了",
        "不想活了，就今晚吧",
        "今晚有人在删监控，明天检查组要来",
    ],
)
def test_danger_is_urgent(text: str) -> None:
    assert Reader.load().read(text).urgent


@pytest.mark.parametrize("text", ["去年给主任送了两条烟，他收了", "排队等太久", "谢谢医生救命之恩"])
def test_past_and_ordinary_matters_are_not_urgent(text: str) -> None:
    assert not Reader.load().read(text).urgent


@pytest.mark.parametrize("mark", [" ", "-", "\u200b", "·", "*"])
@pytest.mark.parametrize("text", ["医生收了我的红包", "不给红包就不做手术", "塞给主任一个红包他收下了"])
def test_marks_inside_the_key_word_change_nothing(text: str, mark: str) -> None:
    spaced = Reader.load().read(text.replace("红包", f"红{mark}包"))
    assert (spaced.intent, spaced.categories) == (Intent.REPORT, (Category.RED_ENVELOPE,))


@pytest.mark.parametrize("text", [text for text, _ in ALLEGED[:8]])
def test_spaces_between_all_characters_change_nothing(text: str) -> None:
    spaced = Reader.load().read(" ".join(text))
    assert spaced.intent is Intent.REPORT
    assert spaced.categories == Reader.load().read(text).categories


PIECES = st.sampled_from(
    [
        "医生",
        "收了",
        "红 包",
        "🧧",
        "不",
        "给",
        "两千",
        "，",
        "？",
        "hongbao",
        "就不",
        "護士",
        "\ud800",
        "\0",
        "没",
        " ",
    ]
)


@settings(max_examples=200)
@given(st.text(st.characters(), max_size=80) | st.lists(PIECES, max_size=25).map("".join))
def test_any_text_is_read_and_evidence_stands_in_the_original(text: str) -> None:
    verdict = Reader.load().read(text)
    assert 0 <= verdict.confidence <= 1
    for piece in verdict.evidence:
        assert 0 <= piece.start < piece.end <= len(text)
        assert text[piece.start : piece.end] == piece.term


@pytest.mark.parametrize("text", ["医生收了红包，" * 14_000, "不" * 100_000, "一" * 100_000, "红 " * 50_000])
def test_very_long_texts_are_read(text: str) -> None:
    Reader.load().read(text)


@pytest.mark.parametrize(
    "text",
    [
        "送红包会不会好一点",
        "送红包有用吗",
        "红包一般包多少",
        "给主刀送两千够不够",
        "不送红包会不会不好好做手术",
        "送了红包医生会更用心吗",
    ],
)
def test_who_wonders_about_giving_asks_and_alleges_nothing(text: str) -> None:
    assert Reader.load().read(text).intent is Intent.INQUIRY


@pytest.mark.parametrize("text", ["今天天气不错", "加微信xxx，专业代开发票"])
def test_a_kind_word_in_idle_talk_is_no_praise(text: str) -> None:
    assert Reader.load().read(text).intent is Intent.OTHER


def test_a_doctor_who_asks_whether_one_wants_to_show_something_may_hint() -> None:
    verdict = Reader.load().read("医生问我要不要表示一下")
    assert verdict.unsure or Category.RED_ENVELOPE in verdict.categories
