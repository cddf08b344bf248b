import logging
from io import BytesIO
from typing import Any

import pytest
from PIL import Image, ImageCms, ImageSequence

from storage.cleaning.pictures import redraw
from storage.errors import FileRefused
from storage.file_kinds import sniff
from tests.storage import samples
from tests.storage.leaks import leaks

TIMES = [100, 200, 300]


def cleaned(content: bytes) -> tuple[bytes, str]:
    kind = sniff(content)
    assert kind is not None
    return redraw(content, kind.code)


def opened(content: bytes) -> Image.Image:
    image = Image.open(BytesIO(content))
    image.load()
    return image


@pytest.mark.parametrize(
    "content", [samples.talkative_jpeg(), samples.talkative_png(), samples.heic()], ids=["jpg", "png", "heic"]
)
def test_place_camera_and_owner_are_gone(content: bytes) -> None:
    assert samples.MARK in content
    result, _ = cleaned(content)
    image = opened(result)
    assert leaks(result) == []
    assert b"Exif" not in result
    assert b"eXIf" not in result
    assert not image.getexif()
    assert not image.getexif().get_ifd(0x8825)
    assert not {"exif", "icc_profile", "comment", "xmp", "Author"} & set(image.info)


def test_what_a_photo_tells_is_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        cleaned(samples.talkative_jpeg(orientation=6))
        cleaned(samples.picture("TIFF", description=samples.MARK.decode()))
    assert caplog.text == ""


@pytest.mark.parametrize(
    ("sort", "code"),
    [("JPEG", "jpg"), ("PNG", "png"), ("GIF", "png"), ("BMP", "png"), ("WEBP", "jpg"), ("TIFF", "jpg")],
)
def test_pictures_become_jpeg_or_png_and_look_the_same(sort: str, code: str) -> None:
    result, code_now = cleaned(samples.picture(sort))
    image = opened(result).convert("RGB")
    assert code_now == code
    assert image.size == (40, 20)
    red, _, blue = image.getpixel((5, 10))  # type: ignore[misc]
    assert red > 200 > blue


def test_an_iphone_photo_becomes_a_jpeg() -> None:
    result, code_now = cleaned(samples.heic())
    assert (code_now, opened(result).size) == ("jpg", (64, 64))


def test_a_photo_taken_sideways_stands_upright() -> None:
    assert opened(cleaned(samples.talkative_jpeg(orientation=6))[0]).size == (20, 40)


def test_a_page_hidden_in_a_photo_is_gone() -> None:
    photo = samples.picture("JPEG")
    result, _ = cleaned(photo + b"<html><script>alert(1)</script></html>")
    assert b"<script" not in result


def test_a_document_hidden_behind_a_photo_is_gone() -> None:
    result, _ = cleaned(samples.picture("PNG") + samples.office("docx"))
    assert b"PK\x03\x04" not in result


@pytest.mark.parametrize("mode", ["1", "L", "P", "I;16", "RGBA", "CMYK"])
def test_rare_colour_modes_are_drawn(mode: str) -> None:
    image = Image.new("I" if mode == "I;16" else "RGB", (8, 8), 65_535 if mode == "I;16" else "white")
    out = BytesIO()
    image.convert(mode).save(out, "TIFF" if mode == "CMYK" else "PNG")
    drawn = opened(cleaned(out.getvalue())[0]).convert("L")
    assert drawn.getpixel((4, 4)) == 255


def test_transparency_lies_on_white_where_it_cannot_be_kept() -> None:
    out = BytesIO()
    Image.new("RGBA", (8, 8), (0, 0, 0, 0)).save(out, "WEBP", lossless=True)
    assert opened(cleaned(out.getvalue())[0]).getpixel((4, 4)) == (255, 255, 255)


def test_a_long_screenshot_stays_legible() -> None:
    image = opened(cleaned(samples.picture("PNG", (1000, 12_000), "L"))[0])
    assert image.size == (1000, 12_000)


def test_a_large_photo_becomes_smaller_in_its_proportions() -> None:
    image = opened(cleaned(samples.picture("JPEG", (7000, 5000), "L"))[0])
    assert image.width * image.height <= 4096 * 4096
    assert image.width / image.height == pytest.approx(1.4, rel=0.01)


