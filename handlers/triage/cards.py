"""The card of a case: what may be shown where the text may not."""

from datetime import datetime

from sqlmodel import Session

from handlers.triage.copy_view import copies_line
from handlers.triage.sight import Sight
from handlers.words import Words
from nlp.taxonomy import Category
from storage.cases import Case, Status
from storage.crisis import tells_of_danger
from storage.house import House
from storage.messages import Choice, Reply

_CODES = frozenset(category.value for category in Category)


def case_card(
    case: Case, *, session: Session, house: House, words: Words, now: datetime, group: bool
) -> Reply:
    """Number, category, office, status, limit and urgency; who handles it only in private chats.

    A group never gets more of a sealed case than its number.
    """
    if group and case.sealed:
        return moved_card(case, words=words)
    sight = Sight(session, house, words, now)
    lines = [
        words("card.number", number=case.number, marks=marks(case, words)),
        words("card.danger") if tells_of_danger(session, case) else "",
        words("card.category", category=category_words(case, words)),
        words("card.office", office=case.lead_office),
        words("card.status", status=status_words(case, words)),
        limit_line(case, sight),
        copies_line(case, sight),
    ]
    if not group and (name := sight.name(case.assignee_id)):
        lines.append(words("card.assignee", name=name))
    button = Choice(words("desk.open"), f"open:{case.id}")
    return Reply("\n".join(filter(None, lines)), ((button,),), card=case.number)


def moved_card(case: Case, *, words: Words) -> Reply:
    """What stays of a card where the case is no longer anybody's business."""
    return Reply(words("card.moved", number=case.number), card=case.number)


def marks(case: Case, words: Words) -> str:
    """急 and 密, where they apply."""
    return "".join(words(f"card.{mark}") for mark in ("urgent", "sealed") if getattr(case, mark))


def category_words(case: Case, words: Words) -> str:
    """The labels of the categories, most central first; the intent where there are none."""
    labels = [category.label for category in case.all_categories]
    return words("card.and").join(labels) or words(f"card.intent_{case.intent}")


def code_words(codes: str, words: Words) -> str:
    """The same for the codes that the trail keeps: of categories, or of an intent."""
    labels = [Category(code).label for code in codes.split(",") if code in _CODES]
    return words("card.and").join(labels) or (words(f"card.intent_{codes}") if codes else "")


def status_words(case: Case, words: Words) -> str:
    """Where the case stands, and for a closed one how it ended."""
    if case.status is Status.CLOSED and case.outcome is not None:
        return words("card.status_closed_as", outcome=words(f"card.outcome_{case.outcome}"))
    return words(f"card.status_{case.status}")


def limit_line(case: Case, sight: Sight) -> str:
    """The next limit with the working days left, or when it was closed; empty where there is neither."""
    if case.closed_at is not None:
        return sight.words("card.closed_at", at=sight.at(case.closed_at))
    if case.due_at is None:
        return ""
    return sight.words("card.due", at=sight.at(case.due_at), left=sight.left(case.due_at))
