"""Goes through the corrections and all other cases, and tells what can be learned from them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlmodel import Session

from nlp.learning import FalseAlarm, Finding, Learner, Lesson
from nlp.reading import Reader
from storage.corrections import Corrected, Meaning, corrected_cases, open_corrections
from storage.events import record_event
from storage.mentions import plain_name
from storage.roster import Roster
from storage.told_cases import count_told, told_cases

if TYPE_CHECKING:
    from bot.data_folder import DataFolder

_PAGE = 200
"""Cases that are opened at a time: whoever reports meanwhile waits no longer than that takes."""


@dataclass(frozen=True, slots=True)
class Learned:
    """What was found, and in how many corrected cases of how many."""

    findings: list[Finding]
    false_alarms: list[FalseAlarm]
    corrected: int
    cases: int


def learned(folder: "DataFolder", *, least: int, sealed: bool, now: datetime) -> Learned:
    """What stands in at least `least` cases; raises SealError for a text that does not open.

    The trail tells that the cases were opened.
    """
    run, vault = folder.database.run_now, folder.vault
    run(lambda session: record_event(session, "console", "learned", now=now, least=least, sealed=sealed))
    ids = run(lambda session: corrected_cases(session, sealed=sealed))
    pages = [ids[start : start + _PAGE] for start in range(0, len(ids), _PAGE)]
    opened = [
        one
        for page in pages
        for one in run(lambda session, page=page: open_corrections(session, page, vault=vault))  # type: ignore[misc]
    ]
    names = run(lambda session: _names(session, folder))
    reader = Reader.with_words(folder.words)
    lessons = [_lesson(one) for one in opened]
    learner = Learner(lessons, reader, own=folder.words, names=names, least=least)
    cases = _add_others(folder, learner, frozenset(ids), sealed=sealed)
    return Learned(learner.findings(), learner.false_alarms(), len(lessons), cases)


def _add_others(folder: "DataFolder", learner: Learner, known: frozenset[int], *, sealed: bool) -> int:
    """Every case nobody corrected; returns how many cases there are in all."""
    run, vault = folder.database.run_now, folder.vault
    total, after = run(lambda session: count_told(session, sealed=sealed)), 0
    with _progress(total) as advance:
        while page := run(
            lambda session, after=after: told_cases(  # type: ignore[misc]
                session, after=after, count=_PAGE, sealed=sealed, vault=vault
            )
        ):
            for case in page:
                if case.case_id not in known:
                    learner.add(case.text, _codes(case.meaning))
            after = page[-1].case_id
            advance(len(page))
    return total


def _lesson(one: Corrected) -> Lesson:
    return Lesson(one.case_id, one.excerpt, _codes(one.said), _codes(one.meant))


def _codes(meaning: Meaning) -> tuple[str, ...]:
    return tuple(category.value for category in meaning.categories) or (meaning.intent.value,)


def _names(session: Session, folder: "DataFolder") -> frozenset[str]:
    """Everybody whose name we know: officers, leaders, and whom words.csv names."""
    people = [person.name for person in Roster().people(session, vault=folder.vault)]
    leaders = [leader.name for leader in folder.house.hospital.leaders]
    own = [word for name in folder.words.names for word in (name.word, name.means)]
    return frozenset(filter(None, map(plain_name, [*people, *leaders, *own])))


@contextmanager
def _progress(total: int) -> Iterator[Callable[[int], None]]:
    """A bar on stderr where a person looks on."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("Reading", total=total)
        yield lambda count: progress.advance(task, count)
