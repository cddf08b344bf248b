"""Goes through the ledger page by page and fills the table."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlmodel import Session

from bot.cli.ledger_file import LedgerFile
from bot.cli.progress import bar
from handlers.words import FALLBACK, words_for
from storage.errors import ConfigError
from storage.events import CONSOLE, record_event
from storage.ledger import Extent, count_ledger, ledger_page
from storage.members import Member, Right, may

if TYPE_CHECKING:
    from bot.data_folder import DataFolder

_PAGE = 500
"""Cases read at a time: whoever reports meanwhile waits no longer than that takes."""


def write_ledger(
    folder: "DataFolder", *, whose: int | None, sealed: bool, now: datetime
) -> tuple[bytes, int]:
    """The bytes of the spreadsheet and how many cases it has; the trail tells who asked for what.

    Raises ConfigError where there is no member `whose`, or one who handles no cases.
    """
    run, hospital = folder.database.run_now, folder.house.hospital

    def begin(session: Session) -> tuple[Extent, int]:
        asker = _asker(session, whose) if whose is not None else None
        extent = Extent(hospital, asker, sealed)
        count = count_ledger(session, extent)
        facts = {"member": whose} if whose is not None else {}
        record_event(session, CONSOLE, "exported", now=now, cases=count, sealed=sealed, **facts)
        return extent, count

    extent, total = run(begin)
    table, after = LedgerFile(words_for(FALLBACK), hospital.timezone), 0
    with bar("Writing", total) as advance:
        while rows := run(
            lambda session, after=after: ledger_page(session, extent, after=after, count=_PAGE, now=now)  # type: ignore[misc]
        ):
            for row in rows:
                table.add(row)
            after = rows[-1].case_id
            advance(len(rows))
    return table.finish(), table.count


def _asker(session: Session, number: int) -> Member:
    member = session.get(Member, number)
    if member is None or not member.active:
        raise ConfigError(f"--as: there is no member {number}; see: lianxin members")
    if not may(member, Right.HANDLE):
        raise ConfigError(f"--as: member {number} handles no cases and sees none ({member.role})")
    session.refresh(member)
    session.expunge(member)
    return member
