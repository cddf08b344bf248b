"""How an ethics record reads: in full for who keeps it, and for the person without a case's number."""

from collections.abc import Iterable, Sequence
from datetime import date

from handlers.staff.hand_ins.words import day_words, state_words
from handlers.staff.record.finding import Person
from handlers.triage.sight import Sight
from storage.access import may_see
from storage.cases import Case
from storage.errors import SealError
from storage.staff.record import EntryKind, RecordEntry, Veto, VetoState, open_note, open_reason
from storage.staff.record_reading import Record

_MOST = 6
"""Lines of one section; the rest is counted."""
_TO_PERSON = (VetoState.STANDING, VetoState.LIFTING, VetoState.LIFTED)
"""What of a veto the person themselves reads: not what is only proposed."""


def record_text(record: Record, person: Person, sight: Sight, *, own: bool) -> str:
    """The whole record; `own` leaves out numbers of cases and what is not decided."""
    year = sight.words("record.year_one" if record.year else "record.year_all", year=record.year)
    if own:
        title = sight.words("record.title_own", year=year)
    else:
        title = sight.words("record.title", name=person.name, office=record.employee.office, year=year)
    sections = [("veto", _vetoes(record, sight, own=own))]
    sections += [
        (kind.value, [_entry(entry, sight, own=own) for entry in record.of(kind)]) for kind in EntryKind
    ]
    sections += [
        ("hand_in", _hand_ins(record, sight)), ("training", _training(record, sight)),
        ("promise", [_promise(one.title, one.day, sight) for one in record.promised]),
    ]  # fmt: skip
    said = [title, *(line for name, lines in sections for line in _section(name, lines, sight))]
    return "\n".join([*said, *_without(sections, sight)])


def note_of(entry: RecordEntry, sight: Sight) -> str:
    """What was entered; a word in its place where it does not open."""
    try:
        return open_note(entry, vault=sight.house.vault)
    except SealError:
        return sight.words("record.unopened")


def reason_of(veto: Veto, column: str, sight: Sight) -> str:
    """Why; a word in its place where it does not open."""
    try:
        return open_reason(veto, column, vault=sight.house.vault)
    except SealError:
        return sight.words("record.unopened")


def _section(name: str, lines: Sequence[str], sight: Sight) -> Iterable[str]:
    if not lines:
        return
    yield f"\n{sight.words(f'record.section_{name}')}"
    yield from lines[:_MOST]
    if len(lines) > _MOST:
        yield sight.words("record.more_lines", count=len(lines) - _MOST)


def _without(sections: Iterable[tuple[str, Sequence[str]]], sight: Sight) -> list[str]:
    """What there is nothing of, on one line: a phone shows what there is."""
    names = [sight.words(f"record.section_{name}") for name, lines in sections if not lines]
    said = sight.words("record.nothing_of", sections=sight.words("record.between").join(names))
    return [f"\n{said}"] if names else []


def _vetoes(record: Record, sight: Sight, *, own: bool) -> list[str]:
    lines = []
    for veto in record.vetoes:
        if own and veto.state not in _TO_PERSON:
            continue
        lines.append(sight.words(f"record.veto_{veto.state}", year=veto.year))
        lines.append(sight.words("record.veto_reason", reason=reason_of(veto, "reason", sight)))
        if veto.lift_reason and (not own or veto.state is VetoState.LIFTED):
            reason = reason_of(veto, "lift_reason", sight)
            lines.append(sight.words("record.veto_lift_reason", reason=reason))
    return lines


def _entry(entry: RecordEntry, sight: Sight, *, own: bool) -> str:
    """With the number of its case only for who may see that case."""
    day, note = day_words(entry.on_day, sight), note_of(entry, sight)
    case = sight.session.get(Case, entry.case_id) if entry.case_id is not None and not own else None
    viewer, hospital = sight.viewer, sight.house.hospital
    if case is None or viewer is None or not may_see(sight.session, case, viewer, hospital):
        return sight.words("record.entry_line", day=day, note=note)
    return sight.words("record.entry_from", day=day, note=note, number=case.number)


def _hand_ins(record: Record, sight: Sight) -> list[str]:
    return [
        sight.words(
            "record.hand_in_line", day=day_words(row.received_on, sight), number=row.number,
            state=state_words(row, sight), late=sight.words("record.late" if row.late else "record.in_time"),
        )
        for row in record.hand_ins
    ]  # fmt: skip


def _training(record: Record, sight: Sight) -> list[str]:
    if not record.owed:
        return []
    late = sum(one.late for one in record.trained)
    lines = [sight.words("record.training_line", owed=record.owed, done=len(record.trained), late=late)]
    for one in record.trained:
        if one.score is not None:
            passed = sight.words("record.passed" if one.passed else "record.failed")
            day = day_words(one.day, sight)
            lines.append(
                sight.words("record.quiz_line", day=day, title=one.title, score=one.score, passed=passed)
            )
    return lines


def _promise(title: str, day: date, sight: Sight) -> str:
    return sight.words("record.promise_line", day=day_words(day, sight), title=title)
