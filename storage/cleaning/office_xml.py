"""Takes authors, editing marks, fields that fetch and references that lead nowhere out of office XML."""

import re
import tomllib
from collections.abc import Collection
from pathlib import Path
from typing import Final

from lxml import etree

from storage.errors import FileRefused

RULES: Final = {
    key: frozenset(names)
    for key, names in tomllib.loads(
        Path(__file__).with_name("office.toml").read_text(encoding="utf-8")
    ).items()
}
"""The lists of office.toml."""

_RELATIONS: Final = {
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "http://purl.oclc.org/ooxml/officeDocument/relationships",
}
_RELID = "{urn:schemas-microsoft-com:office:office}relid"
_NOBODY = "Author"
_GONE_ELEMENTS: Final = RULES["elements"]
_GONE_ATTRIBUTES: Final = RULES["attributes"]
_PEOPLE: Final = {"author", "user", "userName", "refreshedBy", "lastModifiedBy", "creator", "initials"}
_AUTHORS: Final = {"cmAuthor", "author"}
_NAMED: Final = {"docPr", "cNvPr", "imagedata", "shape", "rect"}
_NAMES: Final = {"descr", "title", "alt"}
_LOSES_ONLY_THE_LINK: Final = RULES["loses_only_the_link"]
_EMPTY_IS_WRONG: Final = {"ext", "extLst", "Choice", "Fallback", "AlternateContent", "embeddedFont"}
_FIELDS: Final = RULES["fields"]
_HARMLESS_LINK = re.compile(r"\s*HYPERLINK\s+(?:\\[lont]\b|\"?(?:https?://|mailto:|tel:|#))", re.IGNORECASE)
_FORMULAS: Final = {"f", "formula", "formula1", "formula2", "definedName"}
# What fetches from outside, calls programs, or talks to another one (DDE: program|topic!item).
_FETCHES = re.compile(
    r"\b(?:WEBSERVICE|RTD|IMAGE|STOCKHISTORY|CALL|REGISTER(?:\.ID)?|EXEC|DDE\w*|CUBE\w+|SQL\.REQUEST)\s*\(|\|\s*'?[^|]*!",
    re.IGNORECASE,
)
_STARTING: Final = {
    "action": ("ppaction://program", "ppaction://macro", "ppaction://ole", "ppaction://hlinkfile"),
    "tableType": ("querytable",),
}


def parse(content: bytes, *, forgiving: bool = False) -> etree._Element:
    """The root of a part, without comments and instructions; raises FileRefused("damaged") for a DOCTYPE.

    `forgiving` is for drawings in VML, which Office itself writes not quite right.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False,
        remove_comments=True, remove_pis=True, recover=forgiving,
    )  # fmt: skip
    root = etree.fromstring(content, parser)
    if root is None or root.getroottree().docinfo.internalDTD is not None:
        raise FileRefused("damaged")
    return root


def write(root: etree._Element) -> bytes:
    """The bytes of a part."""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def scrub(root: etree._Element, links: Collection[str]) -> None:
    """Changes a part in place; `links` are the relations that stay, all other references go."""
    _still_fields(root)
    _forget_speakers(root)
    for element in list(root.iter(etree.Element)):
        name = etree.QName(element).localname
        if name in _GONE_ELEMENTS or (name in _FORMULAS and _FETCHES.search(element.text or "")):
            _remove(element)
        elif _drop_links(element, name, links):
            _forget(element, name)


def _forget(element: etree._Element, name: str) -> None:
    for key in list(element.attrib):
        plain = etree.QName(key).localname
        if plain.startswith("rsid") or plain in _GONE_ATTRIBUTES or (name in _NAMED and plain in _NAMES):
            del element.attrib[key]
        elif plain in _PEOPLE or (name in _AUTHORS and plain == "name"):
            element.set(key, _NOBODY if plain != "initials" else "A")
        elif plain in ("ddeService", "ddeTopic", "progId"):
            element.set(key, "x")
        elif plain in _STARTING and element.get(key, "").lower().startswith(_STARTING[plain]):
            del element.attrib[key]
    if name in ("cNvPr", "docPr") and "name" in element.attrib:
        element.set("name", f"item {element.get('id', '')}")
    if name == "author" and element.text:
        element.text = _NOBODY


def _drop_links(element: etree._Element, name: str, links: Collection[str]) -> bool:
    """Takes out references to what is gone; False if the element went with them."""
    for key, value in list(element.attrib.items()):
        if (etree.QName(key).namespace in _RELATIONS or key == _RELID) and value not in links and value:
            if name not in _LOSES_ONLY_THE_LINK:
                _remove(element)
                return False
            del element.attrib[key]
    return True


def _remove(element: etree._Element) -> None:
    parent = element.getparent()
    while parent is not None:
        _keep_tail(element, parent)
        parent.remove(element)
        if len(parent) or etree.QName(parent).localname not in _EMPTY_IS_WRONG:
            return
        element, parent = parent, parent.getparent()


def _keep_tail(element: etree._Element, parent: etree._Element) -> None:
    if element.tail and element.tail.strip():
        before = element.getprevious()
        if before is not None:
            before.tail = (before.tail or "") + element.tail
        else:
            parent.text = (parent.text or "") + element.tail


def _still_fields(root: etree._Element) -> None:
    """Fields that would fetch, start or tell something keep their last result and do nothing more."""
    for simple in root.iter("{*}fldSimple"):
        for key in simple.attrib:
            if etree.QName(key).localname == "instr" and not _is_still(str(simple.get(key))):
                simple.set(key, " ")
    open_fields: list[list[etree._Element]] = []
    for element in root.iter("{*}fldChar", "{*}instrText"):
        if etree.QName(element).localname == "instrText":
            if open_fields:
                open_fields[-1].append(element)
            else:
                element.text = " "
            continue
        sort = next((v for k, v in element.attrib.items() if etree.QName(k).localname == "fldCharType"), "")
        if sort == "begin":
            open_fields.append([])
        elif sort in ("separate", "end") and open_fields:
            _still(open_fields[-1])
            if sort == "end":
                open_fields.pop()
    for pieces in open_fields:
        _still(pieces)


def _still(pieces: list[etree._Element]) -> None:
    if not _is_still("".join(piece.text or "" for piece in pieces)):
        for piece in pieces:
            piece.text = " "


def _is_still(instruction: str) -> bool:
    words = instruction.split()
    if not words or (words[0].upper() not in _FIELDS and not words[0].startswith("=")):
        return not words
    return words[0].upper() != "HYPERLINK" or _HARMLESS_LINK.match(instruction) is not None


def _forget_speakers(root: etree._Element) -> None:
    """A remark in a table begins with its author's name, as a text."""
    speakers = {
        author.text.strip() for author in root.iter("{*}author") if author.text and author.text.strip()
    }
    for remark in root.iter("{*}comment") if speakers else ():
        first = next((piece for piece in remark.iter("{*}t") if piece.text and piece.text.strip()), None)
        if first is not None and first.text:
            said = first.text.lstrip()
            for speaker in speakers:
                if said.startswith((speaker + ":", speaker + "：")):
                    first.text = said[len(speaker) + 1 :] or None
                    break
