"""Reads the answer to whether anybody asked for money or goods: no, yes, or in doubt."""

import re
from functools import lru_cache

from nlp.replies import Reply, stripped
from nlp.wording import compiled, table

_ASKING = ("吗", "?", "么", "呢")


def read_asked(reply: Reply) -> int | None:
    """1 where something was asked for, taken or given and kept; 0 where not; None in doubt.

    A yes outweighs a no that stands beside it (没有，就是给了护士长一箱奶); what was offered and
    given back is no.
    """
    denies = gives = takes = refused = False
    for clause in reply.clauses:
        said = stripped(clause)
        if _pattern("no").fullmatch(said):
            denies = True
            continue
        if _pattern("yes").fullmatch(said) and not clause.endswith(_ASKING):
            gives = True
            continue
        refused = refused or _pattern("refused").search(clause) is not None
        rest = _pattern("neither").sub("|", clause)
        kept = _pattern("denied").sub("|", rest)
        denies = denies or kept != rest
        if clause.endswith(_ASKING) or _pattern("others").search(clause):
            continue
        takes = takes or _pattern("took").search(kept) is not None
        gives = gives or _pattern("gave").search(kept) is not None
    if takes or (gives and not refused):
        return 1
    return 0 if denies or (gives and refused) else None


@lru_cache(maxsize=8)
def _pattern(name: str) -> re.Pattern[str]:
    book = table("survey_scales.toml")
    return compiled(book["asked"][name], book["classes"])
