"""PDF and office documents with a mark in every place where one could be told by them."""

# ruff: noqa: E501 (XML reads worse when it is broken)

import zipfile
from io import BytesIO
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream

from tests.storage import samples
from tests.storage.samples import MARK

SAID = "doctor took two thousand"
M = MARK.decode()
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_P = "http://schemas.openxmlformats.org/package/2006"
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PRES = "http://schemas.openxmlformats.org/presentationml/2006/main"
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_OOXML = "application/vnd.openxmlformats-officedocument."


def pdf(**saving: Any) -> bytes:
    """One page that says SAID, with a photo, a form, a remark, scripts, attachments, history and owners."""
    document = Pdf.new()
    document.add_blank_page(page_size=(300, 200))
    page = document.pages[0]
    shape = {"Width": 40, "Height": 20, "BitsPerComponent": 8}
    photo = Stream(document, samples.talkative_jpeg(), Type=Name.XObject, Subtype=Name.Image, **shape)
    photo.ColorSpace, photo.Filter = Array([Name.ICCBased, Stream(document, MARK * 5, N=3)]), Name.DCTDecode
    photo.Metadata = _xmp(document)
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    page.Resources = Dictionary(XObject=Dictionary(Im0=photo), Font=Dictionary(F1=font, AA=font))
    drawing = f"q 40 0 0 20 10 10 cm /Im0 Do Q BT /F1 12 Tf 10 100 Td ({SAID}) Tj ET".encode()
    page.Contents = Stream(document, drawing)
    page.Thumb = Stream(document, MARK)
    page.PieceInfo = Dictionary(App=Dictionary(Private=M))
    page.Metadata, page.LastModified = _xmp(document), M
    page.AA = Dictionary(O=_script())
    page.Annots = Array([document.make_indirect(note) for note in _notes(document)])
    _fill_root(document)
    document.docinfo.update({Name.Author: M, Name.Title: M, Name.Producer: M})
    document.trailer.ID = Array([MARK, MARK])
    out = BytesIO()
    document.save(out, **saving)
    return out.getvalue()


def _xmp(document: Pdf) -> Stream:
    return Stream(document, b"<x:xmpmeta>" + MARK + b"</x:xmpmeta>", Type=Name.Metadata, Subtype=Name.XML)


def _script() -> Dictionary:
    return Dictionary(S=Name.JavaScript, JS=f"app.alert('{M}')")


def _notes(document: Pdf) -> list[Dictionary]:
    drawn = Stream(document, b"BT /F1 9 Tf (FILLED IN) Tj ET", Type=Name.XObject, Subtype=Name.Form)
    drawn.BBox, drawn.PieceInfo = Array([0, 0, 50, 20]), Dictionary(App=M)
    place = Array([10, 50, 60, 70])
    return [
        Dictionary(Type=Name.Annot, Subtype=Name.Text, Rect=place, T=M, Contents=M, NM=M, M=M),
        Dictionary(
            Type=Name.Annot, Subtype=Name.FreeText, Rect=place, T=M, Contents=M, DA="/F1 9 Tf",
            AP=Dictionary(N=document.make_indirect(drawn)),
        ),
        Dictionary(
            Type=Name.Annot, Subtype=Name.Link, Rect=place, A=Dictionary(S=Name.URI, URI=f"http://x.example/{M}")
        ),
        Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=place, A=Dictionary(S=Name.Launch, F=M)),
    ]  # fmt: skip


def _fill_root(document: Pdf) -> None:
    attached = Dictionary(
        Type=Name.Filespec, F=M, UF=M, EF=Dictionary(F=document.make_stream(MARK, Type=Name.EmbeddedFile))
    )
    root = document.Root
    root.Names = Dictionary(
        EmbeddedFiles=Dictionary(Names=Array([M, attached])),
        JavaScript=Dictionary(Names=Array([M, _script()])),
    )
    root.OpenAction, root.Metadata = _script(), _xmp(document)
    root.AA, root.PieceInfo = Dictionary(WC=_script()), Dictionary(App=M)
    root.Outlines = Dictionary(Title=M)
    root.AF, root.Lang = Array([attached]), M
    root.StructTreeRoot = Dictionary(K=Dictionary(Alt=M))
    root.Pages.Secret = M


def updated_pdf() -> bytes:
    """A PDF whose former state, with a mark, is still in it: programs append what they change."""
    first = pdf()
    out = BytesIO(first)
    with pikepdf.open(out) as document:
        offset = first.rindex(b"startxref")
        number = len(document.objects)
    before = f"\n{number} 0 obj\n({M} former)\nendobj\n".encode()
    at = len(first)
    table = (
        f"xref\n{number} 1\n{at + 1:010} 00000 n \ntrailer\n<</Size {number + 1}/Root 1 0 R/Prev ".encode()
    )
    return first + before + table + first[offset + 10 :].split()[0] + f">>\nstartxref\n{at}\n%%EOF".encode()


