"""Nothing joins a report to the stay of whoever made it, for one who holds the database and the keys.

What does, and for how long: the letters of that talk in the outbox (the answer with the code stands in the
patient's chat) and its events in the inbox. Both are swept away: letters after a day, events after seven.
"""

import json
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Table, literal_column
from sqlalchemy import select as plain_select
from sqlmodel import select

from storage.cases import Case
from storage.dialogues import DialogueRow, dialogue_place
from storage.followup.discharges import Discharge, discharge_place
from storage.followup.surveys import Survey, answers_of
from storage.receipts import code_hash
from storage.tables import METADATA
from tests.handlers.followup.at_home import at_home
from tests.stage import Person, Stage

_OF_CASE = {
    "cases", "clocks", "entries", "case_offices", "case_people_left_out", "events", "files", "sender_tags",
    "subscriptions", "corrections", "cards",
}  # fmt: skip
_OF_STAY = {"discharges", "surveys", "tickets", "tasks", "survey_tallies", "opt_outs", "dialogues", "ratings"}
_PASSING = {"outbox", "inbox"}
_SHORT = 12
"""Characters of words of the office (骨科, complaint), which stand in many rows and tell nothing."""


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with Stage(tmp_path) as stage:
        await stage.officer("王芳", "纪检办")
        stage.clock.now = stage.clock.now.replace(hour=2, minute=37, second=21, microsecond=123456)
        yield stage


