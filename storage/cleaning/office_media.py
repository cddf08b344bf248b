"""Cleans the pictures and films inside of documents."""

from storage.cleaning.films import clean_film
from storage.cleaning.picture_parts import strip_jpeg, strip_png
from storage.cleaning.pictures import redraw
from storage.cleaning.sounds import clean_mp3, clean_wav
from storage.errors import FileRefused
from storage.file_kinds import sniff

_EMF, _EMF_MARK = b"\x01\x00\x00\x00", b" EMF"
_WMF = (b"\xd7\xcd\xc6\x9a", b"\x01\x00\x09\x00", b"\x02\x00\x09\x00")


def clean_media(content: bytes) -> tuple[bytes, str] | None:
    """The cleaned bytes and the ending that fits them; None for what cannot be cleaned: it is left out."""
    try:
        return _clean(content)
    except FileRefused as refusal:
        if refusal.reason == "too_large":
            raise
        return None


def _clean(content: bytes) -> tuple[bytes, str] | None:
    if content.startswith(_EMF) and content[40:44] == _EMF_MARK:
        return _forget_maker(content), "emf"
    if content.startswith(_WMF):
        return content, "wmf"
    kind = sniff(content)
    match kind.code if kind else "":
        case "jpg":
            return strip_jpeg(content), "jpg"
        case "png":
            return strip_png(content), "png"
        case "gif" | "bmp" | "tiff" | "webp" | "heic" as code:
            return redraw(content, code)
        case "mp4" | "mov" | "m4a" as code:
            return clean_film(content, code), code
        case "mp3":
            return clean_mp3(content), "mp3"
        case "wav":
            return clean_wav(content), "wav"
    return None


def _forget_maker(drawing: bytes) -> bytes:
    """An EMF tells the program and the title of the picture ([MS-EMF] 2.2.9)."""
    count, at = (int.from_bytes(drawing[place : place + 4], "little") for place in (60, 64))
    blank = bytearray(drawing)
    end = min(at + 2 * count, len(blank))
    if 88 <= at < end:
        blank[at:end] = bytes(end - at)
    return bytes(blank)
