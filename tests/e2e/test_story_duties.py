"""A duty over a holiday: given out, reminded, answered in a group, a chat and on the page, nagged, closed."""

from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import Session, select

from storage.duties.assignments import Assignment, AssignmentState, Excuse
from storage.duties.occurrences import Occurrence, OccurrenceStage
from storage.duties.planning import plan_occurrences
from storage.members import Role
from storage.messages import Reply
from storage.staff.employees import Employee, add_employee
from tests.duties import make_book
from tests.stage import Person, Stage

BOOK = make_book(
    {"title": "节后廉洁学习", "text": "学习第八项。", "when": {"dates": ["2026-10-10"]}, "at": "17:00",
     "owed_by": {"offices": ["骨科"]}},
    {"key": "list", "title": "双十排名", "done": "text", "each": "office", "when": {"dates": ["2026-10-10"]},
     "at": "17:00", "owed_by": {"offices": ["骨科"]}},
)  # fmt: skip
"""2026-10-10 is a Saturday on which everybody works; 10-01 to 10-07 are off, 09-25 to 09-27 too."""


def local(words: str) -> datetime:
    return datetime.fromisoformat(words).replace(tzinfo=ZoneInfo("Asia/Shanghai"))


class Ward:
    """骨科: two people on the page, two in a messenger that has their group, one who never joined."""

    def __init__(self, stage: Stage, group: Person, people: dict[str, Person]) -> None:
        self.stage, self.group, self.people, self._read = stage, group, people, 0

    async def at(self, moment: str) -> dict[str, list[Reply]]:
        """Who gets what at this moment, by chat, after the sweeps and delivery had their turn."""
        self.stage.clock.now = local(moment)
        while await self.stage.database.run(
            lambda session: plan_occurrences(session, house=self.stage.house, now=self.stage.clock())
        ):
            pass
        await self.stage.sweep_duties()
        await self.stage.deliver()
        got: dict[str, list[Reply]] = {}
        for chat, reference, reply in self.stage.messenger.sent[self._read :]:
            got.setdefault(chat, []).append(reply)
            person = next((one for one in self.people.values() if one.name == chat), self.group)
            person.screen[reference] = reply
        self._read = len(self.stage.messenger.sent)
        for person in self.people.values():
            if person.channel == "web" and (found := [one for one in await person.looks() if one.text]):
                got[person.name] = found
        return got

    async def all(self, model: Any) -> list[Any]:
        return await self.stage.database.run(lambda session: list(session.exec(select(model))))


async def open_ward(stage: Stage) -> Ward:
    stage.clock.now = local("2026-09-21 10:00")
    people = {
        "赵主任": await stage.officer("赵主任", "骨科", Role.HEAD),
        "钱进": await stage.officer("钱进", "骨科", Role.STAFF),
        "孙丽": await stage.officer("孙丽", "骨科", Role.STAFF, channel="messenger"),
        "周全": await stage.officer("周全", "骨科", Role.STAFF, channel="messenger"),
    }

    def unjoined(session: Session) -> None:
        add_employee(session, "吴声", "骨科", vault=stage.house.vault, now=stage.clock())

    await stage.database.run(unjoined)
    group = await stage.group("骨科群", "骨科")
    ward = Ward(stage, group, people)
    await ward.at("2026-09-21 10:01")
    return ward


def texts(got: dict[str, list[Reply]], chat: str) -> str:
    return "\n".join(reply.text for reply in got.get(chat, []))


async def press_in_group(ward: Ward, who: str, label: str) -> list[Reply]:
    """Somebody presses a button of the newest message in the group."""
    person = ward.people[who]
    for reference, reply in reversed(ward.group.screen.items()):
        for choice in (one for row in reply.choices for one in row):
            if label in choice.label:
                return await _press(ward, person, choice.value, reference)
    raise AssertionError(f"no {label!r} in the group")


