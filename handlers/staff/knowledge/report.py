"""What is told of knowledge: each rule, each office, and which rule people know least."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from sqlmodel import Session

from handlers.staff.coverage.report import span_words
from handlers.staff.quiz.views import rule_number
from handlers.words import Words
from storage.duties.spans import days_of, start_of
from storage.house import House
from storage.training.bank import nine_rules
from storage.training.knowledge import (
    LEAST_PEOPLE,
    Known,
    all_rules,
    knowledge_by_office,
    may_be_shown,
    together,
)


@dataclass(frozen=True, slots=True)
class Report:
    """`office` is empty for the whole house; `offices` and `weakest_of` hold those that may be shown."""

    span: str
    office: str
    rules: Mapping[int, Known]
    offices: Mapping[str, Known] = field(default_factory=dict)
    weakest_of: Mapping[str, int] = field(default_factory=dict)

    @property
    def whole(self) -> Known:
        """All rules together."""
        return all_rules(self.rules)

    @property
    def weakest(self) -> int:
        """The rule that is known least; 0 where all are known, or nothing may be shown."""
        return weakest(self.rules)


def report_of(session: Session, span: str, office: str, scope: Collection[str], *, house: House) -> Report:
    """The report on one office, or on all offices of `scope` together."""
    first, end = days_of(span)
    zone = house.hospital.timezone
    counted = knowledge_by_office(session, since=start_of(first, zone), until=start_of(end, zone))
    known = {name: rules for name, rules in counted.items() if name in scope}
    if office:
        return Report(span, office, together([known[office]] if office in known else []))
    shown = may_be_shown(known)
    return Report(
        span, "", together(list(known.values())), shown, {name: weakest(known[name]) for name in shown}
    )


def weakest(rules: Mapping[int, Known]) -> int:
    """The rule of the lowest share below 100 %; 0 where there is none."""
    below = {
        rule: known.share for rule, known in rules.items() if known.share is not None and known.share < 1
    }
    return min(below, key=lambda rule: (below[rule], rule), default=0)


def unit_words(office: str, words: Words) -> str:
    """The office, or that it is the house."""
    return office or words("knowledge.house")


def percent(known: Known) -> str:
    """A share as it is read; rounded down, so that 100 % is all of it."""
    return f"{int((known.share or 0) * 100)}%"


def summary(report: Report, words: Words) -> str:
    """The figures as text."""
    unit, span = unit_words(report.office, words), span_words(report.span, words)
    if report.whole.share is None:
        return words("knowledge.none", unit=unit, span=span, least=LEAST_PEOPLE)
    lines = [words("knowledge.title", unit=unit, span=span), words("knowledge.target"), ""]
    lines += [_rule_line(rule, known, report, words) for rule, known in report.rules.items()]
    lines.append(words("knowledge.all", share=percent(report.whole)))
    if report.offices:
        lines += ["", words("knowledge.offices")]
        lines += [_office_line(name, known, report, words) for name, known in report.offices.items()]
        lines.append(words("knowledge.offices_hidden", least=LEAST_PEOPLE))
    return "\n".join(lines)


def _rule_line(rule: int, known: Known, report: Report, words: Words) -> str:
    key = "knowledge.rule_weakest" if rule == report.weakest else "knowledge.rule"
    key = key if known.share is not None else "knowledge.rule_hidden"
    return words(
        key, rule=rule_number(rule, words), title=nine_rules().short[rule], share=percent(known),
        people=known.people, least=LEAST_PEOPLE,
    )  # fmt: skip


def _office_line(name: str, known: Known, report: Report, words: Words) -> str:
    rule = report.weakest_of[name]
    key = "knowledge.office" if rule else "knowledge.office_good"
    number = rule_number(rule, words) if rule else ""
    return words(key, office=name, share=percent(known), people=known.people, rule=number)
