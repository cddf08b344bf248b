"""Weighs the tone of a reply: its score first, then what is alleged, thanked for and grumbled about."""

import re
from collections.abc import Sequence
from enum import StrEnum
from functools import lru_cache

from nlp.health import Health
from nlp.mentions import find_mentions
from nlp.reading import Reading
from nlp.replies import Reply
from nlp.reply_topics import is_errand
from nlp.scores import rated_apart
from nlp.taxonomy import Category, Intent
from nlp.wording import compiled, table
from nlp.wrong_person import is_wrong_person

_PRAISED, _BLAMED = 0.5, 0.4
"""Confidence of the reader from which a reply without a word of tone is praise, is blame."""
_SURE = 0.6
"""... from which somebody is blamed for a trouble that was told."""
_BLAMES = frozenset({Intent.REPORT, Intent.COMPLAINT})
_ACCUSED = re.compile("医生|大夫|护士|医院|主任|科室|科里|没人|硬让|赶我|电话|窗口")
_SHORTEST = 6
_BOTH_WAYS = (1, 1)
"""One thing praised and one complained about."""
_ASKS = ("吗", "?", "呢", "么", "对吧", "是吧", "好不", "行不", "能不", "要不", "了没")
_REQUEST = re.compile("能不能|可不可以|能否|可否|请问|想问|问一下|咨询")
_MOURNED = re.compile("走了|去世|过世|不在了|离世|没了|往生|已故")
_BRIBES = frozenset({Category.RED_ENVELOPE})
_FORCED = re.compile(
    "扣|少的|少一分|不敢|敢不|恶心|没人理|不给|不包|没白花|才肯|就不|不然|换来|立马变|讽刺|凭什么"
)


class Polarity(StrEnum):
    """The overall tone of a reply."""

    POSITIVE = "positive"
    NEUTRAL = "neutral"
    NEGATIVE = "negative"


def weigh_tone(
    reply: Reply,
    *,
    score: int | None,
    categories: Sequence[Category],
    health: Health,
    opt_out: bool,
    reading: Reading,
) -> Polarity:
    """The tone; a score decides unless misconduct stands beside a good one."""
    if score is not None:
        return _of_score(reply, score, categories)
    if health.despair:
        return Polarity.NEGATIVE
    if rated_apart(reply) and not any(category.is_misconduct for category in categories):
        return Polarity.NEUTRAL
    good, bad = _count("positive", reply), _count("negative", reply)
    if opt_out:
        return _of_plea(reply, bool(categories), praises=good > 1 and not bad)
    if categories:
        # 等床等了两天,可住进去真没话讲: the good word comes last.
        if _ends_well(reply, categories):
            return Polarity.POSITIVE
        return Polarity.NEUTRAL if _is_mixed(reply, categories) else Polarity.NEGATIVE
    return _of_words(reply, good, bad, health, reading)


def is_pleased(reply: Reply) -> bool:
    """Whether the reply has words of praise and none of blame."""
    return _count("positive", reply) > 0 == _count("negative", reply)


def _of_words(reply: Reply, good: int, bad: int, health: Health, reading: Reading) -> Polarity:
    if good == bad == 0:
        return Polarity.POSITIVE if health.well else _of_reading(reply, health, reading)
    if good > bad and not (health.care and good < 2):
        return Polarity.POSITIVE
    return Polarity.NEGATIVE if bad > good else Polarity.NEUTRAL


def _of_reading(reply: Reply, health: Health, reading: Reading) -> Polarity:
    """What the reader makes of a story without a word of tone."""
    told = (
        len(reply.bare) >= _SHORTEST
        and not _REQUEST.search(reply.text)
        and not reply.text.endswith(_ASKS)
        and not is_errand(reply)
    )
    if health.care:
        return Polarity.NEGATIVE if told and _is_blaming(reply, reading) else Polarity.NEUTRAL
    if not told:
        return Polarity.NEUTRAL
    if is_wrong_person(reply.text):
        return Polarity.NEUTRAL
    named = find_mentions(reply.text)
    if bool(named.praised) != bool(named.complained):
        return Polarity.POSITIVE if named.praised else Polarity.NEGATIVE
    verdict = reading.verdict
    if verdict.intent is Intent.PRAISE and verdict.confidence >= _PRAISED:
        return Polarity.POSITIVE
    return (
        Polarity.NEGATIVE if verdict.intent in _BLAMES and verdict.confidence >= _BLAMED else Polarity.NEUTRAL
    )


def _is_blaming(reply: Reply, reading: Reading) -> bool:
    """Whether who tells of a trouble holds somebody to account for it."""
    verdict = reading.verdict
    return (
        verdict.intent in _BLAMES and verdict.confidence >= _SURE and _ACCUSED.search(reply.text) is not None
    )


def _of_score(reply: Reply, score: int, categories: Sequence[Category]) -> Polarity:
    if score <= 2:
        return Polarity.NEGATIVE
    if _BRIBES.intersection(categories) and _FORCED.search(reply.text):
        return Polarity.NEGATIVE
    if score == 3 or any(category.is_misconduct for category in categories):
        return Polarity.NEUTRAL
    return Polarity.POSITIVE


def _of_plea(reply: Reply, blames: bool, *, praises: bool) -> Polarity:
    """An end of the messages asked for: politely or as a matter of course, or in anger."""
    commands = re.search(r"别|不要|咪|莫|甭|唔好|嫑|少来|收声", reply.text)
    if blames or _pattern("annoyed").search(reply.text):
        return Polarity.NEGATIVE
    if praises and not _MOURNED.search(reply.text):
        return Polarity.POSITIVE
    return Polarity.NEGATIVE if commands and not _pattern("plea").search(reply.text) else Polarity.NEUTRAL


def _ends_well(reply: Reply, categories: Sequence[Category]) -> bool:
    if any(category.is_misconduct for category in categories):
        return False
    yielding = re.search(r"(?:虽然?|尽管|除了)[^。!?]{1,24}?,([^。!?]*)$", reply.text)
    if yielding and _hits("positive", yielding[1]) and not _hits("negative", yielding[1]):
        return True
    turn = re.search(r"(?:可是?|但是?|不过|然而|好在)([^。!?]*)$", reply.text)
    return turn is not None and bool(_hits("positive", turn[1])) and not _hits("negative", turn[1])


def _is_mixed(reply: Reply, categories: Sequence[Category]) -> bool:
    """手术好,饭不好: one thing each way, in a breath."""
    if len(reply.clauses) != len(_BOTH_WAYS) or any(category.is_misconduct for category in categories):
        return False
    named = find_mentions(reply.text)
    return (len(named.praised), len(named.complained)) == _BOTH_WAYS


def _count(name: str, reply: Reply) -> int:
    said = _pattern("none").sub(" ", reply.text)
    unhurt = _hits("unhurt", said) if name == "positive" else 0
    return unhurt + _hits(name, _pattern("unhurt").sub(" ", said))


def _hits(name: str, text: str) -> int:
    return len({match[0] for match in _pattern(name).finditer(text)})


@lru_cache(maxsize=8)
def _pattern(name: str) -> re.Pattern[str]:
    book = table("reply_tone.toml")
    return compiled(book[name]["patterns"], book["classes"])
