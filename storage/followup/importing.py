"""Takes discharges in by the hundred: new ones, changed ones, and those that are known already."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session, col, select

from storage.followup.amending import Amended, Amending
from storage.followup.discharges import Discharge, Standing, discharge_place, number_hash
from storage.followup.laying import Layout, survey_row
from storage.followup.opt_outs import OptOut
from storage.followup.rows import DischargeRow, Reach, reach_of
from storage.followup.surveys import Survey
from storage.house import House
from storage.vault import Vault

__all__ = ["TOGETHER", "DischargeRow", "Imported", "put_discharges"]

TOGETHER = 500
"""Rows that are good to put in one transaction: the other work of the database waits for them."""
_DISCHARGES = Discharge.__table__  # type: ignore[attr-defined]
_SURVEYS = Survey.__table__  # type: ignore[attr-defined]
_FRESH = {"sent_at": None, "month": None, "reminded": False, "reached": False, "chat": None}


@dataclass(frozen=True, slots=True)
class Imported:
    """How many rows were new, changed something, or changed nothing.

    `other_stays` are positions of rows that were left out: their number belongs to a stay that ended more
    than a month before or after.
    """

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    other_stays: tuple[int, ...] = ()

    @property
    def total(self) -> int:
        """All rows that are in."""
        return self.added + self.changed + self.unchanged


def put_discharges(
    session: Session, rows: Sequence[DischargeRow], *, house: House, now: datetime
) -> Imported:
    """Puts all rows; the same row again changes nothing, of one number that comes twice the last counts.

    A new discharge gets a survey for each plan: missed where it is too late, stopped without consent.
    A changed one has what was not sent yet laid anew. Whoever opted out is never asked again; a chat that
    was joined with a ticket is never replaced, and its consent stays.
    """
    if not rows:
        return Imported()
    vault, layout = house.vault, Layout(house, now)
    hashes = [number_hash(vault, row.number) for row in rows]
    known = _known(session, hashes)
    opted_out = _opted_out(session, rows, vault)
    last = {hashed: place for place, hashed in enumerate(hashes)}
    new = [(hashed, rows[place]) for hashed, place in last.items() if hashed not in known]
    pairs = [(known[hashed], rows[place]) for hashed, place in last.items() if hashed in known]
    amended = Amending(session, layout, opted_out, house=house, now=now).all(pairs)
    _add(session, new, layout, opted_out, vault=vault, now=now)
    changed = sum(one is Amended.CHANGED for one in amended)
    others = [place for (hashed, place), one in _beside(last, known, amended) if one is Amended.OTHER_STAY]
    unchanged = len(rows) - len(new) - changed - len(others)
    return Imported(len(new), changed, unchanged, tuple(others))


def _beside(
    last: dict[str, int], known: dict[str, Discharge], amended: Sequence[Amended]
) -> Iterable[tuple[tuple[str, int], Amended]]:
    """Positions of the rows whose number was known, with what became of each."""
    return zip([item for item in last.items() if item[0] in known], amended, strict=True)


def _known(session: Session, hashes: Sequence[str]) -> dict[str, Discharge]:
    found = session.exec(select(Discharge).where(col(Discharge.number_hash).in_(set(hashes))))
    return {one.number_hash: one for one in found}


def _opted_out(session: Session, rows: Sequence[DischargeRow], vault: Vault) -> frozenset[str]:
    chats = {reach_of(row, vault).chat for row in rows if row.contact}
    found = session.exec(select(OptOut.chat).where(col(OptOut.chat).in_(chats))) if chats else ()
    return frozenset(found)


def _add(
    session: Session,
    new: Sequence[tuple[str, DischargeRow]],
    layout: Layout,
    opted_out: frozenset[str],
    *,
    vault: Vault,
    now: datetime,
) -> None:
    if not new:
        return
    made = [_discharge(hashed, row, layout, opted_out, vault=vault, now=now) for hashed, row in new]
    session.execute(insert(_DISCHARGES), made)
    columns = select(Discharge.number_hash, Discharge.id)
    hashes = [hashed for hashed, _ in new]
    found = session.exec(columns.where(col(Discharge.number_hash).in_(hashes)))
    numbers = dict(list(found))
    surveys = [
        _FRESH
        | {"discharge_id": numbers[row["number_hash"]]}
        | survey_row(laid, **{name: row[name] for name in ("department", "ward", "consent", "standing")})
        for row in made
        for laid in layout.of(row["discharged_at"], row["department"])
    ]
    if surveys:
        session.execute(insert(_SURVEYS), surveys)


def _discharge(
    hashed: str, row: DischargeRow, layout: Layout, opted_out: frozenset[str], *, vault: Vault, now: datetime
) -> dict[str, Any]:
    """The columns of a new discharge; where nobody is asked any more, no way to be reached is kept."""
    asked = any(not laid.late for laid in layout.of(row.discharged_at, row.department))
    reach = reach_of(row, vault) if asked else Reach()
    consent, standing = bool(row.consent), row.standing or Standing.ACTIVE
    if standing is Standing.ACTIVE and reach_of(row, vault).chat in opted_out:
        standing = Standing.OPTED_OUT
    made: dict[str, Any] = {
        "uid": secrets.token_hex(8), "number_hash": hashed, "department": row.department,
        "ward": row.ward or "", "discharged_at": row.discharged_at, "standing": standing, "consent": consent,
        "language": row.language or "zh", "changed_at": now, "joined_on": None,
        "channel": reach.channel if consent else "", "chat": reach.chat if consent else None,
    }  # fmt: skip
    beside = SimpleNamespace(**made)  # an object of the table would cost more than all the rest
    texts = {"number": row.number, "phone": reach.phone, "address": reach.address if consent else ""}
    for name, text in texts.items():
        made[name] = vault.seal_text(text, discharge_place(beside, name)) if text else None
    return made
