"""Finds the instance of a duty that somebody named on the command line."""

from sqlmodel import Session, col, select

from storage.duties.book import Proof
from storage.duties.occurrences import Occurrence, OccurrenceStage
from storage.house import House

_LONGEST = 9
_GIVEN_OUT = (OccurrenceStage.OPEN, OccurrenceStage.CLOSED)


def find_instance(
    session: Session, name: str, period: str = "", *, house: House, to_sign: bool = False
) -> Occurrence | None:
    """The newest that was given out of a duty (or form) with this key, or the one with this number.

    Detached, so that it can be read outside; with `to_sign` only of what is signed.
    """
    keys = [name, *(one.key for one in house.duties.duties if to_sign and one.form == name)]
    found = select(Occurrence).where(col(Occurrence.stage).in_(_GIVEN_OUT))
    if name.isascii() and name.isdecimal() and len(name) <= _LONGEST:
        found = found.where(Occurrence.id == int(name))
    else:
        found = found.where(col(Occurrence.duty).in_(keys))
    if period:
        found = found.where(Occurrence.period == period)
    if to_sign:
        found = found.where(Occurrence.proof == Proof.FORM)
    newest = session.exec(found.order_by(col(Occurrence.due_at).desc(), col(Occurrence.id).desc())).first()
    if newest is not None:
        session.refresh(newest)
        session.expunge(newest)
    return newest
