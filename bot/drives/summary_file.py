"""The draft of a drive's summary as a Word document, made in memory."""

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO

from docx import Document
from docx.document import Document as Doc
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Pt
from docx.text.paragraph import Paragraph

from handlers.staff.drives.summary import Block

_BODY, _HEAD = "宋体", "黑体"
_GAP = ("【", "】")


def summary_document(blocks: Sequence[Block], *, now: datetime) -> bytes:
    """The file; what is left to fill in is bold."""
    document = Document()
    properties = document.core_properties
    properties.author, properties.comments, properties.title = "Lianxin", "", blocks[0].text
    properties.created = properties.modified = now.replace(tzinfo=None)
    _style(document, "Normal", _BODY, 12)
    for name, size in (("Title", 20), ("Heading 1", 14)):
        _style(document, name, _HEAD, size)
    for block in blocks:
        _put(document, block)
    content = BytesIO()
    document.save(content)
    return content.getvalue()


def _put(document: Doc, block: Block) -> None:
    match block.kind:
        case "title":
            document.add_heading(block.text, 0).alignment = WD_ALIGN_PARAGRAPH.CENTER
        case "heading":
            document.add_heading(block.text, 1)
        case "table":
            _table(document, block.rows)
        case "signed":
            _write(document, block.text).alignment = WD_ALIGN_PARAGRAPH.RIGHT
        case _:
            _write(document, block.text)


def _write(document: Doc, text: str) -> Paragraph:
    paragraph = document.add_paragraph()
    rest = text
    while _GAP[0] in rest and _GAP[1] in rest:
        before, _, after = rest.partition(_GAP[0])
        inside, _, rest = after.partition(_GAP[1])
        paragraph.add_run(before)
        paragraph.add_run(f"{_GAP[0]}{inside}{_GAP[1]}").bold = True
    paragraph.add_run(rest)
    return paragraph


def _table(document: Doc, rows: Sequence[Sequence[str]]) -> None:
    table = document.add_table(rows=len(rows), cols=len(rows[0]))
    table.style = "Table Grid"
    for row, cells in zip(table.rows, rows, strict=True):
        for place, cell in enumerate(cells):
            row.cells[place].text = cell
    for cell in table.rows[0].cells:
        for run in cell.paragraphs[0].runs:
            run.bold = True
    document.add_paragraph()


def _style(document: Doc, name: str, font: str, size: int) -> None:
    """Word takes the font of Chinese letters from an attribute of its own."""
    style = document.styles[name]
    style.font.name, style.font.size = font, Pt(size)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for attribute in list(fonts.attrib):
        if attribute.endswith(("Theme", "theme")):
            del fonts.attrib[attribute]
    for part in ("w:ascii", "w:hAnsi", "w:eastAsia"):
        fonts.set(qn(part), font)
