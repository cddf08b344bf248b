"""Takes the pictures for the README from the real application: `python -m tests.e2e.pictures`.

Everything in them is invented; they are written to docs/images with few colours, so that they stay small.
"""

import asyncio
import sys
import tempfile
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.async_api import Browser, async_playwright

from tests.e2e.browser import find_chromium, why_no_chromium
from tests.e2e.pictures_duties import draw_year, group_card, head_with_coverage, nurse_in_a_quiz
from tests.e2e.pictures_followup import draw_sheet, head_with_figures, patient_at_home
from tests.e2e.place import Place, photo, running
from tests.e2e.visitor import Visitor, visit

IMAGES = Path(__file__).parents[2] / "docs" / "images"
HAND: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2}
CARD: dict[str, Any] = {"viewport": {"width": 390, "height": 400}, "device_scale_factor": 2}
DESK: dict[str, Any] = {"viewport": {"width": 900, "height": 1275}, "device_scale_factor": 1.5}
TIP = "我爸在骨科住院，昨天张医生收了我们两千块钱的红包。"
SPRING = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
_COLOURS = 128


async def main() -> None:
    """Plays one case and takes a picture where it is worth seeing."""
    chromium = find_chromium()
    if chromium is None:
        sys.exit(why_no_chromium())
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        async with running(Path(folder) / "var", now=SPRING) as place, async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=str(chromium), args=["--no-sandbox"])
            await _play(browser, place)
            await _play_followup(browser, place)
            await browser.close()
        async with running(Path(folder) / "duties", now=SPRING) as place, async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=str(chromium), args=["--no-sandbox"])
            await _play_duties(browser, place, Path(folder) / "group")
            await browser.close()


async def _play(browser: Browser, place: Place) -> None:
    officer = await visit(browser, place.url, **DESK)
    await officer.says(f"/join {await place.invite(name='李敏')}")
    place.clock.advance(minutes=12)
    patient = await visit(browser, place.url, **HAND)
    await patient.says(TIP, ("IMG_2041.jpg", "image/jpeg", photo()))
    await _take(patient, "patient-receipt")
    await patient.presses("有答复就发到这里")
    place.clock.advance(minutes=23)
    await officer.presses("打开")
    await officer.presses("受理")
    await officer.hears("已受理，反映人会知道")
    await _take(officer, "officer-case")
    await officer.presses("办结")
    await officer.presses("查实")
    await officer.says("责令退还，医德考评扣分。")
    await officer.says("经查，情况属实。两千元已责令退还，请到住院部一楼纪检办领取，不用说明身份。")
    await officer.presses("确认发送")
    await patient.hears("情况属实")
    await _take(patient, "patient-answer", at_end=True)


async def _play_followup(browser: Browser, place: Place) -> None:
    draw_sheet(IMAGES / "followup-sheet.png")
    await _take(await patient_at_home(browser, place, **HAND), "followup-survey")
    await _take(await head_with_figures(browser, place, **HAND), "followup-figures", at_end=True)


async def _play_duties(browser: Browser, place: Place, group: Path) -> None:
    await draw_year(IMAGES / "duties-year.png", place.app.house)
    _save(await (await group_card(browser, group, **CARD)).screenshot(), "duties-group-card")
    await _take(await nurse_in_a_quiz(browser, place, **HAND), "duties-quiz", at_end=True)
    await _take(await head_with_coverage(browser, place, **HAND), "duties-coverage", at_end=True)


async def _take(visitor: Visitor, name: str, *, at_end: bool = False) -> None:
    await visitor.page.evaluate("document.activeElement.blur()")
    await visitor.page.mouse.move(0, 0)
    if at_end:
        await visitor.page.locator("#scroll").evaluate("node => { node.scrollTop = node.scrollHeight; }")
    _save(await visitor.page.screenshot(), name)


def _save(taken: bytes, name: str) -> None:
    shot = Image.open(BytesIO(taken)).convert("RGB")
    path = IMAGES / f"{name}.png"
    shot.quantize(_COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    print(f"{path.name}: {path.stat().st_size // 1024} KB")


if __name__ == "__main__":
    asyncio.run(main())
