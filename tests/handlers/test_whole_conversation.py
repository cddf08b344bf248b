"""Reporters and officers say and press anything in any order, stale buttons too; what must hold, holds."""

import asyncio
import re
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from sqlmodel import Session, col, func, select

from nlp.taxonomy import Intent
from storage.access import may_see
from storage.blocks import find_block
from storage.cases import Case, Status
from storage.clocks import running_clocks
from storage.dialogues import load_dialogue
from storage.entries import FROM_REPORTER, thread
from storage.identity import sender_hash
from storage.letters import Letter, State
from storage.members import Role, find_member
from storage.messages import Inbound, Reply
from storage.receipts import find_by_code
from storage.tables import METADATA
from storage.trail_check import check_trail
from tests.stage import Person, Stage
from tests.strategies import CHOICES, TEXTS, bounded

STORIES = (
    "骨科王医生上周收了我两千块红包，{mark}",
    "药剂科的人拿了药商的回扣五千块，{mark}",
    "纪检办的何平收了药代的红包一万块，{mark}",
    "窗口护士态度太差，骂了我妈妈，{mark}",
    "我不想活了，医生收了我三千块红包，{mark}",
    "检查重复收费八百块，没有人管，{mark}",
)
NEVER = {STORIES[1]: {"officer 周洁"}, STORIES[2]: {"officer 何平", "officer 王芳"}}
"""Who is left out of a story, by the office or the name in it."""
SIGNS = "甄嬛茜蘅芜潇湘馆怡红院栊翠庵稻香村藕榭缀锦阁暖坞秋爽斋"
"""Characters no story has: a mark is made of them, and found again wherever the story goes."""
PICK = st.integers(0, 10**6)


