"""Tiny files of every kind, made on the spot."""

import struct
import zipfile
import zlib
from io import BytesIO

import pillow_heif
from PIL import Image, PngImagePlugin

MARK = b"SENDER-WAS-HERE"
_MAIN = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "pptx": "ppt/presentation.xml"}


def picture(sort: str, size: tuple[int, int] = (40, 20), mode: str = "RGB", **options: object) -> bytes:
    """A picture whose left half is red and whose right half is blue."""
    image = Image.new(mode, size, "red" if mode.startswith("RGB") else 80)
    image.paste("blue" if mode.startswith("RGB") else 200, (size[0] // 2, 0, *size))
    out = BytesIO()
    image.save(out, sort, **options)
    return out.getvalue()


def exif(*, orientation: int = 1) -> bytes:
    """What a phone writes: the camera, its owner, and where it was."""
    tags = Image.Exif()
    tags[0x0112] = orientation
    tags[0x010F] = MARK.decode()
    tags.get_ifd(0x8825).update({1: "N", 2: (31.0, 13.0, 49.0), 3: "E", 4: (121.0, 28.0, 24.0)})
    return tags.tobytes()


def talkative_jpeg(orientation: int = 1) -> bytes:
    """A photo with EXIF, GPS, a comment, XMP and a colour profile."""
    return picture("JPEG", exif=exif(orientation=orientation), comment=MARK, xmp=MARK, icc_profile=MARK)


def talkative_png() -> bytes:
    """A screenshot with text chunks, EXIF and a colour profile."""
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Author", MARK.decode())
    notes.add_itxt("XML:com.adobe.xmp", MARK.decode(), zip=False)
    return picture("PNG", pnginfo=notes, exif=exif(), icc_profile=MARK)


def heic() -> bytes:
    """A photo as an iPhone takes it."""
    out = BytesIO()
    image = Image.open(BytesIO(picture("PNG", (64, 64))))
    pillow_heif.from_pillow(image).save(out, exif=exif())
    return out.getvalue()


def huge_png(width: int, height: int) -> bytes:
    """A few bytes that claim to be a picture of this size."""

    def chunk(sort: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + sort + body + struct.pack(">I", zlib.crc32(sort + body))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")


def office(sort: str, extra: dict[str, bytes] | None = None) -> bytes:
    """A document of the zipped kind with the parts that make it one, and others."""
    out = BytesIO()
    parts = {"[Content_Types].xml": b"<Types/>", _MAIN[sort]: b"<document/>", **(extra or {})}
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in parts.items():
            archive.writestr(name, body)
    return out.getvalue()


def old_office(*entries: tuple[str, int]) -> bytes:
    """The header of a compound file and directory entries (name, 1 storage or 2 stream)."""
    directory = b"".join(
        name.encode("utf-16-le").ljust(64, b"\0") + bytes([2 * len(name) + 2, 0, sort]) + bytes(61)
        for name, sort in entries
    )
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + directory


def compound() -> bytes:
    """A doc with its properties, one long and one short, as [MS-CFB] lays it out in sectors of 512 bytes.

    Sectors: 0 the table, 1 the directory, 2 the table of short streams, 3 these, from 4 the long.
    """
    end = 0xFFFFFFFE
    table = [end - 1, end, end, end, *range(5, 12), end, *range(13, 20), end]
    head = struct.pack("<8s16xHHHHH6xIIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6,
                       0, 1, 1, 0, 4096, 2, 1, end, 0, 0)  # fmt: skip
    directory = [
        _compound_entry("Root Entry", 5, 3, 512, child=1),
        _compound_entry("WordDocument", 2, 4, 4096, right=2),
        _compound_entry("\x05SummaryInformation", 2, 12, 4096, right=3),
        _compound_entry("\x05DocumentSummaryInformation", 2, 0, 192),
    ]
    sectors = [
        head.ljust(512, b"\xff"), struct.pack(f"<{len(table)}I", *table).ljust(512, b"\xff"), *directory,
        struct.pack("<3I", 1, 2, end).ljust(512, b"\xff"), MARK.ljust(192, b"x").ljust(512, b"\0"),
        b"the text".ljust(4096, b"\0"), (MARK * 200).ljust(4096, b"x"),
    ]  # fmt: skip
    return b"".join(sectors)


def _compound_entry(
    name: str, sort: int, start: int, size: int, *, right: int = -1, child: int = -1
) -> bytes:
    letters = name.encode("utf-16-le")
    tree = struct.pack("<HBBiii", len(letters) + 2, sort, 1, -1, right, child)
    return letters.ljust(64, b"\0") + tree + bytes(36) + struct.pack("<IQ", start, size)


def film(brand: bytes, handler: bytes = b"vide", labels: bytes = b"") -> bytes:
    """The boxes of a film or recording, without its pictures or sounds."""
    track = box(b"trak", box(b"mdia", box(b"hdlr", bytes(8) + handler + bytes(12))))
    return box(b"ftyp", brand + bytes(4) + brand) + box(b"moov", track + labels) + box(b"mdat", b"pictures")


def box(sort: bytes, body: bytes) -> bytes:
    """One box of a film."""
    return struct.pack(">I", len(body) + 8) + sort + body


PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
OGG = b"OggS\x00\x02" + bytes(20) + b"\x01\x13OpusHead" + bytes(20)
WAV = b"RIFF\x24\x00\x00\x00WAVEfmt " + bytes(28)
AMR = b"#!AMR\n" + bytes(32)
AMR_WB = b"#!AMR-WB\n" + bytes(32)
MP3 = b"ID3\x04\x00\x00\x00\x00\x00\x00\xff\xfb\x90\x00" + bytes(100)
WEBM = b"\x1aE\xdf\xa3\x9fB\x82\x84webm" + bytes(20) + b"\x86\x85V_VP8"
WEBM_VOICE = b"\x1aE\xdf\xa3\x9fB\x82\x84webm" + bytes(20) + b"\x86\x86A_OPUS"
