"""Satisfaction: a digit, a word or a sentence; a clue becomes a case that is tied to no rating."""

import pytest
from sqlmodel import col, select

from storage.messages import Upload
from storage.ratings import RatingRow
from tests.stage import Stage
from tests.storage.samples import picture


async def ratings(stage: Stage) -> list[tuple[int | None, str]]:
    rows = select(RatingRow).order_by(col(RatingRow.id))
    found = await stage.database.run(lambda session: list(session.exec(rows)))
    return [(row.score, row.polarity) for row in found]


@pytest.mark.parametrize(
    ("said", "score", "polarity", "answer"),
    [
        ("5", 5, "positive", "谢谢您"),
        ("满意", 4, "positive", "谢谢您"),
        ("一般般吧", 3, "neutral", "谢谢您"),
        ("很不满意", 1, "negative", "受委屈"),
        ("护士态度很差", None, "negative", "查"),
    ],
)
async def test_a_rating_in_words_is_kept_and_answered_fittingly(
    stage: Stage, said: str, score: int | None, polarity: str, answer: str
) -> None:
    patient = stage.person("p")
    await patient.says("满意度评价")
    [reply] = await patient.says(said)
    [(kept, mood)] = await ratings(stage)
    assert (kept or score, mood) == (score or kept, polarity)
    assert answer in reply.text


@pytest.mark.parametrize(("label", "score"), [("5", 5), ("3", 3), ("1", 1)])
async def test_a_pressed_score_counts_once_and_words_may_follow(stage: Stage, label: str, score: int) -> None:
    patient = stage.person("p")
    await patient.says("满意度评价")
    await patient.presses(label)
    await patient.chooses(f"score:{score}")
    await patient.chooses("score:2")
    assert [kept for kept, _ in await ratings(stage)] == [score]
    await patient.says("护士挺好的")
    assert [kept for kept, _ in await ratings(stage)] == [score, None]


async def test_a_clue_becomes_a_case_only_if_the_patient_wants_it_and_nothing_ties_them(stage: Stage) -> None:
    patient = stage.person("p")
    await patient.says("满意度评价")
    await patient.says("还行吧，就是手术前医生收了我两千块红包")
    assert not await stage.cases()
    await patient.presses("请医院查一查")
    await patient.chooses("rating.report")
    [case] = await stage.cases()
    assert case.lead_office == "纪检办"
    assert not {"case_id", "sender", "chat"} & set(RatingRow.model_fields)


async def test_a_photo_instead_of_a_rating_is_kept_as_a_report(stage: Stage) -> None:
    patient = stage.person("p")
    await patient.says("满意度评价")
    await patient.says("", Upload("a.png", picture("PNG")))
    assert patient.code


async def test_somebody_who_is_unwell_is_told_whom_to_call(stage: Stage) -> None:
    patient = stage.person("p")
    await patient.says("满意度评价")
    assert "120" in (await patient.says("出院以后伤口一直流血发烧，疼得厉害"))[0].text
