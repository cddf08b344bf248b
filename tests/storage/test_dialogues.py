"""A dialogue is remembered for its time, sealed, and never stands in a person's way."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import text
from sqlmodel import Session

from storage.dialogues import Dialogue, dialogue_place, forget_dialogues, load_dialogue, save_dialogue
from storage.vault import Vault

LATER = timedelta(minutes=30)


def kept(session: Session, vault: Vault, now: datetime, sender: str = "anna") -> Dialogue:
    dialogue = Dialogue("report", "who", 7, {"said": "王医生", "left": ["when"]})
    save_dialogue(session, sender, dialogue, vault=vault, until=now + LATER)
    return dialogue


def test_dialogue_comes_back_as_it_was(session: Session, vault: Vault, now: datetime) -> None:
    dialogue = kept(session, vault, now)
    assert load_dialogue(session, "anna", vault=vault, now=now) == dialogue
    assert load_dialogue(session, "bert", vault=vault, now=now) == Dialogue()


def test_later_save_replaces_the_earlier(session: Session, vault: Vault, now: datetime) -> None:
    kept(session, vault, now)
    save_dialogue(session, "anna", Dialogue("rating"), vault=vault, until=now + LATER)
    assert load_dialogue(session, "anna", vault=vault, now=now) == Dialogue("rating")


def test_dialogue_is_over_at_its_time(session: Session, vault: Vault, now: datetime) -> None:
    kept(session, vault, now)
    assert load_dialogue(session, "anna", vault=vault, now=now + LATER) == Dialogue()
    assert load_dialogue(session, "anna", vault=vault, now=now + LATER - timedelta(seconds=1)).flow


def test_finished_dialogue_leaves_no_row(session: Session, vault: Vault, now: datetime) -> None:
    dialogue = kept(session, vault, now)
    dialogue.clear()
    save_dialogue(session, "anna", dialogue, vault=vault, until=now + LATER)
    assert session.execute(text("SELECT count(*) FROM dialogues")).scalar() == 0


def test_words_are_sealed(session: Session, vault: Vault, now: datetime) -> None:
    kept(session, vault, now)
    state: bytes = session.execute(text("SELECT state FROM dialogues")).scalar_one()
    assert "王医生".encode() not in state
    assert b"report" not in state


@pytest.mark.parametrize("state", [b"", b"\x01", b"damaged" * 20])
def test_damaged_dialogue_starts_afresh(session: Session, vault: Vault, now: datetime, state: bytes) -> None:
    kept(session, vault, now)
    session.execute(text("UPDATE dialogues SET state = :state"), {"state": state})
    assert load_dialogue(session, "anna", vault=vault, now=now) == Dialogue()


def test_dialogue_of_another_version_starts_afresh(session: Session, vault: Vault, now: datetime) -> None:
    kept(session, vault, now)
    state = vault.seal(b'{"flow": "x", "mood": "good"}', dialogue_place(vault.keyed_hash("dialogue", "anna")))
    session.execute(text("UPDATE dialogues SET state = :state"), {"state": state})
    assert load_dialogue(session, "anna", vault=vault, now=now) == Dialogue()


def test_dialogue_moved_to_another_person_does_not_open(
    session: Session, vault: Vault, now: datetime
) -> None:
    kept(session, vault, now)
    bert = vault.keyed_hash("dialogue", "bert")
    session.execute(text("UPDATE dialogues SET sender = :bert"), {"bert": bert})
    assert load_dialogue(session, "bert", vault=vault, now=now) == Dialogue()


def test_old_dialogues_are_forgotten(session: Session, vault: Vault, now: datetime) -> None:
    kept(session, vault, now)
    kept(session, vault, now + timedelta(hours=1), "bert")
    assert forget_dialogues(session, now=now + LATER) == 1
    assert load_dialogue(session, "bert", vault=vault, now=now).flow
