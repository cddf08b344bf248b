"""How well each of the nine rules is known: first answers, counted by office and tied to nobody."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func
from sqlmodel import Field, Session, SQLModel, col, select

from storage.duties.assignments import Assignment
from storage.duties.occurrences import Occurrence
from storage.training.questions import RULES

LEAST_PEOPLE = 5
"""Of fewer people nothing is shown: what one of them answered could be told."""


class KnowledgeTally(SQLModel, table=True):
    """`people` were asked about a rule for an occurrence, `asked` questions of which `right` were answered
    well; only what each person answered in their first sitting."""

    __tablename__ = "knowledge_tallies"

    occurrence_id: int = Field(foreign_key="occurrences.id", primary_key=True)
    office: str = Field(primary_key=True)
    rule: int = Field(primary_key=True)
    people: int = 0
    asked: int = 0
    right: int = 0


@dataclass(frozen=True, slots=True)
class Known:
    """How a rule is known: at least so many different people were asked so many questions."""

    people: int = 0
    asked: int = 0
    right: int = 0

    @property
    def share(self) -> float | None:
        """Right of asked, 0 to 1; None where too few were asked to show it."""
        return self.right / self.asked if self.people >= LEAST_PEOPLE and self.asked else None

    def __add__(self, other: "Known") -> "Known":
        return Known(self.people + other.people, self.asked + other.asked, self.right + other.right)


def count_first_answers(
    session: Session, assignment: Assignment, marks: Mapping[int, Sequence[bool]]
) -> None:
    """Adds one person's first answers to the counts of their office; only the nine rules are counted."""
    for rule, answered in marks.items():
        if rule not in RULES:
            continue
        key = (assignment.occurrence_id, assignment.office, rule)
        tally = session.get(KnowledgeTally, key) or KnowledgeTally(
            occurrence_id=assignment.occurrence_id, office=assignment.office, rule=rule
        )
        tally.people += 1
        tally.asked += len(answered)
        tally.right += sum(answered)
        session.add(tally)
    session.flush()


def knowledge(
    session: Session,
    occurrence_id: int | None = None,
    office: str = "",
    *,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Mapping[int, Known]:
    """How each rule, 1 to 9, is known: of one occurrence, or of all due in [since, until); of one office, or
    of the whole house."""
    by_office = knowledge_by_office(session, occurrence_id, since=since, until=until)
    return together([known for name, known in by_office.items() if not office or name == office])


def knowledge_by_office(
    session: Session,
    occurrence_id: int | None = None,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Mapping[str, Mapping[int, Known]]:
    """The same for each office in which anybody was asked."""
    tally = KnowledgeTally
    # The same few may have been asked each month: of several occurrences the largest tells how many they are.
    sums = (func.max(tally.people), func.sum(tally.asked), func.sum(tally.right))
    counted = select(tally.office, tally.rule, *sums).group_by(col(tally.office), col(tally.rule))  # type: ignore[call-overload]
    if occurrence_id is not None:
        counted = counted.where(tally.occurrence_id == occurrence_id)
    if since is not None or until is not None:
        counted = counted.join(Occurrence, col(Occurrence.id) == col(tally.occurrence_id))
    if since is not None:
        counted = counted.where(Occurrence.due_at >= since)
    if until is not None:
        counted = counted.where(Occurrence.due_at < until)
    found: dict[str, dict[int, Known]] = {}
    for office, rule, people, asked, right in session.exec(counted.order_by(col(tally.office))):
        known = found.setdefault(office, dict.fromkeys(RULES, Known()))
        known[rule] = Known(int(people), int(asked), int(right))
    return found


def together(offices: Sequence[Mapping[int, Known]]) -> Mapping[int, Known]:
    """All these offices as one, rule by rule."""
    return {rule: sum((known[rule] for known in offices), Known()) for rule in RULES}


def may_be_shown(by_office: Mapping[str, Mapping[int, Known]]) -> Mapping[str, Known]:
    """How the offices, all rules together, may be shown beside the whole house, the best known first.

    Offices of too few people are left out; where so few are left out in all that the rest of the house would
    tell of them, the smallest of the others is left out with them.
    """
    whole = {name: all_rules(known) for name, known in by_office.items()}
    shown = {name: known for name, known in whole.items() if known.share is not None}
    hidden = sum(known.people for name, known in whole.items() if name not in shown)
    if 0 < hidden < LEAST_PEOPLE and shown:
        del shown[min(shown, key=lambda name: shown[name].people)]
    return dict(sorted(shown.items(), key=lambda one: -(one[1].share or 0)))


def all_rules(known: Mapping[int, Known]) -> Known:
    """Whoever was asked about most rules was asked about all; nobody counts twice."""
    asked, right = sum(one.asked for one in known.values()), sum(one.right for one in known.values())
    return Known(max(one.people for one in known.values()), asked, right)
