"""Recognises that somebody wants no more messages, by codes and by the patterns of reply_opt_out.toml."""

import re
from functools import lru_cache

from nlp.replies import Reply
from nlp.wording import compiled, table

_LAST = re.compile(r"[ ,。.!?;:~、\n]+")
_SIGNS = re.compile(r"[^\w]+")
_REPEATED = re.compile(r"(td|退订|取消|拒收|stop|qx|退|停|t|n|r)\1{1,9}")
"""A code sent more than once in one go."""


def opts_out(reply: Reply) -> bool:
    """Whether the reply asks for an end of the messages; asking how to end them counts, threatening too."""
    book = _codes()
    spelled = _SIGNS.sub("", reply.bare)
    if reply.bare in book or spelled in book or reply.joined in book or _REPEATED.fullmatch(spelled):
        return True
    words = [word for word in _LAST.split(reply.bare) if word]
    if len(words) > 1 and words[-1] in _last_codes():
        return True
    return any(_asks(text) for text in dict.fromkeys((reply.text, reply.joined)) if text)


def _asks(text: str) -> bool:
    if _pattern("anyway", "phrases").search(text):
        return not _pattern("asking", "slips").search(text)
    # Said of something else: taken out, so that the rest is judged alone.
    rest = _pattern("asking", "not").sub("\n", text)
    return _pattern("asking", "phrases").search(rest) is not None


@lru_cache(maxsize=1)
def _codes() -> frozenset[str]:
    book = table("reply_opt_out.toml")
    return frozenset(book["bare_codes"]) | _last_codes()


@lru_cache(maxsize=1)
def _last_codes() -> frozenset[str]:
    codes = table("reply_opt_out.toml")["codes"]
    endings = ("", "吧", "了", "谢谢", "啊", "掉", "哈", "啦", "请")
    return frozenset(code + end for code in codes for end in endings if len(code) > 1 or not end)


@lru_cache(maxsize=4)
def _pattern(group: str, name: str) -> re.Pattern[str]:
    book = table("reply_opt_out.toml")
    return compiled(book[group][name], book["classes"])
