"""Tells who answers a survey: nobody we know, a mourning family, or somebody who is in hospital again."""

import re
from functools import lru_cache

from nlp.replies import Reply, stripped
from nlp.wording import compiled, table


def is_wrong_person(text: str) -> bool:
    """Whether the writer says that neither they nor theirs were our patient: a wrong number, a stranger.

    A relative who answers for the patient is no wrong person, nor is one who corrects their own slip; where
    the patient died, is_deceased is asked first. Never raises for any string.
    """
    reply = Reply.of(text)
    if any(_pattern("wrong", name).search(reply.text) for name in ("relatives", "moved")) or _mourns(reply):
        return False
    slips = _pattern("wrong", "slips")
    if _pattern("wrong", "anywhere").search(slips.sub("|", reply.text)):
        return True
    alone = _pattern("wrong", "alone")
    said = any(alone.fullmatch(stripped(clause)) for clause in reply.clauses)
    return said and slips.search(reply.text) is None


def is_deceased(text: str) -> bool:
    """Whether the reply says that the patient has died.

    Both mistakes hurt: nobody mourning is asked again, and nobody is mourned who lives. Somebody feared for,
    saved, or another's dead is not meant. Never raises for any string.
    """
    return _mourns(Reply.of(text))


def is_readmitted(text: str) -> bool:
    """Whether the patient is in hospital now: again, or still. Never raises for any string."""
    return _says(Reply.of(text), "readmitted", "anywhere")


def _mourns(reply: Reply) -> bool:
    if _pattern("deceased", "lives").search(reply.text):
        return False
    return _says(reply, "deceased", "sure") or _says(reply, "deceased", "said_of")


def _says(reply: Reply, group: str, name: str) -> bool:
    return _pattern(group, name).search(_pattern(group, "not").sub("|", reply.text)) is not None


@lru_cache(maxsize=16)
def _pattern(group: str, name: str) -> re.Pattern[str]:
    book = table("reply_person.toml")
    return compiled(book[group][name], book["classes"])
