"""Where a report goes, and that nobody it speaks about is there."""

from typing import Any

import pytest

from nlp.taxonomy import Category
from storage.hospital import Hospital
from storage.naming import Person
from storage.routing import Routing, route

DESK, DISCIPLINE, PRAISE = "投诉办", "纪检办", "人事科"
OFFICES = (
    DISCIPLINE,
    DESK,
    PRAISE,
    *["药剂科", "设备科", "医务科", "信息科", "保卫科", "门诊部", "护理部", "物价办", "财务科"],
)
PEOPLE = (
    Person(1, "欧阳娜", DISCIPLINE, head=True),
    Person(2, "王芳", DISCIPLINE),
    Person(3, "刘建国", "药剂科", head=True),
    Person(4, "周强", "药剂科"),
    Person(5, "王海", "设备科"),
    Person(6, "李雷", DESK),
    Person(7, "韩梅", DESK),
)


def hospital(**changes: Any) -> Hospital:
    plain: dict[str, Any] = {
        "name": "示例医院",
        "discipline_office": DISCIPLINE,
        "service_desk": DESK,
        "praise_office": PRAISE,
        "offices": [{"name": name, "aliases": ["药房"] if name == "药剂科" else []} for name in OFFICES],
        "leaders": [{"name": "赵国栋", "title": "院长"}],
        "routing": {"over_treatment": {"lead": "药剂科", "supporting": ["医务科"]}},
    }
    return Hospital.model_validate(plain | changes)


def routed(
    text: str = "",
    *categories: str,
    intent: str = "report",
    unsure: bool = False,
    people: tuple[Person, ...] = PEOPLE,
) -> Routing:
    return route(hospital(), categories=categories, intent=intent, unsure=unsure, text=text, people=people)


@pytest.mark.parametrize(
    ("categories", "lead", "supporting"),
    [
        (["red_envelope"], DISCIPLINE, ()),
        (["kickback"], DISCIPLINE, ("药剂科", "设备科")),
        (["outside_purchase"], "药剂科", (DISCIPLINE,)),
        (["touting"], "保卫科", ("门诊部",)),
        (["illegal_biomedical"], DISCIPLINE, ("医务科",)),
        (["service_attitude"], DESK, ("护理部", "门诊部")),
        (["over_treatment"], "药剂科", ("医务科",)),  # the hospital's own row
        (["procurement"], DISCIPLINE, ()),  # its default supporters do not exist here
        (["insurance_fraud"], DISCIPLINE, ()),  # nor this lead
        (["no_such_code"], DISCIPLINE, ()),
        (["red_envelope", "service_attitude"], DISCIPLINE, ("护理部", "门诊部", DESK)),
        (["overcharging", "red_envelope"], "物价办", ("财务科", DISCIPLINE)),
    ],
)
def test_first_category_leads_and_all_support(
    categories: list[str], lead: str, supporting: tuple[str, ...]
) -> None:
    found = routed("医生做了不该做的事", *categories)
    assert (found.lead, found.supporting, found.sealed) == (lead, supporting, False)


@pytest.mark.parametrize(
    ("intent", "unsure", "lead"),
    [
        ("praise", False, PRAISE),
        ("praise", True, DESK),
        ("inquiry", False, DESK),
        ("other", False, DESK),
        ("other", True, DESK),
        ("complaint", True, DESK),
        ("report", False, DESK),
    ],
)
def test_what_has_no_category_goes_by_intent(intent: str, unsure: bool, lead: str) -> None:
    assert routed("谢谢", intent=intent, unsure=unsure).lead == lead


def test_praise_and_inquiries_accuse_nobody() -> None:
    assert routed("人事科的人真好", intent="praise") == Routing(PRAISE, why=("intent:praise",))
    assert routed("纪检办是做什么的", intent="inquiry") == Routing(DESK, why=("intent:inquiry",))


def test_praise_with_a_category_keeps_it_from_whom_it_names() -> None:
    assert routed("人事科真好，收了钱就办事", "red_envelope", intent="praise").lead == DISCIPLINE


def test_retaliation_is_sealed_wherever_it_ranks() -> None:
    found = routed("他们打击报复", "service_attitude", "coverup_retaliation")
    assert (found.lead, found.supporting, found.sealed) == (DISCIPLINE, (), True)
    assert "sealed:coverup_retaliation" in found.why


