"""How the parts of a drive fit together, and whether what it names is there."""

import difflib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from storage.drives.duties import days_of, duty_key
from storage.drives.plan import FARTHEST, SUMMARY, Asked, Drive, Phase, Recurring
from storage.duties.book import DutyBook, Proof
from storage.hospital import Hospital

Place = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class DriveMistake:
    """What is wrong at a place of the file; `close` is what was probably meant, if anything is near."""

    place: Place
    kind: str
    value: str
    close: str = ""


def mistakes_of(drive: Drive, hospital: Hospital, book: DutyBook | None = None) -> list[DriveMistake]:
    """Every mistake a valid file can still hold; groups and forms are looked up where `book` is given."""
    found = [*_offices(drive, hospital), *_phases(drive), *_keys(drive), *_parts(drive)]
    return [*found, *(_of_book(drive, book) if book is not None else ())]


def _offices(drive: Drive, hospital: Hospital) -> Iterator[DriveMistake]:
    part = drive.takes_part
    named: list[tuple[Place, str]] = [(("lead",), drive.lead)]
    named += [(("takes_part", "offices"), office) for office in part.offices]
    named += [(("summary", "to_office"), drive.summary.to_office)]
    for place, asked in _placed(drive):
        named += [((*place, "offices"), office) for office in asked.offices]
        named += [((*place, "to_office"), asked.to_office)]
    for where, office in named:
        if office and office not in hospital.places:
            yield DriveMistake(where, "unknown_office", office, _close(office, hospital.places))
    if not (part.everyone or part.offices or part.groups):
        yield DriveMistake(("takes_part",), "nobody", "takes_part")


def _phases(drive: Drive) -> Iterator[DriveMistake]:
    before: Phase | None = None
    for number, phase in enumerate(drive.phases):
        first, last = drive.first(phase), drive.last(phase)
        if last < first:
            yield DriveMistake(("phases", number, "to"), "backwards", str(last), str(first))
        if first < drive.start:
            yield DriveMistake(("phases", number, "from"), "before_start", str(first), str(drive.start))
        if last > drive.start + timedelta(days=FARTHEST):
            yield DriveMistake(("phases", number, "to"), "too_long", str(last))
        if before is not None and first < drive.first(before):
            yield DriveMistake(("phases", number, "from"), "order", str(first), before.title)
        before = phase
    due = drive.due(drive.phases[-1], drive.summary.due)
    if due < drive.first(drive.phases[-1]):
        yield DriveMistake(("summary", "due"), "outside", str(due), drive.phases[-1].title)
    if drive.ended is not None and drive.ended < drive.start:
        yield DriveMistake(("ended",), "before_start", str(drive.ended), str(drive.start))


def _keys(drive: Drive) -> Iterator[DriveMistake]:
    phases = Counter(phase.key for phase in drive.phases)
    for number, phase in enumerate(drive.phases):
        if phases[phase.key] > 1:
            yield DriveMistake(("phases", number, "key"), "repeated", phase.key)
    parts = Counter(asked.key for _, asked in _placed(drive)) + Counter([SUMMARY])
    for place, asked in _placed(drive):
        if parts[asked.key] > 1:
            yield DriveMistake((*place, "key"), "repeated", asked.key)


def _parts(drive: Drive) -> Iterator[DriveMistake]:
    for number, phase in enumerate(drive.phases):
        for kind, parts in (("deliverables", phase.deliverables), ("recurring", phase.recurring)):
            for place, asked in enumerate(parts):
                yield from _part(drive, phase, asked, ("phases", number, kind, place))


def _part(drive: Drive, phase: Phase, asked: Asked, place: Place) -> Iterator[DriveMistake]:
    first, last, days = drive.first(phase), drive.last(phase), days_of(drive, phase, asked)
    if isinstance(asked, Recurring):
        if not days and first <= last:
            yield DriveMistake((*place, "every"), "never", asked.every, phase.title)
    elif days and not first <= days[0] <= last:
        yield DriveMistake((*place, "due"), "outside", str(days[0]), phase.title)
    if asked.proof is Proof.FIGURE and not asked.unit:
        yield DriveMistake((*place, "unit"), "no_unit", asked.title)
    if asked.proof is Proof.FORM and not asked.form:
        yield DriveMistake((*place, "form"), "no_form", asked.title)
    if asked.proof in (Proof.QUIZ, Proof.FORM) and asked.owed_by in ("offices", "lead"):
        yield DriveMistake((*place, "owed_by"), "by_person", asked.proof.value)


def _of_book(drive: Drive, book: DutyBook) -> Iterator[DriveMistake]:
    groups = [group.name for group in book.groups]
    for name in drive.takes_part.groups:
        if name not in groups:
            yield DriveMistake(("takes_part", "groups"), "unknown_group", name, _close(name, groups))
    own = {duty.key for duty in book.duties if duty.drive != drive.key}
    for place, asked in _placed(drive):
        if asked.form and asked.form not in book.forms_by_key:
            close = _close(asked.form, book.forms_by_key)
            yield DriveMistake((*place, "form"), "unknown_form", asked.form, close)
        if duty_key(drive, asked.key) in own:
            yield DriveMistake((*place, "key"), "taken", duty_key(drive, asked.key))


def _placed(drive: Drive) -> Iterator[tuple[Place, Asked]]:
    for number, phase in enumerate(drive.phases):
        for place, deliverable in enumerate(phase.deliverables):
            yield ("phases", number, "deliverables", place), deliverable
        for place, item in enumerate(phase.recurring):
            yield ("phases", number, "recurring", place), item


def _close(name: str, known: Iterable[str]) -> str:
    names: Collection[str] = list(known)
    return next(iter(difflib.get_close_matches(name, names, n=1, cutoff=0.5)), "")