async def _press(ward: Ward, person: Person, value: str, reference: str) -> list[Reply]:
    person._events += 1
    from storage.messages import Inbound

    inbound = Inbound(
        person.channel, person.name, ward.group.name, f"{person.name}:{person._events}", choice=value,
        pressed=reference, in_group=True,
    )  # fmt: skip
    answer = await ward.stage.dispatcher.receive(inbound, ())
    return [sent.reply for sent in answer.replies]


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path, duties=BOOK)


async def test_a_duty_runs_its_course_over_a_holiday(stage: Stage) -> None:
    async with stage:
        ward = await open_ward(stage)
        assert await ward.at("2026-09-23 08:29") == {}

        got = await ward.at("2026-09-23 08:30")
        assert "节后廉洁学习" in texts(got, "骨科群")
        assert "0/5" in texts(got, "骨科群")
        assert "吴声" not in texts(got, "骨科群")
        for name in ("赵主任", "钱进", "孙丽", "周全"):
            person = ward.people[name]
            assert len(got[person.name]) == 1, name
            assert "节后廉洁学习" in texts(got, person.name)
            assert ("双十排名" in texts(got, person.name)) == (name == "赵主任")
        assert await ward.at("2026-09-23 08:31") == {}

        await press_in_group(ward, "孙丽", "已阅")
        got = await ward.at("2026-09-23 08:40")
        assert set(got) == {"骨科群"}
        assert all(reply.edits for reply in got["骨科群"])
        assert "1/5" in texts(got, "骨科群")

        stage.clock.now = local("2026-09-24 09:00")
        [away] = await ward.people["周全"].says("/请假 9月28日到10月20日")
        assert "10月20日" in away.text
        await ward.people["赵主任"].presses("1. 节后廉洁学习")
        await ward.people["赵主任"].presses("已阅")
        await ward.at("2026-09-24 09:10")

        for quiet in ("2026-09-25 08:30", "2026-09-29 08:30"):
            assert not texts(await ward.at(quiet), "骨科群"), quiet

        got = await ward.at("2026-09-30 08:30")
        assert "节后廉洁学习" in texts(got, "骨科群")
        assert "2/4" in texts(got, "骨科群")
        assert "节后廉洁学习" in texts(got, ward.people["钱进"].name)
        assert "节后廉洁学习" not in texts(got, ward.people["孙丽"].name)
        assert ward.people["周全"].name not in got
        for off in ("2026-10-01 08:30", "2026-10-04 08:30"):
            assert await ward.at(off) == {}

        got = await ward.at("2026-10-10 08:30")
        assert "今天" in texts(got, ward.people["钱进"].name)
        await ward.at("2026-10-10 17:01")

        got = await ward.at("2026-10-12 08:30")
        named = texts(got, ward.people["赵主任"].name)
        assert "吴声（未加入）" in named
        assert "钱进" in named
        assert "周全" not in named
        assert "钱进" not in texts(got, "骨科群")

        await ward.people["钱进"].says("任务")
        await ward.people["钱进"].presses("超期1天 · 节后廉洁学习")
        [said] = await ward.people["钱进"].presses("已阅")
        assert "已记下" in said.text
        got = await ward.at("2026-10-13 08:30")
        assert "节后廉洁学习" not in texts(got, ward.people["钱进"].name)

        for day in (14, 15, 16, 19, 20, 21, 22, 23, 26, 27):
            await ward.at(f"2026-10-{day} 08:30")
        assert await ward.at("2026-10-29 08:30") == {}
        study = next(one for one in await ward.all(Occurrence) if one.duty == "study")
        assert study.stage is OccurrenceStage.CLOSED
        owed = [one for one in await ward.all(Assignment) if one.occurrence_id == study.id]
        names = {one.id: one for one in await ward.all(Employee)}
        assert len(owed) == len(names) == 5
        found = sorted((one.state, one.excuse or "", one.late) for one in owed)
        assert found == sorted([
            (AssignmentState.DONE, "", False), (AssignmentState.DONE, "", False),
            (AssignmentState.DONE, "", True), (AssignmentState.EXCUSED, Excuse.LEAVE, False),
            (AssignmentState.OPEN, "", False),
        ])  # fmt: skip
