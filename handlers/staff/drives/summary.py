"""The draft of a drive's summary: sentences from a text file, all numbers from tables, gaps marked."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from handlers.staff.drives.wording import office_names, span
from handlers.words import Words
from storage.drives.figures import Figure, figures_of
from storage.drives.items import ItemState, items_of
from storage.drives.reckoning import Line, Reckoning
from storage.duties.book import Answers, Proof
from storage.duties.progress import Progress
from storage.house import House
from storage.training.knowledge import Known, knowledge, together


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of the draft: `kind` is title, heading, text, note or table (its first row is the head)."""

    kind: str
    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()


def summary_of(session: Session, far: Reckoning, words: Words, *, house: House) -> list[Block]:
    """The whole draft, to be printed into a document or as text."""

    def say(key: str, **values: object) -> str:
        return words(f"drive_summary.{key}", **values)

    drive = far.drive
    returned = sum(item.returns > 0 for item in items_of(session, drive.key))
    parts: Sequence[Iterator[Block]] = (
        _basics(far, words, house),
        _phases(far, words),
        _handed_in(far, words),
        _figures(figures_of(session, far, house=house), words),
        _people(far, _known(session, far), words),
        _items(far, returned, words),
        *(iter([Block("text", say("gap"))]) for _ in range(3)),
    )
    blocks = [
        Block("title", say("title", title=drive.title)),
        Block("note", say("draft", day=_long(far.today, words))),
    ]
    for number, part in enumerate(parts, 1):
        blocks += [Block("heading", say(f"part_{number}")), *part]
    signed = [say("signed", office=drive.lead), _long(far.today, words)]
    return [*blocks, *(Block("signed", one) for one in signed)]


def as_text(blocks: Sequence[Block]) -> str:
    """The draft as plain text; tables with bars between their cells."""
    lines: list[str] = []
    for block in blocks:
        lines += ["\t".join(row) for row in block.rows] if block.kind == "table" else [block.text]
        lines.append("")
    return "\n".join(lines)


def _basics(far: Reckoning, words: Words, house: House) -> Iterator[Block]:
    drive = far.drive
    key = "basics" if drive.is_over(far.today) else "basics_running"
    yield _text(
        words, key, hospital=house.hospital.name, start=_long(drive.start, words),
        end=_long(drive.over, words), title=drive.title, lead=drive.lead, count=len(far.offices),
    )  # fmt: skip
    if drive.ended is not None:
        yield _text(words, "basics_ended", day=_long(drive.ended, words))
    yield _text(words, "basics_gap")


def _phases(far: Reckoning, words: Words) -> Iterator[Block]:
    rows = [
        (phase.title, span(far.drive.first(phase), far.drive.last(phase), words), phase.text)
        for phase in far.drive.phases
    ]
    yield _table(words, "phases_head", rows)


def _handed_in(far: Reckoning, words: Words) -> Iterator[Block]:
    lines = [line for line in far.lines if line.offices]
    if not lines:
        yield _text(words, "handed_in_none")
        return
    total = sum((line.total for line in lines), Progress())
    yield _text(
        words, "handed_in", count=len(lines), all=total.expected, done=total.done, late=total.late,
        missing=total.missing,
    )  # fmt: skip
    if far.to_come:
        yield _text(words, "handed_in_to_come", count=far.to_come)
    yield _table(words, "handed_in_head", [_row_of(line, words) for line in lines])
    yield Block("note", words("drive_summary.handed_in_note"))
    missing = [line for line in lines if line.missing(far.now)]
    yield _text(words, "missing" if missing else "missing_none")
    for line in missing:
        offices = office_names(line.missing(far.now), words)
        yield _text(words, "missing_line", title=line.title, day=_short(line.due_on, words), offices=offices)


def _row_of(line: Line, words: Words) -> tuple[str, ...]:
    found = line.total
    counts = (found.expected, found.done - found.late, found.late, found.missing)
    return (line.title, _short(line.due_on, words), *map(str, counts))


def _figures(figures: Sequence[Figure], words: Words) -> Iterator[Block]:
    if not figures:
        yield _text(words, "figures_none")
        return
    share = words("drive_summary.figures_share")
    rows = [
        (one.title, share if one.total is None else f"{one.total:f} {one.unit}".strip(), str(one.answers))
        for one in figures
    ]
    yield _table(words, "figures_head", rows)
    if unread := sum(one.unread for one in figures):
        yield _text(words, "figures_unread", count=unread)


def _people(far: Reckoning, known: Known | None, words: Words) -> Iterator[Block]:
    lines = [line for line in far.lines if line.each is Answers.PERSON and line.total.expected]
    for line in lines:
        found = line.total
        share = _percent(found.done, found.expected)
        yield _text(
            words, "people", title=line.title, all=found.expected, done=found.done, share=share,
            late=found.late,
        )  # fmt: skip
    if not lines:
        yield _text(words, "people_none")
    if known is None or known.share is None:
        yield _text(words, "known_none")
    else:
        share = _percent(known.right, known.asked)
        yield _text(words, "known", asked=known.asked, right=known.right, share=share)


def _known(session: Session, far: Reckoning) -> Known | None:
    """First answers to the quizzes of a drive, all rules together."""
    quizzes = [line for line in far.lines if line.proof is Proof.QUIZ and line.offices]
    if not quizzes:
        return None
    by_rule = together([knowledge(session, line.occurrence_id) for line in quizzes])
    people = max((one.people for one in by_rule.values()), default=0)
    return Known(
        people, sum(one.asked for one in by_rule.values()), sum(one.right for one in by_rule.values())
    )


def _items(far: Reckoning, returned: int, words: Words) -> Iterator[Block]:
    all_, struck, overdue = far.count(), far.count(ItemState.STRUCK), far.overdue_items()
    if not all_:
        yield _text(words, "items_none")
        return
    open_, fixed = far.count(ItemState.OPEN, ItemState.RETURNED), far.count(ItemState.FIXED)
    yield _text(
        words, "items", all=all_, struck=struck, share=_percent(struck, all_), fixed=fixed, open=open_,
        overdue=overdue, returned=returned,
    )  # fmt: skip
    rows = [(office, *map(str, _counts(far, office))) for office in far.offices if far.count(office=office)]
    total = (words("drive_summary.total"), *map(str, (all_, struck, fixed, open_, overdue)))
    yield _table(words, "items_head", [*rows, total])
    yield _text(words, "items_gap")
    yield _text(words, "units")


def _counts(far: Reckoning, office: str) -> tuple[int, ...]:
    return (
        far.count(office=office), far.count(ItemState.STRUCK, office=office),
        far.count(ItemState.FIXED, office=office),
        far.count(ItemState.OPEN, ItemState.RETURNED, office=office), far.overdue_items(office),
    )  # fmt: skip


def _text(words: Words, key: str, **values: object) -> Block:
    return Block("text", words(f"drive_summary.{key}", **values))


def _table(words: Words, head: str, rows: Sequence[tuple[str, ...]]) -> Block:
    return Block("table", rows=(tuple(words(f"drive_summary.{head}").split("|")), *rows))


def _percent(part: int, whole: int) -> str:
    """Rounded down: 100 % is shown only where all is done."""
    return f"{part * 1000 // whole / 10:g}%" if whole else "—"


def _long(day: date, words: Words) -> str:
    return words("drive_summary.signed_day", year=day.year, month=day.month, day=day.day)


def _short(day: date, words: Words) -> str:
    return words("drives.day", month=day.month, day=day.day)
