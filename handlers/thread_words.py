"""How a case and its thread read to the reporter."""

from datetime import datetime

from sqlmodel import Session

from handlers.words import Words
from storage.cases import Case, Status
from storage.entries import FROM_REPORTER, Entry, Kind, thread
from storage.house import House

_ENTRIES = 12
_LENGTH = 400


def local_time(moment: datetime, house: House, words: Words) -> str:
    """Date and time as the hospital's clock shows it."""
    local = house.local(moment)
    return words("case.time", month=local.month, day=local.day, clock=f"{local:%H:%M}")


def step_words(entry: Entry, words: Words) -> str:
    """A step (accepted, transferred, closed …) or question, worded for the reporter."""
    if entry.kind is Kind.QUESTION:
        return words("case.question", text=entry.text)
    step = str(entry.facts.get("step", ""))
    outcome = entry.facts.get("outcome")
    key = f"case.step_{step}_{outcome}" if outcome else f"case.step_{step}"
    return words(key, text=entry.text, office=entry.facts.get("office", ""))


def status_words(case: Case, words: Words) -> str:
    """Where the case stands, in plain words."""
    if case.status is Status.CLOSED and case.outcome is not None:
        return words(f"case.closed_{case.outcome}")
    return words(f"case.status_{case.status}")


def thread_words(session: Session, case: Case, *, house: House, words: Words) -> str:
    """Status and the last entries of the thread; the reporter's own words are kept short."""
    assert case.id is not None
    entries = thread(session, case.id, vault=house.vault, shared_only=True)
    lines = [_line(entry, house, words) for entry in entries[-_ENTRIES:]]
    if len(entries) > _ENTRIES:
        lines.insert(0, words("case.earlier", count=len(entries) - _ENTRIES))
    status = words("case.status", number=case.number, status=status_words(case, words))
    return "\n\n".join([status, *lines])


def _line(entry: Entry, house: House, words: Words) -> str:
    at = local_time(entry.created_at, house, words)
    if entry.kind in FROM_REPORTER:
        said = entry.text if len(entry.text) <= _LENGTH else entry.text[:_LENGTH] + "…"
        return words("case.you", at=at, text=said or words("case.file_only"))
    new = "" if entry.seen else words("case.new")
    return words("case.we", at=at, new=new, text=step_words(entry, words))
