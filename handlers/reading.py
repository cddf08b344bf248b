"""Reads a text and finds the office for it."""

from dataclasses import replace

from handlers.turn import Turn
from nlp.reading import Verdict
from nlp.taxonomy import Intent
from storage.routing import Routing, route


def read(turn: Turn, text: str, *, insists: bool = False) -> Verdict:
    """How the text reads; who `insists` that it is a report is believed, and a person looks at it."""
    verdict = turn.desk.reader.read(text)
    if insists and verdict.intent not in (Intent.REPORT, Intent.COMPLAINT):
        return replace(verdict, intent=Intent.REPORT, unsure=True)
    return verdict


def find_office(turn: Turn, text: str, verdict: Verdict) -> Routing:
    """Who leads and supports, and who must not know."""
    return route(
        turn.house.hospital,
        categories=verdict.categories,
        intent=verdict.intent,
        unsure=verdict.unsure,
        text=text,
        people=turn.desk.roster.people(turn.session, vault=turn.house.vault),
    )
