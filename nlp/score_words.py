"""Finds worded ratings (非常满意, 还行, 挑不出毛病) by the patterns of reply_scores.toml."""

import re
from functools import lru_cache

from nlp.marks import Mark, mark, words_around
from nlp.replies import Reply, stripped
from nlp.wording import compiled, ordered, table

_SNEER = re.compile("呵呵|👏|反话|讽刺")
_COURTESY = re.compile(
    r"^(?:您好|你好|嗯|好的)[,。! ]*|[,。! ]*(?:多?谢谢?(?:您|你们?|关心)?|感谢|辛苦了?|啊|吧|哈|呀|啦|哦)+$"
)


def alone(reply: Reply) -> int | None:
    """The score of a reply that is nothing but a grade (优, B+, IV)."""
    bare = _COURTESY.sub("", reply.bare) or reply.text
    return _alone().get(bare) if len(bare) <= 4 else None


def find_words(reply: Reply) -> list[Mark]:
    """Worded ratings in order; none where a sneer stands with them."""
    if _SNEER.search(reply.text):
        return []
    return [one for start, clause in reply.placed for one in _in_clause(clause, start)]


def _in_clause(clause: str, start: int) -> list[Mark]:
    said = stripped(clause)
    for score, pattern in _whole():
        if pattern.fullmatch(said) and not clause.endswith("?"):
            return [] if not score else [mark(score, start, start + len(clause), before="", after="")]
    apart = _of_a_thing(said)
    if apart:
        return [Mark(apart, start, start + len(clause), aspect=True, weak=True)]
    found = []
    for begin, end, score in _widest(clause):
        if score:
            before = clause[:begin]
            found.append(mark(score, start + begin, start + end, before=before, after=clause[end:]))
    return found


def _of_a_thing(said: str) -> int:
    """The score that a weak word gives to a thing (饭菜一般, 护士很好); 0 where there is none."""
    thing = _thing().match(said)
    if thing is None or words_around()["overall"].search(thing[0]):
        return 0
    rest = said[thing.end() :]
    return next((score for score, pattern in _whole() if score and pattern.fullmatch(rest)), 0)


def _widest(clause: str) -> list[tuple[int, int, int]]:
    spans = [(*m.span(), score) for score, pattern in _anywhere() for m in pattern.finditer(clause)]
    kept: list[tuple[int, int, int]] = []
    for begin, end, score in sorted(spans, key=lambda span: (span[0], -span[1], span[2])):
        if kept and begin < kept[-1][1]:
            if end - begin > kept[-1][1] - kept[-1][0]:
                kept[-1] = (begin, end, score)
            continue
        kept.append((begin, end, score))
    return kept


@lru_cache(maxsize=1)
def _anywhere() -> list[tuple[int, re.Pattern[str]]]:
    book = table("reply_scores.toml")
    return [(int(score), compiled(rows, book["classes"])) for score, rows in book["anywhere"].items()]


@lru_cache(maxsize=1)
def _whole() -> list[tuple[int, re.Pattern[str]]]:
    book = table("reply_scores.toml")
    classes = book["classes"]
    framed = {
        score: rows if score == "0" else [f"@filler* {row} @tail*" for row in rows]
        for score, rows in book["whole"].items()
    }
    return [(int(score), compiled(rows, classes)) for score, rows in framed.items()]


@lru_cache(maxsize=1)
def _thing() -> re.Pattern[str]:
    aspects = "|".join(map(re.escape, ordered(table("reply_scores.toml")["around"]["aspects"])))
    return re.compile(rf"[^,。]{{0,3}}?(?:(?:{aspects})[们的]?){{1,3}}")


@lru_cache(maxsize=1)
def _alone() -> dict[str, int]:
    return {
        word: int(score) for score, words in table("reply_scores.toml")["alone"].items() for word in words
    }
