"""Reads the relations between the parts of an office document and keeps those that lead to something seen."""

import re
from dataclasses import dataclass
from typing import Final, cast

from lxml import etree

from storage.cleaning.office_xml import RULES, parse, write

_SPACE = "http://schemas.openxmlformats.org/package/2006/relationships"
_SORT = re.compile(
    r"http://(?:schemas\.openxmlformats\.org/officeDocument/2006|purl\.oclc\.org/ooxml/officeDocument"
    r"|schemas\.microsoft\.com/office(?:/20\d\d(?:/\d\d)?)?)/relationships/(\w{1,40})"
)
_INSIDE: Final = RULES["relations"]
_BOOKS: Final = {"externalLinkPath", "xlExternalLinkPath", "xlPathMissing", "xlStartup", "xlLibrary"}
_GOES_ONLY_WHEN_CLICKED = re.compile(r"(?:https?://|mailto:|tel:|#)", re.IGNORECASE)
_GONE = "gone.xlsx"


@dataclass(slots=True)
class Link:
    """One relation: `type` is the whole name of its sort, `outside` where it leads out of the document."""

    id: str
    type: str
    sort: str
    target: str
    outside: bool = False


def read_links(content: bytes | None) -> list[Link]:
    """The relations that may stay.

    Out of the document lead only links that somebody has to click; another workbook is called by no name.
    """
    if content is None:
        return []
    found = (_read(row) for row in parse(content).iter("{*}Relationship"))
    return [link for link in found if link is not None]


def _read(row: etree._Element) -> Link | None:
    sort = _SORT.fullmatch(row.get("Type", ""))
    if sort is None:
        return None
    link = Link(row.get("Id", ""), row.get("Type", ""), sort[1], row.get("Target", ""))
    link.outside = row.get("TargetMode") == "External" or link.sort in ("hyperlink", *_BOOKS)
    if not link.outside:
        return link if link.sort in _INSIDE else None
    if link.sort in _BOOKS:
        link.target = _GONE
        return link
    is_harmless = link.sort == "hyperlink" and _GOES_ONLY_WHEN_CLICKED.match(link.target)
    return link if is_harmless else None


def write_links(links: list[Link]) -> bytes:
    """A part of relations."""
    root = etree.Element(f"{{{_SPACE}}}Relationships", nsmap=cast("dict[str, str]", {None: _SPACE}))
    for link in links:
        mode = {"TargetMode": "External"} if link.outside else {}
        etree.SubElement(
            root,
            f"{{{_SPACE}}}Relationship",
            {"Id": link.id, "Type": link.type, "Target": link.target, **mode},
        )
    return write(root)
