"""Does the errands of satisfaction: a picture, a table, the message of a new month."""

import asyncio
import json

from sqlmodel import Session

from bot.errands.trade import Trade
from bot.pictures.studio import PictureFailed
from bot.satisfaction import MONTHS, gather_report, gather_reports
from handlers.followup.satisfaction_month import monthly_reply
from handlers.followup.satisfaction_report import title_of, unit_words
from handlers.followup.satisfaction_sheet import has_picture, sheet_of
from storage.errands import Errand, ErrandKind
from storage.members import Member, Right, may
from storage.messages import Reply, StoredFile


class SatisfactionErrands(Trade):
    """How satisfied discharged patients were: a department or the house, a month."""

    kinds = (ErrandKind.PICTURE, ErrandKind.TABLE, ErrandKind.MONTHLY)

    async def do(self, errand: Errand) -> Reply | None:
        """The message with its file; None where nothing is to be said any more. Raises PictureFailed."""
        if not await self.run(lambda session: self.may_have(session, errand)):
            return None
        department, month = _asked(errand)
        if errand.kind is ErrandKind.TABLE:
            return await self._table(department, month)
        return await self._picture(department, month, monthly=errand.kind is ErrandKind.MONTHLY)

    def failed(self, errand: Errand) -> Reply:
        """What is said when it was given up."""
        return Reply(self.words("satisfaction.failed", title=title_of(*_asked(errand), self.words)))

    def may_have(self, session: Session, errand: Errand) -> bool:
        """Whether they may still see figures."""
        member = session.get(Member, errand.member_id)
        return member is not None and may(member, Right.STATISTICS)

    async def _picture(self, department: str, month: str, *, monthly: bool) -> Reply | None:
        report = await gather_report(self.run, department, month, house=self.house, now=self.clock())
        files: tuple[StoredFile, ...] = ()
        if has_picture(report):
            try:
                content = await self.draw(sheet_of(report, self.words, house=self.house))
                files = (await self._kept(content, department, month, "png"),)
            except PictureFailed:
                if not monthly:
                    raise
        if monthly:
            return monthly_reply(report, self.words, files)
        title = title_of(department, month, self.words)
        return Reply(self.words("satisfaction.caption", title=title), files=files) if files else None

    async def _table(self, department: str, month: str) -> Reply:
        from bot.satisfaction_file import table_of  # with the first table, not with every start

        reports = await gather_reports(self.run, department, month, house=self.house, now=self.clock())
        content = await asyncio.to_thread(table_of, reports, self.words)
        file = await self._kept(content, department, month, "xlsx")
        title = title_of(department, month, self.words)
        text = self.words("satisfaction.table_caption", title=title, months=MONTHS - 1)
        return Reply(text, files=(file,))

    async def _kept(self, content: bytes, department: str, month: str, end: str) -> StoredFile:
        unit = "".join(filter(str.isalnum, unit_words(department, self.words)))
        return await self.keep(content, self.words("satisfaction.file", unit=unit, month=month), end)


def _asked(errand: Errand) -> tuple[str, str]:
    arguments = json.loads(errand.arguments)
    return str(arguments["department"]), str(arguments["month"])
