"""Bars against a target: nothing done, everything done, long titles, many offices, counts that are large."""

from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from bot.pictures.studio import draw
from tests.bot.pictures.test_studio import ran

BLUE, ORANGE, TRACK = (10, 103, 163), (194, 86, 10), (237, 241, 244)


def row(label: str = "骨科", share: float = 0.5, late: float = 0.0, count: str = "20/40") -> dict[str, Any]:
    return {"label": label, "share": share, "late": late, "value": f"{share:.0%}", "count": count}


def sheet(*rows: dict[str, Any], wide: bool = False) -> dict[str, Any]:
    chart = {
        "kind": "targets", "title": "各科室", "note": "满格是 100%", "wide": wide,
        "legend": ["按时完成", "迟交", "还没完成"], "rows": list(rows),
    }  # fmt: skip
    return {"over": "示例医院", "title": "骨科", "under": "", "key": [], "charts": [chart], "foot": []}


async def drawn(*rows: dict[str, Any], wide: bool = False) -> Image.Image:
    with Image.open(BytesIO(await draw(sheet(*rows, wide=wide)))) as picture:
        return picture.convert("RGB")


def pixels(picture: Image.Image, color: tuple[int, int, int]) -> int:
    """How many have this colour below the legend."""
    below = picture.crop((0, 580, picture.width, picture.height))
    return sum(count for count, one in below.getcolors(1 << 20) or [] if one == color)


async def test_the_bar_is_as_long_as_the_share() -> None:
    none, half, whole = [await drawn(row(share=share)) for share in (0.0, 0.5, 1.0)]
    assert pixels(none, BLUE) == 0
    assert pixels(whole, BLUE) == pytest.approx(2 * pixels(half, BLUE), rel=0.03)
    assert pixels(whole, TRACK) < pixels(none, TRACK) / 50


async def test_what_was_late_is_striped_so_that_no_colour_is_needed() -> None:
    late = await drawn(row(share=0.8, late=0.4))
    assert 0 < pixels(late, ORANGE) < 0.95 * pixels(late, BLUE)


async def test_every_office_has_a_row_and_a_long_title_two_lines() -> None:
    one, many = await drawn(row()), await drawn(*[row(f"科室{n}") for n in range(25)])
    assert (many.width, many.height - one.height) == (1080, 24 * 70)
    short, long = await drawn(row("短"), wide=True), await drawn(row("很长的题目" * 12), wide=True)
    assert long.height - short.height == 44


@pytest.mark.parametrize("label", ["", "😀\x00\ud800", r"$\frac{1}{0}$", "长" * 400, "a" * 400])
@pytest.mark.parametrize("wide", [True, False])
async def test_no_title_breaks_a_picture(label: str, wide: bool) -> None:
    assert await drawn(row(label, count="123456789/123456789"), wide=wide)


def test_the_font_has_every_character_of_our_words() -> None:
    program = (
        "from bot.pictures.paper import known_letters\n"
        "from pathlib import Path\n"
        "text = Path('handlers/texts/zh/coverage.toml').read_text('utf-8')\n"
        "print({one for one in text if one.isprintable() and ord(one) not in known_letters()})\n"
    )
    assert ran(program) == "set()"
