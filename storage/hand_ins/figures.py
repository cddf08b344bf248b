"""Totals of hand-ins by month, without names: opened and summed when somebody looks, and kept nowhere.

A tally beside the table would tell in clear, by how it grows, what each single one came to. A hospital has
some hundreds a year, and to open a thousand values takes a few hundredths of a second. Of a month that is not
over no sum is told: who looks each day would read each one from the difference.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from storage.errors import SealError
from storage.followup.months import earlier, month_of
from storage.hand_ins.rows import Given, HandIn, HandInState, Way, open_given
from storage.house import House

LEAST = 3
"""Fewer than so many are not told: they could be somebody."""
_VOID = (HandInState.WITHDRAWN, HandInState.REFUSED)
OPEN_WAY = "open"


@dataclass(frozen=True, slots=True)
class MonthTotals:
    """One month, YYYY-MM. None stands for what is too few to be told, or not over yet (`yuan`).

    `by_way` is keyed by Way and, for what is not settled, OPEN_WAY; none of its zeros is left out.
    """

    month: str
    count: int | None
    things: int | None
    late: int | None
    yuan: Decimal | None
    by_way: dict[str, int | None] = field(default_factory=dict)


def month_totals(session: Session, month: str, *, house: House, now: datetime) -> MonthTotals:
    """What was given up in a month, by the day it was reported; taken back and refused ones do not count."""
    rows = rows_of(session, month, house)
    opened = [given for row in rows if (given := _given(row, house)) is not None]
    sums = [one.yuan for one in opened if one.yuan is not None]
    is_over = month < month_of(now, house.hospital.timezone)
    ways = Counter(row.way.value if row.way else OPEN_WAY for row in rows)
    return MonthTotals(
        month, told(len(rows)), told(sum(one.thing for one in opened)), told(sum(row.late for row in rows)),
        sum(sums, Decimal(0)) if is_over and (not sums or len(sums) >= LEAST) else None,
        hidden({name: ways[name] for name in (*Way, OPEN_WAY)}),
    )  # fmt: skip


def last_months(
    session: Session, month: str, count: int, *, house: House, now: datetime
) -> list[MonthTotals]:
    """So many months up to this one, the oldest first."""
    months = [earlier(month, back) for back in range(count - 1, -1, -1)]
    return [month_totals(session, one, house=house, now=now) for one in months]


def told(count: int) -> int | None:
    """The count, or None for so few that they could be somebody."""
    return count if count == 0 or count >= LEAST else None


def hidden(parts: dict[str, int]) -> dict[str, int | None]:
    """Parts of one whole without the small ones, and without more where those follow from the rest."""
    shown: dict[str, int | None] = {str(name): told(count) for name, count in parts.items()}
    while any(one is None for one in shown.values()):
        gone = [str(name) for name in parts if shown[str(name)] is None]
        left = {name: count for name, count in shown.items() if count}
        if not left or (len(gone) > 1 and sum(parts[name] for name in gone) >= LEAST):
            break
        shown[min(left, key=lambda name: left[name] or 0)] = None
    return shown


def open_hand_ins(session: Session) -> list[HandIn]:
    """What somebody still has to settle, the most urgent first."""
    going_on = select(HandIn).where(col(HandIn.next_at).is_not(None))
    return list(session.exec(going_on.order_by(col(HandIn.due_at), col(HandIn.id))))


def rows_of(session: Session, month: str, house: House) -> Sequence[HandIn]:
    """What was reported in a month and neither taken back nor refused."""
    since, until = _bounds(month, house)
    within = (col(HandIn.reported_at) >= since, col(HandIn.reported_at) < until)
    return session.exec(select(HandIn).where(*within, col(HandIn.state).not_in(_VOID))).all()


def _bounds(month: str, house: House) -> tuple[datetime, datetime]:
    zone = ZoneInfo(house.hospital.timezone)
    first = datetime(int(month[:4]), int(month[5:]), 1, tzinfo=zone)
    after = first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)
    return first.astimezone(UTC), after.astimezone(UTC)


def _given(row: HandIn, house: House) -> Given | None:
    try:
        return open_given(row, vault=house.vault)
    except SealError:
        return None
