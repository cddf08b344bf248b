"""Puts an office document of the zipped kind together anew from the parts that show something."""

import zipfile
from collections import deque
from dataclasses import dataclass, field
from io import BytesIO
from posixpath import dirname, join, normpath
from typing import Final, cast

from lxml import etree

from storage.cleaning.office_links import Link, read_links, write_links
from storage.cleaning.office_media import clean_media
from storage.cleaning.office_xml import parse, scrub, write
from storage.errors import FileRefused

_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_MAIN: Final = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "pptx": "ppt/presentation.xml"}
_KINDS: Final = {
    "rels": "application/vnd.openxmlformats-package.relationships+xml",
    "vml": "application/vnd.openxmlformats-officedocument.vmlDrawing",
    "jpg": "image/jpeg", "png": "image/png", "emf": "image/x-emf", "wmf": "image/x-wmf", "gif": "image/gif",
    "tiff": "image/tiff", "webp": "image/webp",
    "mp4": "video/mp4", "mov": "video/quicktime", "m4a": "audio/mp4", "mp3": "audio/mpeg", "wav": "audio/wav",
}  # fmt: skip
_MEDIA: Final = {"image", "audio", "video", "media", "hdphoto"}
_MOST_PARTS = 3000
_LONG_AGO = (1980, 1, 1, 0, 0, 0)


@dataclass(slots=True)
class _Package:
    """The parts as they came, what sort they are said to be, and those that were written anew."""

    archive: zipfile.ZipFile
    names: dict[str, str]
    sorts: dict[str, str]
    plain_sorts: dict[str, str]
    written: dict[str, bytes] = field(default_factory=dict)
    renamed: dict[str, str] = field(default_factory=dict)

    def read(self, name: str) -> bytes | None:
        stored = self.names.get(name.lower())
        return None if stored is None else self.archive.read(stored)

    def sort_of(self, name: str) -> str:
        """The content type of a part."""
        low = name.lower()
        return self.sorts.get("/" + low) or self.plain_sorts.get(low.rsplit(".", 1)[-1], "")


def clean_office(content: bytes, code: str) -> bytes:
    """The document with what one sees of it; raises FileRefused (damaged, type, too_large).

    Only parts stay that the document leads to by relations of known sorts. Left behind are properties,
    authors, editing marks, printers, embedded files, data connections, and what is fetched from outside.
    """
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            package = _open(archive)
            _walk(package, _MAIN[code])
            return _pack(package, _MAIN[code])
    except FileRefused:
        raise
    except MemoryError:
        raise FileRefused("too_large") from None
    except Exception:  # zip and XML libraries raise many sorts for broken or hostile files
        raise FileRefused("damaged") from None


def _open(archive: zipfile.ZipFile) -> _Package:
    names: dict[str, str] = {}
    for name in archive.namelist():
        if name.lower() in names:
            raise FileRefused("damaged")  # two programs would see two documents
        names[name.lower()] = name
    types = parse(archive.read("[Content_Types].xml"))
    sorts = {row.get("PartName", "").lower(): row.get("ContentType", "") for row in types.iter("{*}Override")}
    plain = {row.get("Extension", "").lower(): row.get("ContentType", "") for row in types.iter("{*}Default")}
    if any("macro" in sort.lower() for sort in (*sorts.values(), *plain.values())):
        raise FileRefused("type")
    return _Package(archive, names, sorts, plain)


def _walk(package: _Package, main: str) -> None:
    waiting = deque([(main, "officeDocument")])
    seen = {main.lower()}
    while waiting:
        name, relation = waiting.popleft()
        for target, sort in _take(package, name, relation):
            if target.lower() not in seen:
                seen.add(target.lower())
                waiting.append((target, sort))
        if len(seen) > _MOST_PARTS:
            raise FileRefused("too_large")


def _take(package: _Package, name: str, relation: str) -> list[tuple[str, str]]:
    """Cleans one part with its relations and returns where these lead."""
    links = read_links(package.read(_links_name(name)))
    kept = [link for link in links if link.outside or _follow(package, name, link)]
    body = package.read(name)
    if body is None:
        raise FileRefused("damaged")
    root = parse(body, forgiving=name.lower().endswith(".vml"))
    scrub(root, {link.id for link in kept})
    package.written[package.renamed.setdefault(name.lower(), name)] = write(root)
    if kept:
        package.written[_links_name(name)] = write_links(kept)
    return [
        (_resolve(name, link), link.sort) for link in kept if not link.outside and link.sort not in _MEDIA
    ]


def _follow(package: _Package, name: str, link: Link) -> bool:
    """Whether the part a relation leads to can stay; its pictures and films are cleaned and renamed here."""
    target = _resolve(name, link)
    if target.lower() not in package.names:
        return False
    if link.sort not in _MEDIA:
        if not target.lower().endswith((".xml", ".vml")):
            return False
        link.target = "/" + target
        return True
    if target.lower() not in package.renamed:
        cleaned = clean_media(package.read(target) or b"")
        if cleaned is None:
            package.renamed[target.lower()] = ""
        else:
            body, ending = cleaned
            fresh = f"{name.split('/')[0]}/media/item{len(package.renamed) + 1}.{ending}"
            package.renamed[target.lower()] = fresh
            package.written[fresh] = body
    link.target = "/" + package.renamed[target.lower()]
    return link.target != "/"


def _resolve(name: str, link: Link) -> str:
    target = link.target.split("#")[0]
    return normpath(target if target.startswith("/") else join(dirname(name), target)).lstrip("/")


def _links_name(name: str) -> str:
    return join(dirname(name), "_rels", name.rsplit("/", 1)[-1] + ".rels")


def _pack(package: _Package, main: str) -> bytes:
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    start = write_links([Link("rId1", relation, "officeDocument", main)])
    parts = {"[Content_Types].xml": _types(package), "_rels/.rels": start, **package.written}
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in parts.items():
            entry = zipfile.ZipInfo(name, _LONG_AGO)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, body)
    return out.getvalue()


def _types(package: _Package) -> bytes:
    root = etree.Element(f"{{{_TYPES}}}Types", nsmap=cast("dict[str, str]", {None: _TYPES}))
    for ending, sort in _KINDS.items():
        etree.SubElement(root, f"{{{_TYPES}}}Default", Extension=ending, ContentType=sort)
    for name in package.written:
        if name.endswith(".xml"):
            sort = package.sort_of(name)
            etree.SubElement(root, f"{{{_TYPES}}}Override", PartName="/" + name, ContentType=sort)
    return write(root)
