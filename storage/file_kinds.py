"""Tells what a file is from its content; what is not on the list is nothing we take."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

import filetype

from storage.file_containers import sniff_box_media, sniff_office_zip, sniff_old_office
from storage.file_texts import decode_text, looks_like_table

_HEAD = 8192
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BMP_HEADERS = {12, 40, 52, 56, 64, 108, 124}
_BOX_TYPES = {b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip"}
_BY_LIBRARY: Final[Mapping[str, str]] = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/apng": "png",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/tiff": "tiff",
    "application/pdf": "pdf",
    "audio/mpeg": "mp3",
    "audio/aac": "aac",
    "audio/ogg": "ogg",
    "audio/amr": "amr",
    "audio/x-wav": "wav",
    "video/webm": "webm",
}


class Treatment(StrEnum):
    """What is done to a file before it is kept; the words of file_kinds.toml."""

    REDRAWN = "redrawn"
    REWRITTEN = "rewritten"
    STRIPPED = "stripped"
    WIPED = "wiped"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file we take; `code` is the usual ending, `name` what such a file is called here."""

    code: str
    name: str
    media_type: str
    treatment: Treatment


def _load() -> dict[str, Kind]:
    rows = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    return {
        code: Kind(code, row["name"], row["media_type"], Treatment(row["treatment"]))
        for code, row in rows.items()
    }


KINDS: Final[Mapping[str, Kind]] = _load()


def sniff(content: bytes, sent_as: str = "") -> Kind | None:
    """The kind of a file, or None if it is not one we take.

    `sent_as`, the sender's name of the file, is believed in one thing only: that a harmless text is a table.
    Raises FileRefused: damaged where an office file is broken or unpacks to far more than it should, locked
    where it has a password.
    """
    code = _sniff_container(content) if _is_container(content) else _sniff_plain(content, sent_as)
    return KINDS[code] if code else None


def _is_container(content: bytes) -> bool:
    return content.startswith((_ZIP, _OLE)) or content[4:8] in _BOX_TYPES


def _sniff_container(content: bytes) -> str | None:
    if content.startswith(_ZIP):
        return sniff_office_zip(content)
    if content.startswith(_OLE):
        return sniff_old_office(content)
    return sniff_box_media(content)


def _sniff_plain(content: bytes, sent_as: str) -> str | None:
    if content.startswith(b"#!AMR"):  # also the wide-band form, which the library does not know
        return "amr"
    if content.startswith(b"BM") and int.from_bytes(content[14:18], "little") in _BMP_HEADERS:
        return "bmp"
    guess = filetype.guess(content[:_HEAD])
    if guess is None or guess.mime == "image/bmp":  # "BMW…" is a text, not a picture
        return _sniff_text(content, sent_as)
    code = _BY_LIBRARY.get(guess.mime)
    if code == "webm" and b"V_" not in content[: 8 * _HEAD]:  # no track with a picture: a voice message
        return "weba"
    return code


def _sniff_text(content: bytes, sent_as: str) -> str | None:
    text = decode_text(content)
    if text is None:
        return None
    return "csv" if sent_as.lower().endswith(".csv") and looks_like_table(text) else "txt"
