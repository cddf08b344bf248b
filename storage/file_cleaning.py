"""Takes out of a file what the sender did not mean to say: place, camera, owner, earlier versions."""

import codecs
import logging
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from typing import Final

from PIL import (
    BmpImagePlugin,
    GifImagePlugin,
    Image,
    ImageOps,
    JpegImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

from storage.errors import FileRefused
from storage.file_boxes import wipe_labels
from storage.file_kinds import KINDS, Kind, Treatment
from storage.file_texts import decode_text

# Pillow asked for one format by name would load all its forty; these are the ones we draw.
_DECODERS: Final = {
    "jpg": JpegImagePlugin.JpegImageFile.format,
    "png": PngImagePlugin.PngImageFile.format,
    "gif": GifImagePlugin.GifImageFile.format,
    "webp": WebPImagePlugin.WebPImageFile.format,
    "tiff": TiffImagePlugin.TiffImageFile.format,
    "bmp": BmpImagePlugin.BmpImageFile.format,
    "heic": "HEIF",
}
_STAY_PNG = {"png", "gif", "bmp"}  # screenshots and drawings, where JPEG would blur the letters
_MAY_MOVE = {"png", "gif", "webp", "tiff"}  # photos of phones bring depth maps and the like, no second page
# A JPEG is read at a half or a quarter of its size, unless it is progressive: it takes the least memory.
_MOST_PIXELS: Final = {"jpg": 64_000_000, "progressive": 50_000_000, "heic": 50_000_000}
_MOST_PIXELS_OTHERS = 32_000_000
_KEPT_PIXELS = 4096 * 4096
_QUALITY = 88
Image.MAX_IMAGE_PIXELS = max(_MOST_PIXELS.values())  # Pillow itself refuses twice as many
logging.getLogger("PIL").setLevel(logging.CRITICAL)  # it logs what stands in a photo, the place included


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What is kept of a file; `warning` where it may still tell more than one sees."""

    content: bytes
    kind: Kind
    warning: bool = False


def clean(content: bytes, kind: Kind) -> Cleaned:
    """The file without what can be taken out of its kind; raises FileRefused("damaged").

    Pictures are drawn anew, upright, with at most 16.8 million pixels: 4096 × 4096 or as many in another
    shape, so that a long screenshot of a chat stays legible. One with several pages or frames is kept as it
    is, with a warning, because the rest of it would be lost.
    """
    match kind.treatment:
        case Treatment.REDRAWN:
            return _redraw(content, kind)
        case Treatment.REWRITTEN:
            return Cleaned(_rewrite(content, kind), kind)
        case Treatment.WIPED:
            return Cleaned(wipe_labels(content), kind, warning=True)
        case Treatment.KEPT:
            return Cleaned(content, kind, warning=True)


def _rewrite(content: bytes, kind: Kind) -> bytes:
    text = decode_text(content)
    if text is None:
        raise FileRefused("type")
    mark = codecs.BOM_UTF8 if kind.code == "csv" else b""  # without it, Excel reads the local encoding
    return mark + text.encode("utf-8", "replace")


def _redraw(content: bytes, kind: Kind) -> Cleaned:
    try:
        with _open(content, kind) as image:
            _refuse_bomb(image, kind)
            if kind.code in _MAY_MOVE and getattr(image, "is_animated", False):
                return Cleaned(content, kind, warning=True)
            return _write(_draw(image, kind), kind)
    except FileRefused:
        raise
    except Exception:  # a decoder that is fed broken or hostile bytes may raise anything
        raise FileRefused("damaged") from None


def _open(content: bytes, kind: Kind) -> Image.Image:
    if kind.code == "heic":
        _learn_heic()
    return Image.open(BytesIO(content), formats=[_DECODERS[kind.code]])


def _learn_heic() -> None:
    import pillow_heif  # 17 MB that only the first photo from an iPhone has to cost

    if "HEIF" not in Image.OPEN:
        pillow_heif.register_heif_opener(
            thumbnails=False, depth_images=False, aux_images=False, decode_threads=1
        )


def _refuse_bomb(image: Image.Image, kind: Kind) -> None:
    """Pillow has read no more than the size so far."""
    sort = "progressive" if "progressive" in image.info else kind.code
    if image.width * image.height > _MOST_PIXELS.get(sort, _MOST_PIXELS_OTHERS):
        raise FileRefused("damaged")


def _draw(image: Image.Image, kind: Kind) -> Image.Image:
    """The picture upright, in RGB, RGBA or grey, with all that came along with it forgotten."""
    _read_small(image, kind)
    image.load()
    with suppress(Exception):  # a photo whose EXIF is broken is shown as it lies
        ImageOps.exif_transpose(image, in_place=True)
    drawn = _shrink(_plain_mode(image))
    drawn.info.clear()
    return drawn


def _read_small(image: Image.Image, kind: Kind) -> None:
    divisor = 1
    while divisor < 8 and image.width * image.height > 2 * _KEPT_PIXELS * divisor**2:
        divisor *= 2
    if kind.code == "jpg" and divisor > 1:
        image.draft(None, (image.width // divisor, image.height // divisor))


def _plain_mode(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I"):  # 16 bits of grey, as X-ray viewers write them
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if image.has_transparency_data:
        return image if image.mode == "RGBA" else image.convert("RGBA")
    if image.mode in ("L", "RGB"):
        return image
    return image.convert("L" if image.mode == "1" else "RGB")


def _shrink(image: Image.Image) -> Image.Image:
    scale = (_KEPT_PIXELS / (image.width * image.height)) ** 0.5
    if scale >= 1:
        return image
    size = max(1, int(image.width * scale)), max(1, int(image.height * scale))
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)


def _write(image: Image.Image, kind: Kind) -> Cleaned:
    out = BytesIO()
    if kind.code in _STAY_PNG:
        image.save(out, "PNG", compress_level=4)  # 6 takes three times as long for 4 %
        return Cleaned(out.getvalue(), KINDS["png"])
    _on_white(image).save(out, "JPEG", quality=_QUALITY)
    return Cleaned(out.getvalue(), KINDS["jpg"])


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode != "RGBA":
        return image
    paper = Image.new("RGB", image.size, "white")
    paper.paste(image, mask=image.getchannel("A"))
    return paper
