"""A receipt code is told from everything else with digits in it."""

import base64
import hashlib
import re
from typing import Any

import pytest
from sqlalchemy import event

from storage.messages import Reply, Upload
from storage.receipts import MOST_WRONG
from tests.stage import Person, Stage
from tests.storage.samples import picture

TOLD = "医生收了我两千块"
WRONG = "1111 2222 3333 4444"
_VALUE = re.compile(r"x?'(?:[^']|'')*'|\b\d+\b", re.IGNORECASE)


async def reported(stage: Stage) -> Person:
    patient = stage.person("p")
    await patient.says(TOLD)
    return patient


@pytest.mark.parametrize("form", ["{}", "我的查询码是{}，查一下进度", "您好 {}", "code: {}"])
async def test_a_code_opens_the_case_from_another_channel_however_it_is_written(
    stage: Stage, form: str
) -> None:
    code = (await reported(stage)).code
    for number, written in enumerate([code, code.replace(" ", ""), code.replace(" ", "-")]):
        other = stage.person(f"q{number}", "messenger")
        [reply] = await other.says(form.format(written))
        assert TOLD in reply.text
    assert await stage.told() == [TOLD]


async def test_what_is_said_or_sent_beside_the_code_is_added_without_the_code(stage: Stage) -> None:
    code = (await reported(stage)).code
    other = stage.person("q")
    await other.says(f"{code} 补充：收钱的医生叫李刚", Upload("a.png", picture("PNG")))
    assert await stage.told() == [TOLD, "补充：收钱的医生叫李刚"]
    assert code not in "".join(await stage.told())
    await stage.person("r").says(code, Upload("a.png", picture("PNG")))
    assert await stage.told() == [TOLD, "补充：收钱的医生叫李刚", ""]


async def test_wrong_codes_read_alike_whatever_exists_and_are_limited(stage: Stage) -> None:
    patient = await reported(stage)
    near = patient.code[:-1] + str((int(patient.code[-1]) + 1) % 10)
    stranger = stage.person("q")
    said = {(await stranger.says(code))[0] for code in (WRONG, near, WRONG, near, WRONG)}
    assert len(said) == 1
    assert MOST_WRONG == 5
    [waiting] = await stranger.says(patient.code)
    assert "15 分钟" in waiting.text
    assert "小毛病" not in waiting.text
    stage.clock.advance(minutes=16)
    [opened] = await stranger.says(patient.code)
    assert TOLD in opened.text


async def test_somebody_who_must_wait_can_still_tell_a_story(stage: Stage) -> None:
    stranger = stage.person("q")
    for _ in range(MOST_WRONG + 1):
        await stranger.says(WRONG)
    await stranger.says(TOLD)
    assert await stage.told() == [TOLD]


async def test_a_bank_card_number_in_a_story_is_no_code(stage: Stage) -> None:
    patient = stage.person("p")
    told = ["医生让我转账到6222021234567890", "卡号 6222 0212 3456 7890"]
    for text in told:
        await patient.says(text)
    assert await stage.told() == told


async def test_a_mistyped_code_does_not_close_the_conversation_it_was_typed_in(stage: Stage) -> None:
    patient = await reported(stage)
    assert "没有查到" in (await patient.says(WRONG))[0].text
    await patient.says("他叫李刚，是骨科的")
    assert await stage.told() == [TOLD, "他叫李刚，是骨科的"]


async def test_a_story_or_photo_where_a_code_was_asked_for_is_taken_all_the_same(stage: Stage) -> None:
    for number, uploads in enumerate([(), (Upload("a.png", picture("PNG")),)]):
        patient = stage.person(f"p{number}")
        await patient.says("查询进度")
        assert "16 位" in (await patient.says("我忘了"))[0].text
        await patient.says("" if uploads else TOLD, *uploads)
        assert patient.code
    assert len(await stage.cases()) == 2


class Spy:
    """What is sent to the database while it listens, with every value taken out."""

    def __init__(self, stage: Stage) -> None:
        self._seen: list[str] = []
        event.listen(stage.database.engine, "checkout", self._watch)

    def _watch(self, driver: Any, *_: object) -> None:
        driver.set_trace_callback(self._seen.append)

    def taken(self) -> list[str]:
        """The shapes since the last time, in order."""
        shapes = [_VALUE.sub("?", statement) for statement in self._seen]
        self._seen.clear()
        return shapes


async def test_who_must_wait_learns_nothing_from_what_is_done_for_a_right_code(stage: Stage) -> None:
    code = (await reported(stage)).code
    spy, done, said = Spy(stage), [], set[tuple[Reply, ...]]()
    strangers = [stage.person(f"q{number}") for number in range(4)]
    for stranger in strangers:
        for _ in range(MOST_WRONG):
            await stranger.says(WRONG)
    spy.taken()
    for stranger, written in zip(strangers, (WRONG, code, code, WRONG), strict=True):
        said.add(tuple(await stranger.says(written)))
        done.append(spy.taken())
    assert len(said) == 1
    assert done[0] == done[1] == done[2] == done[3]
    assert any("wrong_guesses" in statement for statement in done[0])
    assert not any(" cases" in statement for statement in done[0])
    assert not any(statement.startswith("INSERT INTO wrong_guesses") for statement in done[0])


async def test_wrong_codes_take_the_same_statements_however_near_they_are(stage: Stage) -> None:
    patient = await reported(stage)
    near = patient.code[:-1] + str((int(patient.code[-1]) + 1) % 10)
    await stage.person("first").says(WRONG)
    spy, done = Spy(stage), []
    for number, written in enumerate((WRONG, near, WRONG, near)):
        await stage.person(f"q{number}").says(written)
        done.append(spy.taken())
    assert done[0] == done[1] == done[2] == done[3]


async def test_a_code_stands_nowhere_in_the_data_in_no_simple_form(stage: Stage) -> None:
    code = (await reported(stage)).code.replace(" ", "")
    await stage.person("q").says(code)
    digests = ("md5", "sha1", "sha256", "blake2b", "blake2s")
    forms = [code, code[::-1], f"{code[:4]} {code[4:8]}", f"{int(code):x}"]
    for form in (code, " ".join(re.findall("....", code))):
        raw = form.encode()
        forms += [base64.b64encode(raw).decode()[:20], raw.hex(), form.encode("utf-16-le").decode("latin-1")]
        forms += [getattr(hashlib, name)(raw).hexdigest()[:24] for name in digests]
    kept = b"".join(path.read_bytes() for path in stage.folder.rglob("*") if path.is_file())
    assert len(kept) > 10_000
    assert not [form for form in forms if form.encode("latin-1") in kept]
