"""Takes out of a file what the sender did not mean to say: place, camera, owner, earlier versions."""

import codecs
from dataclasses import dataclass

from storage.errors import FileRefused
from storage.file_kinds import KINDS, Kind, Treatment
from storage.file_texts import decode_text


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What is kept of a file; `warning` where it may still tell more than one sees."""

    content: bytes
    kind: Kind
    warning: bool = False


def clean(content: bytes, kind: Kind) -> Cleaned:
    """The file without what can be taken out of its kind.

    Raises FileRefused: damaged, too_large (it unpacks to too much), locked (a password), type (an unknown
    coding). Hostile bytes are read here: only the worker process calls it.
    """
    match kind.treatment:
        case Treatment.REDRAWN:
            return _redraw(content, kind)
        case Treatment.REWRITTEN:
            return Cleaned(_rewrite(content, kind), kind)
        case Treatment.STRIPPED:
            return Cleaned(_strip(content, kind.code), kind)
        case Treatment.WIPED:
            from storage.cleaning.old_office import blank_properties

            return Cleaned(blank_properties(content), kind, warning=True)


def _redraw(content: bytes, kind: Kind) -> Cleaned:
    from storage.cleaning.pictures import redraw

    drawn, code = redraw(content, kind.code)
    return Cleaned(drawn, KINDS[code])


def _rewrite(content: bytes, kind: Kind) -> bytes:
    text = decode_text(content)
    if text is None:
        raise FileRefused("type")
    mark = codecs.BOM_UTF8 if kind.code == "csv" else b""  # without it, Excel reads the local encoding
    return mark + text.encode("utf-8", "replace")


# Each library is loaded with the first file that needs it.
def _strip(content: bytes, code: str) -> bytes:
    match code:
        case "pdf":
            from storage.cleaning.pdf import clean_pdf

            return clean_pdf(content)
        case "docx" | "xlsx" | "pptx":
            from storage.cleaning.office import clean_office

            return clean_office(content, code)
        case "mp4" | "mov" | "3gp" | "m4a":
            from storage.cleaning.films import clean_film

            return clean_film(content, code)
        case "webm" | "weba":
            from storage.cleaning.webm import clean_webm

            return clean_webm(content)
        case "ogg":
            from storage.cleaning.ogg import clean_ogg

            return clean_ogg(content)
    return _strip_frames(content, code)


def _strip_frames(content: bytes, code: str) -> bytes:
    from storage.cleaning.sounds import clean_aac, clean_amr, clean_mp3, clean_wav

    strip = {"mp3": clean_mp3, "aac": clean_aac, "amr": clean_amr, "wav": clean_wav}[code]
    return strip(content)
