"""Does the errands of knowledge: a picture of the nine rules for one member who may see it."""

import json

from sqlmodel import Session

from bot.errands.trade import Trade
from handlers.staff.coverage.report import span_words
from handlers.staff.knowledge.report import Report, report_of, unit_words
from handlers.staff.knowledge.sheet import has_picture, sheet_of
from storage.errands import Errand, ErrandKind
from storage.house import House
from storage.members import Member
from storage.messages import Reply
from storage.staff.permits import oversees


class KnowledgeErrands(Trade):
    """How well each of the nine rules is known."""

    kinds = (ErrandKind.KNOWLEDGE_PICTURE,)

    async def do(self, errand: Errand) -> Reply | None:
        """The message with its picture; None where nothing may be shown (any more). Raises PictureFailed."""
        report = await self.run(lambda session: _report(session, errand, self.house))
        if report is None or not has_picture(report):
            return None
        content = await self.draw(sheet_of(report, self.words, house=self.house, now=self.clock()))
        unit, span = unit_words(report.office, self.words), report.span
        plain = "".join(filter(str.isalnum, unit))
        file = await self.keep(content, self.words("knowledge.file", unit=plain, span=span), "png")
        said = self.words("knowledge.caption", unit=unit, span=span_words(span, self.words))
        return Reply(said, files=(file,))

    def failed(self, errand: Errand) -> Reply:
        """What is said when it was given up."""
        return Reply(self.words("knowledge.failed"))

    def may_have(self, session: Session, errand: Errand) -> bool:
        """Whether they still oversee what they asked for."""
        return bool(shown_to(session, errand, self.house))


def shown_to(session: Session, errand: Errand, house: House) -> frozenset[str]:
    """The offices whose figures whoever asked may still see; empty for none, or not for what they asked."""
    member = session.get(Member, errand.member_id)
    scope = oversees(member, house.hospital) if member is not None else frozenset()
    office = str(json.loads(errand.arguments)["office"])
    return scope if (office in scope if office else len(scope) > 1) else frozenset()


def _report(session: Session, errand: Errand, house: House) -> Report | None:
    scope, asked = shown_to(session, errand, house), json.loads(errand.arguments)
    if not scope:
        return None
    return report_of(session, str(asked["span"]), str(asked["office"]), scope, house=house)
