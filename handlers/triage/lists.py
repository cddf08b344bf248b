"""The officers' lists: one button for each case, in the order in which they are due."""

from handlers.triage.cards import category_words, status_words
from handlers.triage.sight import Sight
from handlers.turn import Turn
from storage.cases import Case
from storage.copies import count_all_copies
from storage.lists import Listing, list_cases
from storage.members import Right, may
from storage.messages import Choice, Reply

_CATEGORY = 9


def list_reply(turn: Turn, listing: Listing, page: int = 0) -> Reply:
    """One page of a list; a page beyond the end shows the first."""
    sight = Sight.of(turn)
    hospital = turn.house.hospital
    cases, more = list_cases(turn.session, listing, turn.officer, hospital=hospital, page=page, now=turn.now)
    if page and not cases:
        return list_reply(turn, listing)
    title, counts = _title(turn, listing), count_all_copies(turn.session, cases)
    rows: list[tuple[Choice, ...]] = [
        (Choice(case_line(case, sight, counts.get(case.id or 0, 0)), f"open:{case.id}:list"),)
        for case in cases
    ]
    turning = []
    if page:
        turning.append(Choice(turn.words("desk.previous"), f"list:{listing}:{page - 1}"))
    if more:
        turning.append(Choice(turn.words("desk.next"), f"list:{listing}:{page + 1}"))
    key = "triage.list" if cases else "triage.list_empty"
    rows = [*rows, tuple(turning), (Choice(turn.words("desk.menu"), "desk"),)]
    return turn.reply(key, [row for row in rows if row], edit=True, title=title, page=page + 1)


def _title(turn: Turn, listing: Listing) -> str:
    """A supervisor of another office reads the cases of the discipline office in the list as well."""
    office, discipline = turn.officer.office, turn.house.hospital.discipline_office
    both = listing is Listing.OFFICE and may(turn.officer, Right.EVERY_CASE) and office != discipline
    key = "triage.list_supervised" if both else f"triage.list_{listing}"
    return turn.words(key, office=office, discipline=discipline)


def case_line(case: Case, sight: Sight, copies: int = 0) -> str:
    """A case on a button: 2026-00042 · 红包礼金 · 还剩2天 · 急 · 另有23份."""
    category = category_words(case, sight.words)
    if len(category) > _CATEGORY:
        category = category[: _CATEGORY - 1] + "…"
    due = sight.left(case.due_at, short=True) if case.due_at else status_words(case, sight.words)
    urgent = sight.words("card.short_urgent") if case.urgent else ""
    more = sight.words("card.short_copies", count=copies) if copies else ""
    return sight.words("card.between").join(filter(None, [case.number, category, due, urgent, more]))
