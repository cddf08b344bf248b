"""A stay ends: asked on day 3, reminded, an envelope is told of, and asked once more on day 30."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select as core_select
from sqlmodel import select

from storage.followup.discharges import Discharge, Standing
from storage.followup.importing import put_discharges
from storage.followup.joining import new_ticket
from storage.followup.rows import DischargeRow
from storage.followup.surveys import Stage as Step
from storage.followup.surveys import Survey
from storage.followup.tallies import SurveyTally
from storage.followup.tasks import Task, TaskState
from storage.members import Role
from storage.tables import METADATA
from tests.stage import Person, Stage
from tests.storage.followup.stays import local

LEFT = local("2026-11-20 11:00")
CLUE = "还行吧，就是手术前王医生收了我两千块红包"
JOINED = {"outbox", "inbox", "dialogues", "wrong_guesses"}
"""Tables that are emptied within the day; see docs/threat-model.md."""


class Ward:
    """A stage with one patient of 骨科, who has joined from the sheet of paper."""

    def __init__(self, stage: Stage, patient: Person) -> None:
        self.stage, self.patient, self._read = stage, patient, 0

    async def at(self, moment: datetime) -> str:
        """What the patient gets at this moment, after the sweeps and delivery had their turn."""
        self.stage.clock.now = moment
        await self.stage.sweep_surveys()
        await self.stage.deliver()
        new = self.stage.messenger.sent[self._read :]
        self._read = len(self.stage.messenger.sent)
        for chat, reference, reply in new:
            if chat == self.patient.name:
                self.patient.screen[f"sent {reference}"] = reply
        return "\n".join(reply.text for chat, _, reply in new if chat == self.patient.name)

    async def stages(self) -> dict[str, Step]:
        """How far each survey is."""
        found = await self.all(Survey)
        return {survey.plan: survey.stage for survey in found}

    async def all(self, model: Any) -> list[Any]:
        """Every row of a table."""
        return await self.stage.database.run(lambda session: list(session.exec(select(model))))


async def admit(stage: Stage) -> Ward:
    """The hospital's table comes in; the patient presses START under the QR code."""
    stage.clock.now = LEFT
    row = DischargeRow("Z1", "骨科", LEFT, ward="一病区", contact_channel="", contact="", consent=False)

    def take(session: Any) -> str:
        put_discharges(session, [row], house=stage.house, now=LEFT)
        discharge = session.exec(select(Discharge)).one()
        until = LEFT + timedelta(days=60)
        return new_ticket(session, discharge.id, until=until, vault=stage.house.vault)

    code = await stage.database.run(take)
    patient = stage.person("patient", "messenger")
    [hello] = await patient.says(f"/start {code}")
    assert "骨科" in hello.text
    assert "11月23日" in hello.text
    ward = Ward(stage, patient)
    await ward.at(LEFT)
    return ward


async def test_a_patient_is_asked_reminded_heard_and_asked_about_money_apart(tmp_path: Path) -> None:
    async with Stage(tmp_path) as stage:
        head = await stage.officer("赵主任", office="骨科", role=Role.HEAD)
        officer = await stage.officer("王芳")
        ward = await admit(stage)
        patient = ward.patient

        assert await ward.at(local("2026-11-23 09:59")) == ""
        asked = await ward.at(local("2026-11-23 10:00"))
        assert "第 1 题" in asked
        assert "不影响以后看病" in asked
        assert await ward.at(local("2026-11-24 10:00")) == ""
        reminded = await ward.at(local("2026-11-25 10:00"))
        assert "最后一次提醒" in reminded
        assert await ward.at(local("2026-11-27 10:00")) == ""

        stage.clock.now = local("2026-11-27 10:05")
        await patient.says(CLUE)
        assert await stage.cases() == []
        await patient.presses("就这样交上去")
        [sent, *_] = await patient.presses("写上骨科")
        assert "查询码" in sent.text
        code = patient.code
        [case] = await stage.cases()
        assert case.lead_office == "纪检办"
        assert await stage.told() == [f"骨科：{CLUE}"]
        await patient.presses("1 从来没有")
        await patient.presses("4 总是")
        [thanks] = await patient.says("没有了")
        assert "都问完了" in thanks.text
        assert (await ward.stages())["day3"] is Step.ANSWERED
        await ward.at(stage.clock())
        assert await ward.at(local("2026-12-10 10:00")) == ""

        assert [reply.card for reply in await officer.looks() if reply.card]
        assert not [reply for reply in await head.looks() if "红包" in reply.text or reply.card]

        asked = await ward.at(local("2026-12-20 10:00"))
        assert "钱物" in asked
        await patient.presses("没有")
        await patient.presses("不便回答")
        [thanks] = await patient.presses("没有")
        assert "都问完了" in thanks.text
        assert (await ward.stages()) == {"day3": Step.ANSWERED, "day30": Step.ANSWERED}
        counted = {(one.subject, one.answer): one.count for one in await ward.all(SurveyTally)}
        assert counted["money", "no"] == counted["private_code", "no"] == 1
        assert all(survey.chat is None for survey in await ward.all(Survey))
        assert all(survey.answers is None for survey in await ward.all(Survey) if survey.plan == "day30")

        elsewhere = stage.person("a borrowed phone")
        assert any("受理" in reply.text or "收到" in reply.text for reply in await elsewhere.says(code))


