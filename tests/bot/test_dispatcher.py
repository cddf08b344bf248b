"""One message, one transaction: the same event never counts twice, bad input loses nothing."""

import asyncio
import threading

import pytest
from sqlmodel import select

from storage.errors import StorageFull
from storage.files import FileStore
from storage.letters import Letter
from storage.messages import Inbound, StoredFile, Upload
from tests.stage import Stage
from tests.storage.samples import picture

TOLD = "医生收了我两千块"
EVENT = Inbound("web", "p", "p", "event-1", TOLD)


async def test_the_same_event_ten_times_is_one_case_and_one_answer(stage: Stage) -> None:
    answers = [await stage.receive(EVENT) for _ in range(10)]
    assert len(await stage.cases()) == 1
    assert {answer.replies for answer in answers} == {answers[0].replies}
    assert [answer.repeated for answer in answers] == [False] + [True] * 9


async def test_the_same_event_ten_times_at_once_is_one_case(stage: Stage) -> None:
    answers = await asyncio.gather(*(stage.receive(EVENT) for _ in range(10)))
    assert len(await stage.cases()) == 1
    assert len({answer.replies for answer in answers}) == 1


async def test_the_same_event_id_on_two_channels_are_two_events(stage: Stage) -> None:
    await stage.receive(EVENT)
    await stage.receive(Inbound("messenger", "p", "p", "event-1", TOLD))
    assert len(await stage.cases()) == 2


async def test_many_people_at_once_each_get_their_own_case(stage: Stage) -> None:
    people = [stage.person(f"p{number}") for number in range(30)]
    await asyncio.gather(*(person.says(TOLD) for person in people))
    assert len({person.code for person in people}) == 30
    assert len(await stage.cases()) == 30


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (TOLD + "\0\x07\x1b[31m\x85", TOLD + "[31m"),
        (TOLD + "\ud83d", TOLD + "�"),
        ("\ud83d\ude00" + TOLD, "😀" + TOLD),
        (TOLD + "\u202e很好", TOLD + "很好"),
        ("  " + TOLD + "\r\n谢谢\n", TOLD + "\n谢谢"),
        (TOLD + "。" * 200_000, TOLD + "。" * (100_000 - len(TOLD))),
    ],
)
async def test_odd_characters_are_put_right_and_the_words_are_kept(
    stage: Stage, text: str, kept: str
) -> None:
    patient = stage.person("p")
    await patient.says(text)
    assert await stage.told() == [kept]
    assert patient.code


@pytest.mark.parametrize("text", ["", "   ", "\0\0", "\n\n", "\x1b", "\u200b"])
async def test_a_message_of_nothing_is_answered(stage: Stage, text: str) -> None:
    assert (await stage.person("p").says(text))[0].text
    assert not await stage.cases()


async def test_words_and_files_stand_or_fall_together(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise StorageFull("no space left")

    monkeypatch.setattr("storage.files.FileStore.keep", full)
    patient = stage.person("p")
    with pytest.raises(StorageFull):
        await patient.says(TOLD, Upload("a.png", picture("PNG")))
    assert not await stage.cases()
    monkeypatch.undo()
    patient._events = 0  # the messenger sends it again
    await patient.says(TOLD, Upload("a.png", picture("PNG")))
    assert await stage.told() == [TOLD]


async def test_an_answer_for_a_messenger_that_sends_waits_in_the_outbox_sealed(stage: Stage) -> None:
    await stage.person("p", "messenger").says(TOLD)
    letters = await stage.database.run(lambda session: list(session.exec(select(Letter))))
    waiting = [letter for letter in letters if letter.inbox_id is not None]
    assert [letter.state for letter in waiting] == ["pending"] * 2
    assert not any("查询码".encode() in (letter.payload or b"") for letter in waiting)
    await stage.deliver()
    assert "查询码" in stage.messenger.shown_in("p")[0].text


async def test_half_an_hour_without_a_word_ends_the_conversation(stage: Stage) -> None:
    patient = stage.person("p")
    await patient.says("满意度评价")
    stage.clock.advance(minutes=31)
    await patient.says("5")
    assert "没有看明白" in patient.text
    await stage.tidy_up()


async def test_each_message_is_counted_and_delivery_is_woken(stage: Stage) -> None:
    woken: list[bool] = []
    stage.dispatcher._wake = lambda: woken.append(True)
    await stage.person("p").says(TOLD)
    assert woken == [True]
    assert 'lianxin_messages_total{channel="web"} 1.0' in stage.dispatcher._figures.text().decode()


async def test_files_that_are_slow_to_keep_hold_up_nobody_else(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep, go_on = FileStore.keep, threading.Event()

    def slow(self: FileStore, upload: Upload) -> StoredFile:
        assert go_on.wait(30)
        return keep(self, upload)

    monkeypatch.setattr(FileStore, "keep", slow)
    people = [stage.person(f"p{number}") for number in range(40)]  # more than the loop has threads
    sending = [asyncio.create_task(one.says(TOLD, Upload("a.png", picture("PNG")))) for one in people]
    try:
        async with asyncio.timeout(10):
            await asyncio.sleep(0)
            assert await asyncio.to_thread(lambda: "done") == "done"
            await stage.person("q").says(TOLD)
    finally:
        go_on.set()
    await asyncio.gather(*sending)
    assert len(await stage.cases()) == 41
