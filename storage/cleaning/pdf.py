"""Writes a PDF anew: its pages as one sees them, without owners, history, attachments, scripts and links."""

import zlib
from io import BytesIO
from typing import Any, Final

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream

from storage.cleaning.picture_parts import strip_jp2, strip_jpeg
from storage.errors import FileRefused

_MOST_OBJECTS = 300_000
_MOST_PAGES = 3_000
_DEEPEST = 50
_PAGE: Final = {
    "/Type", "/Parent", "/Resources", "/MediaBox", "/CropBox", "/BleedBox", "/TrimBox", "/ArtBox",
    "/Contents", "/Rotate", "/Group", "/UserUnit",
}  # fmt: skip
_TREE: Final = {"/Type", "/Parent", "/Kids", "/Count", "/Resources", "/MediaBox", "/CropBox", "/Rotate"}
_ROOT: Final = {"/Type", "/Pages", "/OCProperties"}
# Wherever they stand: owners, earlier states, scripts, things to launch, files, places, other pictures.
_NOWHERE: Final = (
    "/Metadata", "/PieceInfo", "/Thumb", "/OpenAction", "/LastModified", "/StructParent", "/StructParents",
    "/URI", "/Annots", "/OPI", "/Alternates", "/Measure", "/PtData", "/SpiderInfo", "/Author", "/Creator",
    "/CreatorInfo", "/CreationDate", "/ModDate", "/Producer", "/FFilter", "/FDecodeParms",
)  # fmt: skip
# The same, but so short that a font or a picture may bear the name.
_SHORT: Final = ("/AA", "/AF", "/EF", "/JS", "/ID")
_SEEN: Final = {"/Font", "/XObject", "/ExtGState", "/Pattern", "/OCG", "/OCMD"}
_DEVICE: Final = {1: Name.DeviceGray, 3: Name.DeviceRGB, 4: Name.DeviceCMYK}
_MOST_UNPACKED = 64 << 20


def clean_pdf(content: bytes) -> bytes:
    """The pages of a PDF, with filled forms and remarks drawn onto them; raises FileRefused.

    Reasons: locked (it needs a password), damaged, too_large (objects, pages). What is behind the icon of a
    remark, form fields, links, bookmarks and signatures are lost.
    """
    try:
        with Pdf.open(BytesIO(content), suppress_warnings=True) as pdf:
            return _clean(pdf)
    except FileRefused:
        raise
    except pikepdf.PasswordError:
        raise FileRefused("locked") from None
    except MemoryError:
        raise FileRefused("too_large") from None
    except Exception:  # pikepdf and qpdf raise many sorts for broken or hostile files
        raise FileRefused("damaged") from None


def _clean(pdf: Pdf) -> bytes:
    if len(pdf.objects) > _MOST_OBJECTS or len(pdf.pages) > _MOST_PAGES:
        raise FileRefused("too_large")
    if not len(pdf.pages):
        raise FileRefused("damaged")
    if Name.AcroForm in pdf.Root and Name.XFA not in pdf.Root.AcroForm:
        pdf.generate_appearance_streams()
    pdf.flatten_annotations("all")
    for page in pdf.pages:
        _keep_only(page.obj, _PAGE)
    _keep_only(pdf.Root, _ROOT)
    _keep_only(pdf.trailer, {"/Root", "/Size"})
    for thing in pdf.objects:
        _forget(thing, 0)
    out = BytesIO()
    pdf.save(
        out, encryption=False, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True,
        fix_metadata_version=False, compress_streams=True,
    )  # fmt: skip
    with Pdf.open(out) as written:  # what was repaired must open for the officer too
        if len(written.pages) != len(pdf.pages):
            raise FileRefused("damaged")
    return out.getvalue()


def _keep_only(thing: Any, names: set[str]) -> None:
    for name in [name for name in thing.keys() if name not in names]:  # noqa: SIM118 (a PDF object, no dict)
        del thing[name]


def _forget(thing: Any, depth: int) -> None:
    if depth > _DEEPEST:
        raise FileRefused("damaged")
    if isinstance(thing, Array):
        _forget_in_array(thing, depth)
    elif isinstance(thing, Dictionary | Stream):
        _forget_in_dictionary(thing, depth)


def _forget_in_array(array: Any, depth: int) -> None:
    if len(array) == 2 and array[0] == Name.ICCBased:
        _use_device_colours(array)
        return
    for part in array:
        if isinstance(part, Array | Dictionary) and not part.is_indirect:
            _forget(part, depth + 1)


def _use_device_colours(space: Any) -> None:
    """A profile may name the device, and its text is not needed to see the colours nearly as they are."""
    device = _DEVICE.get(int(space[1].get(Name.N, 3)), Name.DeviceRGB)
    del space[1]
    space[0] = device


def _forget_in_dictionary(thing: Any, depth: int) -> None:
    for name in _NOWHERE:
        if name in thing:
            del thing[name]
    for name in _SHORT:
        if name in thing and not _is_seen(thing[name]):
            del thing[name]
    if thing.get(Name.Type) == Name.Pages:
        _keep_only(thing, _TREE)
    if isinstance(thing, Stream):
        if "/F" in thing:
            del thing["/F"]  # its bytes would lie outside
        _strip_picture(thing)
    for _, part in thing.items():  # noqa: PERF102 (a PDF object, no dict)
        if isinstance(part, Array | Dictionary) and not part.is_indirect:
            _forget(part, depth + 1)


def _is_seen(thing: Any) -> bool:
    return isinstance(thing, Dictionary | Stream) and str(thing.get(Name.Type)) in _SEEN


def _strip_picture(stream: Any) -> None:
    filters = _filters(stream)
    if not filters or filters[-1] not in ("/DCTDecode", "/JPXDecode", "/DCT"):
        return
    data = stream.read_raw_bytes()
    for outer in filters[:-1]:
        if outer not in ("/FlateDecode", "/Fl"):
            raise FileRefused("damaged")  # nobody wraps a photo in anything else
        unpacking = zlib.decompressobj()
        data = unpacking.decompress(data, _MOST_UNPACKED)
        if unpacking.unconsumed_tail:
            raise FileRefused("too_large")
    strip = strip_jp2 if filters[-1] == "/JPXDecode" else strip_jpeg
    stream.write(strip(data), filter=Name(filters[-1]), decode_parms=_last_settings(stream, len(filters)))


def _filters(stream: Any) -> list[str]:
    filters = stream.get(Name.Filter)
    if filters is None:
        return []
    return [str(name) for name in filters] if isinstance(filters, Array) else [str(filters)]


def _last_settings(stream: Any, count: int) -> Any:
    settings = stream.get(Name.DecodeParms)
    if isinstance(settings, Array):
        settings = settings[count - 1] if len(settings) == count else None
    return settings if isinstance(settings, Dictionary) else None
