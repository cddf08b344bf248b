import zipfile
from io import BytesIO

import pytest
from lxml import etree

from storage.cleaning.office import clean_office
from storage.errors import FileRefused
from storage.file_kinds import sniff
from tests.storage import documents, samples
from tests.storage.leaks import leaks
from tests.storage.recordings import recording

FETCHING = [
    b"DDE",
    b"INCLUDEPICTURE",
    b"WEBSERVICE",
    b"cmd|",
    b"CALL(",
    b"ppaction",
    b"svgBlip",
    b"OLEObject",
]
OUT = ["../../../etc/passwd", "/etc/passwd", "..\\x.xml", "file:///etc/passwd", "//x/y.xml"]


def made(sort: str) -> bytes:
    match sort:
        case "docx":
            return documents.docx()
        case "xlsx":
            return documents.xlsx()
    return documents.pptx(recording("mp4", "aac", "libx264"))


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.parametrize("sort", ["docx", "xlsx", "pptx"])
def test_a_document_says_the_same_and_tells_nothing(sort: str) -> None:
    talkative = made(sort)
    assert len(leaks(talkative)) > 5
    cleaned = clean_office(talkative, sort)
    assert leaks(cleaned) == []
    kind = sniff(cleaned)
    assert kind is not None
    assert kind.code == sort
    text = b"".join(parts(cleaned).values())
    assert documents.SAID.encode() in text
    assert b"a remark" in text
    assert clean_office(cleaned, sort) == cleaned


@pytest.mark.parametrize("sort", ["docx", "xlsx", "pptx"])
def test_every_relation_and_reference_leads_to_a_part(sort: str) -> None:
    whole = parts(clean_office(made(sort), sort))
    types = whole["[Content_Types].xml"].decode()
    for name, body in whole.items():
        root = etree.fromstring(body) if name.endswith((".xml", ".rels")) else None
        if root is None:
            assert f'Extension="{name.rsplit(".", 1)[1]}"' in types
        elif name.endswith(".rels"):
            inside = [row for row in root if row.get("TargetMode") != "External"]
            assert all(row.get("Target", "").lstrip("/") in whole for row in inside)
        else:
            folder, file = name.rsplit("/", 1) if "/" in name else ("", name)
            links = whole.get(f"{folder}/_rels/{file}.rels", b"").decode()
            used = [
                value
                for thing in root.iter()
                for key, value in thing.attrib.items()
                if "relationships}" in key
            ]
            assert all(f'Id="{value!s}"' in links for value in used)
            assert name == "[Content_Types].xml" or f'PartName="/{name}"' in types


def test_pictures_and_films_stay() -> None:
    whole = parts(clean_office(made("pptx"), "pptx"))
    assert sorted(name.rsplit(".", 1)[1] for name in whole if "media" in name) == ["mp4", "png"]
    whole = parts(clean_office(made("docx"), "docx"))
    assert [name for name in whole if "media" in name] == ["word/media/item1.jpg"]


def test_nothing_is_fetched_or_started_when_an_officer_opens_it() -> None:
    for sort in ("docx", "xlsx", "pptx"):
        whole = parts(clean_office(made(sort), sort))
        links = b"".join(body for name, body in whole.items() if name.endswith(".rels")).decode()
        outside = [row.get("Target") for name, body in whole.items() if name.endswith(".rels")
                   for row in etree.fromstring(body) if row.get("TargetMode")]  # fmt: skip
        assert set(outside) <= {"https://kept.example/", "gone.xlsx"}
        assert "attachedTemplate" not in links
        text = b"".join(whole.values())
        for word in (
            b"DDE",
            b"INCLUDEPICTURE",
            b"WEBSERVICE",
            b"cmd|",
            b"CALL(",
            b"ppaction",
            b"svgBlip",
            b"OLEObject",
        ):
            assert word not in text


def test_harmless_fields_formulas_and_links_stay() -> None:
    text = parts(clean_office(made("docx"), "docx"))["word/document.xml"]
    assert b" PA<" in text
    assert b"://kept.example/" in text
    assert b"shown" in text
    sheet = parts(clean_office(made("xlsx"), "xlsx"))["xl/worksheets/sheet1.xml"]
    assert b"<f>SUM(1,2)</f><v>3</v>" in sheet
    assert b"<v>7</v>" in sheet


@pytest.mark.parametrize(
    "extra",
    [
        {"word/document.xml": b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'},
        {"word/document.xml": b"<x>" * 100_000},
        {"word/document.xml": b"not xml"},
        {"word/document.xml": b""},
        {"[Content_Types].xml": b"not xml"},
    ],
)
def test_hostile_xml_is_refused(extra: dict[str, bytes]) -> None:
    with pytest.raises(FileRefused, match="damaged"):
        clean_office(samples.office("docx", extra), "docx")


def test_macros_under_another_name_are_no_kind_we_take() -> None:
    main = "application/vnd.ms-word.document.macroEnabled.main+xml"
    content = documents.office("docx", {"word/document.xml": b"<x/>"}, types={"word/document.xml": main})
    with pytest.raises(FileRefused, match="type"):
        clean_office(content, "docx")


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("name", ["word/document.xml", "WORD/Document.xml"])
def test_two_parts_of_one_name_are_refused(name: str) -> None:
    out = BytesIO(samples.office("docx"))
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr(name, b"<other/>")
    with pytest.raises(FileRefused, match="damaged"):
        clean_office(out.getvalue(), "docx")


@pytest.mark.parametrize(
    "target", ["../../../etc/passwd", "/etc/passwd", "..\\x.xml", "file:///etc/passwd", "//x/y.xml"]
)
def test_a_path_out_of_the_document_leads_nowhere(target: str) -> None:
    links = documents.relations(("rId1", "settings", target))
    content = samples.office("docx", {"word/_rels/document.xml.rels": links})
    assert "word/_rels/document.xml.rels" not in parts(clean_office(content, "docx"))


def test_parts_that_refer_to_each_other_in_a_circle_end() -> None:
    links = documents.relations(("rId1", "header", "document.xml"), ("rId2", "header", "header1.xml"))
    content = samples.office(
        "docx",
        {
            "word/_rels/document.xml.rels": links,
            "word/_rels/header1.xml.rels": links,
            "word/header1.xml": b"<x/>",
        },
    )
    assert "word/header1.xml" in parts(clean_office(content, "docx"))


@pytest.mark.parametrize("part", range(1, 16))
def test_a_document_cut_off_is_refused(part: int) -> None:
    for sort in ("docx", "xlsx", "pptx"):
        content = made(sort)
        with pytest.raises(FileRefused, match="damaged"):
            clean_office(content[: len(content) * part // 16], sort)
