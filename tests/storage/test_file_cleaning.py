import logging
from io import BytesIO

import pytest
from PIL import Image

from storage.errors import FileRefused
from storage.file_cleaning import Cleaned, clean
from storage.file_kinds import sniff
from tests.storage import samples


def cleaned(content: bytes, sent_as: str = "") -> Cleaned:
    kind = sniff(content, sent_as)
    assert kind is not None
    return clean(content, kind)


def opened(content: bytes) -> Image.Image:
    image = Image.open(BytesIO(content))
    image.load()
    return image


@pytest.mark.parametrize(
    "content", [samples.talkative_jpeg(), samples.talkative_png(), samples.heic()], ids=["jpg", "png", "heic"]
)
def test_place_camera_and_owner_are_gone(content: bytes) -> None:
    assert samples.MARK in content
    result = cleaned(content)
    image = opened(result.content)
    assert samples.MARK not in result.content
    assert b"Exif" not in result.content
    assert b"eXIf" not in result.content
    assert not image.getexif()
    assert not image.getexif().get_ifd(0x8825)
    assert not {"exif", "icc_profile", "comment", "xmp", "Author"} & set(image.info)
    assert not result.warning


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
    result = cleaned(samples.picture(sort))
    image = opened(result.content).convert("RGB")
    assert result.kind.code == code
    assert image.size == (40, 20)
    red, _, blue = image.getpixel((5, 10))  # type: ignore[misc]
    assert red > 200 > blue


def test_an_iphone_photo_becomes_a_jpeg() -> None:
    result = cleaned(samples.heic())
    assert (result.kind.code, opened(result.content).size) == ("jpg", (64, 64))


def test_a_photo_taken_sideways_stands_upright() -> None:
    assert opened(cleaned(samples.talkative_jpeg(orientation=6)).content).size == (20, 40)


def test_a_page_hidden_in_a_photo_is_gone() -> None:
    photo = samples.picture("JPEG")
    result = cleaned(photo + b"<html><script>alert(1)</script></html>")
    assert b"<script" not in result.content


def test_a_document_hidden_behind_a_photo_is_gone() -> None:
    result = cleaned(samples.picture("PNG") + samples.office("docx"))
    assert b"PK\x03\x04" not in result.content


@pytest.mark.parametrize("mode", ["1", "L", "P", "I;16", "RGBA", "CMYK"])
def test_rare_colour_modes_are_drawn(mode: str) -> None:
    image = Image.new("I" if mode == "I;16" else "RGB", (8, 8), 65_535 if mode == "I;16" else "white")
    out = BytesIO()
    image.convert(mode).save(out, "TIFF" if mode == "CMYK" else "PNG")
    drawn = opened(cleaned(out.getvalue()).content).convert("L")
    assert drawn.getpixel((4, 4)) == 255


def test_transparency_lies_on_white_where_it_cannot_be_kept() -> None:
    out = BytesIO()
    Image.new("RGBA", (8, 8), (0, 0, 0, 0)).save(out, "WEBP", lossless=True)
    assert opened(cleaned(out.getvalue()).content).getpixel((4, 4)) == (255, 255, 255)


def test_a_long_screenshot_stays_legible() -> None:
    image = opened(cleaned(samples.picture("PNG", (1000, 12_000), "L")).content)
    assert image.size == (1000, 12_000)


def test_a_large_photo_becomes_smaller_in_its_proportions() -> None:
    image = opened(cleaned(samples.picture("JPEG", (7000, 5000), "L")).content)
    assert image.width * image.height <= 4096 * 4096
    assert image.width / image.height == pytest.approx(1.4, rel=0.01)


@pytest.mark.parametrize("size", [(9000, 9000), (30_000, 30_000), (200_000, 300)])
@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_a_picture_of_more_pixels_than_a_phone_takes_is_refused(size: tuple[int, int]) -> None:
    with pytest.raises(FileRefused, match="damaged"):
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
    assert samples.MARK not in cleaned(content).content


@pytest.mark.parametrize("sort", ["GIF", "WEBP", "TIFF", "PNG"])
def test_a_picture_of_several_frames_is_kept_whole_with_a_warning(sort: str) -> None:
    more = [Image.new("RGB", (40, 20), colour) for colour in ("green", "yellow")]
    content = samples.picture(sort, save_all=True, append_images=more)
    result = cleaned(content)
    assert (result.content, result.warning) == (content, True)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_text_of_any_usual_encoding_becomes_utf8(encoding: str) -> None:
    result = cleaned("主任收了回扣\n".encode(encoding))
    assert (result.content.decode("utf-8"), result.warning) == ("主任收了回扣\n", False)


def test_a_table_is_marked_for_spreadsheets() -> None:
    assert cleaned("科室,金额\n骨科,2000".encode("gb18030"), "a.csv").content.startswith(b"\xef\xbb\xbf")


def test_what_cannot_be_cleaned_comes_back_with_a_warning() -> None:
    result = cleaned(samples.PDF)
    assert (result.content, result.warning, result.kind.code) == (samples.PDF, True, "pdf")


def test_a_film_forgets_where_it_was_taken_but_the_warning_stays() -> None:
    labels = samples.box(b"udta", samples.box(b"\xa9xyz", samples.MARK))
    result = cleaned(samples.film(b"qt  ", labels=labels))
    assert samples.MARK not in result.content
    assert result.warning