def office(sort: str, parts: dict[str, bytes], *, types: dict[str, str], root: str = "") -> bytes:
    """A document of these parts; `types` name what each is, `root` are more relations of the whole."""
    main = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "pptx": "ppt/presentation.xml"}[sort]
    rows = "".join(f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, kind in types.items())
    defaults = "".join(
        f'<Default Extension="{ending}" ContentType="{kind}"/>'
        for ending, kind in {"rels": "application/x", "xml": "application/xml", "jpeg": "image/jpeg"}.items()
    )
    whole = {
        "[Content_Types].xml": f'<Types xmlns="{_P}/content-types">{defaults}{rows}</Types>'.encode(),
        "_rels/.rels": relations(("rId1", "officeDocument", main), more=root),
        **parts,
    }
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.comment = MARK
        for name, body in whole.items():
            entry = zipfile.ZipInfo(name)
            entry.comment, entry.extra = MARK, b"\xfe\xca" + len(MARK).to_bytes(2, "little") + MARK
            archive.writestr(entry, body)
    return out.getvalue()


def relations(*rows: tuple[str, str, str], more: str = "") -> bytes:
    """A part of relations: id, sort, target; a target with a colon or // lies outside."""
    lines = "".join(
        f'<Relationship Id="{name}" Type="{_R}/{sort}" Target="{target}"'
        f"{' TargetMode=' + chr(34) + 'External' + chr(34) if ':' in target else ''}/>"
        for name, sort, target in rows
    )
    return f'<Relationships xmlns="{_P}/relationships">{lines}{more}</Relationships>'.encode()


def _properties() -> dict[str, bytes]:
    return {
        name: f"<x>{M}</x>".encode()
        for name in ("docProps/core.xml", "docProps/app.xml", "docProps/custom.xml")
    } | {"docProps/thumbnail.jpeg": samples.talkative_jpeg()}


_ROOT = (
    f'<Relationship Id="rId2" Type="{_P}/relationships/metadata/core-properties" Target="docProps/core.xml"/>'
    f'<Relationship Id="rId3" Type="{_R}/extended-properties" Target="docProps/app.xml"/>'
    f'<Relationship Id="rId4" Type="{_R}/custom-properties" Target="docProps/custom.xml"/>'
    f'<Relationship Id="rId5" Type="{_P}/relationships/metadata/thumbnail" Target="docProps/thumbnail.jpeg"/>'
)


