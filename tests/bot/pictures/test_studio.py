"""Pictures are drawn apart from the server, with Chinese that can be read, or not at all."""

import subprocess
import sys
from io import BytesIO
from pathlib import Path
from tempfile import gettempdir
from typing import Any

import pytest
from PIL import Image

from bot.pictures import studio
from bot.pictures.studio import PictureFailed, draw

ROOT = Path(__file__).parents[3]
BARS = {
    "kind": "bars", "title": "各科室满意率", "rows": [
        {"label": "骨科", "share": 0.9, "low": 0.8, "high": 0.95, "value": "90%", "count": "60 份"},
        {"label": "眼科", "share": None, "hidden": "不显示", "count": ""},
    ],
}  # fmt: skip
TURN = {
    "kind": "turn", "title": "走势", "note": "浅色是可信范围", "points": [
        {"label": "8月", "share": 0.8, "low": 0.7, "high": 0.9, "value": "80%"},
        {"label": "9月", "share": None},
        {"label": "10月", "share": 1.0, "low": 0.9, "high": 1.0, "value": "100%"},
        {"label": "11月", "share": 0.0, "low": 0.0, "high": 0.1, "value": "0%"},
    ],
}  # fmt: skip
STACK = {
    "kind": "stack", "title": "打了几分", "parts": [
        {"grade": grade, "count": count, "value": "1%", "label": "满意 3"}
        for grade, count in ((5, 9), (4, 0), (3, 1), (2, 0), (1, 2))
    ],
}  # fmt: skip
TERMS = {
    "kind": "terms", "title": "说得最多的", "sides": [
        {"title": "夸奖", "none": "没有", "terms": [["讲解清楚", 9]]},
        {"title": "不满", "none": "没有", "terms": []},
    ],
}  # fmt: skip


def ran(program: str) -> str:
    """What a fresh interpreter prints."""
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def left_behind() -> set[Path]:
    """Folders of the drawing library among those of the system."""
    return set(Path(gettempdir()).glob("matplotlib*"))


def sheet(title: str = "骨科", *charts: dict[str, Any], foot: str = "少于 10 份不显示") -> dict[str, Any]:
    key = [{"label": "满意率", "value": "92%", "note": "可信范围 85%–96%"}]
    return {
        "over": "示例医院",
        "title": title,
        "under": "到11月2日",
        "key": key,
        "charts": charts,
        "foot": [foot],
    }


async def test_a_sheet_with_every_chart_is_as_wide_as_a_phone_reads() -> None:
    with Image.open(BytesIO(await draw(sheet("骨科", STACK, TURN, BARS, TERMS)))) as picture:
        assert picture.width == 1080
        assert 1200 < picture.height < 2400, "portrait"
        assert picture.info.keys() <= {"dpi"}, "nothing tells who drew it when"


async def test_chinese_is_drawn_and_not_as_empty_boxes() -> None:
    """Two titles that would look alike if the font knew neither."""
    one, other = await draw(sheet("骨科")), await draw(sheet("内科"))
    assert one != other
    assert await draw(sheet("骨科")) == one


def test_the_font_has_every_character_of_our_words() -> None:
    program = (
        "from bot.pictures.paper import known_letters\n"
        "from pathlib import Path\n"
        "text = Path('handlers/texts/zh/satisfaction.toml').read_text('utf-8')\n"
        "text += Path('bot/data/hospital.toml').read_text('utf-8')\n"
        "text += Path('bot/data/duties.toml').read_text('utf-8')\n"
        "text += Path('handlers/texts/zh/plan.toml').read_text('utf-8')\n"
        "print({one for one in text if one.isprintable() and ord(one) not in known_letters()})\n"
    )
    told = ran(program)
    assert set(told) <= set("set()'✅ ─{,}")


def test_letters_are_never_smaller_than_28_pixels() -> None:
    program = "from bot.pictures import paper; print(min(paper.BODY, paper.SMALL, paper.TITLE, paper.HEAD))"
    told = ran(program)
    assert int(told) >= 28


@pytest.mark.parametrize("title", [r"$\frac{1}{0}$ 骨科", "骨" * 400, "😀\x00\ud800", ""])
async def test_no_name_breaks_a_picture(title: str) -> None:
    assert await draw(sheet(title, BARS))


@pytest.mark.parametrize("bad", [{}, {"charts": [{"kind": "film"}]}, sheet("x", {"kind": "bars"})])
async def test_what_cannot_be_drawn_is_told_in_one_word(bad: dict[str, Any]) -> None:
    with pytest.raises(PictureFailed, match="could not be drawn"):
        await draw(bad)


async def test_what_takes_too_long_is_ended() -> None:
    with pytest.raises(PictureFailed, match="too long"):
        await draw(sheet(), seconds=0.01)


async def test_nothing_is_left_in_the_systems_folder() -> None:
    before = left_behind()
    await draw(sheet())
    assert left_behind() <= before


def test_who_draws_reaches_no_network_and_starts_nothing() -> None:
    program = (
        "from bot.pictures.sheet import draw_sheet, prepare; prepare()\n"
        "from storage.cleaning.fences import raise_fences; raise_fences()\n"
        "import os, socket\n"
        "for attempt in (socket.socket, lambda: os.execv('/bin/true', ['true'])):\n"
        "    try: attempt(); print('open')\n"
        "    except OSError: print('shut')\n"
    )
    told = ran(program)
    if sys.platform == "linux":
        assert told.split() == ["shut", "shut"]


def test_the_server_never_loads_what_draws() -> None:
    program = (
        "import bot.app, bot.cli, bot.errands.worker, sys\n"
        "print([name for name in ('matplotlib', 'numpy', 'zhplot', 'xlsxwriter') if name in sys.modules])\n"
    )
    told = ran(program)
    assert told == "[]"


@pytest.mark.parametrize(
    "program",
    ["import os; os.kill(os.getpid(), 9)", "print('no picture')", "import sys; sys.exit(1)", "1 +"],
)
async def test_a_process_that_dies_or_babbles_is_told_in_one_word(
    program: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(studio, "_START", program)
    with pytest.raises(PictureFailed, match="could not be drawn"):
        await draw(sheet())


async def test_it_is_started_without_what_our_environment_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    """The attack: a library that draws reads the token of the messenger from the environment."""
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "123:secret")
    monkeypatch.setattr(
        studio, "_START", "import os, sys; sys.exit('TELEGRAM_BOT_TOKEN' in os.environ and 3 or 4)"
    )
    codes: list[object] = []
    monkeypatch.setattr(studio._log, "error", lambda _event, code: codes.append(code))
    with pytest.raises(PictureFailed):
        await draw(sheet())
    assert codes == [4]