async def rows(stage: Stage) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table as it stands in the file."""

    def dump(session: Any) -> dict[str, list[dict[str, Any]]]:
        return {
            table.name: [dict(row) for row in session.execute(_everything(table)).mappings()]
            for table in METADATA.sorted_tables
        }

    return await stage.database.run(dump)


def _everything(table: Table) -> Any:
    """Its rows as the driver gives them: times as numbers, sealed values as bytes."""
    return plain_select(literal_column("*")).select_from(table)


def telling(tables: dict[str, list[dict[str, Any]]], names: set[str]) -> set[Any]:
    """Values that could tell one row by another: times, hashes, sealed bytes; not words of the office.

    Of the trail only what is about a case: officers joined in it as well.
    """
    found: set[Any] = set()
    for name in names:
        for row in tables[name]:
            if name != "events" or row["case_id"] is not None:
                found |= {value for value in row.values() if _tells(value)}
    return found


def _tells(value: object) -> bool:
    if isinstance(value, str | bytes):
        return len(value) > _SHORT
    return isinstance(value, int | float) and value > 1_000_000  # a time


async def reports(stage: Stage, patient: Person) -> None:
    await patient.says("手术前王医生收了我两千块红包")
    await patient.presses("就这样交上去")
    await patient.presses("写上骨科")


async def test_no_hash_id_or_time_is_shared_with_the_stay(stage: Stage) -> None:
    patient = await at_home(stage, "p")
    await patient.chooses("survey:1:overall:4")
    stage.clock.advance(seconds=41)
    await reports(stage, patient)
    stage.clock.advance(seconds=52)
    await patient.says("没有了")
    await stage.deliver()
    tables = await rows(stage)
    [case] = tables["cases"]
    of_case = telling(tables, _OF_CASE)
    of_stay = telling(tables, _OF_STAY)
    assert of_case
    assert of_stay
    assert of_case & of_stay == set()
    assert tables["sender_tags"] == tables["subscriptions"] == []
    assert case["likeness"] is None
    others = set(tables) - _OF_CASE - _OF_STAY - _PASSING
    assert telling(tables, others) & of_case == set()


async def test_the_case_tells_the_day_and_no_more(stage: Stage) -> None:
    patient = await at_home(stage, "p")
    moment = stage.clock()
    await reports(stage, patient)
    tables = await rows(stage)
    zone = ZoneInfo(stage.house.hospital.timezone)
    midnight = datetime.combine(moment.astimezone(zone).date(), datetime.min.time(), zone)
    [case] = await stage.cases()
    assert case.received_at == midnight
    seconds = {moment.timestamp(), int(moment.timestamp()), moment.timestamp() * 1e6}
    of_case = telling(tables, _OF_CASE)
    assert not [value for value in of_case if isinstance(value, int | float) and value in seconds]
    trail = [row for row in tables["events"] if row["case_id"] == case.id]
    assert {row["actor"] for row in trail} == {"reporter"}
    announced = [row for row in tables["outbox"] if row["case_id"] == case.id]
    assert len({row["created_at"] for row in announced}) == 1


async def test_keys_open_nothing_on_the_side_of_the_stay_that_leads_to_the_case(stage: Stage) -> None:
    patient = await at_home(stage, "p")
    await reports(stage, patient)
    code = patient.code.replace(" ", "")
    vault = stage.house.vault

    def open_all(session: Any) -> str:
        opened = []
        for stay in session.exec(select(Discharge)):
            opened += [vault.open_text(getattr(stay, name), discharge_place(stay, name))
                       for name in ("number", "address", "phone")]  # fmt: skip
        opened += [json.dumps(answers_of(one, vault=vault)) for one in session.exec(select(Survey))]
        for row in session.exec(select(DialogueRow)):
            opened.append(vault.open(row.state, dialogue_place(row.sender)).decode())
        case = session.exec(select(Case)).one()
        assert case.receipt == code_hash(vault, code)
        return "\n".join(opened)

    opened = await stage.database.run(open_all)
    for secret in (code, patient.code, "红包", "王医生", 'case_id": 1'):
        assert secret not in opened
    assert 'case_id": null' in opened


async def test_what_passes_by_is_gone_after_a_day_and_a_week(stage: Stage) -> None:
    patient = await at_home(stage, "p")
    await reports(stage, patient)
    await stage.deliver()
    tables = await rows(stage)
    assert telling(tables, {"outbox"}) & telling(tables, _OF_STAY)  # the chat: a way for a day
    stage.clock.advance(days=1, minutes=1)
    await stage.tidy_up()
    tables = await rows(stage)
    assert telling(tables, {"outbox", "dialogues"}) & telling(tables, _OF_STAY) == set()
    stage.clock.advance(days=7)
    await stage.tidy_up()
    assert (await rows(stage))["inbox"] == []


async def test_of_three_patients_nothing_tells_who_reported(stage: Stage) -> None:
    """The rows of those who said nothing and of the one who reported differ in nothing but themselves."""
    people = [await at_home(stage, name, "day30") for name in ("a", "b", "c")]
    for number, person in enumerate(people, start=1):
        await person.chooses(f"survey:{number}:money:{'yes' if number == 2 else 'no'}")
        if number == 2:
            await person.says("管床医生收了我两千块红包")
            await person.presses("就这样交上去")
            await person.presses("不写")
        await person.chooses(f"survey:{number}:outside:no")
        await person.chooses(f"survey:{number}:private_code:no")
    tables = await rows(stage)
    assert len(tables["cases"]) == 1
    alike = ("stage", "answers", "chat", "score", "next_at", "reached", "month", "why", "score_after")
    kept = [tuple(row[name] for name in alike) for row in tables["surveys"]]
    assert kept[0] == kept[1] == kept[2]
    names = ("standing", "changed_at", "consent", "joined_on")
    stays = [tuple(row[name] for name in names) for row in tables["discharges"]]
    assert stays[0] == stays[1] == stays[2]
    assert tables["tasks"] == tables["ratings"] == []


async def test_a_complaint_that_is_passed_on_is_as_far_from_the_stay(stage: Stage) -> None:
    patient = await at_home(stage, "p")
    await patient.chooses("survey:1:overall:3")
    await patient.says("护士态度很差，叫了三遍都不来")
    await patient.presses("请转给")
    await stage.deliver()
    tables = await rows(stage)
    assert len(tables["cases"]) == 1
    assert telling(tables, _OF_CASE) & telling(tables, _OF_STAY) == set()
    assert tables["ratings"] == []


async def test_who_comes_back_in_the_same_chat_leaves_no_way_to_the_stay(stage: Stage) -> None:
    patient = await at_home(stage, "p")
    await reports(stage, patient)
    code = patient.code
    stage.clock.advance(days=3)
    [shown, *_] = await patient.says(code)
    assert "有答复就发到这里" not in {choice.label for row in shown.choices for choice in row}
    await patient.says("补充：是在病房里给的，当时还有别人在")
    await patient.chooses("push.on:1")
    tables = await rows(stage)
    assert len(tables["entries"]) == 2
    assert tables["sender_tags"] == tables["subscriptions"] == []
    assert telling(tables, _OF_CASE) & telling(tables, _OF_STAY - {"dialogues"}) == set()


async def test_an_ordinary_report_is_not_joined_by_the_chat_it_is_answered_in(stage: Stage) -> None:
    patient = stage.person("p")
    await patient.says("骨科王医生收了我两千块红包")
    await patient.presses("有答复就发到这里")
    await at_home(stage, "p")
    tables = await rows(stage)
    assert len(tables["subscriptions"]) == 1
    assert telling(tables, {"subscriptions", "sender_tags"}) & telling(tables, _OF_STAY) == set()
    stage.clock.advance(days=4)
    other = stage.person("q")
    await other.says(patient.code)
    await other.presses("有答复就发到这里")
    assert len((await rows(stage))["subscriptions"]) == 2
