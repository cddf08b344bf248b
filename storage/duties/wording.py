"""Which of a duty's texts an occurrence shows."""

import re

from storage.duties.book import DutyBook
from storage.duties.occurrences import Occurrence

_HOLIDAY, _ANY_HOLIDAY = "{节日}", "节假日"
_NAMED = re.compile(r"\d{4}-([^\W\d_]{2,})")


def duty_text(occurrence: Occurrence, book: DutyBook) -> str:
    """What is to be done, in the words of duties.toml; empty where the duty stands there no more.

    Several texts take turns. {节日} becomes the name of the holiday that is near.
    """
    duty = book.by_key.get(occurrence.duty)
    if duty is None:
        return ""
    text = duty.texts[occurrence.turn % len(duty.texts)] if duty.texts else duty.text
    named = _NAMED.fullmatch(occurrence.period)
    return text.replace(_HOLIDAY, named[1] if named else _ANY_HOLIDAY)
