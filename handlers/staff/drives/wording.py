"""Days, spans and short words that all about drives is said with."""

from datetime import date

from handlers.words import Words
from storage.drives.duties import days_of
from storage.drives.items import DriveItem, ItemState, is_overdue
from storage.drives.plan import Asked, Drive, Phase, Recurring

_SHORT = 14
_MOST_NAMED = 12


def day_words(day: date, words: Words, *, today: date | None = None) -> str:
    """Such as 12月25日; with the year where it is not this one."""
    if today is None or day.year == today.year:
        return words("drives.day", month=day.month, day=day.day)
    return words("drives.day_year", year=day.year, month=day.month, day=day.day)


def span(first: date, last: date, words: Words, *, today: date | None = None) -> str:
    """From one day to another."""
    return words(
        "drives.range", first=day_words(first, words, today=today), last=day_words(last, words, today=today)
    )


def state_words(item: DriveItem, today: date, words: Words) -> str:
    """How an item stands, overdue before all else."""
    return words("drives.state_late" if is_overdue(item, today) else f"drives.state_{item.state.value}")


def shortened(text: str, most: int = _SHORT) -> str:
    """The beginning, for a button."""
    plain = " ".join(text.split())
    return plain if len(plain) <= most else f"{plain[:most]}…"


def office_names(offices: list[str], words: Words) -> str:
    """Names one after the other; of many the first and how many there are."""
    joined = words("drives.and").join(offices[:_MOST_NAMED])
    if len(offices) <= _MOST_NAMED:
        return joined
    return words("drives.many_offices", offices=joined, count=len(offices))


def asked_lines(drive: Drive, phase: Phase, office: str, words: Words, today: date) -> list[str]:
    """What a phase asks for: a line each, those of an office alone where one is given."""
    lines = []
    for of, asked in drive.asked():
        if of.key == phase.key and _concerns(drive, asked, office):
            when = _when(drive, phase, asked, words, today)
            lines.append(words("drives.notice_asked_line", title=asked.title, when=when))
    return lines


def settled_words(count: int, state: ItemState, words: Words) -> str:
    """So many items in a state."""
    return words(f"drives.part_{state.value}", count=count)


def _concerns(drive: Drive, asked: Asked, office: str) -> bool:
    if not office:
        return True
    if asked.owed_by == "lead":
        return office == drive.lead
    return not asked.offices or office in asked.offices


def _when(drive: Drive, phase: Phase, asked: Asked, words: Words, today: date) -> str:
    who = words(f"drives.who_{asked.owed_by}")
    if isinstance(asked, Recurring):
        weekday = words(f"drives.weekday_{asked.weekday}")
        return words(f"drives.when_{asked.every}", weekday=weekday, who=who)
    day = day_words(days_of(drive, phase, asked)[0], words, today=today)
    return words("drives.when_once", day=day, who=who)
