"""What staff owe, for the pictures of the README: a card in a group, a quiz, coverage, and a year."""

from datetime import datetime, timedelta
from html import escape
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.async_api import Browser, Page, expect
from sqlmodel import Session, select

from bot.cli.duty_sheet import sheet_of
from bot.cli.duty_years import Asked, year_ahead
from bot.pictures.studio import draw
from storage.duties.assignments import Assignment, Excuse
from storage.duties.completing import complete, excuse
from storage.duties.occurrences import Occurrence
from storage.house import House
from storage.members import Role
from storage.staff.employees import Employee, add_employee
from storage.training.questions import LETTERS, Kind
from storage.training.sittings import Sitting
from tests.duties import give_out
from tests.e2e.place import Place
from tests.e2e.telegram_place import telegram_place
from tests.e2e.visitor import Visitor, open_page, visit

_OFFICE = "骨科"
_MORNING = datetime.fromisoformat("2026-12-04T08:10:00+08:00")
_PIN = "📌 "
"""Not every machine that takes pictures has a font for it; every messenger does."""
_NEW_YEAR = datetime.fromisoformat("2026-01-01T08:00:00+08:00")
_SURNAMES, _NAMES = "赵钱孙李周吴郑王冯陈", "敏伟静强丽军"
_DONE_BY_CARD, _AWAY = 31, 2
_COVERED = (
    ("study", -4, 40, 0), ("nine_rules", -11, 37, 2), ("promise", -17, 38, 5), ("key_post_talk", -20, 34, 0),
    ("holiday_message", -23, 40, 0),
)  # fmt: skip
"""Of duties: days from now on which they were due, how many did them, how many of those late."""
_YEAR = (720, 1124)


async def group_card(browser: Browser, folder: Path, **hand: object) -> Page:
    """The card of a quiz in the group of a department, drawn as a messenger shows it."""
    async with telegram_place(folder, "polling") as place:
        place.clock.now = _MORNING
        house = place.app.house
        await place.app.database.run(lambda session: _staff(session, house, _MORNING))
        head = place.server.user("赵宁")
        await head.write(f"/join {await place.invite(_OFFICE, '赵宁', Role.HEAD)}")
        await head.sees(f"{_OFFICE}回访台")
        group = await place.group(_OFFICE, head)
        await place.app.ticker.plan_duties()
        place.clock.advance(minutes=25)
        await place.app.ticker.remind_of_duties()
        await place.settled()
        card = await group.sees("九项准则答题")
        await place.app.database.run(lambda session: _answer_some(session, place.clock()))
        place.clock.advance(hours=6)
        await place.app.ticker.redraw_duty_cards()
        await place.settled()
        page = await browser.new_page(**hand)  # type: ignore[arg-type]
        rows = [[one.label for one in row] for row in card.buttons]
        await page.set_content(_messenger(f"{_OFFICE}工作群", card.text.removeprefix(_PIN), rows))
        return page


async def nurse_in_a_quiz(browser: Browser, place: Place, **hand: object) -> Visitor:
    """A nurse who has answered some questions and ticked the right ones of the next."""
    nurse = await visit(browser, place.url, **hand)
    await nurse.says(f"/join {await place.invite(_OFFICE, '孙丽', Role.STAFF)}")
    await place.app.database.run(lambda session: _begin_quiz(session, place))
    nurse = await open_page(nurse.context, place.url)
    await nurse.says("答题")
    for number in range(1, 10):
        await nurse.hears(f"第 {number}/10 题")
        labels, several = await place.app.database.run(lambda session: _right(session, place))
        for label in labels:
            await nurse.presses(label)
        if several and number > 2:
            break
        if several:
            await nurse.presses("确定")
        await nurse.presses("下一题")
    return nurse


async def head_with_coverage(browser: Browser, place: Place, **hand: object) -> Visitor:
    """The head of a department, looking at how far everybody was last month."""
    house, now = place.app.house, place.clock()
    await place.app.database.run(lambda session: _staff(session, house, now))
    await place.app.database.run(lambda session: _cover(session, house, now))
    head = await visit(browser, place.url, **hand)
    await head.says(f"/join {await place.invite(_OFFICE, '赵宁', Role.HEAD)}")
    head = await open_page(head.context, place.url)
    await head.says("覆盖率 上月")
    await head.page.locator(".pictured").last.scroll_into_view_if_needed(timeout=120_000)
    await expect(head.page.locator(".pictured .shown").last).to_be_visible()
    return head


