"""Goes through the trail from the first event to the last and tells the first thing that is wrong."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Integer, bindparam, func
from sqlalchemy import select as core_select
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col, select

from storage.direct import Prepared, direct
from storage.errors import TrailBroken
from storage.events import Event
from storage.trail_chain import START, trail_key
from storage.trail_guards import missing_guards
from storage.trail_heads import Head, head_of

PAGE = 2000
"""Events read in one transaction: whoever reports meanwhile waits no longer than that takes, some 20 ms."""

_TABLE = Event.__table__  # type: ignore[attr-defined]
_COLUMNS = tuple(_TABLE.c[name] for name in ("id", "at", "actor", "action", "case_id", "detail", "chain"))
_PAGE = core_select(*_COLUMNS).order_by(_TABLE.c.id).limit(bindparam("size", type_=Integer))
_FIRST = Prepared(_PAGE)
_NEXT = Prepared(_PAGE.where(_TABLE.c.id > bindparam("after")))


@dataclass(slots=True)
class _Walk:
    """How far the trail was followed: `count` events, the last with this link."""

    count: int = 0
    chain: str = START
    more: bool = True


def check_trail(
    run: Callable[[Callable[[Session], Any]], Any],
    heads: Iterable[Head] = (),
    *,
    advance: Callable[[int], None] = lambda _: None,
) -> Head:
    """Follows the chain and returns its head; `run` is Database.run_now, `advance` hears of each page.

    Raises TrailBroken with the first event that was changed, put in, swapped, or that follows one taken
    out; for each of `heads` (given out earlier) also where the end was cut off or all was built anew.
    """
    known = _by_count(heads)
    missing = run(missing_guards)
    if missing:
        raise TrailBroken(f"the guard {missing[0]} of the database is gone: somebody was at the tables")
    walk = _Walk()
    while walk.more:
        before = walk.count
        run(lambda session: _follow(session, walk, known))
        advance(walk.count - before)
    _require_end(walk, known)
    return head_of(walk.count, walk.chain)


def count_events(session: Session) -> int:
    """About how many events there are: for a progress bar."""
    return session.exec(select(func.max(col(Event.id)))).one() or 0


def _by_count(heads: Iterable[Head]) -> dict[int, str]:
    """Raises TrailBroken where two heads contradict each other."""
    known: dict[int, str] = {}
    for head in heads:
        if known.setdefault(head.count, head.tag) != head.tag:
            raise TrailBroken(f"two of the heads tell of {head.count} different events each")
    return known


def _follow(session: Session, walk: _Walk, known: dict[int, str]) -> None:
    key = trail_key(direct(session))
    rows = _page(session, walk.count, PAGE)
    for row in rows:
        number, chain = row[0], row[-1]
        if number != walk.count + 1:
            raise TrailBroken(_told(walk.count + 1))
        if chain != key.link(walk.chain, *row[:-1]):
            raise TrailBroken(_told(number))
        walk.count, walk.chain = number, chain
        if number in known:
            _compare(number, chain, known)
    walk.more = bool(rows)


def _page(session: Session, after: int, size: int) -> Sequence[tuple[Any, ...]]:
    """The next rows as the driver has them. The first page starts where the table does, not at event 1."""
    statement = _NEXT if after else _FIRST
    try:
        return statement.rows(session, {"after": after, "size": size} if after else {"size": size})
    except (DBAPIError, direct(session).dialect.loaded_dbapi.Error) as error:
        if getattr(getattr(error, "orig", error), "sqlite_errorname", None) is not None:
            raise  # the disk, not a row
        if size == 1:
            raise TrailBroken(_told(after + 1)) from None
        return _page(session, after, 1)


def _compare(number: int, chain: str, known: dict[int, str]) -> None:
    if head_of(number, chain).tag != known[number]:
        raise TrailBroken(f"up to event {number} the trail is not the one whose head was kept: built anew")


def _require_end(walk: _Walk, known: dict[int, str]) -> None:
    if 0 in known:
        _compare(0, START, known)
    longest = max(known, default=0)
    if longest > walk.count:
        raise TrailBroken(
            f"the end of the trail is missing: a head tells of {longest} events, there are {walk.count}"
        )


def _told(number: int) -> str:
    return f"the trail is broken at event {number}: it or the one before was changed, put in or taken out"
