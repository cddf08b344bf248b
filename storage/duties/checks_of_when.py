"""Finds what cannot be in a plan: days that months do not have, circles, rules that never come true."""

import difflib
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import islice

from cronsim import CronSimError

from storage.duties.book import Duty, DutyBook
from storage.duties.rhythms import cron_days, rule_days
from storage.hospital_checks import Mistake

Place = tuple[str | int, ...]
_SHORTEST = {"monthly": (28,) * 6, "quarterly": (30, 28, 30), "half_yearly": (31, 28, 30, 30, 30, 30)}
"""The shortest of the months with this number in a span: the second of each quarter may be a February."""
_YEARS = timedelta(days=366 * 9)
"""Long enough for the leap day, which 2100 leaves out."""
_CENTURY = range(2000, 2101)
_COUNTING = ("BYDAY", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO")


def when_mistakes(duty: Duty, place: Place, book: DutyBook, *, today: date) -> Iterator[Mistake]:
    """What is wrong with when a duty is due."""
    when = duty.when
    far = [day for day in (*when.dates, when.since) if day is not None and day.year not in _CENTURY]
    if far:  # a rule is not followed through two thousand years
        yield Mistake((*place, "since" if when.since else "dates"), "far_date", far[0].isoformat())
        return
    match when.way:
        case "monthly" | "quarterly" | "half_yearly" as way:
            yield from _in_spot(duty, way, (*place, way))
        case "after":
            yield from _in_after(duty, (*place, "after"), book)
        case "rrule":
            yield from _in_rule(duty, (*place, "rrule"), today)
        case "cron":
            yield from _in_cron(duty, (*place, "cron"), today)


def closest(word: str, known: Iterable[str]) -> str:
    """What was probably meant; empty for nothing like it."""
    return next(iter(difflib.get_close_matches(word, sorted(known), n=1, cutoff=0.5)), "")


def _in_spot(duty: Duty, way: str, place: Place) -> Iterator[Mistake]:
    spot, month = duty.when.spot, duty.when.month
    assert spot is not None
    months = _SHORTEST[way]
    longest = months[(month or len(months)) - 1]
    if spot.kind == "day" and spot.number > longest:
        yield Mistake(place, "no_such_day", str(spot.number))


def _in_after(duty: Duty, place: Place, book: DutyBook) -> Iterator[Mistake]:
    path, key = [duty.key], duty.when.after
    while key and key not in path:
        other = book.by_key.get(key)
        if other is None:
            if len(path) == 1:
                yield Mistake(place, "unknown_duty", key, closest(key, book.by_key.keys() - {duty.key}))
            return
        if other.when.on_request:
            yield Mistake(place, "after_request", key)
            return
        path.append(key)
        key = other.when.after
    if key == duty.key:
        yield Mistake(place, "circle", " → ".join([*path, key]))


def _in_rule(duty: Duty, place: Place, today: date) -> Iterator[Mistake]:
    rule, since = duty.when.rrule, duty.when.since
    parts = dict(part.split("=", 1) for part in rule.split(";"))
    steady = parts.get("INTERVAL", "1") == "1" and any(name in parts for name in _COUNTING)
    if since is None and not steady and not (parts["FREQ"] == "DAILY" and parts.get("INTERVAL", "1") == "1"):
        yield Mistake((*place[:-1], "since"), "rule_since", rule)
        return
    try:
        first = max(today, since or today)
        fires = next(rule_days(rule, since, first, first + _YEARS), None)
    except (ValueError, TypeError, OverflowError, IndexError):
        fires = None
    if fires is None:
        yield Mistake(place, "never", rule)


def _in_cron(duty: Duty, place: Place, today: date) -> Iterator[Mistake]:
    line, at = duty.when.cron, duty.at
    minute, hour, *_ = line.split()
    if not (minute.isdecimal() and hour.isdecimal()):
        yield Mistake(place, "too_often", line)
    elif (int(hour), int(minute)) != (at.hour, at.minute):
        yield Mistake(place, "other_hour", f"{at:%H:%M}", f"{int(hour):02}:{int(minute):02}")
    else:
        try:
            fires = list(islice(cron_days(line, today, today + _YEARS), 1))
        except (CronSimError, ValueError, OverflowError):
            fires = []
        if not fires:
            yield Mistake(place, "never", line)
