"""Floods and guesses through the whole bot: what is kept, what is said, and when."""

import pytest
from sqlmodel import Session

from bot.budgets import Restraint, Urgency
from bot.dispatcher import Dispatcher
from bot.figures import Figures
from bot.guessing import CALM, MOST_LEVEL, STEP, Guessing
from bot.holding import Holding
from nlp.reading import Reader
from storage.messages import Inbound
from storage.receipts import note_wrong_guess
from tests.stage import Person, Stage

TOLD = "医生收了我两千块"
WRONG = "1111 2222 3333 4444"


class Flooded:
    """A stage whose dispatcher holds back; `waited` tells how long requests were held."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.waited = stage, list[float]()
        self.figures, self.seconds = Figures(), 0.0
        guessing = Guessing(stage.database, clock=stage.clock, pause=self._pause)
        restraint = Restraint(timer=lambda: self.seconds, allowed=3)
        urgency = Urgency(Reader.load(), timer=lambda: self.seconds)
        stage.dispatcher = Dispatcher(
            database=stage.database, desk=stage.desk, files=stage.files, clock=stage.clock, pulled=["web"],
            holding=Holding(guessing, restraint, urgency, figures=self.figures, pulled=["web"]),
        )  # fmt: skip

    async def _pause(self, seconds: float) -> None:
        self.waited.append(seconds)

    async def guessed(self, times: int, channel: str) -> None:
        def note(session: Session) -> None:
            for number in range(times):
                who = f"attacker {number}"
                note_wrong_guess(session, who, channel=channel, now=self.stage.clock())

        await self.stage.database.run(note)
        self.stage.clock.advance(seconds=6)

    def counted(self, channel: str, how: str) -> float:
        return float(self.figures.held_back.labels(channel, how)._value.get())


@pytest.fixture
def flooded(stage: Stage) -> Flooded:
    return Flooded(stage)


async def test_many_messages_of_one_sender_are_all_kept_and_answered_once(flooded: Flooded) -> None:
    patient = flooded.stage.person("p", "messenger")
    answers = [await patient.says(f"{TOLD}，第{number}次") for number in range(12)]
    assert len(await flooded.stage.told()) == 12
    assert patient.code
    assert all(answers[:4])
    assert answers[5:] == [[]] * 7
    assert flooded.counted("messenger", "spared") >= 7
    flooded.seconds += 60
    assert await patient.says("还有一件事")


async def test_a_code_is_told_however_much_somebody_writes(flooded: Flooded) -> None:
    patient = flooded.stage.person("p", "messenger")
    codes = set[str]()
    for _ in range(10):
        await patient.chooses("back")
        await patient.says(f"{TOLD}，{len(codes)}")
        codes.add(patient.code)
    assert len(codes) == len(await flooded.stage.cases())


async def test_urgent_words_are_answered_in_a_flood(flooded: Flooded) -> None:
    patient = flooded.stage.person("p", "messenger")
    for _ in range(8):
        await patient.says("记一下")
    assert await patient.says("我不想活了")


async def test_an_officer_hears_every_answer(flooded: Flooded) -> None:
    officer = await flooded.stage.officer("李明", channel="messenger")
    assert all([await officer.says("帮助") for _ in range(10)])


async def test_one_senders_flood_spares_nobody_else_an_answer(flooded: Flooded) -> None:
    for number in range(10):
        await flooded.stage.person("p", "messenger").says(f"{TOLD}{number}")
    other = flooded.stage.person("q", "messenger")
    assert await other.says(TOLD)
    assert other.code


async def answers_of(person: Person, code: str) -> list[str]:
    return [reply.text for reply in await person.says(code)]


@pytest.mark.parametrize("right", [True, False])
async def test_where_answers_are_fetched_the_message_itself_is_held_back(
    flooded: Flooded, right: bool
) -> None:
    patient = flooded.stage.person("p")
    await patient.says(TOLD)
    await flooded.guessed(CALM * 100, "web")
    [answer] = await answers_of(flooded.stage.person("q"), patient.code if right else WRONG)
    assert (TOLD in answer) is right
    assert flooded.waited == [pytest.approx(MOST_LEVEL * STEP.total_seconds())]
    assert flooded.counted("web", "delayed") == 1


@pytest.mark.parametrize("right", [True, False])
async def test_where_answers_are_sent_the_answer_comes_later(flooded: Flooded, right: bool) -> None:
    stage = flooded.stage
    patient = stage.person("p", "messenger")
    await patient.says(TOLD)
    await flooded.guessed(CALM * 100, "messenger")
    await stage.deliver()
    before = len(stage.messenger.sent)
    await stage.person("q", "messenger").says(patient.code if right else WRONG)
    await stage.person("r", "messenger").says(TOLD)  # stands behind nobody
    await stage.deliver()
    assert {chat for chat, _, _ in stage.messenger.sent[before:]} == {"r"}
    stage.clock.advance(seconds=4.2)
    await stage.deliver()
    [answer] = stage.messenger.shown_in("q")
    assert (TOLD in answer.text) is right
    assert flooded.waited == []


async def test_neither_fresh_sessions_nor_many_accounts_make_the_right_code_fail(flooded: Flooded) -> None:
    stage = flooded.stage
    patient = stage.person("p")
    await patient.says(TOLD)
    for number in range(60):
        for channel in ("web", "messenger"):
            await stage.person(f"attacker {number}", channel).says(WRONG)
    stage.clock.advance(seconds=6)
    for channel in ("web", "messenger"):
        [answer] = await answers_of(stage.person("the reporter", channel), patient.code)
        assert TOLD in answer
    assert flooded.counted("web", "delayed") > 0
    assert flooded.counted("messenger", "delayed") > 0


async def test_stories_are_not_held_back_while_codes_are_guessed(flooded: Flooded) -> None:
    await flooded.guessed(CALM * 100, "web")
    assert await flooded.stage.person("p").says(TOLD)
    assert flooded.waited == []


@pytest.mark.parametrize(("text", "choice"), [("/start 123456789012", None), ("", "ticket:123456789012")])
async def test_tickets_are_held_back_as_other_codes_are(
    flooded: Flooded, text: str, choice: str | None
) -> None:
    await flooded.guessed(CALM * 100, "web")
    await flooded.stage.receive(Inbound("web", "q", "q", "e1", text, choice))
    await flooded.stage.receive(Inbound("web", "q", "q", "e2", choice="help"))
    assert flooded.waited == [pytest.approx(MOST_LEVEL * STEP.total_seconds())]
