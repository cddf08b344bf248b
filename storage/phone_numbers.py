"""Mobile numbers in the one form by which they are known: eleven digits in China, else + and the country."""

import re
import unicodedata

_CHINESE = re.compile(r"(?:(?:\+|00)?86|0)?(1[3-9]\d{9})")
_FOREIGN = re.compile(r"(?:\+|00)([1-9]\d{6,14})")
_BETWEEN = re.compile(r"[\s().·‐‑‒–—−-]+")


def normal_number(written: str) -> str | None:
    """`+86 138-0013-8000` as `13800138000`, `0085291234567` as `+85291234567`; None for anything else.

    Foreign numbers keep their + (E.164): without it 1 415… of North America would be a mobile number here.
    """
    bare = _BETWEEN.sub("", unicodedata.normalize("NFKC", written[:60]))
    if not bare.isascii():
        return None
    if at_home := _CHINESE.fullmatch(bare):
        return at_home[1]
    abroad = _FOREIGN.fullmatch(bare)
    return f"+{abroad[1]}" if abroad and not abroad[1].startswith("86") else None
