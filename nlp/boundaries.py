"""Asks jieba whether a hit is a word of its own or a piece of others; jieba loads at the first question."""

import logging
import threading
import warnings
from collections.abc import Callable
from functools import lru_cache

_AROUND = 8
_LOCK = threading.Lock()


def is_word(text: str, start: int, end: int) -> bool:
    """False where a word of the neighbourhood begins before the hit and ends in it, or the other way round.

    A longer word that holds the whole hit (收红包) does not count against it.
    """
    left = max(0, start - _AROUND)
    position = left
    for token in _cutter()(text[left : end + _AROUND]):
        after = position + len(token)
        crosses_start = position < start < after < end
        crosses_end = start < position < end < after
        if crosses_start or crosses_end:
            return False
        position = after
    return True


@lru_cache(maxsize=1)
def _load() -> Callable[[str], list[str]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import jieba

    jieba.setLogLevel(logging.WARNING)
    tokenizer = jieba.Tokenizer()
    tokenizer.initialize()
    cut: Callable[[str], list[str]] = tokenizer.lcut
    return cut


def _cutter() -> Callable[[str], list[str]]:
    with _LOCK:
        return _load()
