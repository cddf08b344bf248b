"""What the reporter wrote, as an officer may read it: whole or masked, with what was found in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlmodel import Session

from handlers.triage.named import Piece, named_words
from handlers.turn import Desk
from handlers.words import Words
from nlp.evidence import Evidence
from nlp.masking import mask
from storage.cases import Case
from storage.entries import FROM_REPORTER, thread
from storage.house import House

PAGE = 3000
"""Characters of one page: fits a message of any messenger."""
_MOST_EVIDENCE = 5
_TERM = 20
_MOST_READ = 100_000
"""Characters in which evidence is looked for: the longest single message, about half a second."""


@dataclass(frozen=True, slots=True)
class Content:
    """`plain` is what was written, `shown` the same as this officer may read it, of equal length.

    `pieces` are the messages it is made of, one a line; `unopened` counts those whose words do not open.
    """

    plain: str
    shown: str
    pieces: tuple[Piece, ...] = ()
    unopened: int = 0


def content_of(session: Session, case: Case, *, leads: bool, house: House) -> Content:
    """The reporter's words so far; numbers of persons are masked for those who do not lead."""
    assert case.id is not None
    here = ZoneInfo(house.hospital.timezone)
    told = [
        entry
        for entry in thread(session, case.id, vault=house.vault, with_broken=True)
        if entry.kind in FROM_REPORTER
    ]
    pieces = tuple(
        Piece(entry.text, shown_text(entry.text, leads=leads), entry.created_at.astimezone(here).date())
        for entry in told
        if entry.text
    )
    plain, shown = ("\n".join(getattr(piece, name) for piece in pieces) for name in ("plain", "shown"))
    return Content(plain, shown, pieces, unopened=sum(entry.broken for entry in told))


def shown_text(text: str, *, leads: bool) -> str:
    """The text, masked for offices that only support."""
    return text if leads else mask(text)


def pages(text: str, size: int = PAGE) -> list[str]:
    """The text cut into pages of at most `size` characters, at the end of a line or sentence if it can be."""
    found = []
    while len(text) > size:
        cut = max(text.rfind(mark, size // 2, size) for mark in "\n。！？") + 1 or size
        found.append(text[:cut])
        text = text[cut:]
    return [*found, text]


def evidence_words(content: Content, desk: Desk, words: Words) -> list[str]:
    """Each piece of evidence as 「term」→ category: why, and a word where the reader is not sure."""
    verdict = desk.reader.read(content.plain[:_MOST_READ])
    lines = [_evidence(one, content, words) for one in _telling(verdict.evidence)]
    return [*lines, words("triage.unsure")] if verdict.unsure else lines


def mention_words(content: Content, desk: Desk, words: Words) -> list[str]:
    """What the text names: departments, people, sums, things, times, places, means."""
    return named_words(content.pieces, desk, words)


def _telling(evidence: Sequence[Evidence]) -> list[Evidence]:
    """The pieces an officer needs: none that lies within another for the same category."""
    kept: list[Evidence] = []
    for one in evidence:
        within = (
            old.category == one.category and old.start <= one.start and one.end <= old.end for old in kept
        )
        if not any(within):
            kept.append(one)
    return kept[:_MOST_EVIDENCE]


def _evidence(one: Evidence, content: Content, words: Words) -> str:
    about = one.category.label if one.category else words("triage.about_intent")
    why = words("triage.why", why=words(f"why.{one.why}")) if words.has(f"why.{one.why}") else ""
    return words("triage.evidence", term=_in_a_line(content.shown[one.start : one.end]), about=about, why=why)


def _in_a_line(term: str) -> str:
    return " ".join(term.split())[:_TERM]
