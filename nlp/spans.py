"""A piece of a text that names something, and which of several pieces count where they overlap."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from nlp.normalise import Normalised


@dataclass(frozen=True, slots=True)
class Mention:
    """Something the text names, and where: characters of the original, end exclusive."""

    text: str
    start: int
    end: int


M = TypeVar("M", bound=Mention)


def original(form: Normalised, text: str, start: int, end: int) -> tuple[str, int, int]:
    """What stands in the original at these characters of its list form, with its place there."""
    start, end = form.span(start, end)
    return text[start:end], start, end


def apart(pieces: Iterable[M], *taken: Sequence[Mention]) -> tuple[M, ...]:
    """The pieces that share no character with what is `taken` already."""
    found = tuple(pieces)
    if not found or not any(taken):
        return found
    used = {place for group in taken for one in group for place in range(one.start, one.end)}
    return tuple(one for one in found if used.isdisjoint(range(one.start, one.end)))
