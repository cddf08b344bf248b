"""Blanks the properties of old office files (doc, xls, ppt), where the rest cannot be taken apart."""

import struct
from io import BytesIO
from typing import Any, Final

import olefile

from storage.errors import FileRefused

_PROPERTIES: Final = ("\x05SummaryInformation", "\x05DocumentSummaryInformation")
# An empty set of properties ([MS-OLEPS] 2.21): head, one section of no properties.
_FORMAT = bytes.fromhex("e0859ff2f94f6810ab9108002b27b3d9")
_EMPTY = struct.pack("<HHI16sI16sI", 0xFFFE, 0, 0, b"", 1, _FORMAT, 48) + struct.pack("<II", 8, 0)


def blank_properties(content: bytes) -> bytes:
    """The same file of the same length without title, author, company and dates among its properties.

    Authors of older versions and of remarks stay in the text: such a file is still kept with a warning.
    Raises FileRefused("damaged").
    """
    stored = BytesIO(content)
    try:
        with olefile.OleFileIO(stored, write_mode=True) as document:
            _follow(document, document.root, len(content))
            for entry in document.direntries:
                if entry is not None and entry.name in _PROPERTIES:
                    _follow(document, entry, len(content))
            for path in document.listdir(streams=True, storages=False):
                if path[-1] in _PROPERTIES:
                    size = document.get_size(path)
                    document.write_stream(path, _EMPTY[:size].ljust(size, b"\0"))
            return stored.getvalue()
    except FileRefused:
        raise
    except Exception:  # olefile raises many sorts for broken files
        raise FileRefused("damaged") from None


def _follow(document: Any, entry: Any, most: int) -> None:
    """Notes where an entry lies, since olefile itself would follow a chain that is a circle for ever."""
    if not entry.size:
        return
    if entry.size > most:
        raise FileRefused("damaged")
    if entry.is_minifat and not document.minifat:
        document.loadminifat()
    table = document.minifat if entry.is_minifat else document.fat
    chain: list[int] = []
    at = entry.isectStart
    while at != olefile.ENDOFCHAIN:
        if len(chain) > len(table):
            raise FileRefused("damaged")
        chain.append(at)
        at = table[at]
    entry.sect_chain = chain
