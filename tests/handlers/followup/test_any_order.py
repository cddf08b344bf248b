"""Patients say and press anything in any order, old buttons too; what must hold, holds."""

import random

import pytest
from sqlmodel import select

from storage.followup.surveys import Stage, Survey, answers_of
from storage.sender_tags import SenderTag
from tests.handlers.followup.conftest import Books, Leaves, Patient

_SAID = (
    "5", "一般", "没有", "有", "不便回答", "护士态度很差", "手术前王医生收了我两千块红包", "好", "不要",
    "谢谢", "你好", "13900002222", "1", "2", "0", "帮助", "返回", "伤口红肿流脓，还发烧", "查询", "TD", "{}",
    "李护士特别好，表扬她", "什么时候复查？", "。。。", "很不满意，饭菜凉得没法吃", "我又住院了", "撤回",
    "survey:1:overall:5", "𠮷" * 400, "100", "就这样交上去", "我要举报主任收回扣", "还有就是药费多收了两百",
)  # fmt: skip


@pytest.mark.parametrize("seed", range(12))
def test_whatever_comes_is_answered_and_kept_where_it_belongs(
    goes_home: Leaves, books: Books, seed: int
) -> None:
    dice = random.Random(seed)
    patient = goes_home(plan=dice.choice(("day3", "day30")))
    pressed = [one.value for reply in patient.replies for row in reply.choices for one in row]
    for _ in range(60):
        if dice.random() < 0.55:
            known = [value for value in pressed if "-stop" not in value and "-wrong:yes" not in value]
            patient.chooses(dice.choice(known))
        else:
            patient.says(dice.choice(_SAID))
        if dice.random() < 0.1:
            patient.comes_back_later()
        pressed += [one.value for reply in patient.replies for row in reply.choices for one in row]
        _holds(patient, books)


def _holds(patient: Patient, books: Books) -> None:
    session, vault = patient.session, patient.desk.house.vault
    session.flush()
    for survey in session.exec(select(Survey)):
        answers = answers_of(survey, vault=vault)
        assert all(value is None or 0 <= value <= 10 for value in answers.values())
        if survey.stage is not Stage.SENT:
            assert survey.chat is None
        if survey.plan == "day30":
            assert set(answers.values()) <= {None}
    tagged = {row.case_id for row in session.exec(select(SenderTag))}
    for case in books.cases:
        if case.id not in tagged:
            assert case.likeness is None
            assert case.received_at.minute == case.received_at.second == 0
    for words in books.kept_words:
        assert "红包" not in words
