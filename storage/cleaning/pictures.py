"""Draws a picture anew, so that nothing but what one sees remains of it."""

import logging
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO
from typing import Any, Final

from PIL import (
    BmpImagePlugin,
    GifImagePlugin,
    Image,
    ImageCms,
    ImageOps,
    ImageSequence,
    JpegImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

from storage.errors import FileRefused

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
_MOST_PIXELS: Final = {"jpg": 210_000_000, "progressive": 64_000_000, "heic": 64_000_000}
_MOST_PIXELS_OTHERS = 50_000_000
_MOST_FRAMES: Final = {"tiff": 200}
_MOST_FRAMES_OTHERS = 1000
_MOST_PIXELS_MOVING: Final = {"tiff": 600_000_000, "webp": 60_000_000}  # pages go one by one; WebP is slow
_MOST_PIXELS_MOVING_OTHERS = 120_000_000
_KEPT_PIXELS = 4096 * 4096
_QUALITY = 88
_LEAST_MILLISECONDS = 20
Image.MAX_IMAGE_PIXELS = max(_MOST_PIXELS.values())  # Pillow itself refuses twice as many
logging.getLogger("PIL").setLevel(logging.CRITICAL)  # it logs what stands in a photo, the place included


def redraw(content: bytes, code: str) -> tuple[bytes, str]:
    """The picture drawn anew and the code of its kind now; raises FileRefused (damaged, too_large).

    Upright, in sRGB, with at most 16.8 million pixels: 4096 × 4096 or as many in another shape, so that a
    long screenshot of a chat stays legible. Frames and pages stay, with their times and the number of rounds.
    """
    try:
        with _open(content, code) as image:
            _refuse_bomb(image, code)
            if code in _MAY_MOVE and getattr(image, "is_animated", False):
                return _write_frames(image, code), code
            return _write(_draw(image, code), code)
    except FileRefused:
        raise
    except Image.DecompressionBombError:
        raise FileRefused("too_large") from None
    except MemoryError:
        raise FileRefused("too_large") from None
    except Exception:  # a decoder that is fed broken or hostile bytes may raise anything
        raise FileRefused("damaged") from None


def _open(content: bytes, code: str) -> Image.Image:
    if code == "heic":
        _learn_heic()
    return Image.open(BytesIO(content), formats=[_DECODERS[code]])


def _learn_heic() -> None:
    import pi_heif  # only the first photo from an iPhone has to load it

    if "HEIF" not in Image.OPEN:
        pi_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False, decode_threads=1)


def _refuse_bomb(image: Image.Image, code: str) -> None:
    """Pillow has read no more than the size so far."""
    sort = "progressive" if "progressive" in image.info else code
    if image.width * image.height > _MOST_PIXELS.get(sort, _MOST_PIXELS_OTHERS):
        raise FileRefused("too_large")


def _draw(image: Image.Image, code: str) -> Image.Image:
    """The picture upright, in RGB, RGBA or grey, with all that came along with it forgotten."""
    _read_small(image, code)
    image.load()
    with suppress(Exception):  # a photo whose EXIF is broken is shown as it lies
        ImageOps.exif_transpose(image, in_place=True)
    drawn = _shrink(_plain_mode(_to_srgb(image)))
    drawn.info.clear()
    return drawn


def _read_small(image: Image.Image, code: str) -> None:
    divisor = 1
    while divisor < 8 and image.width * image.height > 2 * _KEPT_PIXELS * divisor**2:
        divisor *= 2
    if code == "jpg" and divisor > 1:
        image.draft(None, (image.width // divisor, image.height // divisor))


def _to_srgb(image: Image.Image) -> Image.Image:
    """Colours as the profile means them: a profile may name the device, so it does not stay."""
    profile = image.info.get("icc_profile")
    if not profile or image.mode not in ("RGB", "RGBA", "CMYK"):
        return image
    mode = "RGB" if image.mode == "CMYK" else image.mode
    with suppress(Exception):  # a broken profile changes nothing
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        target = ImageCms.createProfile("sRGB")
        converted = ImageCms.profileToProfile(image, source, target, outputMode=mode)
        return image if converted is None else converted
    return image


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


def _write(image: Image.Image, code: str) -> tuple[bytes, str]:
    out = BytesIO()
    if code in _STAY_PNG:
        image.save(out, "PNG", compress_level=4)  # 6 takes three times as long for 4 %
        return out.getvalue(), "png"
    _on_white(image).save(out, "JPEG", quality=_QUALITY)
    return out.getvalue(), "jpg"


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode != "RGBA":
        return image
    paper = Image.new("RGB", image.size, "white")
    paper.paste(image, mask=image.getchannel("A"))
    return paper


def _write_frames(image: Image.Image, code: str) -> bytes:
    rounds = int(image.info.get("loop", 0)) & 0xFFFF
    durations: list[int] = []
    frames = _drawn_frames(image, code, durations)
    first = next(frames)
    options: dict[str, Any] = {"save_all": True, "append_images": frames}
    if code == "tiff":
        options["compression"] = "tiff_adobe_deflate"
    else:
        # The times are known only when all frames were read, so these are read before any is written.
        options |= {"append_images": list(frames), "loop": rounds, "duration": durations}
    if code == "gif":
        options |= {"disposal": 2, "optimize": False}
    if code == "webp":
        options |= {"quality": _QUALITY, "method": 0}
    out = BytesIO()
    first.save(out, _DECODERS[code], **options)
    return out.getvalue()


def _drawn_frames(image: Image.Image, code: str, durations: list[int]) -> Iterator[Image.Image]:
    left = _MOST_PIXELS_MOVING.get(code, _MOST_PIXELS_MOVING_OTHERS)
    most = _MOST_FRAMES.get(code, _MOST_FRAMES_OTHERS)
    for number, frame in enumerate(ImageSequence.Iterator(image)):
        left -= frame.width * frame.height
        if left < 0 or number >= most:
            raise FileRefused("too_large")
        _refuse_bomb(frame, code)
        frame.load()  # only now is its time known
        durations.append(max(_LEAST_MILLISECONDS, int(frame.info.get("duration", 0) or 0)))
        yield _one_frame(frame, code)


def _one_frame(frame: Image.Image, code: str) -> Image.Image:
    drawn = frame.copy()
    if code == "tiff":
        with suppress(Exception):
            drawn = ImageOps.exif_transpose(drawn)
        drawn = drawn if drawn.mode == "1" else _shrink(_plain_mode(_to_srgb(drawn)))
    elif drawn.mode not in ("RGB", "RGBA", "L"):
        drawn = drawn.convert("RGBA" if drawn.has_transparency_data else "RGB")
    clear = Image.new(drawn.mode, drawn.size)
    clear.paste(drawn)
    return clear
