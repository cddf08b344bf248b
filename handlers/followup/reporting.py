"""Opens a case that nothing joins to the stay or the survey of whoever told it."""

from collections.abc import Sequence
from dataclasses import replace

from handlers.reading import find_office, read
from handlers.turn import Turn
from nlp.reading import Verdict
from nlp.taxonomy import Category, Intent
from storage.followup.surveys import Survey
from storage.followup.unlinked import blurred
from storage.intake import open_case
from storage.messages import StoredFile
from storage.receipts import spaced

_AS_SERVICE = {Category.PROCESS_ENVIRONMENT: Category.SERVICE_ATTITUDE}


def open_unlinked(
    turn: Turn, text: str, verdict: Verdict, files: Sequence[StoredFile] = (), *, complains: bool = False
) -> str:
    """Opens the case and returns its code, to be shown once.

    There is no tag of the sender, no joining to a case of the same words, no way to push an answer, nothing
    of it in the dialogue, and the day as its only time. What an inpatient `complains` of around care (meals,
    waiting, rooms) goes where complaints about service go: whoever looks after it elsewhere has no wards.
    """
    as_service = [_AS_SERVICE.get(one, one) for one in verdict.categories] if complains else ()
    routed = replace(verdict, categories=tuple(dict.fromkeys(as_service))) if complains else verdict
    routing = find_office(turn, text, routed)
    opened = open_case(
        turn.session, text, verdict=verdict, routing=routing, files=files, house=turn.house,
        now=blurred(turn.now, turn.house),
    )  # fmt: skip
    return spaced(opened.code)


def read_clue(turn: Turn, text: str) -> Verdict:
    """How a report reads that somebody agreed to make."""
    return read(turn, text, insists=True)


def read_complaint(turn: Turn, text: str, categories: Sequence[Category]) -> Verdict:
    """How a complaint reads that somebody wants passed on: one about service, in doubt read by a person."""
    verdict = turn.desk.reader.read(text)
    own = tuple(one for one in verdict.categories if not one.is_misconduct)
    if verdict.intent is Intent.COMPLAINT and own:
        return replace(verdict, categories=own)
    return replace(
        verdict, intent=Intent.COMPLAINT, categories=own or tuple(categories), unsure=not (own or categories)
    )


def stay_of(survey: Survey) -> str:
    """The department and ward as people say them: 骨科一病区."""
    if survey.ward.startswith(survey.department):
        return survey.ward
    return survey.department + survey.ward
