"""Does the errands of coverage: a picture, a table, Monday's message, for one member who may see them."""

import asyncio
import json
from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from bot.coverage import gather_people, gather_report
from bot.errands.trade import Trade
from bot.pictures.studio import PictureFailed
from handlers.staff.coverage.asked import Asked
from handlers.staff.coverage.report import must_be_gathered, scope_of, title_of, unit_words
from handlers.staff.coverage.sheet import has_picture, sheet_of
from handlers.staff.coverage.week import Week, weekly_reply, weekly_sheet
from handlers.staff.coverage.words import summary
from storage.duties.spans import before
from storage.errands import Errand, ErrandKind
from storage.event_names import EventName
from storage.events import SYSTEM, record_event
from storage.house import House
from storage.members import Member
from storage.messages import Reply, StoredFile

Scope = frozenset[str] | None
_NOTHING: frozenset[str] = frozenset()


class CoverageErrands(Trade):
    """How far offices are with what they owe."""

    kinds = (ErrandKind.COVERAGE_PICTURE, ErrandKind.COVERAGE_TABLE, ErrandKind.COVERAGE_WEEK)

    async def do(self, errand: Errand) -> Reply | None:
        """The message with its file; None where nothing is to be said (any more). Raises PictureFailed."""
        scope = await self.run(lambda session: seen_by(session, errand, self.house))
        if scope == _NOTHING:
            return None
        asked = asked_in(errand)
        match errand.kind:
            case ErrandKind.COVERAGE_TABLE:
                return await self._table(asked, scope)
            case ErrandKind.COVERAGE_WEEK:
                return await self._week(asked, scope)
        return await self._picture(asked, scope)

    def failed(self, errand: Errand) -> Reply:
        """What is said when it was given up."""
        return Reply(self.words("coverage.failed", title=title_of(asked_in(errand), self.words)))

    def may_have(self, session: Session, errand: Errand) -> bool:
        """Whether they still oversee some of what they asked for."""
        return seen_by(session, errand, self.house) != _NOTHING

    def matter(self, session: Session, errand: Errand) -> str:
        """Fetching the file asks again whether whoever has it oversees that office, or all."""
        seen = seen_by(session, errand, self.house)
        return f"coverage:{next(iter(seen)) if seen else ''}"

    def note(self, session: Session, errand: Errand, *, now: datetime) -> None:
        """Which table or picture, and for whom."""
        what, to = errand.kind.value, errand.member_id
        record_event(session, SYSTEM, EventName.COVERAGE_EXPORTED, now=now, what=what, to=to)

    async def _picture(self, asked: Asked, scope: Scope) -> Reply | None:
        report = await gather_report(self.run, asked, scope, house=self.house, now=self.clock())
        whole = must_be_gathered(asked, scope)
        title = title_of(asked, self.words, report.coverage.titles.items())
        text = summary(report, self.words, house=self.house) if whole else title
        if not has_picture(report):
            return Reply(text) if whole else None
        content = await self.draw(sheet_of(report, self.words, house=self.house))
        return Reply(text, files=(await self._kept(content, asked, "png"),))

    async def _table(self, asked: Asked, scope: Scope) -> Reply:
        from bot.coverage_file import table_of  # with the first table, not with every start

        report = await gather_report(self.run, asked, scope, house=self.house, now=self.clock())
        people = await gather_people(self.run, report.coverage, scope, house=self.house)
        content = await asyncio.to_thread(table_of, report.coverage, people, self.words, house=self.house)
        title = title_of(asked, self.words, report.coverage.titles.items())
        file = await self._kept(content, asked, "xlsx")
        return Reply(self.words("coverage.table_caption", title=title), files=(file,))

    async def _week(self, asked: Asked, scope: Scope) -> Reply | None:
        now, spans = self.clock(), (before(before(asked.span)), before(asked.span), asked.span)
        reports = [
            await gather_report(self.run, replace(asked, span=span), scope, house=self.house, now=now)
            for span in spans
        ]
        week = Week(reports[1], reports[2], reports[0].coverage.total)
        if week.is_empty:
            return None
        sheet, files = weekly_sheet(week, self.words, house=self.house), list[StoredFile]()
        if sheet is not None:
            try:
                files.append(await self._kept(await self.draw(sheet), asked, "png"))
            except PictureFailed:  # the words alone will do
                files.clear()
        return weekly_reply(week, self.words, tuple(files), house=self.house)

    async def _kept(self, content: bytes, asked: Asked, end: str) -> StoredFile:
        unit = "".join(filter(str.isalnum, unit_words(asked.office, self.words)))
        return await self.keep(content, self.words("coverage.file", unit=unit, span=asked.span), end)


def seen_by(session: Session, errand: Errand, house: House) -> Scope:
    """The offices whose coverage whoever asked may see now; empty for none, None for all."""
    member = session.get(Member, errand.member_id)
    if member is None or not member.active:
        return _NOTHING
    return scope_of(member, asked_in(errand).office, house.hospital)


def asked_in(errand: Errand) -> Asked:
    """What an errand is about."""
    arguments = json.loads(errand.arguments)
    return Asked(str(arguments["span"]), str(arguments["office"]), str(arguments["duty"]))
