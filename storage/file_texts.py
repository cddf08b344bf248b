"""Texts sent as files: which encoding, and whether they are more than a text."""

import codecs
import re
import unicodedata

_SAMPLE = 20_000
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_ACTIVE = re.compile(
    r"\A\s*(?:<[!?]|#!|@echo\b|\[InternetShortcut\])"
    r"|</?(?:html|head|body|script|svg|iframe|frame|object|embed|meta|link|style|img|form|xml|table)\b",
    re.IGNORECASE,
)
# A cell that a spreadsheet would run: it starts with = or @, or with a sign that no number follows.
# The blanks before it hold no mark that begins a cell, else a file of empty lines would take for ever.
_FORMULA = re.compile(r"""(?:\A|[,;\t\r\n])(?:[^\S\t\r\n]|["'])*(?:[=@]|[+-](?![\d.,\s]|\Z))""")


def decode_text(content: bytes) -> str | None:
    """The text in UTF-8, UTF-16 with its mark, or GB18030; None for bytes, markup pages and scripts."""
    text = _decode(content)
    if text is None or _CONTROLS.search(text) or _ACTIVE.search(text):
        return None
    return text


def looks_like_table(text: str) -> bool:
    """Whether a text may be opened by a spreadsheet: it has separators, and no cell is a formula."""
    return any(mark in text for mark in ",;\t") and not _FORMULA.search(text)


def _decode(content: bytes) -> str | None:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _attempt(content, "utf-16")
    if (text := _attempt(content, "utf-8-sig")) is not None:
        return text
    text = _attempt(content, "gb18030")
    return text if text is not None and _is_written(text[:_SAMPLE]) else None


def _attempt(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return None


def _is_written(text: str) -> bool:
    """GB18030 makes signs of almost any bytes; people use almost none that nobody has assigned."""
    odd = sum(unicodedata.category(sign) in ("Cn", "Co") for sign in text)
    return odd * 50 <= len(text)
