"""A year of duties is drawn with every title whole, however long, and as high as it has rows."""

from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from bot.pictures.studio import draw


def year(*rows: dict[str, Any], more: str = "") -> dict[str, Any]:
    months = [f"{number}月" for number in range(1, 13)]
    chart = {
        "kind": "year",
        "title": "哪个月、哪一天",
        "note": "数字是几号",
        "months": months,
        "rows": rows,
        "more": more,
    }
    key = [{"label": "任务", "value": str(len(rows)), "note": "项"}]
    return {
        "over": "示例医院",
        "title": "任务日历",
        "under": "",
        "key": key,
        "charts": [chart],
        "foot": ["橙色的会变"],
    }


def row(label: str = "专题学习", text: str = "30", *, sure: bool = True) -> dict[str, Any]:
    return {"label": label, "who": "全体", "cells": [{"text": text, "sure": sure}, None] * 6}


async def height(sheet: dict[str, Any]) -> int:
    with Image.open(BytesIO(await draw(sheet))) as picture:
        assert picture.width == 1080
        return picture.height


async def test_every_row_has_its_room() -> None:
    assert await height(year(row(), row())) - await height(year(row())) == 114
    assert await height(year(row(), more="还有 9 项")) > await height(year(row()))


async def test_days_that_may_move_look_different() -> None:
    assert await draw(year(row())) != await draw(year(row(sure=False)))


@pytest.mark.parametrize("label", ["长" * 300, "$x^2$", "😀", ""])
async def test_no_title_breaks_it(label: str) -> None:
    assert await height(year(row(label, label)))
