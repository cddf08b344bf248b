"""A patient of the whole bot on its stage, with a survey that was sent the day before."""

from datetime import timedelta
from typing import Any

from storage.followup.answering import open_now
from storage.followup.discharges import Discharge, keep_sealed, number_hash
from storage.followup.surveys import Survey
from storage.hospital_followup import Kind
from storage.identity import chat_hash
from tests.handlers.followup.conftest import PHONE
from tests.stage import Person, Stage


async def at_home(stage: Stage, name: str, plan: str = "day3", channel: str = "messenger") -> Person:
    """A patient whose survey was sent the day before."""
    sent = stage.clock() - timedelta(days=1, minutes=13)

    def put(session: Any) -> None:
        vault = stage.house.vault
        chat = chat_hash(vault, channel, name)
        stay = Discharge(
            uid=f"uid of {name} 0123", number_hash=number_hash(vault, name), number=b"", department="骨科",
            ward="一病区", discharged_at=sent - timedelta(days=3), consent=True, channel=channel,
            chat=chat, changed_at=sent,
        )  # fmt: skip
        for column, value in (("number", f"ZY{name}"), ("address", name), ("phone", PHONE)):
            keep_sealed(stay, column, value, vault=vault)
        session.add(stay)
        session.flush()
        assert stay.id is not None
        survey = Survey(
            discharge_id=stay.id, plan=plan, plan_version="1", department="骨科", ward="一病区", due_at=sent,
            kind=Kind.INTEGRITY if plan == "day30" else Kind.SATISFACTION,
        )  # fmt: skip
        session.add(survey)
        session.flush()
        open_now(session, survey, chat=chat, reached=True, house=stage.house, now=sent)

    await stage.database.run(put)
    return stage.person(name, channel)
