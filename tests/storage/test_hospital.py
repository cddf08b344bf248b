"""What a hospital decides must fit together; each mistake names its place."""

from datetime import UTC, time
from typing import Any

import pytest
from pydantic import ValidationError

from storage.hospital import Clocks, Hospital
from storage.hospital_checks import Mistake
from tests.stage import sample_hospital


def told(**changes: Any) -> dict[str, Any]:
    """A small hospital as it would stand in a file, with changes."""
    plain: dict[str, Any] = {
        "name": "示例医院",
        "discipline_office": "纪检办",
        "service_desk": "投诉办",
        "praise_office": "人事科",
        "offices": [
            {"name": "纪检办", "aliases": ["监察室"]},
            {"name": "投诉办"},
            {"name": "人事科"},
            {"name": "药剂科", "aliases": ["药房"]},
        ],
        "routing": {
            "red_envelope": {"lead": "纪检办"},
            "kickback": {"lead": "纪检办", "supporting": ["药剂科"]},
        },
    }
    return plain | changes


def mistakes_of(**changes: Any) -> tuple[Mistake, ...]:
    with pytest.raises(ValidationError) as caught:
        Hospital.model_validate(told(**changes))
    found: tuple[Mistake, ...] = caught.value.errors()[0]["ctx"]["mistakes"]
    return found


def test_a_hospital_that_fits_together_is_accepted() -> None:
    assert Hospital.model_validate(told()).offices[0].aliases == ("监察室",)


def test_spaces_around_names_do_not_matter() -> None:
    assert Hospital.model_validate(told(service_desk=" 投诉办 ")).service_desk == "投诉办"


@pytest.mark.parametrize("key", ["discipline_office", "service_desk", "praise_office"])
def test_office_in_use_must_exist(key: str) -> None:
    assert mistakes_of(**{key: "纪检科"}) == (Mistake((key,), "unknown_office", "纪检科", "纪检办"),)


def test_routed_offices_must_exist_and_an_alias_points_to_the_name() -> None:
    routing = {"touting": {"lead": "保卫科", "supporting": ["药剂科", "药房"]}}
    assert mistakes_of(routing=routing) == (
        Mistake(("routing", "touting", "lead"), "unknown_office", "保卫科"),
        Mistake(("routing", "touting", "supporting", 1), "unknown_office", "药房", "药剂科"),
    )


def test_category_must_be_known() -> None:
    routing = {"red_envelop": {"lead": "纪检办"}}
    assert mistakes_of(routing=routing) == (
        Mistake(("routing", "red_envelop"), "unknown_category", "red_envelop", "red_envelope"),
    )


def test_names_and_aliases_stand_for_one_office() -> None:
    offices = [*told()["offices"], {"name": "监察室"}, {"name": "门诊部", "aliases": ["药房", "门"]}]
    assert mistakes_of(offices=offices) == (
        Mistake(("offices", 4, "name"), "repeated", "监察室"),
        Mistake(("offices", 5, "aliases", 0), "repeated", "药房"),
        Mistake(("offices", 5, "aliases", 1), "too_short", "门"),
    )


def test_no_office_is_called_as_the_whole_house_is() -> None:
    offices = [*told()["offices"], {"name": "门诊部", "aliases": ["全院"]}]
    assert mistakes_of(offices=offices) == (Mistake(("offices", 4, "aliases", 0), "reserved", "全院"),)
    assert mistakes_of(departments=["全院"]) == (Mistake(("departments",), "reserved", "全院"),)


def test_leader_needs_a_whole_name() -> None:
    assert mistakes_of(leaders=[{"name": "王"}]) == (Mistake(("leaders", 0, "name"), "too_short", "王"),)


@pytest.mark.parametrize("zone", ["Asia/Shanhai", "Asia", "../etc/passwd", "北京", ""])
def test_time_zone_must_exist(zone: str) -> None:
    assert mistakes_of(timezone=zone) == (Mistake(("timezone",), "unknown_timezone", zone),)


def test_office_must_open_before_it_closes() -> None:
    assert mistakes_of(clocks={"day_starts": "17:00", "day_ends": "09:00"})[0].kind == "closed_all_day"


def test_faq_needs_words_and_its_own_title() -> None:
    entry = {"title": "停车", "words": ["停车"], "answer": "有停车场。"}
    found = mistakes_of(faq=[entry, entry | {"words": [" "]}])
    assert [one.kind for one in found] == ["repeated", "no_words"]


@pytest.mark.parametrize("written", ["09:00", "9:00", "9：00", " 09:00 ", time(9)])
def test_time_of_day_is_read_as_people_write_it(written: object) -> None:
    assert Clocks.model_validate({"day_starts": written}).day_starts == time(9)


@pytest.mark.parametrize(
    "wrong", [9, 9.5, True, "9", "25:00", "09:60", "9点", "09:00Z", time(9, tzinfo=UTC), None]
)
def test_what_is_not_a_time_of_day_is_refused(wrong: object) -> None:
    with pytest.raises(ValidationError):
        Clocks.model_validate({"day_starts": wrong})


@pytest.mark.parametrize("wrong", [0, -1, 251, "3", 3.0, True, None])
def test_a_limit_is_a_whole_number_of_working_days(wrong: object) -> None:
    with pytest.raises(ValidationError):
        Clocks.model_validate({"decide": wrong})


def test_nicknames_are_no_key_of_the_file() -> None:
    hospital = Hospital.model_validate(told())
    named = hospital.with_nicknames({"小诸葛": "李明"})
    assert (named.nicknames, hospital.nicknames) == ({"小诸葛": "李明"}, {})
    assert named.offices == hospital.offices
    with pytest.raises(ValidationError):
        Hospital.model_validate(told() | {"nicknames": {"小诸葛": "李明"}})


def test_only_what_is_a_number_can_be_called() -> None:
    hospital = sample_hospital(emergency_line="院内 8120", crisis_line="010-12345678")
    assert hospital.numbers_to_call == {"010-12345678", "110"}


def test_numbers_of_wards_can_be_pressed_as_well() -> None:
    wards = [
        {"department": "骨科", "nurse_line": "0571-88880000"},
        {"department": "眼科", "nurse_line": "内线 8120"},
    ]
    hospital = sample_hospital(followup={"wards": wards})
    assert "0571-88880000" in hospital.numbers_to_call
    assert len(hospital.numbers_to_call) == 4
