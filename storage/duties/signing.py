"""Who has signed a form and who has not, office by office: for heads, and for paper."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_
from sqlmodel import Session, col, select

from storage.duties.assignments import Assignment, AssignmentState, Excuse
from storage.duties.book import DutyBook, Proof
from storage.duties.occurrences import Occurrence, OccurrenceStage
from storage.duties.promises import Promise
from storage.staff.employees import Employee, employee_name
from storage.vault import Vault

_NOT_EXPECTED = (Excuse.LEFT, Excuse.MOVED, Excuse.STOPPED)
"""Who is excused for these reasons stands in no list."""


@dataclass(frozen=True, slots=True)
class Signer:
    """`name` is empty where it was forgotten or does not open; `signed_at` is None for who has not signed."""

    name: str
    office: str
    signed_at: datetime | None = None
    excused: bool = False


def signed_list(
    session: Session, occurrence: Occurrence, *, offices: Collection[str] | None = None, vault: Vault
) -> Mapping[str, list[Signer]]:
    """By office, who was to sign; all offices where none are named."""
    found = (
        select(Assignment, Employee, Promise)
        .join(Employee, col(Employee.id) == col(Assignment.employee_id), isouter=True)
        .join(
            Promise,
            and_(
                col(Promise.occurrence_id) == col(Assignment.occurrence_id),
                col(Promise.employee_id) == col(Employee.id), col(Promise.signed_at).is_not(None),
            ),
            isouter=True,
        )
        .where(Assignment.occurrence_id == occurrence.id)
        .order_by(col(Assignment.office), col(Assignment.employee_id))
    )  # fmt: skip
    lists: dict[str, list[Signer]] = {}
    for assignment, employee, promise in session.exec(found):
        if offices is not None and assignment.office not in offices:
            continue
        if assignment.state is AssignmentState.EXCUSED and assignment.excuse in _NOT_EXPECTED:
            continue
        signer = _signer(session, assignment, employee, promise, vault)
        lists.setdefault(assignment.office, []).append(signer)
    return lists


def share_of(signers: Collection[Signer]) -> tuple[int, int]:
    """How many signed, of how many who are not excused."""
    expected = [one for one in signers if not one.excused]
    return sum(one.signed_at is not None for one in expected), len(expected)


def find_signings(session: Session, name: str, book: DutyBook) -> Iterator[Occurrence]:
    """What is to be signed and is called so (duty, form, title), newest first; all where `name` is empty."""
    asked = select(Occurrence).where(
        Occurrence.proof == Proof.FORM,
        col(Occurrence.stage).in_((OccurrenceStage.OPEN, OccurrenceStage.CLOSED)),
    )
    for occurrence in session.exec(asked.order_by(col(Occurrence.due_at).desc())).all():
        duty = book.by_key.get(occurrence.duty)
        known_as = (occurrence.duty, duty.form if duty is not None else "")
        if not name or name in known_as or name in occurrence.title:
            yield occurrence


def _signer(
    session: Session,
    assignment: Assignment,
    employee: Employee | None,
    promise: Promise | None,
    vault: Vault,
) -> Signer:
    """One person; for an office that answers as one, whoever did so."""
    excused = assignment.state is AssignmentState.EXCUSED
    if assignment.employee_id is None:
        done_by = session.get(Employee, assignment.done_by) if assignment.done_by else None
        return Signer(employee_name(done_by, vault=vault), assignment.office, assignment.done_at, excused)
    signed_at = promise.signed_at if promise is not None else None
    return Signer(employee_name(employee, vault=vault), assignment.office, signed_at, excused)
