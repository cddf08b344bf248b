"""Replacements made in a text, and the way back from the new text to the old."""

from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple


class Edit(NamedTuple):
    """Characters start..end of a text are replaced by `word`."""

    start: int
    end: int
    word: str


class Edits:
    """Edits in the order of the text that do not overlap; `starts` is where each begins in the new text."""

    def __init__(self, edits: Sequence[Edit]) -> None:
        self._edits = edits
        self.starts: list[int] = []
        shift = 0
        for edit in edits:
            self.starts.append(edit.start + shift)
            shift += len(edit.word) - (edit.end - edit.start)

    def apply(self, text: str) -> str:
        """The new text."""
        pieces: list[str] = []
        position = 0
        for edit in self._edits:
            pieces += (text[position : edit.start], edit.word)
            position = edit.end
        pieces.append(text[position:])
        return "".join(pieces)

    def start_before(self, position: int) -> int:
        """Where the character at this position of the new text began in the old one."""
        return self._before(position, at_end=False)

    def end_before(self, position: int) -> int:
        """Where the character at this position of the new text ended in the old one."""
        return self._before(position, at_end=True)

    def after(self, positions: Sequence[int]) -> tuple[int, ...]:
        """Where positions of the old text, in order, stand in the new; inside an edit: where it begins."""
        found: list[int] = []
        number = shift = 0
        for position in positions:
            while number < len(self._edits) and self._edits[number].end <= position:
                edit = self._edits[number]
                shift = self.starts[number] + len(edit.word) - edit.end
                number += 1
            inside = number < len(self._edits) and self._edits[number].start <= position
            found.append(self.starts[number] if inside else position + shift)
        return tuple(found)

    def _before(self, position: int, *, at_end: bool) -> int:
        place = bisect_right(self.starts, position) - 1
        if place < 0:
            return position + at_end
        edit = self._edits[place]
        inside = position - self.starts[place]
        if inside >= len(edit.word):
            return edit.end + inside - len(edit.word) + at_end
        if len(edit.word) == edit.end - edit.start:
            return edit.start + inside + at_end
        return edit.end if at_end else edit.start
