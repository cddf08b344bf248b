"""谁没完成: names, in the private chat of who oversees their office alone; and one extra reminder."""

from collections.abc import Collection, Iterator, Sequence

from handlers.staff.coverage.asked import Asked
from handlers.staff.coverage.report import must_be_gathered, scope_of, slice_of
from handlers.staff.coverage.rows import choice, page_number, paging, pick_office
from handlers.staff.coverage.words import day_words
from handlers.turn import Turn
from storage.duties.book import Answers
from storage.duties.coverage import COUNTED, Coverage, Covered, coverage_of
from storage.duties.missing import Missing, Why, count_not_joined, excused_names, missing_names
from storage.duties.moments import allowed_from
from storage.duties.nudging import nudge, was_nudged
from storage.duties.occurrences import Occurrence, OccurrenceStage
from storage.duties.spans import slices_of
from storage.event_names import EventName
from storage.events import record_event
from storage.messages import Choice, Reply

_DUTIES, _PEOPLE = 8, 40
_LABEL = 16


def show_missing(turn: Turn, asked: Asked, which: str) -> Reply:
    """The names for one occurrence `ID[.PAGE]`; without ID what there is to choose from."""
    number, _, page = which.partition(".")
    if number:
        line = _line(turn, asked, number)
        return _gone(turn, asked) if line is None else _names(turn, asked, line, page)
    scope = scope_of(turn.officer, asked.office, turn.house.hospital)
    if must_be_gathered(asked, scope):
        return pick_office(turn, asked, "0")
    found = sum(
        (slice_of(turn.session, one, asked, scope, house=turn.house) for one in slices_of(asked.span)),
        Coverage(),
    )
    late = [line for line in found.lines if line.total.missing]
    if len(late) == 1:
        return _names(turn, asked, late[0], page)
    if not late:
        return turn.reply("coverage.nobody_missing", [[choice(turn, "back", asked.value)]], edit=True)
    return _choose(turn, asked, late, page)


def nudge_missing(turn: Turn, asked: Asked, which: str) -> Reply:
    """提醒一下: those who are missing are reminded, once a day."""
    line = _line(turn, asked, which)
    occurrence = turn.session.get(Occurrence, line.id) if line is not None else None
    if line is None or occurrence is None:
        return _gone(turn, asked)
    late = [office for office, one in line.offices.items() if one.missing]
    people = nudge(turn.session, occurrence, late, by=turn.officer, house=turn.house, now=turn.now)
    key = "nudged_already" if people is None else "nudged" if people else "nudged_nobody"
    if people and allowed_from(turn.now, turn.house, urgent=True) > turn.now:
        key = "nudged_later"
    said = turn.words(f"coverage.{key}", people=people)
    rows = [[choice(turn, "who_else", f"{asked.value}:who:{line.id}"), choice(turn, "back", asked.value)]]
    return Reply(said, tuple(map(tuple, rows)), toast=said)


def _choose(turn: Turn, asked: Asked, late: Sequence[Covered], page: str) -> Reply:
    last = (len(late) - 1) // _DUTIES
    number = page_number(page, last)
    rows = [
        [Choice(_label(turn, line), f"coverage:{asked.value}:who:{line.id}")]
        for line in late[number * _DUTIES : (number + 1) * _DUTIES]
    ]
    rows += paging(turn, f"{asked.value}:who:.", number, last)
    return turn.reply("coverage.which", [*rows, [choice(turn, "back", asked.value)]], edit=True)


def _label(turn: Turn, line: Covered) -> str:
    title = line.title if len(line.title) <= _LABEL else f"{line.title[: _LABEL - 1]}…"
    day = day_words(line.due_at, turn.words, house=turn.house)
    return turn.words("coverage.which_one", day=day, title=title, count=line.total.missing)