@pytest.mark.parametrize("size", [(9000, 9000), (30_000, 30_000), (200_000, 300)])
@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_a_picture_of_more_pixels_than_a_phone_takes_is_refused(size: tuple[int, int]) -> None:
    with pytest.raises(FileRefused, match="too_large"):
        cleaned(samples.huge_png(*size))


@pytest.mark.parametrize("sort", ["JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF"])
def test_a_picture_cut_off_is_refused(sort: str) -> None:
    content = samples.picture(sort, (200, 200))
    with pytest.raises(FileRefused, match="damaged"):
        cleaned(content[: len(content) // 2])


def test_an_iphone_photo_cut_off_is_refused() -> None:
    with pytest.raises(FileRefused, match="damaged"):
        cleaned(samples.heic()[:-40])


@pytest.mark.filterwarnings("ignore:Corrupt EXIF")
def test_a_photo_with_broken_exif_is_still_kept() -> None:
    content = samples.picture("JPEG", exif=b"Exif\x00\x00II*\x00\xff\xff\xff\xff" + samples.MARK)
    assert samples.MARK not in cleaned(content)[0]


@pytest.mark.parametrize("sort", ["GIF", "WEBP", "TIFF", "PNG"])
def test_frames_and_pages_stay_and_tell_nothing(sort: str) -> None:
    more = [Image.new("RGB", (40, 20), colour) for colour in ("green", "yellow")]
    notes: dict[str, Any] = {"comment": samples.MARK} if sort == "GIF" else {}
    notes |= {"exif": samples.exif(), "xmp": samples.MARK} if sort == "WEBP" else {}
    notes |= {"description": samples.MARK.decode(), "icc_profile": samples.MARK} if sort == "TIFF" else {}
    notes |= {"exif": samples.exif()} if sort == "PNG" else {}
    content = samples.picture(
        sort, save_all=True, append_images=more, duration=[100, 200, 300], loop=2, **notes
    )
    assert samples.MARK in content
    result, code = cleaned(content + samples.MARK)
    assert leaks(result) == []
    assert code == sort.lower()
    frames = list(ImageSequence.Iterator(Image.open(BytesIO(result))))
    assert len(frames) == 3
    colours = [frame.convert("RGB").getpixel((30, 10)) for frame in ImageSequence.Iterator(opened(result))]
    for seen, wanted in zip(colours, [(0, 0, 255), (0, 128, 0), (255, 255, 0)], strict=True):
        assert isinstance(seen, tuple)
        assert all(abs(one - other) < 20 for one, other in zip(seen, wanted, strict=True))
    if sort != "TIFF":
        times = []
        for frame in ImageSequence.Iterator(opened(result)):
            frame.load()
            times.append(int(frame.info["duration"]))
        assert times == TIMES
        assert opened(result).info["loop"] == 2


def test_an_animation_without_end_is_refused() -> None:
    frame = samples.picture("GIF", (2, 2))
    start = frame.index(b"\x2c")
    with pytest.raises(FileRefused, match="too_large"):
        cleaned(frame[:start] + frame[start:-1] * 100_000 + b";")


def test_an_animation_of_large_frames_is_refused() -> None:
    more = [Image.new("RGB", (40, 20), colour) for colour in ("green", "yellow", "white")]
    small = samples.picture("GIF", save_all=True, append_images=more)
    side = (6500).to_bytes(2, "little")
    with pytest.raises(FileRefused, match="too_large"):
        cleaned(small[:6] + side + side + small[10:])


def test_colours_of_a_profile_stay_without_the_profile() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    result, _ = cleaned(samples.picture("PNG", icc_profile=profile))
    assert opened(result).getpixel((5, 10)) == (255, 0, 0)
    assert "icc_profile" not in opened(result).info


def test_a_film_behind_a_photo_is_gone() -> None:
    film = samples.film(b"mp42", labels=samples.box(b"udta", samples.MARK))
    assert leaks(cleaned(samples.picture("JPEG") + film)[0]) == []


@pytest.mark.parametrize("part", range(1, 16))
def test_a_picture_cut_off_anywhere_is_drawn_or_refused(part: int) -> None:
    for content in (
        samples.talkative_jpeg(),
        samples.talkative_png(),
        samples.heic(),
        samples.picture("WEBP"),
    ):
        piece = content[: len(content) * part // 16]
        if sniff(piece) is None:
            continue
        try:
            assert leaks(cleaned(piece)[0]) == []
        except FileRefused:
            continue
