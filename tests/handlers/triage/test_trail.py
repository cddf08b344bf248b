"""Whoever reads leaves a trace, and so does whoever was not let in; only heads see the latter."""

import json

import pytest
from sqlmodel import Session, col, select

from handlers.triage import on_officer_choice
from nlp.reading import Verdict
from nlp.taxonomy import Category
from storage.access import case_for
from storage.cases import Status
from storage.errors import NoSuchCase
from storage.events import SYSTEM, Event, record_event
from storage.house import House
from storage.members import Role
from storage.rerouting import reconsider
from storage.routing import Routing
from storage.tallies import Tally
from tests.factories import MONDAY, make_turn, open_a_case
from tests.handlers.conftest import Hire, member_of


def trail(session: Session) -> list[tuple[str, str, int | None, dict[str, object]]]:
    """Actor, action, case and details of all events but the opening of cases."""
    events = session.exec(select(Event).where(Event.action != "opened").order_by(col(Event.id)))
    return [(one.actor, one.action, one.case_id, json.loads(one.detail)) for one in events]


@pytest.mark.parametrize(
    ("button", "action", "detail"),
    [
        ("open:1", "read", {}),
        ("text:1", "read", {"what": "text"}),
        ("thread:1", "read", {"what": "thread"}),
        ("files:1", "read", {"what": "files", "files": 0}),
        ("history:1", "history_read", {}),
    ],
)
def test_every_reading_is_an_event(
    session: Session, house: House, hire: Hire, button: str, action: str, detail: dict[str, object]
) -> None:
    open_a_case(session, house)
    hire().chooses(button)
    assert trail(session) == [("member:1", action, 1, detail)]


def test_a_case_typed_by_number_is_a_reading(session: Session, house: House, hire: Hire) -> None:
    open_a_case(session, house)
    hire().says("1号")
    assert trail(session) == [("member:1", "read", 1, {})]


def test_a_case_asked_for_in_a_group_is_a_reading(session: Session, house: House, hire: Hire) -> None:
    open_a_case(session, house)
    hire().chooses("open:1", in_group=True)
    assert trail(session) == [("member:1", "read", 1, {})]


BUTTONS = [
    "open:1", "text:1", "thread:1", "history:1", "files:1",
    "do:accept:1:0", "do:note:1:0", "category:1:0:all",
]  # fmt: skip


@pytest.mark.parametrize("button", BUTTONS)
def test_every_button_of_a_case_that_is_not_ones_own_is_a_refusal(
    session: Session, house: House, hire: Hire, button: str
) -> None:
    open_a_case(session, house)
    hire("周洁", "药剂科").chooses(button)
    assert trail(session) == [("member:1", "refused", 1, {"what": "case"})]


@pytest.mark.parametrize("button", BUTTONS)
def test_every_button_of_a_case_that_is_not_there_is_a_refusal(
    session: Session, hire: Hire, button: str
) -> None:
    hire().chooses(
        button.replace(":1", ":77", 1) if button.count(":") == 1 else button.replace("1:", "77:", 1)
    )
    assert trail(session) == [("member:1", "refused", None, {"what": "case", "asked": 77})]


def test_refusal_in_a_group_stands_in_the_trail_as_well(session: Session, house: House, hire: Hire) -> None:
    open_a_case(session, house)
    hire("周洁", "药剂科").chooses("open:1", in_group=True)
    assert [(action, case) for _, action, case, _ in trail(session)] == [("refused", 1)]


def test_number_with_a_wrong_year_is_a_refusal_that_names_no_case(
    session: Session, house: House, hire: Hire
) -> None:
    open_a_case(session, house)
    hire().says("2019-00001")
    assert trail(session) == [("member:1", "refused", None, {"what": "case"})]


@pytest.mark.parametrize("button", ["do:accept:1:0", "do:close:1:0", "category:1:0:all"])
def test_what_a_supporting_office_may_not_do_is_a_refusal(
    session: Session, house: House, hire: Hire, button: str
) -> None:
    open_a_case(session, house, supporting=["药剂科"])
    hire("周洁", "药剂科").chooses(button)
    assert trail(session)[0][1:3] == ("refused", 1)
    assert trail(session)[0][3]["what"] == "action"


def test_person_the_report_names_is_seen_when_they_look_for_it(
    session: Session, house: House, hire: Hire
) -> None:
    accused = member_of(hire("周洁"))
    open_a_case(session, house, left_out_people=[accused.id])
    with pytest.raises(NoSuchCase):
        case_for(session, "1", accused, house.hospital, now=MONDAY)
    assert trail(session) == [("member:1", "refused", 1, {"what": "case"})]


def test_refusals_of_an_accused_do_not_keep_the_case_from_moving(
    session: Session, house: House, hire: Hire
) -> None:
    """The attack: somebody who is named looks for the case, so that it counts as decided and stays."""
    case = open_a_case(session, house, lead="投诉办", categories=())
    hire("周洁", "药剂科").chooses("do:accept:1:0").chooses("open:1")
    found = Verdict(case.intent, (Category.RED_ENVELOPE,), False, unsure=False)
    routing = Routing("纪检办", (), (), (), False)
    reconsider(session, case, verdict=found, routing=routing, house=house, now=MONDAY)
    assert (case.lead_office, case.status) == ("纪检办", Status.RECEIVED)


@pytest.mark.parametrize(
    ("role", "sees"), [(Role.OFFICER, False), (Role.HEAD, True), (Role.SUPERVISOR, True)]
)
def test_only_heads_and_supervisors_read_of_refusals(
    session: Session, house: House, hire: Hire, role: Role, sees: bool
) -> None:
    open_a_case(session, house)
    hire("周洁", "药剂科").chooses("open:1")
    shown = hire("王芳", "纪检办", role).chooses("history:1").text
    assert ("想看，没有权限" in shown) is sees
    assert ("周洁" in shown) is sees


def test_many_refusals_in_a_row_are_one_line(session: Session, house: House, hire: Hire) -> None:
    open_a_case(session, house)
    curious = hire("周洁", "药剂科")
    for _ in range(20):
        curious.chooses("open:1")
    assert hire("王芳", "纪检办", Role.HEAD).chooses("history:1").text.count("周洁") == 1


def test_going_off_duty_and_on_again_is_told_once_each(session: Session, hire: Hire) -> None:
    officer = hire()
    for button in ("duty:off", "duty:off", "duty:on", "duty:on"):
        officer.chooses(button)
    assert [action for _, action, _, _ in trail(session)] == ["duty_off", "duty_on"]


def test_somebody_who_is_no_member_is_only_counted(session: Session, house: House, hire: Hire) -> None:
    open_a_case(session, house)
    desk = hire().desk
    for _ in range(3):
        on_officer_choice(make_turn(session, desk, "路人", choice="open:1"), "open:1")
    assert trail(session) == []
    assert session.get_one(Tally, "strangers").count == 3


def test_what_one_step_sent_to_several_is_one_line(session: Session, house: House, hire: Hire) -> None:
    case = open_a_case(session, house)
    anna, bert = hire(), hire("李强")
    for to in (member_of(anna).id, member_of(bert).id, member_of(anna).id):
        record_event(session, SYSTEM, "pushed", case_id=case.id, now=MONDAY, to=to)
    said = anna.opens(case).presses("经过").text
    assert said.count("把内容发给") == 1
    assert "把内容发给王芳、李强" in said
