"""Reads words.csv: the terms, innocent words, departments and names that the hospital adds."""

from pathlib import Path

from bot.config_text import Problem, say, wording
from nlp.own_lists import NO_WORDS, OwnWords
from nlp.own_rows import read_words
from nlp.own_table import Mistake, first_name
from storage.errors import ConfigError

FILE = "words.csv"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def load_words(folder: Path) -> OwnWords:
    """What stands in the folder's words.csv; no words if there is no file.

    UTF-8, UTF-16 with a mark, and GB18030 are read: what Excel and Notepad write. Raises ConfigError
    with one line about the first mistake and the number of the others.
    """
    words, wrong = _read(folder)
    if wrong:
        more = f" ({len(wrong) - 1} more: see `lianxin check`)" if len(wrong) > 1 else ""
        raise ConfigError(f"{wrong[0]}{more}")
    return words


def word_problems(folder: Path) -> list[Problem]:
    """Every mistake in words.csv; none if there is no file."""
    return _read(folder)[1]


def _read(folder: Path) -> tuple[OwnWords, list[Problem]]:
    try:
        text = _decode((folder / FILE).read_bytes())
    except FileNotFoundError:
        return NO_WORDS, []
    except OSError as error:
        message = say("file", "unreadable", {"value": error.strerror})
        return NO_WORDS, [Problem(FILE, None, "", message, _example(""))]
    except UnicodeDecodeError:
        return NO_WORDS, [Problem(FILE, None, "", say("words", "encoding"), _example(""))]
    words, wrong = read_words(text)
    return words, list(map(_explain, wrong))


def _decode(raw: bytes) -> str:
    if raw.startswith(_UTF16):
        return raw.decode("utf-16")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("gb18030")


def _explain(mistake: Mistake) -> Problem:
    kind = mistake.kind
    if mistake.close and f"{kind}_close" in wording()["words"]:
        kind = f"{kind}_close"
    message = say("words", kind, {"value": mistake.value, "close": mistake.close})
    column = first_name("columns", mistake.column) if mistake.column else ""
    return Problem(FILE, mistake.line, column, message, _example(_row_meant(mistake)))


def _row_meant(mistake: Mistake) -> str:
    """The kind of row to show: the one that was written, or a term where the row itself is at fault."""
    if mistake.row:
        return mistake.row
    return "" if mistake.column == "" or mistake.kind in ("no_column", "repeated_column") else "term"


def _example(row: str) -> str:
    return wording()["examples"][f"words.{row}" if row else "words"]
