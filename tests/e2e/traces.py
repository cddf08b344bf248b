"""Looks for a mark wherever and however it may have been left behind."""

import base64
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import quote

_CHARSETS = ("utf-8", "utf-16-le", "utf-16-be", "gb18030")
_SHORTEST = 6
"""Bytes; anything shorter may stand somewhere by chance."""


def shapes(mark: str | int) -> dict[str, bytes]:
    """How a mark may be written: text, hex, base64 at each alignment, URL, JSON; a number also raw."""
    if isinstance(mark, int):
        return {**shapes(str(mark)), **_raw(mark)}
    found: dict[str, bytes] = {"json": mark.encode("ascii", "backslashreplace"), "url": quote(mark).encode()}
    for charset in _CHARSETS:
        plain = mark.encode(charset)
        found[charset] = plain
        found[f"{charset}, hex"] = plain.hex().encode()
        found[f"{charset}, HEX"] = plain.hex().upper().encode()
        for shift in range(3):
            found[f"{charset}, base64 +{shift}"] = coded = _base64(plain, shift)
            found[f"{charset}, base64url +{shift}"] = coded.replace(b"+", b"-").replace(b"/", b"_")
    return {name: shape for name, shape in found.items() if len(shape) >= _SHORTEST}


def traces(marks: Iterable[str | int], places: Iterable[tuple[str, bytes]]) -> list[str]:
    """Where any shape of any mark stands: "place: mark (shape)"."""
    wanted = [(mark, name, shape) for mark in marks for name, shape in shapes(mark).items()]
    return sorted(
        f"{place}: {mark} ({name})"
        for place, content in places
        for mark, name, shape in wanted
        if shape in content
    )


def contents(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every file below a folder, every name, and what is packed in a file, as (name, content)."""
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        yield f"the name {name}", name.encode()
        if path.is_file():
            yield name, path.read_bytes()
            if zipfile.is_zipfile(path):
                yield from _packed(path, name)


def _packed(path: Path, name: str) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(path) as archive:
        for part in archive.namelist():
            yield f"{name}/{part}", archive.read(part)


def _base64(plain: bytes, shift: int) -> bytes:
    """What surely stands in the base64 of anything that holds `plain` at this alignment."""
    coded = base64.b64encode(bytes(shift) + plain)
    return coded[-(-8 * shift // 6) : 8 * (shift + len(plain)) // 6]


def _raw(number: int) -> dict[str, bytes]:
    """As SQLite (6 or 8 bytes, big end first) and processors write it."""
    raw = {f"{size} bytes": number.to_bytes(size, "big") for size in (6, 8)}
    return raw | {f"{name} turned": shape[::-1] for name, shape in raw.items()}