async def test_nothing_in_the_tables_joins_the_report_to_the_stay(tmp_path: Path) -> None:
    """Whatever two rows could be joined by: hashes, sealed values, times; not numbers that only count."""
    async with Stage(tmp_path) as stage:
        ward = await admit(stage)
        await ward.at(local("2026-11-23 10:00"))
        stage.clock.now = local("2026-11-23 10:07")
        await ward.patient.says(CLUE)
        await ward.patient.presses("就这样交上去")
        await ward.patient.presses("不写")
        [case] = await stage.cases()
        stage.clock.now = local("2026-11-25 10:00")
        await stage.tidy_up()
        of_stay, of_case = await _values(stage, {"discharges", "surveys", "tickets", "opt_outs"}), set()
        for table in set(METADATA.tables) - JOINED - {"discharges", "surveys", "tickets", "opt_outs"}:
            of_case |= await _values(stage, {table})
        assert case.received_at.astimezone(LEFT.tzinfo).strftime("%H:%M") == "00:00"
        assert of_stay & of_case == set()


async def _values(stage: Stage, tables: set[str]) -> set[object]:
    """Long values and moments of these tables; department, plan and such words tell nothing apart."""

    def read(session: Any) -> set[object]:
        rows = [row for name in tables for row in session.execute(core_select(METADATA.tables[name]))]
        return {
            value for row in rows for value in row
            if isinstance(value, datetime | date) or (isinstance(value, str | bytes) and len(value) >= 16)
        }  # fmt: skip

    return await stage.database.run(read)


async def test_a_low_grade_is_looked_after_and_asked_about_once_more(tmp_path: Path) -> None:
    async with Stage(tmp_path) as stage:
        head = await stage.officer("赵主任", office="骨科", role=Role.HEAD)
        ward = await admit(stage)
        await ward.at(local("2026-11-23 10:00"))
        stage.clock.now = local("2026-11-23 10:01")
        await ward.patient.presses("2 ★★")
        await ward.patient.presses("请给我回电话")
        await ward.patient.says("138 0000 1111")
        await ward.patient.presses("好，再问我一次")
        [task] = await ward.all(Task)
        assert (task.office, task.score, task.call_wanted, task.ask_again) == ("骨科", 2, True, True)
        told = "\n".join(reply.text for reply in await head.looks())
        assert "打分低" in told
        await head.presses("打开")
        assert "13800001111" in head.text
        await head.presses("我来处理")
        await head.presses("已联系")
        await head.presses("不写")
        [task] = await ward.all(Task)
        assert task.state is TaskState.DONE
        again = await ward.at(local("2026-11-24 10:00"))
        assert "您上次说住院不太满意" in again
        await ward.patient.presses("4 ★★★★")
        [survey] = [one for one in await ward.all(Survey) if one.plan == "day3"]
        assert (survey.score, survey.score_after) == (2, 4)


async def test_who_wants_no_more_is_never_asked_again_whatever_is_imported(tmp_path: Path) -> None:
    async with Stage(tmp_path) as stage:
        ward = await admit(stage)
        await ward.at(local("2026-11-23 10:00"))
        [bye] = await ward.patient.says("TD")
        await ward.at(stage.clock())
        assert "不再给您发" in bye.text
        [stay] = await ward.all(Discharge)
        assert stay.standing is Standing.OPTED_OUT
        row = DischargeRow("Z1", "骨科", LEFT, ward="二病区", contact_channel="", contact="", consent=True)
        await stage.database.run(
            lambda session: put_discharges(session, [row], house=stage.house, now=stage.clock())
        )
        for day in range(1, 60):
            assert await ward.at(local("2026-11-23 10:30") + timedelta(days=day)) == ""
        stopped = {survey.stage for survey in await ward.all(Survey)}
        assert stopped == {Step.STOPPED}
