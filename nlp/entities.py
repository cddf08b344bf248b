"""Finds what a text already says about department, time, sum and person, so that nobody is asked twice."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from nlp.normalise import Normalised, normalise
from nlp.own_lists import NO_WORDS, OwnWords
from nlp.tables import rows


def _first_letters(words: str) -> str:
    return "".join({word[0] for word in words.split("|")})


_LONGEST = 20_000
"""Characters of a text that are looked at: who, when and where stand early, and nobody reads further."""

_NUMERALS = "0-9一二两三四五六七八九十百千万几半"
# Each pattern is many; a look at the first character spares trying them all at every place.
_COUNT = r"(?:[0-9]{1,9}(?:[.,][0-9]{1,3})?|[一二两三四五六七八九十百千万几半]{1,9}|好几)"
_THINGS = (
    "烟|中华|茅台|五粮液|红酒|白酒|酒|茶叶|水果|牛奶|鸡蛋|大闸蟹|海参|"
    "购物卡|加油卡|油卡|超市卡|卡|礼盒|红包|信封"
)
_AMOUNT = re.compile(
    rf"(?=[{_NUMERALS}好¥￥${_first_letters(_THINGS)}])(?:[¥￥$]{{1}} ?{_COUNT}"
    rf"|{_COUNT} ?(?:块钱|元钱|美元|元|块|万|千|百|w(?![a-z])|k(?![a-z])|个w|rmb|人民币|大洋|个点|%)"
    rf"|{_COUNT} ?(?:条|瓶|箱|盒|包|张|斤|只|个|沓|叠)(?:{_THINGS})"
    rf"|(?:{_THINGS}) ?{_COUNT} ?(?:条|瓶|箱|盒|包|张|斤|只|个)"
    r"|[一二两三四五六七八九][千百万][一二两三四五六七八九]?"
    r"|(?<=[收给塞送要交付转拿掏花了])(?:[1-9][0-9]{2,6})(?![0-9年月日号床楼室:]))"
)
_DAY = r"[一二三四五六日天末1-7]"
_NUMBER = r"(?:[0-9]{1,2}|[一二两三四五六七八九十]{1,3}|几)"
_WHEN = re.compile(
    rf"(?=[{_NUMERALS}上这本下个周星礼大前昨今刚明后最凌夜去年过春中国端元除住出入手术])"
    rf"(?:(?:19|20)[0-9]{{2}} ?[年./-] ?(?:{_NUMBER} ?[月./-] ?(?:{_NUMBER} ?[日号]?)?)?"
    rf"|{_NUMBER} ?月(?:份|{_NUMBER} ?[日号]|初|中旬|底|上旬|下旬)?(?!子|嫂|饼|经)"
    r"|[1-3]?[0-9] ?[号日](?=[^楼床病窗码院]|$)"
    rf"|(?:上上|上|这|本|下)?(?:个)?(?:周|星期|礼拜){_DAY}"
    r"|(?:上上|上|这|本|下)(?:个)?(?:周|星期|礼拜|月)"
    rf"|{_NUMBER} ?(?:个)?(?:天|周|星期|礼拜|月|年|小时|钟头)(?:多)?(?:前|以前|之前)"
    r"|大前天|前天|昨天|昨晚|昨日|前晚|今天|今早|今晚|今日|刚才|刚刚|明天|后天|前几天|前段时间|前阵子|最近|上午|下午|凌晨|半夜|夜里"
    r"|前年|去年|今年|年初|年底|年前|年后|过年|春节|中秋|国庆|端午|元旦|五一|除夕"
    r"|住院期间|住院那天|出院那天|出院前|入院那天|手术前|手术后|手术那天|术前|术后|手术当天)"
)
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔"
    "钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤欧温康施文牛樊葛邢安齐易乔伍庞颜"
)
_TITLES = (
    "主任医师|副主任|科主任|主任|主治医生|主治|教授|医生|大夫|医师|护士长|护士|护师|院长|副院长|书记|科长|处长|药师|"
    "麻醉师|技师|护工|专家|老师|经理|代表|姐|哥"
)
_ROLES = (
    "主刀|管床|床位医生|麻醉师|麻醉医生|护士长|科主任|主任|副院长|院长|书记|主治|助手|实习生|规培生|技师|药师|"
    "收费员|导医|保安|护工|助产士|教授|药代|医药代表|带组的|护士|医生|大夫|医师"
)
_PERSON = re.compile(
    rf"(?=[老小{_SURNAMES}{_first_letters(_ROLES)}])(?:(?:老|小)?[{_SURNAMES}][一-龥]{{0,2}}?(?:{_TITLES})|{_ROLES})"
)


class Mention(NamedTuple):
    """Something the text names, and where: characters of the original, end exclusive."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Mentions:
    """What a text names; each tuple is in the order of the text and may be empty."""

    departments: tuple[Mention, ...] = ()
    when: tuple[Mention, ...] = ()
    amounts: tuple[Mention, ...] = ()
    people: tuple[Mention, ...] = ()


