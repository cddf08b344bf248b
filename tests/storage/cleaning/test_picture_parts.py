from collections.abc import Callable
from io import BytesIO

import pytest
from PIL import Image

from storage.cleaning.picture_parts import strip_jp2, strip_jpeg, strip_png
from storage.errors import FileRefused
from tests.storage import samples
from tests.storage.leaks import leaks
from tests.storage.samples import MARK, box

BROKEN = [b"", b"\xff\xd8", b"\xff\xd8\xff\xff\xff\xff", b"\xff\xd8\xff\xe1\0\0", MARK]


def pixels(content: bytes) -> bytes:
    return Image.open(BytesIO(content)).tobytes()


@pytest.mark.parametrize(
    "options", [{}, {"progressive": True}, {"restart_marker_blocks": 1}, {"mode": "CMYK"}]
)
def test_a_jpeg_keeps_every_pixel_and_nothing_else(options: dict[str, object]) -> None:
    mode = str(options.pop("mode", "RGB"))
    photo = samples.picture(
        "JPEG", (400, 300), mode, exif=samples.exif(), comment=MARK, icc_profile=MARK, **options
    )
    stripped = strip_jpeg(photo + b"\xff\xd8\xff\xe1" + MARK)
    assert leaks(photo)
    assert leaks(stripped) == []
    assert pixels(stripped) == pixels(photo)
    assert strip_jpeg(stripped) == stripped


def test_a_thumbnail_in_the_head_is_gone() -> None:
    photo = samples.picture("JPEG")
    fat = b"\xff\xe0" + (16 + len(MARK)).to_bytes(2, "big") + photo[6:20] + MARK
    assert leaks(strip_jpeg(photo[:2] + fat + photo[20:])) == []


def test_a_png_keeps_every_pixel_and_nothing_else() -> None:
    picture = samples.talkative_png()
    stripped = strip_png(picture + MARK)
    assert leaks(stripped) == []
    assert pixels(stripped) == pixels(picture)


def test_a_jpeg_2000_keeps_every_pixel_and_nothing_else() -> None:
    picture = samples.picture("JPEG2000", comment=MARK.decode())
    talkative = picture + box(b"xml ", MARK) + box(b"uuid", MARK)
    assert leaks(talkative)
    stripped = strip_jp2(talkative)
    assert leaks(stripped) == []
    assert pixels(stripped) == pixels(picture)


@pytest.mark.parametrize("strip", [strip_jpeg, strip_png])
@pytest.mark.parametrize(
    "content", [b"", b"\xff\xd8", b"\xff\xd8\xff\xff\xff\xff", b"\xff\xd8\xff\xe1\0\0", MARK]
)
def test_what_is_no_picture_is_refused(strip: Callable[[bytes], bytes], content: bytes) -> None:
    with pytest.raises(FileRefused, match="damaged"):
        strip(content)