def docx() -> bytes:
    """A text with tracked changes, remarks, a photo, fields, a template from outside, and an embedded file."""
    field = "".join(
        f'<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>{first}</w:instrText></w:r>'
        f'<w:r><w:instrText>{rest}</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        f'<w:r><w:t>shown</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
        for first, rest in (
            (" DDE", f'AUTO c:\\\\{M}.exe "x" '), (" INCLUDE", f'PICTURE "http://x.example/{M}" '),
            (" PA", "GE "), (' HYPERLINK "https', '://kept.example/" '), (f' HYPERLINK "\\\\\\\\{M}\\x"', " "),
        )
    )  # fmt: skip
    text = (
        f'<w:document xmlns:w="{_W}" xmlns:r="{_R}" xmlns:a="{_A}" xmlns:o="urn:schemas-microsoft-com:office:office"'
        f' xmlns:wp="x-wp" xmlns:pic="x-pic"><!--{M}--><?{M} {M}?><w:body>'
        f'<w:p w:rsidR="{M}"><w:ins w:author="{M}" w:date="2024-01-02T03:04:05Z"><w:r><w:t>{SAID}</w:t></w:r></w:ins>'
        f'<w:r><w:drawing><wp:docPr id="1" name="{M}" descr="{M}" title="{M}"/><pic:cNvPr id="1" name="{M}"'
        f' descr="{M}"/><a:blip r:embed="rId1"/><a:blip r:link="rId2"/></w:drawing></w:r>{field}'
        f'<w:fldSimple w:instr="AUTHOR {M}"><w:r><w:t>x</w:t></w:r></w:fldSimple>'
        f'<w:object><o:OLEObject ProgID="{M}" r:id="rId3"/></w:object>'
        f'<w:hyperlink r:id="rId4"><w:r><w:t>good</w:t></w:r></w:hyperlink>'
        f'<w:hyperlink r:id="rId5"><w:r><w:t>bad</w:t></w:r></w:hyperlink></w:p></w:body></w:document>'
    ).encode()
    settings = (
        f'<w:settings xmlns:w="{_W}" xmlns:r="{_R}"><w:rsids><w:rsid w:val="{M}"/></w:rsids><w:attachedTemplate'
        f' r:id="rId1"/><w:docVars><w:docVar w:name="x" w:val="{M}"/></w:docVars><w:mailMerge><w:query w:val="{M}"/>'
        f'</w:mailMerge><w:zoom w:percent="100"/></w:settings>'
    ).encode()
    remarks = (
        f'<w:comments xmlns:w="{_W}"><w:comment w:id="0" w:author="{M}" w:initials="{M}" w:date="{M}"><w:p>'
        "<w:r><w:t>a remark</w:t></w:r></w:p></w:comment></w:comments>"
    ).encode()
    parts = {
        "word/document.xml": text,
        "word/_rels/document.xml.rels": relations(
            ("rId1", "image", f"media/{M}.jpeg"), ("rId2", "image", f"http://x.example/{M}.png"),
            ("rId3", "oleObject", "embeddings/oleObject1.bin"), ("rId4", "hyperlink", "https://kept.example/"),
            ("rId5", "hyperlink", f"file:///{M}"), ("rId6", "settings", "settings.xml"),
            ("rId7", "comments", "comments.xml"), ("rId8", "customXml", "../customXml/item1.xml"),
            ("rId9", "http://schemas.microsoft.com/office/2011/relationships/people", "people.xml"),
        ),
        "word/settings.xml": settings,
        "word/_rels/settings.xml.rels": relations(("rId1", "attachedTemplate", f"http://x.example/{M}.dotm")),
        "word/comments.xml": remarks,
        "word/people.xml": f"<people><person author='{M}'/></people>".encode(),
        f"word/media/{M}.jpeg": samples.talkative_jpeg(),
        "word/embeddings/oleObject1.bin": MARK,
        "word/media/nobody-refers-to-it.jpeg": samples.talkative_jpeg(),
        "customXml/item1.xml": f"<x>{M}</x>".encode(),
        "unknown/part.xml": f"<x>{M}</x>".encode(),
        **_properties(),
    }  # fmt: skip
    types = {
        "word/document.xml": _OOXML + "wordprocessingml.document.main+xml",
        "word/settings.xml": _OOXML + "wordprocessingml.settings+xml",
        "word/comments.xml": _OOXML + "wordprocessingml.comments+xml",
    }
    return office("docx", parts, types=types, root=_ROOT)


def xlsx() -> bytes:
    """A table with remarks, formulas that fetch, a connection, another workbook, and a printer."""
    book = (
        f'<workbook xmlns="{_S}" xmlns:r="{_R}" xmlns:mc="x-mc" xmlns:x15ac="x-15"><fileSharing userName="{M}"/>'
        f'<mc:AlternateContent><mc:Choice Requires="x15"><x15ac:absPath url="{M}"/></mc:Choice></mc:AlternateContent>'
        f'<sheets><sheet name="one" sheetId="1" r:id="rId1"/></sheets><externalReferences><externalReference'
        f' r:id="rId2"/></externalReferences><definedNames><definedName name="x">CALL("{M}")</definedName>'
        f"</definedNames></workbook>"
    ).encode()
    sheet = (
        f'<worksheet xmlns="{_S}" xmlns:r="{_R}" xmlns:xr="x-xr" xr:uid="{M}"><sheetData><row r="1">'
        f'<c r="A1"><f>SUM(1,2)</f><v>3</v></c><c r="B1"><f>WEBSERVICE("http://x/{M}")</f><v>7</v></c>'
        f"<c r=\"C1\"><f>cmd|'/c {M}'!A0</f><v>8</v></c>"
        f'<c r="D1" t="inlineStr"><is><t>{SAID}</t></is></c></row></sheetData><pageSetup r:id="rId2"/>'
        f'<legacyDrawing r:id="rId9"/></worksheet>'
    ).encode()
    remarks = (
        f'<comments xmlns="{_S}"><authors><author>{M}</author></authors><commentList><comment ref="A1" authorId="0">'
        f"<text><r><rPr><b/></rPr><t>{M}:</t></r><r><t>a remark</t></r></text></comment></commentList></comments>"
    ).encode()
    other = (
        f'<externalLink xmlns="{_S}" xmlns:r="{_R}"><externalBook r:id="rId1"/>'
        f'<ddeLink ddeService="{M}" ddeTopic="{M}"/></externalLink>'
    ).encode()
    parts = {
        "xl/workbook.xml": book,
        "xl/_rels/workbook.xml.rels": relations(
            ("rId1", "worksheet", "worksheets/sheet1.xml"), ("rId2", "externalLink", "externalLinks/externalLink1.xml"),
            ("rId3", "connections", "connections.xml"), ("rId4", "revisionHeaders", "revisions/x.xml"),
        ),
        "xl/worksheets/sheet1.xml": sheet,
        "xl/worksheets/_rels/sheet1.xml.rels": relations(
            ("rId1", "comments", "../comments1.xml"), ("rId2", "printerSettings", "../printerSettings/p1.bin")
        ),
        "xl/comments1.xml": remarks,
        "xl/externalLinks/externalLink1.xml": other,
        "xl/externalLinks/_rels/externalLink1.xml.rels": relations(("rId1", "externalLinkPath", f"file:///C:/{M}")),
        "xl/connections.xml": MARK,
        "xl/printerSettings/p1.bin": M.encode("utf-16-le"),
        **_properties(),
    }  # fmt: skip
    types = {
        "xl/workbook.xml": _OOXML + "spreadsheetml.sheet.main+xml",
        "xl/worksheets/sheet1.xml": _OOXML + "spreadsheetml.worksheet+xml",
        "xl/comments1.xml": _OOXML + "spreadsheetml.comments+xml",
        "xl/externalLinks/externalLink1.xml": _OOXML + "spreadsheetml.externalLink+xml",
    }
    return office("xlsx", parts, types=types, root=_ROOT)


