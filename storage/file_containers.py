"""Looks into files that hold other things: office documents, films and recordings."""

import re
import struct
import zipfile
import zlib
from io import BytesIO

from storage.errors import FileRefused

_MB = 1 << 20
_MOST_UNPACKED = 256 * _MB
_FREELY_UNPACKED = 16 * _MB
_MOST_RATIO = 100
_MOST_PARTS = 5000
_ENCRYPTED = 0x1
_OFFICE = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx", "ppt/presentation.xml": "pptx"}
# Macros, programs and archives have no place in a document; an office file of the new kind has none.
_UNWANTED = re.compile(
    r"(?:^|/)(?:vbaProject\.bin|.*\.(?:exe|dll|com|scr|bat|cmd|ps1|vbs|js|jse|wsf|hta|msi|jar|apk|lnk"
    r"|zip|rar|7z|gz|bz2|xz|tar|html?|svgz|docm|xlsm|pptm|xlam|dotm))$",
    re.IGNORECASE,
)
_STREAMS = {"WordDocument": "doc", "Workbook": "xls", "Book": "xls", "PowerPoint Document": "ppt"}
_LOCKED = "EncryptedPackage"
_MACRO_STORES = ("_VBA_PROJECT", "_VBA_PROJECT_CUR", "Macros")
_STORE, _STREAM = 1, 2
_STILL = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
_OTHER_STILL = {b"avif", b"avis", b"crx ", b"jp2 ", b"jpx ", b"jxl "}
_PICTURES = re.compile(rb"hdlr.{8}vide", re.DOTALL)
_SOUND = re.compile(rb"hdlr.{8}soun", re.DOTALL)


def sniff_office_zip(content: bytes) -> str | None:
    """docx, xlsx or pptx; None for any other zip and for documents with macros, programs or a password.

    Raises FileRefused("damaged") if it is broken or a bomb: more than 256 MB unpacked, or more than
    100 times its size (from 16 MB on).
    """
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            parts = archive.infolist()
            names = {part.filename for part in parts}
            code = next((code for main, code in _OFFICE.items() if main in names), None)
            if code is None or "[Content_Types].xml" not in names or any(map(_is_unwanted, parts)):
                return None
            _refuse_bomb(parts, len(content))
            for part in parts:
                _read_through(archive, part)
            return code
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, struct.error, RuntimeError,
            NotImplementedError):  # fmt: skip
        raise FileRefused("damaged") from None


def _is_unwanted(part: zipfile.ZipInfo) -> bool:
    return bool(part.flag_bits & _ENCRYPTED or _UNWANTED.search(part.filename))


def _refuse_bomb(parts: list[zipfile.ZipInfo], size: int) -> None:
    unpacked = sum(part.file_size for part in parts)
    packed_well = unpacked > _FREELY_UNPACKED and unpacked > size * _MOST_RATIO
    if len(parts) > _MOST_PARTS or unpacked > _MOST_UNPACKED or packed_well:
        raise FileRefused("damaged")


def _read_through(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """A part that holds more than it declares ends in a wrong checksum, and is refused for it.

    Office documents have no document type: one that has wants to blow up whoever reads the XML.
    """
    with archive.open(part) as stream:
        first = stream.read(4096)
        if part.filename.endswith((".xml", ".rels")) and (b"<!DOCTYPE" in first or b"<!ENTITY" in first):
            raise FileRefused("damaged")
        while stream.read(_MB // 4):
            pass


def sniff_old_office(content: bytes) -> str | None:
    """doc, xls or ppt of the years before 2007 (WPS writes them too); None for others and with macros.

    Raises FileRefused("locked") for a document of the new kind with a password, which lies in such a file.
    """
    if _has_entry(content, _LOCKED, _STREAM):
        raise FileRefused("locked")
    if any(_has_entry(content, name, _STORE) for name in _MACRO_STORES):
        return None
    return next((code for name, code in _STREAMS.items() if _has_entry(content, name, _STREAM)), None)


def _has_entry(content: bytes, name: str, sort: int) -> bool:
    """A directory entry: the name in UTF-16, filled up to 64 bytes, its length, its sort ([MS-CFB] 2.6.1)."""
    letters = name.encode("utf-16-le")
    return letters.ljust(64, b"\0") + (len(letters) + 2).to_bytes(2, "little") + bytes([sort]) in content


def sniff_box_media(content: bytes) -> str | None:
    """heic, mp4, mov, 3gp or m4a of an ISO base media file (ISO/IEC 14496-12); None for others."""
    major = content[8:12] if content[4:8] == b"ftyp" else b"qt  "
    if major in _STILL or major in _OTHER_STILL:
        brands = content[8 : 8 + min(int.from_bytes(content[:4], "big"), 128)]
        return "heic" if major in _STILL and b"avif" not in brands else None
    if _PICTURES.search(content):
        return "mov" if major == b"qt  " else "3gp" if major.startswith(b"3g") else "mp4"
    return "m4a" if _SOUND.search(content) else None
