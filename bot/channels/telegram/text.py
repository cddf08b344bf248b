"""Text as Telegram takes it: whole characters only, and never longer than one message."""

MESSAGE_UNITS = 4096
"""The length of a message that the Bot API takes, in UTF-16 code units."""

_BREAKS = ("\n\n", "\n", "。", "！", "？", "；", ". ", "，", " ")
_CONTROLS = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 127])


def clean(text: str) -> str:
    """Repairs surrogate pairs, replaces lone surrogates and drops control characters but tab and newline."""
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return whole.replace("\r\n", "\n").replace("\r", "\n").translate(_CONTROLS)


def units(text: str) -> int:
    """The length in UTF-16 code units, which is how Telegram counts."""
    return len(text) + sum(character > "\uffff" for character in text)


def split_text(text: str, limit: int = MESSAGE_UNITS) -> list[str]:
    """Cuts into parts of at most `limit` UTF-16 units, at a paragraph, line or sentence where one ends
    in the second half of a part; no part is empty, and blank text gives no part."""
    parts = []
    rest = text.strip()
    while units(rest) > limit:
        cut = _cut(rest, limit)
        parts.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [part for part in [*parts, rest] if part]


def _cut(text: str, limit: int) -> int:
    fits = _characters_that_fit(text, limit)
    for mark in _BREAKS:
        place = text.rfind(mark, fits // 2, fits)
        if place >= 0:
            return place + len(mark)
    return fits


def _characters_that_fit(text: str, limit: int) -> int:
    used = 0
    for count, character in enumerate(text):
        used += 2 if character > "\uffff" else 1
        if used > limit:
            return count
    return len(text)