def pptx(film: bytes) -> bytes:
    """Slides with a film, a remark, a button that starts a program, and a picture that is fetched."""
    shown = f'<p:presentation xmlns:p="{_PRES}" xmlns:r="{_R}"><p:sldIdLst><p:sldId id="256" r:id="rId1"/></p:sldIdLst><p:embeddedFontLst><p:embeddedFont><p:regular r:id="rId8"/></p:embeddedFont></p:embeddedFontLst></p:presentation>'
    slide = (
        f'<p:sld xmlns:p="{_PRES}" xmlns:r="{_R}" xmlns:a="{_A}" xmlns:p14="x-14" xmlns:asvg="x-svg"><p:cSld>'
        f'<a:t>{SAID}</a:t><p:cNvPr id="2" name="{M}" descr="{M}"><a:hlinkClick r:id="rId7"'
        f' action="ppaction://program"/></p:cNvPr><a:videoFile r:link="rId1"/><p14:media r:embed="rId2"/>'
        f'<a:blip r:embed="rId3"><a:extLst><a:ext uri="x"><asvg:svgBlip r:embed="rId4"/></a:ext></a:extLst></a:blip>'
        f"</p:cSld></p:sld>"
    )
    parts = {
        "ppt/presentation.xml": shown.encode(),
        "ppt/_rels/presentation.xml.rels": relations(
            ("rId1", "slide", "slides/slide1.xml"), ("rId2", "commentAuthors", "commentAuthors.xml"),
            ("rId3", "tags", "tags/tag1.xml"), ("rId8", "font", "fonts/font1.fntdata"),
        ),
        "ppt/slides/slide1.xml": slide.encode(),
        "ppt/slides/_rels/slide1.xml.rels": relations(
            ("rId1", "video", f"file:///{M}.mp4"), ("rId2", "video", "../media/media1.mp4"),
            ("rId3", "image", "../media/image1.png"), ("rId4", "image", "../media/image2.svg"),
            ("rId6", "comments", "../comments/comment1.xml"), ("rId7", "hyperlink", f"file:///{M}.exe"),
        ),
        "ppt/commentAuthors.xml": (
            f'<p:cmAuthorLst xmlns:p="{_PRES}"><p:cmAuthor id="0" name="{M}" initials="{M}" userId="{M}"/>'
            "</p:cmAuthorLst>"
        ).encode(),
        "ppt/comments/comment1.xml": (
            f'<p:cmLst xmlns:p="{_PRES}"><p:cm authorId="0" dt="{M}"><p:text>a remark</p:text></p:cm></p:cmLst>'
        ).encode(),
        "ppt/tags/tag1.xml": MARK,
        "ppt/fonts/font1.fntdata": MARK,
        "ppt/media/media1.mp4": film,
        "ppt/media/image1.png": samples.talkative_png(),
        "ppt/media/image2.svg": f"<svg>{M}</svg>".encode(),
        **_properties(),
    }  # fmt: skip
    types = {
        "ppt/presentation.xml": _OOXML + "presentationml.presentation.main+xml",
        "ppt/slides/slide1.xml": _OOXML + "presentationml.slide+xml",
        "ppt/commentAuthors.xml": _OOXML + "presentationml.commentAuthors+xml",
        "ppt/comments/comment1.xml": _OOXML + "presentationml.comments+xml",
    }
    return office("pptx", parts, types=types, root=_ROOT)
