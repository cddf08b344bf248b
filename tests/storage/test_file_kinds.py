import time

import pytest

from storage.errors import FileRefused
from storage.file_kinds import KINDS, sniff
from tests.storage import samples

TAKEN = [
    (samples.picture("JPEG"), "jpg"),
    (samples.picture("PNG"), "png"),
    (samples.picture("GIF"), "gif"),
    (samples.picture("WEBP"), "webp"),
    (samples.picture("BMP"), "bmp"),
    (samples.picture("TIFF"), "tiff"),
    (samples.heic(), "heic"),
    (samples.PDF, "pdf"),
    (samples.office("docx"), "docx"),
    (samples.office("xlsx"), "xlsx"),
    (samples.office("pptx"), "pptx"),
    (samples.old_office(("Root Entry", 5), ("WordDocument", 2)), "doc"),
    (samples.old_office(("Root Entry", 5), ("Workbook", 2)), "xls"),
    (samples.old_office(("Root Entry", 5), ("PowerPoint Document", 2)), "ppt"),
    (samples.film(b"isom"), "mp4"),
    (samples.film(b"qt  "), "mov"),
    (samples.film(b"3gp5"), "3gp"),
    (samples.film(b"M4A ", b"soun"), "m4a"),
    (samples.film(b"mp42", b"soun"), "m4a"),
    (samples.MP3, "mp3"),
    (samples.OGG, "ogg"),
    (samples.AMR, "amr"),
    (samples.AMR_WB, "amr"),
    (samples.WAV, "wav"),
    (samples.WEBM, "webm"),
    (samples.WEBM_VOICE, "weba"),
    ("医生收了我两千块钱".encode(), "txt"),
    ("医生收了我两千块钱".encode("gb18030"), "txt"),
    ("医生收了我两千块钱".encode("utf-16"), "txt"),
    ("BMW 车是器械商送的".encode(), "txt"),
    (b"x", "txt"),
]

NOT_TAKEN = [
    b"MZ\x90\x00" + bytes(200),
    b"\x7fELF\x02\x01\x01" + bytes(200),
    b"\xcf\xfa\xed\xfe" + bytes(200),
    b"#!/bin/sh\nrm -rf /\n",
    b"@echo off\r\ndel *.*\r\n",
    b"<!DOCTYPE html><p>hello",
    "您好 <script>alert(1)</script>".encode(),
    b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>',
    '\ufeff  <SVG onload="x">'.encode(),
    "<html>".encode("utf-16"),
    b"[InternetShortcut]\r\nURL=file:///x\r\n",
    b"{\\rtf1 hello}",
    b"%!PS-Adobe-3.0\n",
    b"Rar!\x1a\x07\x00" + bytes(50),
    b"7z\xbc\xaf\x27\x1c" + bytes(50),
    b"\x1f\x8b\x08\x00" + bytes(50),
    bytes(range(256)) * 4,
    bytes(100),
    samples.old_office(("WordDocument", 2), ("Macros", 1)),
    samples.office("docx", {"word/vbaProject.bin": b"x"}),
    samples.office("docx", {"word/embeddings/run.exe": b"MZ"}),
    samples.office("xlsx", {"xl/embeddings/inner.zip": b"PK"}),
    samples.film(b"avif"),
    samples.film(b"isom", b"hint"),
]


@pytest.mark.parametrize(("content", "code"), TAKEN, ids=[f"{code}-{n}" for n, (_, code) in enumerate(TAKEN)])
def test_kind_is_told_by_content(content: bytes, code: str) -> None:
    kind = sniff(content, "anything.exe")
    assert kind is KINDS[code]


@pytest.mark.parametrize("content", NOT_TAKEN, ids=range(len(NOT_TAKEN)))
def test_what_is_not_on_the_list_is_not_taken(content: bytes) -> None:
    assert sniff(content, "photo.jpg") is None


def test_a_name_makes_a_table_of_a_text_but_nothing_of_other_content() -> None:
    assert sniff("科室,金额\n骨科,-2000\n".encode(), "a.CSV") is KINDS["csv"]
    assert sniff(samples.PDF, "a.csv") is KINDS["pdf"]


@pytest.mark.parametrize("cell", ["=HYPERLINK(1)", "@SUM(1)", '"=1+1"', "+cmd|' /C calc'!A0", "-cmd()"])
def test_a_table_with_a_formula_stays_a_text(cell: str) -> None:
    assert sniff(f"科室,金额\n骨科,{cell}\n".encode(), "a.csv") is KINDS["txt"]


def test_a_formula_after_an_old_line_end_is_found_too() -> None:
    assert sniff("科室,金额\r=1+1\r".encode(), "a.csv") is KINDS["txt"]


def test_a_table_of_empty_lines_is_looked_through_in_no_time() -> None:
    began = time.perf_counter()
    assert sniff(b"a,b" + b"\n" * 400_000, "a.csv") is KINDS["csv"]
    assert time.perf_counter() - began < 5


def test_a_document_that_unpacks_to_far_too_much_is_refused() -> None:
    bomb = samples.office("docx", {"word/media/1.bin": bytes(20_000_000)})
    with pytest.raises(FileRefused, match="damaged"):
        sniff(bomb)


def test_a_document_that_lies_about_its_size_is_refused() -> None:
    honest = samples.office("docx", {"word/media/1.bin": bytes(50_000)})
    with pytest.raises(FileRefused, match="damaged"):
        sniff(honest.replace((50_000).to_bytes(4, "little"), (10).to_bytes(4, "little")))


def test_a_document_with_entities_is_refused() -> None:
    bomb = samples.office("docx", {"word/styles.xml": b'<!DOCTYPE x [<!ENTITY a "aaaa">]><x/>'})
    with pytest.raises(FileRefused, match="damaged"):
        sniff(bomb)


def test_a_document_with_a_password_is_locked() -> None:
    with pytest.raises(FileRefused, match="locked"):
        sniff(samples.old_office(("Root Entry", 5), ("EncryptedPackage", 2)))


def test_a_document_cut_off_is_refused() -> None:
    for content in (samples.office("docx")[:-30], b"PK\x03\x04"):
        with pytest.raises(FileRefused, match="damaged"):
            sniff(content)


def test_every_kind_has_a_name_of_ours_with_an_ending() -> None:
    assert all("." in kind.name and "/" in kind.media_type for kind in KINDS.values())
