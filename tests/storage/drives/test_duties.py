"""What a drive asks for becomes duties: when, owed by whom, given out not before its phase begins."""

from datetime import date

from storage.drives.duties import book_with_drives, duties_of, offices_of_drive
from storage.duties.book import Answers, Duty, Proof
from tests.drives import make_drive
from tests.duties import make_book
from tests.factories import make_hospital


def duties(**changes: object) -> dict[str, Duty]:
    return {duty.key: duty for duty in duties_of(make_drive(**changes))}


def test_every_part_is_a_duty_of_its_drive_and_phase() -> None:
    found = duties()
    assert list(found) == ["clean_read", "clean_report", "clean_count", "clean_weekly", "clean_summary"]
    assert {duty.drive for duty in found.values()} == {"clean"}
    assert [duty.phase for duty in found.values()] == ["selfcheck"] * 3 + ["rectify"] * 2
    assert found["clean_report"].title == "红包专项整治：自查报告"
    assert (found["clean_count"].figure, found["clean_count"].done) == ("条", Proof.FIGURE)


def test_days_are_counted_from_the_start_which_is_day_one() -> None:
    found = duties()
    assert found["clean_read"].when.dates == (date(2025, 11, 28),)
    assert found["clean_report"].when.dates == (date(2025, 12, 5),)
    assert found["clean_weekly"].when.dates == (date(2025, 12, 12), date(2025, 12, 19))
    assert found["clean_summary"].when.dates == (date(2025, 12, 23),)


def test_offices_answer_as_one_and_everybody_for_themselves() -> None:
    found = duties()
    assert found["clean_read"].each is Answers.PERSON
    assert found["clean_report"].each is Answers.OFFICE
    assert found["clean_report"].owed_by.offices == ("药剂科", "设备科", "纪检办")
    assert found["clean_summary"].owed_by.offices == ("纪检办",)
    assert found["clean_report"].to_office == "纪检办"


def test_months_and_quarters_end_inside_the_phase() -> None:
    def dates(first: str, last: str, every: str) -> list[str]:
        item = {"key": "it", "title": "月报", "every": every, "proof": "text"}
        phase = {"key": "p", "title": "治理", "from": first, "to": last, "recurring": [item]}
        found = duties(start=first, phases=[phase], summary={})
        return [day.isoformat() for day in found["clean_it"].when.dates] if "clean_it" in found else []

    assert dates("2025-11-10", "2026-02-28", "month") == [
        "2025-11-30", "2025-12-31", "2026-01-31", "2026-02-28",
    ]  # fmt: skip
    assert dates("2027-12-01", "2028-02-29", "month")[-1] == "2028-02-29"
    assert dates("2025-11-10", "2026-07-01", "quarter") == ["2025-12-31", "2026-03-31", "2026-06-30"]
    assert dates("2025-11-10", "2025-11-20", "month") == []


def test_nothing_is_given_out_before_its_phase_begins() -> None:
    found = duties()
    assert found["clean_read"].begins == found["clean_report"].begins == date(2025, 11, 24)
    assert (found["clean_weekly"].begins, found["clean_weekly"].leads) == (None, (1, 0))


def test_an_ended_drive_asks_for_nothing_more() -> None:
    assert list(duties(ended="2025-12-06")) == ["clean_read", "clean_report", "clean_count"]


def test_the_book_keeps_its_own_duties_in_front() -> None:
    book = book_with_drives(make_book(), [make_drive()])
    assert list(book.by_key)[:2] == ["study", "clean_read"]
    assert book_with_drives(book, []) is book


def test_the_lead_office_takes_part_and_groups_bring_their_offices() -> None:
    hospital = make_hospital()
    book = make_book(groups=[{"name": "采购", "offices": ["设备科"]}])
    drive = make_drive(takes_part={"groups": ["采购"]})
    assert offices_of_drive(drive, book, hospital) == ("纪检办", "设备科")
    everyone = make_drive(takes_part={"everyone": True})
    assert offices_of_drive(everyone, book, hospital) == hospital.places
