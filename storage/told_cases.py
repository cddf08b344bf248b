"""What the cases say and stand under, page by page, for learning which words tell."""

from dataclasses import dataclass

from sqlmodel import Session, col, func, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from storage.cases import Case, Outcome
from storage.corrections import MOST, Meaning
from storage.entries import reported_text
from storage.vault import Vault


@dataclass(frozen=True, slots=True)
class ToldCase:
    """The first MOST characters of the reporter's words, and what the case stands under now."""

    case_id: int
    meaning: Meaning
    text: str


def told_cases(session: Session, *, after: int, count: int, sealed: bool, vault: Vault) -> list[ToldCase]:
    """At most `count` cases with an id beyond `after`, in order; raises SealError.

    None that was withdrawn; those that are sealed only with `sealed`.
    """
    page = _tellable(sealed).where(col(Case.id) > after).order_by(col(Case.id)).limit(count)
    return [
        ToldCase(case.id or 0, Meaning.of(case), reported_text(session, case.id or 0, vault=vault)[:MOST])
        for case in session.exec(page).all()
    ]


def count_told(session: Session, *, sealed: bool) -> int:
    """How many cases there are to go through."""
    return session.exec(select(func.count()).select_from(_tellable(sealed).subquery())).one()


def _tellable(sealed: bool) -> SelectOfScalar[Case]:
    kept = or_(col(Case.outcome).is_(None), col(Case.outcome) != Outcome.WITHDRAWN)
    found = select(Case).where(kept)
    return found if sealed else found.where(col(Case.sealed).is_(False))
