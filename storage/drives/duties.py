"""Turns what a drive asks for into duties: planning, reminding and counting work as for all others."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from storage.drives.plan import SUMMARY, Asked, Deliverable, Drive, Phase, Recurring
from storage.duties.book import Answers, Duty, DutyBook, Owed
from storage.duties.when import When
from storage.hospital import Hospital

_LONGEST_TITLE = 40
_DECEMBER = 12
_QUARTER = 3


_LEADS = {"week": (1, 0), "month": (3, 1, 0), "quarter": (7, 3, 1, 0)}
"""Working days before; what is due every week is not given out a week and a half ahead."""


def book_with_drives(book: DutyBook, drives: Iterable[Drive]) -> DutyBook:
    """The book with the duties of all drives behind its own; what falls after a drive's end is left out."""
    added = [duty for drive in drives for duty in duties_of(drive, leads=book.reminding.leads)]
    return book.model_copy(update={"duties": (*book.duties, *added)}) if added else book


def duties_of(drive: Drive, *, leads: tuple[int, ...] = (7, 3, 1, 0)) -> Iterator[Duty]:
    """The duties of one drive: key DRIVE_PART, phase set; `leads` are the usual ones of the book.

    Nothing is given out before its phase begins; what is due once can be handed in from then on.
    """
    for phase, asked in drive.asked():
        if days := _before_end(drive, days_of(drive, phase, asked)):
            first = drive.first(phase)
            if isinstance(asked, Recurring):
                yield _duty(drive, phase.key, asked, days, _fitting(_LEADS[asked.every], first, days[0]))
            else:
                yield _duty(drive, phase.key, asked, days, leads).model_copy(update={"begins": first})
    summary, last = drive.summary, drive.phases[-1]
    if days := _before_end(drive, [drive.due(last, summary.due)]):
        written = Asked(
            key=SUMMARY, title=summary.title, owed_by="lead", proof=summary.proof, to_office=summary.to_office
        )
        yield _duty(drive, last.key, written, days, _fitting(leads, drive.first(last), days[0]))


def days_of(drive: Drive, phase: Phase, asked: Asked) -> list[date]:
    """The days on which something of a phase is due; for what recurs, every one of them."""
    match asked:
        case Deliverable():
            return [drive.due(phase, asked.due)]
        case Recurring():
            return list(_recurring(drive.first(phase), drive.last(phase), asked))
    return []


def offices_of_drive(drive: Drive, book: DutyBook, hospital: Hospital) -> tuple[str, ...]:
    """The offices and departments that take part, in the hospital's order; the lead office among them."""
    part = drive.takes_part
    if part.everyone:
        return hospital.places
    named = {drive.lead, *part.offices}
    named |= {office for group in book.groups if group.name in part.groups for office in group.offices}
    return tuple(office for office in hospital.places if office in named)


def duty_key(drive: Drive, key: str) -> str:
    """How the duty of a part is called in the book."""
    return f"{drive.key}_{key}"


def _duty(drive: Drive, phase: str, asked: Asked, days: list[date], leads: tuple[int, ...]) -> Duty:
    by_office = asked.owed_by in ("offices", "lead")
    return Duty(
        key=duty_key(drive, asked.key),
        title=_title(drive, asked),
        text=asked.text or drive.text,
        link=asked.link,
        file=asked.file,
        owed_by=_owed(drive, asked),
        each=Answers.OFFICE if by_office else Answers.PERSON,
        when=When(dates=tuple(days)),
        at=asked.at,
        done=asked.proof,
        quiz=asked.quiz,
        form=asked.form,
        figure=asked.unit,
        to_office=asked.to_office or drive.lead,
        drive=drive.key,
        leads=leads,
        phase=phase,
    )


def _fitting(leads: tuple[int, ...], begins: date, due: date) -> tuple[int, ...]:
    """Those that lie in the phase; a working week has seven days and five of them count."""
    room = (due - begins).days * 5 // 7
    return tuple(lead for lead in leads if lead <= room) or (0,)


def _title(drive: Drive, asked: Asked) -> str:
    whole = f"{drive.title}：{asked.title}"
    return whole if len(whole) <= _LONGEST_TITLE else asked.title


def _owed(drive: Drive, asked: Asked) -> Owed:
    roles: tuple[str, ...] = ("head",) if asked.owed_by == "heads" else ()
    if asked.owed_by == "lead":
        return Owed(offices=(drive.lead,))
    part = drive.takes_part
    if asked.offices:
        return Owed.model_validate({"offices": asked.offices, "roles": roles})
    offices = () if part.everyone else tuple(dict.fromkeys((*part.offices, drive.lead)))
    return Owed.model_validate(
        {"everyone": part.everyone, "offices": offices, "groups": part.groups, "roles": roles}
    )


def _before_end(drive: Drive, days: list[date]) -> list[date]:
    return [day for day in days if drive.ended is None or day < drive.ended]


def _recurring(first: date, last: date, asked: Recurring) -> Iterator[date]:
    if asked.every == "week":
        day = first + timedelta(days=(asked.weekday - first.isoweekday()) % 7)
        while day <= last:
            yield day
            day += timedelta(days=7)
        return
    month = date(first.year, first.month, 1)
    while month <= last:
        after = date(month.year + month.month // _DECEMBER, month.month % _DECEMBER + 1, 1)
        day = after - timedelta(days=1)
        if day <= last and (asked.every == "month" or month.month % _QUARTER == 0):
            yield day
        month = after