def test_accused_lead_is_replaced_by_the_discipline_office() -> None:
    found = routed("药房让我去外面买药", "outside_purchase")
    assert (found.lead, found.supporting, found.left_out_offices) == (DISCIPLINE, (), ("药剂科",))
    assert not found.sealed
    assert {"office_named:药剂科", "lead_left_out:药剂科"} <= set(found.why)


def test_accused_supporter_is_dropped_and_one_that_has_no_part_is_still_listed() -> None:
    found = routed("设备科和信息科都拿回扣", "kickback")
    assert (found.lead, found.supporting) == (DISCIPLINE, ("药剂科",))
    assert found.left_out_offices == ("设备科", "信息科")


def test_accused_service_desk_does_not_read_what_nobody_understood() -> None:
    assert routed("投诉办那帮人", unsure=True, intent="other").lead == DISCIPLINE


@pytest.mark.parametrize(
    "text",
    [
        "纪检办收了他的钱",
        "欧阳娜收了他的钱",
        "王芳收了他的钱",
        "纪检办王主任收了他的钱",
        "赵国栋收钱",
        "你们院长收钱",
    ],
)
def test_accused_discipline_or_leader_seals(text: str) -> None:
    found = routed(text, "kickback")
    assert (found.lead, found.supporting, found.sealed) == (DISCIPLINE, (), True)


@pytest.mark.parametrize("text", ["请纪检办查一下", "请王芳查一下", "赵院长您好，医生收红包"])
def test_speaking_to_discipline_or_leader_does_not_seal(text: str) -> None:
    assert not routed(text, "red_envelope").sealed


def test_named_officer_is_left_out_and_the_office_stays() -> None:
    found = routed("周强拿回扣", "kickback")
    assert found.left_out_people == (4,)
    assert found.left_out_offices == ()
    assert found.supporting == ("药剂科", "设备科")


def test_named_head_takes_the_office_along() -> None:
    found = routed("刘建国拿回扣", "outside_purchase")
    assert (found.lead, found.left_out_people, found.left_out_offices) == (DISCIPLINE, (3,), ("药剂科",))


def test_named_only_officer_takes_the_office_along() -> None:
    assert routed("王海拿回扣", "kickback").left_out_offices == ("设备科",)


def test_shared_surname_leaves_out_those_who_can_be_spared() -> None:
    found = routed("王主任收红包", "red_envelope")
    assert (found.lead, found.sealed) == (DISCIPLINE, False)
    assert found.left_out_people == (2,)  # 5 is alone in the office and stays
    assert found.left_out_offices == ()


def test_shared_surname_with_a_head_title_empties_an_office_of_one() -> None:
    found = routed("王科长收红包", "kickback")
    assert found.left_out_people == (2, 5)
    assert found.left_out_offices == ("设备科",)
    assert found.supporting == ("药剂科",)
    assert not found.sealed


def test_only_discipline_officer_with_that_surname_and_title_seals() -> None:
    assert routed("王科长收红包", "red_envelope", people=(Person(2, "王芳", DISCIPLINE),)).sealed
    assert not routed("王主任收红包", "red_envelope", people=(Person(2, "王芳", DISCIPLINE),)).sealed


def test_without_any_officer_yet_the_route_still_stands() -> None:
    assert routed("药剂科收回扣", "kickback", people=()).supporting == ("设备科",)


def test_reasons_hold_no_word_of_the_text() -> None:
    found = routed("王科长和周强还有药房收了13800001111的钱", "kickback", "outside_purchase")
    assert found.why == (
        "category:kickback", "category:outside_purchase", "person_named:4",
        "perhaps_named:2", "perhaps_named:5", "nobody_left:设备科", "office_named:药剂科",
    )  # fmt: skip


@pytest.mark.parametrize("category", list(Category))
@pytest.mark.parametrize("office", OFFICES)
def test_no_named_office_is_ever_on_the_case(category: Category, office: str) -> None:
    found = routed(f"{office}的人收了钱", category)
    assert office in found.left_out_offices
    assert office not in found.supporting
    assert found.sealed or office != found.lead
    assert found.lead not in found.supporting
