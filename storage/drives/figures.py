"""Sums what was handed in as figures for a drive, over offices and periods."""

import re
from dataclasses import dataclass
from decimal import Decimal

from sqlmodel import Session

from storage.drives.reckoning import Reckoning
from storage.duties.book import Proof
from storage.duties.submissions import handed_in_for, open_sealed
from storage.errors import SealError
from storage.house import House

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?", re.ASCII)
_SHARES = ("%", "率", "百分")


@dataclass(frozen=True, slots=True)
class Figure:
    """One thing that was counted; `total` is None for shares, which do not add up.

    `answers` says how many figures went in, `unread` how many could not be read.
    """

    title: str
    unit: str
    total: Decimal | None
    answers: int
    unread: int


def figures_of(session: Session, far: Reckoning, *, house: House) -> list[Figure]:
    """Each figure that was asked for and is due or was answered, in the order of the drive."""
    found: dict[str, list[tuple[Decimal | None, str]]] = {}
    for line in far.lines:
        if line.proof is Proof.FIGURE and line.offices:
            numbers = found.setdefault(line.duty, [])
            for submission, _ in handed_in_for(session, line.occurrence_id):
                try:
                    words = open_sealed(submission, "words", vault=house.vault)
                except SealError:
                    words = ""
                numbers.append((_number(words), words))
    titles = {line.duty: line.title for line in far.lines}
    return [_figure(titles[duty], _unit(far, duty), numbers) for duty, numbers in found.items()]


def _figure(title: str, unit: str, numbers: list[tuple[Decimal | None, str]]) -> Figure:
    read = [number for number, _ in numbers if number is not None]
    is_share = any(one in unit for one in _SHARES) or any(words.endswith("%") for _, words in numbers)
    total = None if is_share else sum(read, Decimal(0))
    return Figure(title, unit, total, len(read), len(numbers) - len(read))


def _number(words: str) -> Decimal | None:
    found = _NUMBER.match(words.strip())
    return Decimal(found[0]) if found else None


def _unit(far: Reckoning, duty: str) -> str:
    keys = {f"{far.drive.key}_{asked.key}": asked.unit for _, asked in far.drive.asked()}
    return keys.get(duty, "")
