"""Coverage as a message: there at once, readable on any phone; a picture follows."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from handlers.staff.coverage.report import Own, Report, percent, span_words, title_of
from handlers.words import Words
from storage.duties.book import Proof
from storage.duties.coverage import Covered
from storage.duties.missing import Behind
from storage.duties.progress import Progress
from storage.duties.spans import span_of
from storage.house import House

_MOST_DUTIES = 10
_MOST_OFFICES = 12
_DOTS = 4


def summary(report: Report, words: Words, *, house: House) -> str:
    """The figures as text, a blank line between parts; names of nobody."""
    found = report.coverage
    title = title_of(report.asked, words, found.titles.items())
    if not found.lines:
        return f"{title}\n{words('coverage.nothing')}"
    parts = [[title, *total_lines(found.total, words), *behind_lines(report.behind, words)]]
    parts.append(list(duty_lines(found.lines, words, house=house)))
    if report.several:
        parts.append(list(office_lines(found.by_office, words)))
    return "\n\n".join("\n".join(lines) for lines in parts if lines)


def total_lines(total: Progress, words: Words) -> Iterator[str]:
    """Share and counts of everything together; more than one duty counts somebody several times."""
    if not total.expected:
        yield words("coverage.all_excused", excused=total.excused)
        return
    yield words("coverage.total", share=percent(total.share), done=total.done, expected=total.expected)
    if total.late or total.excused:
        yield words("coverage.total_besides", late=total.late, excused=total.excused)


def behind_lines(late: Behind, words: Words) -> Iterator[str]:
    """How many people have something open, how many of them nobody can remind by chat, what offices owe."""
    if late.as_offices:
        yield words("coverage.behind_offices", count=late.as_offices)
    if late.people:
        key = "behind_not_joined" if late.not_joined else "behind"
        yield words(f"coverage.{key}", people=late.people, alone=late.not_joined)


def duty_lines(lines: Sequence[Covered], words: Words, *, house: House) -> Iterator[str]:
    """Two lines for each occurrence: what, by when; how far. Those with somebody missing come first."""
    behind_first = sorted(lines, key=lambda line: (not line.total.missing, line.due_at))
    for line in behind_first[:_MOST_DUTIES]:
        yield words("coverage.duty", title=line.title, day=day_words(line.due_at, words, house=house))
        yield progress_words(line.total, words, proof=line.proof)
    if len(lines) > _MOST_DUTIES:
        yield words("coverage.more_duties", count=len(lines) - _MOST_DUTIES)


def office_lines(by_office: dict[str, Progress], words: Words) -> Iterator[str]:
    """The offices where somebody is missing, the farthest from the target first."""
    late = worst_first({name: one for name, one in by_office.items() if one.missing})
    whole = len(by_office) - len(late)
    if late:
        yield words("coverage.offices")
    for name, one in late[:_MOST_OFFICES]:
        yield words(
            "coverage.office", name=name, share=percent(one.share), done=one.done, expected=one.expected
        )
    if len(late) > _MOST_OFFICES:
        yield words("coverage.more_offices", count=len(late) - _MOST_OFFICES)
    if whole:
        yield words("coverage.whole_offices" if late else "coverage.all_offices", count=whole)


def worst_first(by_office: dict[str, Progress]) -> list[tuple[str, Progress]]:
    """By share, then by how many are missing; equal ones in the order they came."""
    return sorted(by_office.items(), key=lambda one: (one[1].share, -one[1].missing))


def progress_words(done: Progress, words: Words, *, proof: Proof = Proof.READING) -> str:
    """●●●○ 37/40, and what is beside that."""
    if not done.expected:
        return words("coverage.all_excused", excused=done.excused)
    parts = [words("coverage.progress", dots=dots(done.share), done=done.done, expected=done.expected)]
    counts = {
        "read": done.acknowledged if proof is not Proof.READING and done.acknowledged > done.done else 0,
        "passed": done.passed if proof is Proof.QUIZ else 0, "late": done.late, "excused": done.excused,
    }  # fmt: skip
    parts += [words(f"coverage.{name}", count=count) for name, count in counts.items() if count]
    return words("coverage.between").join(parts)


def dots(share: float) -> str:
    """Four circles; all are full only where nobody is missing."""
    full = int(share * _DOTS)
    return "●" * full + "○" * (_DOTS - full)


def own_words(own: Own, span: str, words: Words, *, house: House, now: datetime) -> str:
    """What somebody reads who has no right to figures of others."""
    this = span == span_of(house.local_day(now))
    when = words("coverage.this_month") if this else span_words(span, words)
    if not own.given:
        return words("coverage.own_nothing", span=when)
    lines = [words("coverage.own", span=when, given=own.given, done=own.done)]
    if not own.open:
        lines.append(words("coverage.own_whole"))
    lines += [
        words("coverage.own_open", title=one.title, day=day_words(one.due_at, words, house=house))
        for one in own.open[:_MOST_DUTIES]
    ]
    return "\n".join(lines)


def day_words(moment: datetime, words: Words, *, house: House) -> str:
    """A local day as it is read."""
    local = house.local(moment)
    return words("coverage.day", month=local.month, day=local.day)
