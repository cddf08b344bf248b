"""Who has not answered, for heads: names only for who oversees the office, as it is when it is sent."""

from collections.abc import Collection

from handlers.staff.duties.card import whole_day
from handlers.triage.sight import Sight
from storage.duties.book import Answers
from storage.duties.escalating import overdue_in
from storage.duties.missing import Missing, Why, missing_names
from storage.duties.occurrences import Occurrence, OccurrenceStage
from storage.members import Member
from storage.messages import Reply
from storage.staff.permits import oversees

_MOST_NAMES, _MOST_LINES = 30, 40


def names_letter(
    member: Member, offices: Collection[str], over: Collection[int], sight: Sight
) -> tuple[Reply, list[str]] | None:
    """What is overdue in these offices, or (none) in all that a head oversees, and which offices it names.

    None where nothing is any more, or the reader does not oversee every one of them.
    """
    seen = oversees(member, sight.house.hospital)
    if not seen.issuperset(offices):
        return None
    rows = overdue_in(sight.session, offices or seen, over=over, now=sight.now)
    if not rows:
        return None
    rows.sort(key=lambda row: row[1])
    lines, before = [sight.words("due.names")], ""
    for occurrence, place, count in rows[:_MOST_LINES]:
        if place != before:
            lines.append(sight.words("due.names_office", office=place))
            before = place
        lines += _lines(occurrence, place, count, sight)
    if len(rows) > _MOST_LINES:
        lines.append(sight.words("due.names_rest", count=len(rows) - _MOST_LINES))
    lines.append(sight.words("due.names_foot"))
    return Reply("\n".join(lines)), sorted({place for _, place, _ in rows[:_MOST_LINES]})


def _lines(occurrence: Occurrence, office: str, count: int, sight: Sight) -> list[str]:
    key = "due.names_ended" if occurrence.stage is OccurrenceStage.CLOSED else "due.names_line"
    at = whole_day(occurrence.due_at, sight)
    if occurrence.each is Answers.OFFICE:
        return [sight.words(f"{key}_office", title=occurrence.title, at=at)]
    line = sight.words(key, title=occurrence.title, at=at, count=count)
    return [line, sight.words("due.names_who", names=_names(occurrence, office, sight))]


def _names(occurrence: Occurrence, office: str, sight: Sight) -> str:
    """Those whose time is over; who was granted more is not among them yet."""
    today = sight.house.local_day(sight.now)
    missing = missing_names(sight.session, occurrence, office, vault=sight.house.vault, today=today)
    late = [one for one in missing if one.extended_until is None or one.extended_until <= sight.now]
    names = sight.words("due.names_between").join(_name(one, sight) for one in late[:_MOST_NAMES])
    return sight.words("due.names_more", names=names) if len(late) > _MOST_NAMES else names


def _name(one: Missing, sight: Sight) -> str:
    name = one.name or sight.words("due.name_lost")
    return name if one.why is Why.OPEN else sight.words(f"due.name_{one.why}", name=name)
