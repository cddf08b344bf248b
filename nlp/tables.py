"""Reads the word lists: tab-separated files with a header, `#` lines are comments."""

from collections.abc import Iterator
from importlib.resources import files


class ListError(ValueError):
    """A line of a word list is wrong; the message names file and line."""


def rows(name: str, width: int) -> Iterator[tuple[str, ...]]:
    """The rows of nlp/data/`name`, each with `width` columns; missing last columns are empty.

    Raises ListError for a row with no first column or with too many columns.
    """
    return (row for _, row in numbered_rows(name, width))


def numbered_rows(name: str, width: int) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The same rows, each with its line, from 1."""
    return _numbered(name, files("nlp").joinpath("data", name).read_text("utf-8"), width)


def parse(name: str, text: str, width: int) -> Iterator[tuple[str, ...]]:
    """The rows of a list's text; the first line that is not a comment is the header."""
    return (row for _, row in _numbered(name, text, width))


def _numbered(name: str, text: str, width: int) -> Iterator[tuple[int, tuple[str, ...]]]:
    header_seen = False
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        if not header_seen:
            header_seen = True
            continue
        cells = [cell.strip() for cell in line.split("\t")]
        if not cells[0] or len(cells) > width:
            raise ListError(f"{name}, line {number}: expected {width} columns separated by tabs")
        yield number, tuple(cells + [""] * (width - len(cells)))