class Directory:
    """What departments and people are called: by the lists that come along, and by a hospital's own."""

    def __init__(self, own: OwnWords = NO_WORDS) -> None:
        self.departments = _departments(own.departments)
        names = _any_of([name.word for name in own.names])
        self.people = re.compile(f"{names}|{_PERSON.pattern}") if names else _PERSON


@lru_cache(maxsize=1)
def shipped_directory() -> Directory:
    """The directory without any hospital's own words."""
    return Directory()


def mentions(text: str, directory: Directory | None = None) -> Mentions:
    """What the text already says of department, time, sum and person. Never raises."""
    known = directory or shipped_directory()
    form = normalise(text[:_LONGEST])
    return Mentions(
        departments=_find(known.departments, form, text),
        when=_find(_WHEN, form, text),
        amounts=_find(_AMOUNT, form, text),
        people=_find(known.people, form, text),
    )


def amount_spans(form: Normalised) -> list[tuple[int, int]]:
    """Where sums and counted gifts stand in a normalised text."""
    return [match.span() for match in _AMOUNT.finditer(form.text)]


def _find(pattern: re.Pattern[str], form: Normalised, text: str) -> tuple[Mention, ...]:
    spans = (form.span(*match.span()) for match in pattern.finditer(form.text))
    return tuple(Mention(text[start:end], start, end) for start, end in spans)


def _departments(own: Sequence[str] = ()) -> re.Pattern[str]:
    table = sorted(rows("departments.tsv", 3), key=lambda row: -len(row[0]))
    free = "|".join(re.escape(name.lower()) for name, kind, _ in table if kind == "free")
    bound = "|".join(re.escape(name.lower()) for name, kind, _ in table if kind != "free")
    number = "[一二三四五六七八九十0-9]{0,2}"
    first = "".join({re.escape(name[0].lower()) for name in (*own, *(row[0] for row in table))})
    ours = f"(?:{_any_of(own)})(?:{number}(?:科|病区|病房|门诊|室|部|区))?|" if own else ""
    return re.compile(
        rf"(?=[一二三四五六七八九十0-9{first}])(?:{ours}(?:{bound}){number}(?:科室|科|病区|病房|门诊|室|部)(?:{number}(?:病区|病房|区|楼))?"
        rf"|(?:{free})(?:{number}(?:科|病区|病房|门诊|室|部|区))?"
        rf"|[一二三四五六七八九十0-9]{{1,3}}(?:号楼|病区|楼病房))"
    )


def _any_of(own: Sequence[str]) -> str:
    """One of these words, the longest that fits; Latin ones are no piece of a longer word."""
    return "|".join(
        rf"(?<![a-z]){re.escape(word)}(?![a-z])" if word.isascii() else re.escape(word)
        for word in sorted(own, key=len, reverse=True)
    )
