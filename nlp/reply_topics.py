"""Finds what a reply complains about or alleges: short topics by pattern, stories by the reader's scales."""

import re
from functools import lru_cache

from nlp.intents import ENOUGH
from nlp.reading import Reading
from nlp.replies import Reply
from nlp.taxonomy import Category, Intent
from nlp.wording import compiled, table

_TOPICS = "reply_topics.toml"
_TOLD = 200
"""Characters from which a reply is a letter, and the reader's judgement counts."""
_SURE = 0.9
"""Confidence of the reader from which what it takes for innocent alleges nothing by a few words."""
_LIKELY = 0.7
"""Confidence from which a reply without any known topic is about what the reader takes it for."""
_ASKED = 0.8
"""Confidence from which a reply is a question, whatever it names."""
_SHORT = 32
"""Characters up to which a reply has one thing to say."""
_SHORTEST = 6
"""Characters below which the reader, made for messages, has too little to judge a reply by."""
_BLAMES = frozenset({Intent.REPORT, Intent.COMPLAINT})
_ASKS = ("吗", "?", "呢", "么", "对吧", "是吧", "好不", "行不", "能不", "要不", "了没")
_REFUSED = re.compile(
    "不收|没收|锦旗|鬼门关|[不唔没]肯收|拒收|坚决不|死活不|退[了回给]|退还|还[我给回]|没要|不要红包|打进|说留着|不敢收|推[了回]"
)
_DENIED = re.compile(
    r"(?:不|没|没有|从没|从不|并不|一点不|一点都不|不会|毫无|唔|冇|无|拒绝|拒|死活不|坚决不|绝不|没人|没一个)$"
)
_SUPPLIED = re.compile("药|厂|公司|代表|器械|耗材|材料|供应|支架|关节|试剂|老板|回扣")
"""Who pays a kickback; without them a share of the orders is a commission."""
_SAVED = re.compile("鬼门关|拽回来|拽了回来|拉回来|救回来|捡回|零失误|零差错|救命恩人")
"""Praise that the reader takes for an event."""
_UNUSED = re.compile("没用的(?:东西|短信|信息|消息|调查|问卷)|没意思的(?:短信|东西)")
"""These messages, not a treatment."""
_BODILY = frozenset({Category.PROCESS_ENVIRONMENT, Category.CARE_QUALITY, Category.PRODUCT_SAFETY})
_BLAMED = re.compile(
    "你们|你哋|医生|大夫|护士|医院|主任|科室|科里|手术|没人|住院|食堂|病房|窗口|排队|电话|挂号|出院|治|药|针|开刀|厕所|护工|输液|扎|缝|抽血|还说|说正常|说没事|不管|怪|staff|doctor|nurse|hospital"
)
_NEAR = 6
_ORDER = {category: number for number, category in enumerate(Category)}


def find_topics(reply: Reply, reading: Reading, *, plain: bool) -> tuple[Category, ...]:
    """The categories of a reply, misconduct first.

    `plain`: the reply speaks neither of health nor of an end of the messages; only then a reply without any
    known topic is taken for what the reader thinks likely.
    """
    verdict = reading.verdict
    if verdict.intent is Intent.INQUIRY and verdict.confidence >= _ASKED:
        return ()
    if verdict.intent is Intent.REPORT and len(reply.text) > _TOLD:
        return verdict.categories
    found = {category for category in Category if _names(reply, category)}
    if verdict.intent not in _BLAMES and verdict.confidence >= _SURE:
        found = {category for category in found if not category.is_misconduct}
    errand = is_errand(reply)
    if not errand and not _SAVED.search(reply.text):
        found |= {c for c, weight in reading.scales.scores.items() if c.is_misconduct and weight >= ENOUGH}
    if not found and plain and not errand and _is_likely(reply, reading):
        found = set(verdict.categories[:1])
    if Category.RED_ENVELOPE in found and _REFUSED.search(reply.text):
        found.discard(Category.RED_ENVELOPE)
    if {Category.KICKBACK, Category.REFERRAL_COMMISSION} <= found and not _SUPPLIED.search(reply.text):
        found.discard(Category.KICKBACK)
    return tuple(sorted(found, key=lambda one: (not one.is_misconduct, _ORDER[one])))


def blamed(reply: Reply, categories: tuple[Category, ...]) -> tuple[Category, ...]:
    """The categories of a reply about one's own trouble; 饭堵在这里 is no word on the kitchen."""
    if _BLAMED.search(reply.text):
        return categories
    return tuple(category for category in categories if category not in _BODILY)


def is_errand(reply: Reply) -> bool:
    """Whether a short reply only says who is meant or asks for something to be done."""
    return len(reply.text) < _SHORT and _pattern("errand").search(reply.text) is not None


def _is_likely(reply: Reply, reading: Reading) -> bool:
    verdict = reading.verdict
    told = len(reply.bare) >= _SHORTEST and not reply.text.endswith(_ASKS)
    return told and verdict.intent in _BLAMES and verdict.confidence >= _LIKELY


def is_dangerous(reply: Reply) -> bool:
    """Whether a reply tells of pressure before an operation, of evidence going, of trade in people."""
    return _pattern("danger").search(reply.text) is not None


def _names(reply: Reply, category: Category) -> bool:
    text = _UNUSED.sub(" ", reply.text)
    return any(
        _DENIED.search(text[max(0, match.start() - _NEAR) : match.start()]) is None
        for match in _pattern(category.value).finditer(text)
    )


@lru_cache(maxsize=32)
def _pattern(name: str) -> re.Pattern[str]:
    book = table(_TOPICS)
    return compiled(book[name]["patterns"], book["classes"])
