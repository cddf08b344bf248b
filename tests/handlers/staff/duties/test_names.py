"""Names of who has not answered: only for who oversees the office, only as it is when the letter is sent."""

from datetime import timedelta

import pytest
from sqlmodel import Session

from handlers.staff.duties.names import names_letter
from handlers.triage.sight import Sight
from handlers.words import words_for
from storage.duties.completing import complete
from storage.members import Role
from tests.duties import duty_house, give_out, make_employee, owed
from tests.factories import MONDAY, make_member

HOUSE = duty_house({}, {"key": "figures", "title": "统计表", "each": "office"})
LATER = MONDAY + timedelta(days=1)


def sight(session: Session) -> Sight:
    return Sight(session, HOUSE, words_for("zh"), LATER)


@pytest.mark.parametrize(
    ("role", "office", "asked", "reads"),
    [
        (Role.HEAD, "药剂科", "药剂科", True),
        (Role.HEAD, "药剂科", "", True),
        (Role.HEAD, "医务科", "药剂科", False),
        (Role.HEAD, "纪检办", "药剂科", True),
        (Role.SUPERVISOR, "纪检办", "", True),
        (Role.OFFICER, "药剂科", "药剂科", False),
        (Role.STAFF, "药剂科", "药剂科", False),
        (Role.STAFF, "药剂科", "", False),
    ],
)
def test_names_are_for_who_oversees_the_office(
    session: Session, role: Role, office: str, asked: str, reads: bool
) -> None:
    person, _ = make_employee(session, HOUSE, "赵敏")
    give_out(session, HOUSE, people=[person], due_in=timedelta(hours=1))
    reader = make_member(session, HOUSE, "读者", office, role)
    letter = names_letter(reader, [asked] if asked else [], (), sight(session))
    assert (letter is not None and "赵敏" in letter[0].text) is reads


def test_who_answered_or_has_longer_stands_on_no_list(session: Session) -> None:
    done, longer, late = (make_employee(session, HOUSE, name)[0] for name in ("赵敏", "钱多", "孙立"))
    occurrence = give_out(session, HOUSE, people=[done, longer, late], due_in=timedelta(hours=1))
    complete(session, owed(session, occurrence, done), by=done, now=LATER)
    owed(session, occurrence, longer).extended_until = LATER + timedelta(days=1)
    session.flush()
    head = make_member(session, HOUSE, "主任", "药剂科", Role.HEAD)
    letter = names_letter(head, ["药剂科"], (), sight(session))
    assert letter is not None
    assert "还有 1 人没有完成" in letter[0].text
    assert "孙立" in letter[0].text
    assert "赵敏" not in letter[0].text
    assert "钱多" not in letter[0].text
    complete(session, owed(session, occurrence, late), by=late, now=LATER)
    assert names_letter(head, ["药剂科"], (), sight(session)) is None


def test_what_an_office_owes_as_one_names_nobody(session: Session) -> None:
    make_employee(session, HOUSE, "赵敏")
    give_out(session, HOUSE, "figures", offices=["药剂科"], due_in=timedelta(hours=1))
    head = make_member(session, HOUSE, "主任", "药剂科", Role.HEAD)
    letter = names_letter(head, ["药剂科"], (), sight(session))
    assert letter is not None
    assert "统计表" in letter[0].text
    assert "科室还没有完成" in letter[0].text
    assert "赵敏" not in letter[0].text


def test_many_names_are_cut(session: Session) -> None:
    people = [make_employee(session, HOUSE, f"职工{number}", joined=False)[0] for number in range(50)]
    give_out(session, HOUSE, people=people, due_in=timedelta(hours=1))
    head = make_member(session, HOUSE, "主任", "药剂科", Role.HEAD)
    letter = names_letter(head, ["药剂科"], (), sight(session))
    assert letter is not None
    assert "还有 50 人没有完成" in letter[0].text
    assert letter[0].text.count("（未加入）") == 30
    assert "（未加入）等" in letter[0].text
