"""Who a notice is for, found at the moment it is sent."""

import pytest
from sqlmodel import Session

from storage.audiences import Addressing, switch_off
from storage.groups import bind_group
from storage.identity import chat_hash
from storage.members import Member, Role
from storage.subscriptions import subscribe
from tests.factories import MONDAY, make_house, make_member, open_a_case

HOUSE = make_house()


@pytest.fixture
def staff(session: Session) -> dict[str, Member]:
    """药剂科: a head off duty, one on duty, one off; 纪检办: one; a supervisor at 人事科; a group."""
    found = {
        name: make_member(session, HOUSE, name, office, role)
        for name, office, role in [
            ("冯刚", "药剂科", Role.HEAD), ("王芳", "药剂科", Role.OFFICER), ("周洁", "药剂科", Role.OFFICER),
            ("孙立", "纪检办", Role.OFFICER), ("何平", "人事科", Role.SUPERVISOR),
        ]
    }  # fmt: skip
    found["冯刚"].on_duty = found["周洁"].on_duty = False
    bind_group(session, channel="web", address="药剂群", office="药剂科", vault=HOUSE.vault, now=MONDAY)
    session.flush()
    return found


def chats(session: Session, audience: str, case_id: int | None = 1) -> list[str]:
    return [recipient.address for recipient in Addressing(session, HOUSE).recipients(audience, case_id)]


@pytest.mark.parametrize(
    ("audience", "changes", "expected"),
    [
        ("office:药剂科", {}, ["药剂群", "王芳"]),
        ("heads:药剂科", {}, ["冯刚"]),
        ("office:设备科", {}, ["孙立"]),
        ("office:纪检办", {}, ["孙立"]),
        ("supervisors", {}, ["何平"]),
        ("member:2", {}, ["王芳"]),
        ("member:99", {}, []),
        ("member:5", {"left_out_people": [5]}, []),
        ("office:药剂科", {"left_out_offices": ["药剂科"]}, ["何平"]),
        ("office:药剂科", {"sealed": True}, ["何平"]),
        ("heads:药剂科", {"left_out_offices": ["药剂科"]}, []),
        ("member:2", {"left_out_offices": ["药剂科"]}, []),
        ("office:药剂科", {"left_out_people": [2]}, ["冯刚", "周洁"]),
        ("office:药剂科", {"left_out_people": [1, 2, 3]}, ["何平"]),
        ("office:药剂科", {"left_out_people": [4]}, ["药剂群", "王芳"]),
        ("office:设备科", {"left_out_offices": ["纪检办"]}, ["何平"]),
        ("office:纪检办", {"left_out_people": [4]}, ["何平"]),
        ("supervisors", {"left_out_people": [5], "sealed": True}, []),
        ("heads:药剂科", {"sealed": True}, []),
        ("member:2", {"sealed": True}, []),
        ("nobody", {}, []),
        ("card:99", {}, []),
    ],
)
def test_each_audience_is_found_without_anybody_accused(
    session: Session, staff: dict[str, Member], audience: str, changes: dict[str, object], expected: list[str]
) -> None:
    open_a_case(session, HOUSE, lead="药剂科", **changes)  # type: ignore[arg-type]
    assert chats(session, audience) == expected


def test_where_nobody_is_on_duty_everybody_is_told(session: Session, staff: dict[str, Member]) -> None:
    open_a_case(session, HOUSE, lead="药剂科")
    staff["王芳"].on_duty = False
    session.flush()
    assert chats(session, "office:药剂科") == ["药剂群", "冯刚", "王芳", "周洁"]


def test_a_reporter_is_told_in_the_chats_that_agreed(session: Session) -> None:
    open_a_case(session, HOUSE)
    assert chats(session, "reporter") == []
    subscribe(session, 1, channel="web", address="p", vault=HOUSE.vault)
    assert chats(session, "reporter") == ["p"]
    assert chats(session, "reporter", None) == []


def test_a_chat_that_is_gone_unbinds_the_group_and_sends_the_member_off_duty(
    session: Session, staff: dict[str, Member]
) -> None:
    open_a_case(session, HOUSE, lead="药剂科")
    switch_off(session, chat_hash(HOUSE.vault, "web", "药剂群"), now=MONDAY)
    switch_off(session, "unknown", sender=staff["王芳"].sender, now=MONDAY)
    switch_off(session, "unknown", sender="unknown", now=MONDAY)
    session.flush()
    assert chats(session, "office:药剂科") == ["冯刚", "王芳", "周洁"]
    assert not staff["王芳"].on_duty
