"""Holds the parts of duties.toml against each other and against the hospital."""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date, time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from storage.duties.book import Answers, Duty, DutyBook, Form, FormKind, Proof, Quiz
from storage.duties.checks_of_when import closest, when_mistakes
from storage.hospital import Hospital
from storage.hospital_checks import Mistake

Place = tuple[str | int, ...]
_LINK = re.compile(r"https?://[!-~]{4,300}")
_FILE = re.compile(r"[^./\\\x00-\x1f][^/\\\x00-\x1f]*")
_LEAST_MINUTES = 60


def book_mistakes(
    book: DutyBook, hospital: Hospital, *, questions: Callable[[Quiz], int], today: date
) -> Iterator[Mistake]:
    """Everything that only shows when the parts are held against each other.

    `questions` tells how many there are to draw from for a quiz.
    """
    yield from _in_reminding(book)
    yield from _in_groups(book, hospital)
    for number, form in enumerate(book.forms):
        yield from _in_form(form, ("forms", number))
    yield from _repeated([form.key for form in book.forms], ("forms",), "key")
    yield from _repeated([duty.key for duty in book.duties], ("duties",), "key")
    for number, duty in enumerate(book.duties):
        place: Place = ("duties", number)
        yield from _in_names(duty, place, book, hospital)
        yield from _in_proof(duty, place, book, questions)
        yield from _in_material(duty, place)
        yield from when_mistakes(duty, (*place, "when"), book, today=today)


def _in_reminding(book: DutyBook) -> Iterator[Mistake]:
    rules = book.reminding
    loud = (_minutes(rules.quiet_from) - _minutes(rules.quiet_until)) % (24 * 60)
    if rules.quiet_from != rules.quiet_until and loud < _LEAST_MINUTES:
        yield Mistake(("reminding", "quiet_until"), "quiet_all_day")
    elif rules.quiet_from != rules.quiet_until and not _is_loud(
        rules.at, rules.quiet_from, rules.quiet_until
    ):
        yield Mistake(("reminding", "at"), "told_in_quiet", f"{rules.at:%H:%M}")
    if rules.discipline_after < rules.head_after:
        yield Mistake(("reminding", "discipline_after"), "before_head", str(rules.discipline_after))


def _in_groups(book: DutyBook, hospital: Hospital) -> Iterator[Mistake]:
    yield from _repeated([group.name for group in book.groups], ("groups",), "name")
    for number, group in enumerate(book.groups):
        yield from _offices(group.offices, ("groups", number, "offices"), hospital)


def _in_form(form: Form, place: Place) -> Iterator[Mistake]:
    yield from _repeated([one.key for one in form.questions], (*place, "questions"), "key")
    if not form.text and not form.questions:
        yield Mistake(place, "empty_form", form.key)
    for number, question in enumerate(form.questions):
        if question.kind is FormKind.CHOICE and len(question.choices) < 2:
            yield Mistake((*place, "questions", number), "no_choices", question.key)
        elif question.kind is not FormKind.CHOICE and question.choices:
            yield Mistake((*place, "questions", number, "choices"), "choices_unused", question.key)


def _in_names(duty: Duty, place: Place, book: DutyBook, hospital: Hospital) -> Iterator[Mistake]:
    owed = duty.owed_by
    if not (owed.everyone or owed.offices or owed.groups or owed.roles):
        yield Mistake((*place, "owed_by"), "nobody", duty.key)
    yield from _offices(owed.offices, (*place, "owed_by", "offices"), hospital)
    groups = {group.name for group in book.groups}
    for number, name in enumerate(owed.groups):
        if name not in groups:
            yield Mistake((*place, "owed_by", "groups", number), "unknown_group", name, closest(name, groups))
    if duty.to_office:
        yield from (
            Mistake((*place, "to_office"), one.kind, one.value, one.close)
            for one in _offices((duty.to_office,), place, hospital)
        )
    if duty.timezone and not _is_zone(duty.timezone):
        yield Mistake((*place, "timezone"), "unknown_timezone", duty.timezone)


def _in_proof(
    duty: Duty, place: Place, book: DutyBook, questions: Callable[[Quiz], int]
) -> Iterator[Mistake]:  # fmt: skip
    match duty.done:
        case Proof.QUIZ if duty.each is Answers.OFFICE:
            yield Mistake((*place, "each"), "quiz_of_office", duty.key)
        case Proof.QUIZ if (known := questions(duty.quiz)) < duty.quiz.questions:
            yield Mistake((*place, "quiz", "questions"), "few_questions", str(known))
        case Proof.FORM if not duty.form:
            yield Mistake((*place, "done"), "no_form", duty.key)
        case Proof.FIGURE if not duty.figure:
            yield Mistake((*place, "done"), "no_unit", duty.key)
    if duty.form and duty.form not in book.forms_by_key:
        close = closest(duty.form, book.forms_by_key)
        yield Mistake((*place, "form"), "unknown_form", duty.form, close)
    elif duty.form and duty.done is not Proof.FORM:
        yield Mistake((*place, "form"), "form_unused", duty.form)
    if duty.figure and duty.done is not Proof.FIGURE:
        yield Mistake((*place, "figure"), "unit_unused", duty.figure)


def _in_material(duty: Duty, place: Place) -> Iterator[Mistake]:
    if duty.link and not _LINK.fullmatch(duty.link):
        yield Mistake((*place, "link"), "bad_link", duty.link)
    if duty.file and not _FILE.fullmatch(duty.file):
        yield Mistake((*place, "file"), "bad_file", duty.file)


def _offices(names: Iterable[str], place: Place, hospital: Hospital) -> Iterator[Mistake]:
    known = set(hospital.places)
    for number, name in enumerate(names):
        if name not in known:
            meant = next((one.name for one in hospital.offices if name in one.aliases), "")
            yield Mistake((*place, number), "unknown_place", name, meant or closest(name, known))


def _repeated(names: list[str], place: Place, key: str) -> Iterator[Mistake]:
    for number, name in enumerate(names):
        if name in names[:number]:
            yield Mistake((*place, number, key), "repeated_key", name)


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _is_loud(clock: time, quiet_from: time, quiet_until: time) -> bool:
    if quiet_from < quiet_until:
        return not quiet_from <= clock < quiet_until
    return quiet_until <= clock < quiet_from


def _minutes(clock: time) -> int:
    return clock.hour * 60 + clock.minute
