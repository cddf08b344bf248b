"""Looks for a mark in a file in every way it could be written there."""

import base64
import re
import zipfile
import zlib
from io import BytesIO

import pikepdf

from tests.storage.samples import MARK


def leaks(content: bytes, mark: str = MARK.decode()) -> list[str]:
    """The ways in which the mark stands in the content, also within what is packed in it."""
    found = [name for name, form in _forms(mark).items() if form.lower() in content.lower()]
    if content.startswith(b"PK"):
        with zipfile.ZipFile(BytesIO(content)) as archive:
            for name in archive.namelist():
                found += [
                    f"{name}: {leak}" for leak in leaks(name.encode() + b"\n" + archive.read(name), mark)
                ]
    if content.startswith(b"%PDF"):
        found += [f"PDF {leak}" for leak in leaks(_unpacked(content), mark)]
    return found


def _forms(mark: str) -> dict[str, bytes]:
    raw = mark.encode()
    # Base64 reads differently at each of three places; the middle of it is the same whatever stands around.
    coded = {f"base64-{gap}": base64.b64encode(bytes(gap) + raw)[4 : -4 or None] for gap in range(3)}
    wide = {"utf-16-le": mark.encode("utf-16-le"), "utf-16-be": mark.encode("utf-16-be")}
    return {"utf-8": raw, "hex": raw.hex().encode(), **wide, **coded}


def _unpacked(content: bytes) -> bytes:
    out = BytesIO()
    with pikepdf.open(BytesIO(content)) as pdf:
        pdf.save(
            out, qdf=True, object_stream_mode=pikepdf.ObjectStreamMode.disable,
            stream_decode_level=pikepdf.StreamDecodeLevel.generalized, static_id=True,
        )  # fmt: skip
    return out.getvalue()[4:] + b"".join(_inflated(content))


def _inflated(content: bytes) -> list[bytes]:
    """What can be unpacked from any place, whether or not something refers to it."""
    found = []
    for start in re.finditer(rb"stream\r?\n", content):
        try:
            found.append(zlib.decompressobj().decompress(content[start.end() :]))
        except zlib.error:
            continue
    return found
