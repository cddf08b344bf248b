"""The officers' lists: open cases they may see, in the order in which they are due, page by page."""

from datetime import timedelta

import pytest
from sqlmodel import Session

from storage.cases import Case, Status
from storage.lists import PAGE, Listing, list_cases
from storage.members import Member, Role
from tests.factories import MONDAY, make_house, make_member, open_a_case

HOUSE = make_house()
DAY = timedelta(days=1)


def listed(
    session: Session, listing: Listing, member: Member, now: object = MONDAY, page: int = 0
) -> list[int]:
    cases, _ = list_cases(session, listing, member, hospital=HOUSE.hospital, page=page, now=now)  # type: ignore[arg-type]
    return [case.id or 0 for case in cases]


@pytest.fixture
def cases(session: Session) -> list[Case]:
    """1 at 药剂科, 2 supported by it, 3 at 投诉办, 4 sealed, 5 at 药剂科 but accusing it, 6 closed."""
    found = [
        open_a_case(session, HOUSE, lead="药剂科"),
        open_a_case(session, HOUSE, lead="纪检办", supporting=["药剂科"]),
        open_a_case(session, HOUSE, lead="投诉办"),
        open_a_case(session, HOUSE, lead="纪检办", sealed=True),
        open_a_case(session, HOUSE, lead="药剂科", left_out_offices=["药剂科"]),
        open_a_case(session, HOUSE, lead="药剂科"),
    ]
    found[5].status = Status.CLOSED
    session.add(found[5])
    session.flush()
    return found


@pytest.mark.parametrize(
    ("office", "role", "expected"),
    [
        ("药剂科", Role.OFFICER, {"office": [1], "supporting": [2], "overdue": [1], "mine": []}),
        ("药剂科", Role.HEAD, {"office": [1], "supporting": [2]}),
        ("纪检办", Role.OFFICER, {"office": [2], "overdue": [2]}),
        ("投诉办", Role.SUPERVISOR, {"office": [2, 3, 4], "overdue": [2, 3, 4]}),
        ("纪检办", Role.SUPERVISOR, {"office": [2, 4]}),
        ("人事科", Role.OFFICER, {"office": [], "supporting": [], "overdue": []}),
    ],
)
def test_each_officer_finds_what_they_may_see_and_nothing_else(
    session: Session, cases: list[Case], office: str, role: Role, expected: dict[str, list[int]]
) -> None:
    for name in ("药剂科", "投诉办", "医务科", "人事科", "设备科", "纪检办"):
        make_member(session, HOUSE, f"同事{name}", name)
    member = make_member(session, HOUSE, "王芳", office, role)
    later = MONDAY + 30 * DAY
    for listing, wanted in expected.items():
        assert listed(session, Listing(listing), member, later) == wanted, listing


def test_discipline_also_lists_offices_without_members(session: Session, cases: list[Case]) -> None:
    member = make_member(session, HOUSE, "孙立", "纪检办")
    assert listed(session, Listing.OFFICE, member) == [1, 2, 3, 5]


def test_a_person_who_is_left_out_finds_it_in_no_list_even_as_assignee(session: Session) -> None:
    member = make_member(session, HOUSE, "王芳", "药剂科")
    case = open_a_case(session, HOUSE, lead="药剂科", left_out_people=[member.id])
    case.assignee_id = member.id
    session.add(case)
    session.flush()
    for listing in Listing:
        assert listed(session, listing, member, MONDAY + 30 * DAY) == []


def test_due_today_and_overdue_part_at_the_very_moment(session: Session) -> None:
    member = make_member(session, HOUSE, "王芳", "药剂科")
    case = open_a_case(session, HOUSE, lead="药剂科")
    due = case.due_at
    assert due is not None
    for moment, today, overdue in (
        (due - DAY, [], []),
        (due - timedelta(hours=1), [1], []),
        (due, [], [1]),
        (due + 9 * DAY, [], [1]),
    ):
        assert listed(session, Listing.TODAY, member, moment) == today
        assert listed(session, Listing.OVERDUE, member, moment) == overdue


def test_pages_hold_the_most_urgent_first_and_nothing_twice(session: Session) -> None:
    member = make_member(session, HOUSE, "王芳", "药剂科")
    for number in range(2 * PAGE + 3):
        open_a_case(session, HOUSE, lead="药剂科", now=MONDAY + (20 - number) * DAY)
    seen = [listed(session, Listing.OFFICE, member, page=page) for page in range(4)]
    assert [len(page) for page in seen] == [PAGE, PAGE, 3, 0]
    order = [number for page in seen for number in page]
    due = [session.get(Case, number).due_at for number in order]  # type: ignore[union-attr]
    assert due == sorted(due)  # type: ignore[type-var]
    assert len(set(order)) == 2 * PAGE + 3
    _, more = list_cases(session, Listing.OFFICE, member, hospital=HOUSE.hospital, page=1, now=MONDAY)
    assert more
