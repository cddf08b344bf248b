"""Who left is forgotten after their time, unless a case that still has content names them."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from nlp.taxonomy import Intent
from storage.cards import Card, remember_card
from storage.cases import Case, Status
from storage.events import Event
from storage.leavers import forget_leavers
from storage.members import Member, Role, add_member, is_forgotten
from storage.vault import Vault

DAYS = 30


@pytest.fixture
def leaver(session: Session, vault: Vault, now: datetime) -> Member:
    """Left at the moment `now`."""
    member = add_member(
        session, sender="anna", channel="messenger", address="4711", name="安娜", office="药剂科",
        role=Role.OFFICER, vault=vault, now=now - timedelta(days=400),
    )  # fmt: skip
    member.active, member.changed_at = False, now
    session.flush()
    return member


def a_case(session: Session, now: datetime, **facts: Any) -> Case:
    plain = {"status": Status.RECEIVED, "intent": Intent.REPORT, "lead_office": "药剂科"}
    case = Case(uid="u", year=2025, receipt="r", received_at=now, **(plain | facts))
    session.add(case)
    session.flush()
    return case


def forgotten(session: Session, now: datetime, *, days: int) -> int:
    return forget_leavers(session, days=DAYS, now=now + timedelta(days=days))


def test_goes_after_the_days_and_once(session: Session, leaver: Member, now: datetime) -> None:
    assert forgotten(session, now, days=DAYS) == 0
    assert forgotten(session, now, days=DAYS + 1) == 1
    assert is_forgotten(leaver)
    assert forgotten(session, now, days=DAYS + 2) == 0


def test_the_trail_tells_it_by_number(session: Session, leaver: Member, now: datetime) -> None:
    forgotten(session, now, days=DAYS + 1)
    [event] = session.exec(select(Event)).all()
    assert (event.actor, event.action) == ("system", "member_forgotten")
    assert event.detail == f'{{"member": {leaver.id}}}'


def test_who_is_in_stays_however_long_ago_they_joined(
    session: Session, leaver: Member, now: datetime
) -> None:
    leaver.active = True
    session.flush()
    assert forgotten(session, now, days=5000) == 0


def test_who_handles_a_case_with_content_stays_until_that_is_destroyed(
    session: Session, leaver: Member, now: datetime
) -> None:
    case = a_case(session, now, assignee_id=leaver.id, status=Status.CLOSED, closed_at=now)
    assert forgotten(session, now, days=5000) == 0
    case.purged_at = now
    session.flush()
    assert forgotten(session, now, days=5000) == 1


def test_addresses_on_their_cards_go_along(
    session: Session, leaver: Member, vault: Vault, now: datetime
) -> None:
    case = a_case(session, now)
    for audience in (f"member:{leaver.id}", f"member:{(leaver.id or 0) + 10}"):
        remember_card(
            session, case.id or 0, chat=audience, channel="messenger", address="4711", is_group=False,
            audience=audience, reference="1", opened=True, vault=vault, now=now,
        )  # fmt: skip
    session.flush()
    forgotten(session, now, days=DAYS + 1)
    assert [card.audience for card in session.exec(select(Card))] == [f"member:{(leaver.id or 0) + 10}"]