async def draw_year(path: Path, house: House) -> None:
    """The beginning of the picture of a year, as `lianxin duties preview --picture` draws it."""
    year = year_ahead(house, Asked(12), now=_NEW_YEAR)
    drawn = Image.open(BytesIO(await draw(sheet_of(year, house))))
    width, height = _YEAR
    whole = (width, drawn.height * width // drawn.width)
    small = drawn.convert("RGB").resize(whole, Image.Resampling.LANCZOS)
    small.crop((0, 0, width, height)).quantize(64, dither=Image.Dither.NONE).save(path, optimize=True)


def _staff(session: Session, house: House, now: datetime) -> None:
    for number in range(40):
        name = _SURNAMES[number % 10] + _NAMES[number % 6] + ("" if number % 3 else "华")
        add_employee(session, name, _OFFICE, number=f"{3000 + number}", vault=house.vault, now=now)


def _people(session: Session) -> list[Employee]:
    return list(session.exec(select(Employee).where(Employee.office == _OFFICE, Employee.role == Role.STAFF)))


def _answer_some(session: Session, now: datetime) -> None:
    quiz = session.exec(select(Occurrence).where(Occurrence.duty == "nine_rules")).first()
    assert quiz is not None
    owed = _owed(session, quiz)
    for assignment in owed[:_DONE_BY_CARD]:
        complete(session, assignment, by=session.get_one(Employee, assignment.employee_id), now=now)
    for assignment in owed[-_AWAY:]:
        excuse(session, assignment, Excuse.LEAVE, now=now)


def _owed(session: Session, occurrence: Occurrence) -> list[Assignment]:
    staff = [one.id for one in _people(session)]
    owed = select(Assignment).where(Assignment.occurrence_id == occurrence.id)
    return [one for one in session.exec(owed) if one.employee_id in staff]


def _begin_quiz(session: Session, place: Place) -> None:
    everybody = list(session.exec(select(Employee)))
    give_out(session, place.app.house, "nine_rules", people=everybody, now=place.clock())


def _right(session: Session, place: Place) -> tuple[list[str], bool]:
    """What to press for the question on the screen; whether it takes several."""
    sitting = session.exec(select(Sitting)).one()
    key, order = sitting.questions[sitting.position]
    question = place.app.house.questions.find(key)
    assert question is not None
    if question.kind is Kind.JUDGE:
        return ["对" if question.answers == {0} else "错"], False
    several = question.kind is Kind.MULTIPLE
    letters = sorted(LETTERS[order.index(str(answer))] for answer in question.answers)
    return [f"☐ {letter}" if several else letter for letter in letters], several


def _cover(session: Session, house: House, now: datetime) -> None:
    people = _people(session)
    for key, due, done, late in _COVERED:
        begun = now + timedelta(days=due - 10)
        occurrence = give_out(session, house, key, people=people, due_in=timedelta(days=10), now=begun)
        owed = _owed(session, occurrence)
        for place, assignment in enumerate(owed[:done]):
            at = occurrence.due_at + timedelta(days=1 if place < late else -2)
            complete(session, assignment, by=session.get_one(Employee, assignment.employee_id), now=at)
        if done < len(owed):
            excuse(session, owed[-1], Excuse.LEAVE, now=begun)


def _messenger(title: str, text: str, rows: list[list[str]]) -> str:
    """A group chat with one message and the buttons below it."""
    buttons = "".join(
        f"<div>{''.join(f'<span>{escape(label)}</span>' for label in row)}</div>" for row in rows
    )
    return f"""<!doctype html><html lang="zh"><meta charset="utf-8"><style>
body {{ margin: 0; font: 17px/1.5 "Noto Sans CJK SC", sans-serif; background: #c8d9e6; color: #10202b; }}
header {{ background: #517da2; color: #fff; padding: 14px 18px; font-weight: 600; }}
main {{ padding: 18px 14px; }}
p {{ background: #fff; border-radius: 14px 14px 6px 6px; margin: 0; padding: 12px 16px; }}
p {{ white-space: pre-wrap; }}
b {{ display: block; color: #3a78a8; }}
div {{ display: flex; gap: 6px; margin-top: 6px; }}
span {{ flex: 1; text-align: center; color: #fff; background: #5f83a0; border-radius: 10px; padding: 9px; }}
</style><header>{escape(title)}</header><main><p><b>廉信</b>{escape(text)}</p>{buttons}</main></html>"""
