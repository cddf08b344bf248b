"""What a number under a message stands for: of the last message only, for a while, and sealed."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import text
from sqlmodel import Session

from storage.identity import chat_hash
from storage.numbered_choices import KEPT, LASTING_KEPT, choice_for, forget_choices, remember_choices
from storage.vault import Vault

NUMBER = "13800138000"


@pytest.fixture
def remember(session: Session, vault: Vault, now: datetime) -> None:
    """A question with two answers stands in the chat."""
    choices = {"1": "survey:7:overall:5", "2": "survey:7:overall:4"}
    remember_choices(session, NUMBER, choices, channel="sms", vault=vault, now=now)


def meant(session: Session, vault: Vault, now: datetime, digits: str, number: str = NUMBER) -> str | None:
    return choice_for(session, number, digits, channel="sms", vault=vault, now=now)


@pytest.mark.usefixtures("remember")
def test_a_number_is_the_button_of_the_last_message(session: Session, vault: Vault, now: datetime) -> None:
    assert meant(session, vault, now, "2") == "survey:7:overall:4"
    assert meant(session, vault, now, "3") is None
    assert meant(session, vault, now, "1", "13900139000") is None
    remember_choices(session, NUMBER, {"1": "survey:7:nurse:1"}, channel="sms", vault=vault, now=now)
    assert meant(session, vault, now, "1") == "survey:7:nurse:1"
    assert meant(session, vault, now, "2") is None


@pytest.mark.usefixtures("remember")
def test_a_survey_may_be_answered_for_weeks_and_a_case_only_while_it_is_talked_of(
    session: Session, vault: Vault, now: datetime
) -> None:
    assert meant(session, vault, now + LASTING_KEPT - timedelta(seconds=1), "1")
    assert meant(session, vault, now + LASTING_KEPT, "1") is None
    remember_choices(session, NUMBER, {"1": "withdraw:9"}, channel="sms", vault=vault, now=now)
    assert meant(session, vault, now + KEPT - timedelta(seconds=1), "1") == "withdraw:9"
    assert meant(session, vault, now + KEPT, "1") is None
    assert forget_choices(session, now=now + KEPT) == 1


@pytest.mark.usefixtures("remember")
def test_whoever_has_the_tables_finds_neither_number_nor_choice_nor_chat(
    session: Session, vault: Vault
) -> None:
    row = str(session.execute(text("SELECT * FROM numbered_choices")).all())
    assert NUMBER not in row
    assert "survey" not in row
    assert chat_hash(vault, "sms", NUMBER) not in row


@pytest.mark.usefixtures("remember")
def test_choices_put_into_another_chat_mean_nothing_there(
    session: Session, vault: Vault, now: datetime
) -> None:
    remember_choices(session, "13900139000", {"1": "survey:8:overall:1"}, channel="sms", vault=vault, now=now)
    theirs, ours = session.execute(text("SELECT who FROM numbered_choices")).scalars()
    session.execute(
        text(
            "UPDATE numbered_choices SET choices = (SELECT choices FROM numbered_choices WHERE who = :theirs)"
        ),
        {"theirs": theirs},
    )
    session.expire_all()
    found = {meant(session, vault, now, "1"), meant(session, vault, now, "1", "13900139000")}
    assert None in found
    assert ours != theirs
