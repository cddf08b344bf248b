"""Holds the parts of [followup] in hospital.toml against each other."""

import difflib
from collections.abc import Iterator
from datetime import time

from storage.hospital_followup import Followup, Scale, SurveyPlan

Place = tuple[str | int, ...]
Found = tuple[Place, str, str, str]
"""Place, kind, value and what was probably meant, as in storage.hospital_checks.Mistake."""

_LEAST_MINUTES = 60
_OVERALL = "overall"


def followup_mistakes(rules: Followup) -> Iterator[Found]:
    """Everything in [followup] that only shows when its parts are held against each other."""
    yield from _in_hours(rules)
    yield from _in_own_questions(rules)
    yield from _in_wards(rules)
    yield from _in_plans(rules)


def _in_hours(rules: Followup) -> Iterator[Found]:
    spare = (_minutes(rules.quiet_from) - _minutes(rules.quiet_until)) % (24 * 60)
    if spare < _LEAST_MINUTES:
        yield ("followup", "quiet_until"), "quiet_all_day", "", ""
    if rules.remind_after >= rules.expire_after:
        yield ("followup", "remind_after"), "reminded_too_late", str(rules.remind_after), ""


def _in_own_questions(rules: Followup) -> Iterator[Found]:
    yield from _repeated([one.key for one in rules.questions], ("followup", "questions"), "key")
    for number, question in enumerate(rules.questions):
        if question.key == _OVERALL and question.scale is not Scale.RATING:
            yield ("followup", "questions", number, "scale"), "not_rating", question.scale, ""


def _in_wards(rules: Followup) -> Iterator[Found]:
    names = [f"{one.department} {one.ward}".strip() for one in rules.wards]
    yield from _repeated(names, ("followup", "wards"), "department")


def _in_plans(rules: Followup) -> Iterator[Found]:
    yield from _repeated([one.key for one in rules.plans], ("followup", "plans"), "key")
    taken: set[tuple[str, str]] = set()
    for number, plan in enumerate(rules.plans):
        for index, name in enumerate(plan.departments):
            if (plan.kind, name) in taken:
                yield ("followup", "plans", number, "departments", index), "two_plans", name, ""
            taken.add((plan.kind, name))
        yield from _in_questions(rules, plan, ("followup", "plans", number, "questions"))


def _in_questions(rules: Followup, plan: SurveyPlan, place: Place) -> Iterator[Found]:
    about_integrity = plan.kind == "integrity"
    for index, key in enumerate(plan.questions):
        question = rules.bank.get(key)
        if question is None:
            close = difflib.get_close_matches(key, sorted(rules.bank), n=1, cutoff=0.5)
            yield (*place, index), "unknown_question", key, next(iter(close), "")
        elif about_integrity != (question.scale is Scale.ASKED):
            yield (*place, index), "only_asked" if about_integrity else "asked_apart", key, ""
        if key in plan.questions[:index]:
            yield (*place, index), "repeated_key", key, ""
    if not about_integrity and _OVERALL not in plan.questions:
        yield place, "no_overall", "", ""


def _repeated(names: list[str], place: Place, key: str) -> Iterator[Found]:
    for number, name in enumerate(names):
        if name in names[:number]:
            yield (*place, number, key), "repeated_key", name, ""


def _minutes(clock: time) -> int:
    return clock.hour * 60 + clock.minute
