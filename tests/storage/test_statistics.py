"""Counts tell nobody's case: made of what the asker may see, and small ones cannot be calculated."""

from collections import defaultdict
from datetime import timedelta
from itertools import product

import pytest
from sqlmodel import Session

from nlp.taxonomy import Category
from storage.members import Role
from storage.statistics import By, Counts, OfficeLoad, Withheld, loads, protect, year_in_counts
from tests.factories import MONDAY, make_house, make_member, open_a_case

HOUSE = make_house()
HOSPITAL = HOUSE.hospital


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ({"a": 10, "b": 7}, Counts(17, {"a": 10, "b": 7})),
        ({"a": 3}, Counts(Withheld.SMALL, {})),
        ({}, Counts(0, {})),
        ({"a": 30, "b": 9, "c": 2}, Counts(41, {"a": 30, "b": Withheld.BESIDE, "c": Withheld.SMALL})),
        ({"a": 4, "b": 4}, Counts(8, {})),
        ({"a": 9, "b": 0}, Counts(9, {"a": 9, "b": 0})),
    ],
)
def test_small_counts_are_withheld_and_what_would_give_them_away(
    counts: dict[str, int], shown: Counts
) -> None:
    assert protect(counts) == shown


@pytest.mark.parametrize(("length", "most"), [(2, 24), (3, 24), (4, 22)])
def test_nobody_who_knows_the_rule_can_calculate_a_withheld_count(length: int, most: int) -> None:
    """Every list of counts is protected; a small one must be different in lists that look the same."""
    alike: dict[tuple[object, tuple[tuple[str, object], ...]], list[tuple[int, ...]]] = defaultdict(list)
    for counts in product(range(most + 1), repeat=length):
        if sum(counts) <= most:
            shown = protect(dict(zip("abcd", counts, strict=False)))
            alike[shown.total, tuple(shown.rows.items())].append(counts)
    for (_, rows), lists in alike.items():
        for place, (_, count) in enumerate(rows):
            if count is Withheld.SMALL:
                assert len({one[place] for one in lists}) > 1, (rows, lists)


def test_a_year_is_counted_over_what_the_asker_may_see(session: Session) -> None:
    head = make_member(session, HOUSE, "冯刚", "药剂科", Role.HEAD)
    above = make_member(session, HOUSE, "何平", "人事科", Role.SUPERVISOR)
    make_member(session, HOUSE, "孙立")
    for _ in range(7):
        open_a_case(session, HOUSE, lead="药剂科", categories=[Category.KICKBACK, Category.SALES_REP])
    open_a_case(session, HOUSE, lead="纪检办")
    open_a_case(session, HOUSE, lead="药剂科", sealed=True)
    open_a_case(session, HOUSE, lead="药剂科", left_out_offices=["药剂科"])
    open_a_case(session, HOUSE, lead="药剂科", now=MONDAY - timedelta(366))
    open_a_case(session, HOUSE, lead="药剂科", left_out_people=[head.id])
    mine = year_in_counts(session, head, year=2025, hospital=HOSPITAL)
    assert {by: counts.total for by, counts in mine.items()} == dict.fromkeys(By, 7)
    assert mine[By.CATEGORY].rows == {"kickback": 7}
    assert year_in_counts(session, above, year=2025, hospital=HOSPITAL)[By.OFFICE].total == 11


def test_who_is_left_out_counts_the_same_with_and_without_the_case(session: Session) -> None:
    supervisor = make_member(session, HOUSE, "何平", "人事科", Role.SUPERVISOR)
    administrator = make_member(session, HOUSE, "吴工", "设备科", Role.ADMINISTRATOR)
    for _ in range(6):
        open_a_case(session, HOUSE)

    def counted() -> list[object]:
        return [
            [
                year_in_counts(session, one, year=2025, hospital=HOSPITAL)
                for one in (supervisor, administrator)
            ],
            [loads(session, one, hospital=HOSPITAL, now=MONDAY) for one in (supervisor, administrator)],
        ]

    before = counted()
    open_a_case(session, HOUSE, left_out_people=[supervisor.id, administrator.id])
    open_a_case(session, HOUSE, left_out_offices=["人事科", "设备科"])
    open_a_case(session, HOUSE, sealed=True, left_out_people=[supervisor.id])
    assert counted() == before


def test_the_administrator_sees_loads_of_offices_and_nothing_else(session: Session) -> None:
    administrator = make_member(session, HOUSE, "吴工", "设备科", Role.ADMINISTRATOR)
    for _ in range(6):
        open_a_case(session, HOUSE, lead="药剂科")
    open_a_case(session, HOUSE, lead="医务科")
    found = loads(session, administrator, hospital=HOSPITAL, now=MONDAY + timedelta(days=90))
    assert OfficeLoad("药剂科", 6, 6) in found
    assert OfficeLoad("医务科", Withheld.SMALL, Withheld.SMALL) in found
    assert OfficeLoad("人事科", 0, 0) in found
    assert year_in_counts(session, administrator, year=2025, hospital=HOSPITAL)[By.OFFICE].total == 0


@pytest.mark.parametrize("role", [Role.STAFF, Role.ADMINISTRATOR])
def test_who_handles_no_cases_counts_none(session: Session, role: Role) -> None:
    member = make_member(session, HOUSE, "吴工", "纪检办", role)
    for _ in range(6):
        open_a_case(session, HOUSE)
    counts = year_in_counts(session, member, year=2025, hospital=HOSPITAL)
    assert {one.total for one in counts.values()} == {0}
