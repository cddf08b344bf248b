"""What follows a discharge, for the pictures of the README: a survey, the sheet, and a month's figures."""

from datetime import date, timedelta
from pathlib import Path

from PIL import Image
from playwright.async_api import Browser, expect
from sqlmodel import Session, select

from bot.followup.sheets import Drawer, Sheet, Ways
from storage.followup.discharges import Discharge
from storage.followup.importing import DischargeRow, put_discharges
from storage.followup.joining import new_ticket
from storage.members import Role
from tests.e2e.place import Place
from tests.e2e.visitor import Visitor, open_page, visit
from tests.surveys import add_surveys, add_tally

_DEPARTMENT, _WARD = "骨科", "骨科一病区"
_MONTHS = (("2025-10", 31), ("2025-11", 34), ("2025-12", 33), ("2026-01", 38), ("2026-02", 44))
_MENTIONED = (
    ("praise", "讲解清楚", 19), ("praise", "护士细心", 14), ("praise", "换药及时", 6),
    ("complaint", "等候太久", 9), ("complaint", "饭菜凉", 5), ("complaint", "停车难", 4),
)  # fmt: skip
_SHEET = (524, 744)


async def patient_at_home(browser: Browser, place: Place, **hand: object) -> Visitor:
    """A patient of four days ago who opened the link and pressed the first grade."""
    code = await place.app.database.run(lambda session: _leave(session, place))
    patient = await visit(browser, f"{place.url}f#{code}", **hand)
    await patient.hears("第 1 题")
    return patient


async def head_with_figures(browser: Browser, place: Place, **hand: object) -> Visitor:
    """The head of a department, looking at the picture of last month."""
    await place.app.database.run(_fill)
    head = await visit(browser, place.url, **hand)
    await head.says(f"/join {await place.invite(_DEPARTMENT, '赵宁', Role.HEAD)}")
    head = await open_page(head.context, place.url)
    await head.says("满意度 骨科 上月")
    await head.page.locator(".pictured").scroll_into_view_if_needed(timeout=120_000)
    await expect(head.page.locator(".pictured .shown")).to_be_visible()
    return head


def draw_sheet(path: Path) -> None:
    """A sheet as it is handed out, small."""
    drawer = Drawer("示例医院", Ways(page="https://report.hospital.example"))
    sheet = drawer.draw(Sheet("640788041191", (date(2026, 3, 5), date(2026, 4, 1)), "ZY0012345"))
    small = sheet.convert("RGB").resize(_SHEET, Image.Resampling.LANCZOS)
    small.quantize(32, dither=Image.Dither.NONE).save(path, optimize=True)


def _leave(session: Session, place: Place) -> str:
    house, now = place.app.house, place.clock()
    row = DischargeRow("ZY0012345", _DEPARTMENT, now - timedelta(days=4), ward=_WARD)
    put_discharges(session, [row], house=house, now=now)
    stay = session.exec(select(Discharge.id)).one()
    return new_ticket(session, stay or 0, until=now + timedelta(days=60), vault=house.vault)


def _fill(session: Session) -> None:
    for month, good in _MONTHS:
        scores = [5] * good + [4] * 9 + [3] * 4 + [2] * (46 - good)
        add_surveys(session, month, _DEPARTMENT, _WARD, scores=scores, silent=21, unreached=3)
        add_surveys(session, month, _DEPARTMENT, "骨科二病区", scores=[5] * 25 + [4] * 8 + [2] * 3, silent=9)
    for subject, term, count in _MENTIONED:
        add_tally(session, _MONTHS[-1][0], _DEPARTMENT, subject, term, count)