def _names(turn: Turn, asked: Asked, line: Covered, page: str) -> Reply:
    occurrence = turn.session.get(Occurrence, line.id)
    assert occurrence is not None
    late = {office: one.missing for office, one in line.offices.items() if one.missing}
    number = page_number(page, max(0, (sum(late.values()) - 1) // _PEOPLE))
    title = turn.words(
        "coverage.names", title=line.title, day=day_words(line.due_at, turn.words, house=turn.house),
        count=sum(late.values()),
    )  # fmt: skip
    if occurrence.each is Answers.OFFICE:
        parts = [turn.words("coverage.names_offices", offices=turn.words("coverage.between").join(late))]
    else:
        parts = [*_alone(turn, occurrence, late), *_people(turn, occurrence, late, number)]
        record_event(
            turn.session, f"member:{turn.officer.id}", EventName.MISSING_READ, now=turn.now,
            occurrence=occurrence.id,
        )  # fmt: skip
    if not late:
        parts = [turn.words("coverage.nobody_missing")]
    if len(line.offices) == 1 and occurrence.each is Answers.PERSON:
        parts += _away(turn, occurrence, next(iter(line.offices)))
    rows = paging(turn, f"{asked.value}:who:{line.id}.", number, max(0, (sum(late.values()) - 1) // _PEOPLE))
    rows += [_ways_on(turn, asked, occurrence, list(late))]
    return Reply("\n".join([title, *parts]), tuple(map(tuple, rows)), edits=turn.inbound.pressed)


def _people(turn: Turn, occurrence: Occurrence, late: dict[str, int], page: int) -> Iterator[str]:
    """A line for each office on the page: only their names are opened."""
    start, end, passed = page * _PEOPLE, (page + 1) * _PEOPLE, 0
    today = turn.house.local_day(turn.now)
    for office, count in late.items():
        first, passed = passed, passed + count
        if passed <= start or first >= end:
            continue
        people = missing_names(turn.session, occurrence, office, vault=turn.house.vault, today=today)
        here = people[max(0, start - first) : end - first]
        names = turn.words("coverage.between").join(_person(turn, one) for one in here)
        yield turn.words("coverage.names_office", office=office, count=count, names=names)


def _alone(turn: Turn, occurrence: Occurrence, late: Collection[str]) -> list[str]:
    """How many of them no reminder reaches."""
    alone = count_not_joined(turn.session, occurrence, late)
    return [turn.words("coverage.names_alone", alone=alone)] if alone else []


def _person(turn: Turn, one: Missing) -> str:
    name = one.name or turn.words("history.unopened_name")
    if one.why is not Why.OPEN:
        return turn.words(f"coverage.why_{one.why.value}", name=name)
    if one.extended_until is not None and one.extended_until > turn.now:
        day = day_words(one.extended_until, turn.words, house=turn.house)
        return turn.words("coverage.why_extended", name=name, day=day)
    return name


def _away(turn: Turn, occurrence: Occurrence, office: str) -> list[str]:
    away = excused_names(turn.session, occurrence, office, vault=turn.house.vault)[:_PEOPLE]
    names = turn.words("coverage.between").join(
        one.name or turn.words("history.unopened_name") for one in away
    )
    return [turn.words("coverage.names_away", names=names)] if away else []


def _ways_on(turn: Turn, asked: Asked, occurrence: Occurrence, late: Sequence[str]) -> list[Choice]:
    back = choice(turn, "back", asked.value)
    can = occurrence.stage is OccurrenceStage.OPEN and late
    if not can or was_nudged(turn.session, occurrence, late, house=turn.house, now=turn.now):
        return [back]
    return [choice(turn, "nudge", f"{asked.value}:nudge:{occurrence.id}"), back]


def _line(turn: Turn, asked: Asked, number: str) -> Covered | None:
    """The occurrence a button names, with what this member may see of it; None for nothing."""
    if not (number.isascii() and number.isdecimal() and len(number) < 10):
        return None
    occurrence = turn.session.get(Occurrence, int(number))
    if occurrence is None or occurrence.stage not in COUNTED:
        return None
    scope = scope_of(turn.officer, asked.office, turn.house.hospital)
    line = coverage_of(turn.session, occurrence, house=turn.house, offices=scope)
    return line if line.offices else None


def _gone(turn: Turn, asked: Asked) -> Reply:
    said = turn.words("coverage.gone")
    return Reply(said, ((choice(turn, "back", asked.value),),), toast=said)