class Hospital(RuleBasedStateMachine):
    """Three people with something to tell, four officers and a group, a clock that runs."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = TemporaryDirectory()
        self._runner = asyncio.Runner()
        self.stage = Stage(Path(self._folder.name))
        self.do(self.stage.__aenter__())
        self.reporters = [self.stage.person(name) for name in ("甲", "乙")]
        self.reporters.append(self.stage.person("丙", "messenger"))
        self.officers: list[Person] = []
        self.values = ["report"]
        self.marks: dict[str, Person] = {}
        self.never: dict[str, set[str]] = {}
        self.codes: dict[str, int] = {}

    def do(self, work: Any) -> Any:
        return self._runner.run(work)

    @initialize()
    def hires(self) -> None:
        join = self.stage.officer
        for name, office, role, channel in (
            ("何平", "纪检办", Role.SUPERVISOR, "web"),
            ("王芳", "纪检办", Role.OFFICER, "messenger"),
            ("周洁", "药剂科", Role.HEAD, "web"),
            ("赵强", "医务科", Role.OFFICER, "web"),
        ):
            self.officers.append(self.do(join(name, office, role, channel)))
        self.group = self.do(self.stage.group("纪检群", "纪检办"))
        for who, story in enumerate(STORIES[:3]):
            self.tells(who, story)

    @rule(who=PICK, story=st.sampled_from(STORIES))
    def tells(self, who: int, story: str) -> None:
        person = self.reporters[who % 3]
        number = len(self.marks)
        mark = "".join(SIGNS[place % len(SIGNS)] for place in (number, number // len(SIGNS) + 3, number * 7))
        self.marks[mark], self.never[mark] = person, NEVER.get(story, set())
        before = {case.id for case in self.do(self.stage.cases())}
        kept_elsewhere = self.rates_or_is_blocked(person) and "不想活" not in story
        replies = self.hears(person, self.do(person.says(story.format(mark=mark))))
        cases = self.do(self.stage.cases())
        fresh = [case.id for case in cases if case.id not in before]
        assert len(fresh) <= 1
        for code in re.findall(r"\d{4} \d{4} \d{4} \d{4}", "\n".join(reply.text for reply in replies)):
            assert fresh
            self.codes[code] = fresh[0]
        assert self.places(mark) == 1 or (kept_elsewhere and not self.places(mark))

    @rule(who=PICK, text=TEXTS, officer=st.booleans())
    def says(self, who: int, text: str, officer: bool) -> None:
        person = self.one(who, officer)
        self.hears(person, self.do(person.says(text)))

    @rule(who=PICK, value=CHOICES, officer=st.booleans())
    def sends_any_button(self, who: int, value: str, officer: bool) -> None:
        person = self.one(who, officer)
        self.hears(person, self.do(person.chooses(value)))

    @rule(who=PICK, which=PICK, officer=st.booleans())
    def presses_what_anybody_was_shown(self, who: int, which: int, officer: bool) -> None:
        person = self.one(who, officer)
        self.hears(person, self.do(person.chooses(self.values[which % len(self.values)])))

    @rule(who=PICK, which=PICK, officer=st.booleans(), again=st.booleans())
    def presses_on_the_own_screen(self, who: int, which: int, officer: bool, again: bool) -> None:
        person = self.one(who, officer)
        shown = [
            (place, choice.value)
            for place, reply in list(person.screen.items())[-3:]
            for row in reply.choices
            for choice in row
        ]
        if not shown:
            return
        place, value = shown[which % len(shown)]
        inbound = Inbound(
            person.channel, person.name, person.name, f"{person.name}:own:{len(self.values)}:{which}",
            choice=value, pressed=place,
        )  # fmt: skip
        first = self.do(self.stage.receive(inbound))
        for sent in first.replies:
            person._show(sent.id, sent.reply)
        self.hears(person, [sent.reply for sent in first.replies])
        if again:
            trail = self.do(self.stage.database.run(lambda session: self.all_rows(session)))
            second = self.do(self.stage.receive(inbound))
            assert second.repeated
            assert self.do(self.stage.database.run(lambda session: self.all_rows(session))) == trail

    @rule(who=PICK, case=st.integers(1, 6), presses=st.lists(PICK, min_size=1, max_size=6))
    def works_on_a_case(self, who: int, case: int, presses: list[int]) -> None:
        """An officer opens a case and goes on from there, by buttons, and by words where there are none."""
        officer = self.officers[who % 4]
        replies = self.hears(officer, self.do(officer.says(f"{case}号")))
        for press in presses:
            values = [choice.value for reply in replies for row in reply.choices for choice in row]
            steps = [value for value in values if value.startswith(("do:", "form:", "block:", "category:"))]
            asked = any(value.startswith("form:") for value in values)
            if asked and (
                press % 3 == 0 or not any(":pick:" in value or ":send:" in value for value in values)
            ):
                replies = self.do(officer.says("请问是哪一天的事？"))
            elif values:
                wanted = steps or values
                replies = self.do(officer.chooses(wanted[press % len(wanted)]))
            self.hears(officer, replies)

    @rule(value=CHOICES, text=TEXTS, who=PICK)
    def group_is_told_nothing(self, value: str, text: str, who: int) -> None:
        presser = self.officers[who % 4]
        for pressed in (True, False):
            event = f"group:{len(self.values)}:{who}:{value}:{text}"
            inbound = Inbound(
                "messenger", presser.name, self.group.name, f"{event}{pressed}", in_group=True,
                text="" if pressed else text, choice=value if pressed else None,
                pressed="1",
            )  # fmt: skip
            answer = self.do(self.stage.receive(inbound))
            assert all(mark not in sent.reply.text for mark in self.marks for sent in answer.replies)

    @rule(who=PICK, sure=st.booleans(), restores=st.booleans())
    def withdraws(self, who: int, sure: bool, restores: bool) -> None:
        person = self.reporters[who % 3]
        self.hears(person, self.do(person.says("撤回")))
        self.hears(person, self.do(person.chooses("withdraw.yes" if sure else "withdraw.no")))
        if restores:
            self.hears(person, self.do(person.chooses("restore")))

    @precondition(lambda self: self.codes)
    @rule(which=PICK)
    def comes_back_with_a_code(self, which: int) -> None:
        code, case = list(self.codes.items())[which % len(self.codes)]
        visitor = self.stage.person(f"visitor {len(self.values)} {which}")
        replies = self.do(visitor.says(code))
        self.values += [choice.value for reply in replies for row in reply.choices for choice in row]
        number = next(one.number for one in self.do(self.stage.cases()) if one.id == case)
        assert number in replies[0].text

    @rule(minutes=st.sampled_from([1, 31, 600, 2880]))
    def time_passes(self, minutes: int) -> None:
        self.stage.clock.advance(minutes=minutes)
        self.do(self.stage.remind())
        self.do(self.stage.tell_copies())
        self.do(self.stage.tidy_up())

    @rule()
    def all_look(self) -> None:
        for person in [*self.reporters, *self.officers]:
            if person.channel == "web":
                self.hears(person, self.do(person.looks()))
        for chat, _, reply in self.stage.messenger.sent:
            assert chat != self.group.name or all(mark not in reply.text for mark in self.marks)

    def all_try_every_case(self) -> None:
        for officer in self.officers:
            for case in self.do(self.stage.cases()):
                for value in (
                    f"open:{case.id}",
                    f"text:{case.id}:1",
                    f"thread:{case.id}",
                    f"history:{case.id}",
                ):
                    self.hears(officer, self.do(officer.chooses(value)))
            for listing in ("mine", "office", "supporting", "today", "overdue"):
                self.hears(officer, self.do(officer.chooses(f"list:{listing}:0")))

    def one(self, who: int, officer: bool) -> Person:
        return self.officers[who % 4] if officer else self.reporters[who % 3]

    def hears(self, person: Person, replies: list[Reply]) -> list[Reply]:
        """What was answered; nobody reads a story who may not."""
        assert self.stage.dispatcher._figures.failures._value.get() == 0
        self.values += [choice.value for reply in replies for row in reply.choices for choice in row]
        said = "\n".join(reply.text for reply in replies)
        for mark, owner in self.marks.items():
            assert mark not in said or person is owner or self.sees(person, mark)
            assert mark not in said or person.name not in self.never[mark]
        return replies

    def sees(self, person: Person, mark: str) -> bool:
        def look(session: Session) -> bool:
            vault, hospital = self.stage.house.vault, self.stage.house.hospital
            member = find_member(session, sender_hash(vault, person.channel, person.name))
            cases = [case for case in session.exec(select(Case)) if self.told(session, case, mark)]
            return member is not None and all(may_see(session, case, member, hospital) for case in cases)

        return bool(self.do(self.stage.database.run(look)))

    def told(self, session: Session, case: Case, mark: str) -> bool:
        entries = thread(session, case.id or 0, vault=self.stage.house.vault)
        return any(mark in entry.text for entry in entries if entry.kind in FROM_REPORTER)

    def places(self, mark: str) -> int:
        """In how many cases a story stands."""
        return int(self.do(self.stage.database.run(
            lambda session: sum(self.told(session, case, mark) for case in session.exec(select(Case)))
        )))  # fmt: skip

    def rates_or_is_blocked(self, person: Person) -> bool:
        """Where words go into a rating, or nowhere."""

        def look(session: Session) -> bool:
            vault, now = self.stage.house.vault, self.stage.clock()
            sender = sender_hash(vault, person.channel, person.name)
            block = find_block(session, sender, vault=vault, now=now)
            return block is not None or load_dialogue(session, sender, vault=vault, now=now).flow == "rating"

        return bool(self.do(self.stage.database.run(look)))

    @staticmethod
    def all_rows(session: Session) -> list[int]:
        tables = METADATA.tables.values()
        rows = [session.execute(select(func.count()).select_from(table)).scalar_one() for table in tables]
        return [*rows, *(case.version for case in session.exec(select(Case)))]

    def at_the_end(self, session: Session) -> None:
        vault = self.stage.house.vault
        for case in session.exec(select(Case)):
            if case.status is not Status.CLOSED and case.same_as is None and case.intent is not Intent.PRAISE:
                assert running_clocks(session, case.id or 0), case.number
        for code, case_id in self.codes.items():
            found = find_by_code(session, code.replace(" ", ""), vault=vault)
            assert found is not None
            assert found.id == case_id
        dead = session.exec(select(Letter).where(col(Letter.state) == State.DEAD)).all()
        assert not dead

    def teardown(self) -> None:
        try:
            if self.officers:
                self.all_look()
                self.all_try_every_case()
                self.do(self.stage.database.run(self.at_the_end))
                check_trail(lambda work: self.do(self.stage.database.run(work)))
        finally:
            self.do(self.stage.__aexit__())
            self._runner.close()
            self._folder.cleanup()


TestHospital = Hospital.TestCase
TestHospital.settings = bounded(8, stateful_step_count=30)
