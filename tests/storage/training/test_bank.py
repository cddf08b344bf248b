"""Our questions on the nine rules: form, balance, and nothing that gives the answer away."""

from collections import Counter
from statistics import mean

import pytest
from pydantic import ValidationError

from storage.training.bank import QuestionBank, nine_rules
from storage.training.questions import LETTERS, RULES, Kind, Question

ALL = nine_rules().questions
TEXTS = [one for one in ALL if one.kind in (Kind.SINGLE, Kind.MULTIPLE)]
SINGLE = [one for one in ALL if one.kind is Kind.SINGLE]
GOOD = {
    "key": "own_1", "kind": "single", "text": "这一题问什么？", "choices": ["甲", "乙", "丙"], "right": "B",
    "explanation": "因为乙是对的。",
}  # fmt: skip


def lengths(question: Question, *, right: bool) -> list[int]:
    return [
        len(str(text)) for place, text in enumerate(question.choices) if (place in question.answers) is right
    ]


def test_there_are_enough_questions_on_each_rule_and_of_each_kind() -> None:
    assert len(ALL) >= 75
    by_rule = Counter(one.rule for one in ALL)
    assert set(by_rule) == set(RULES)
    assert min(by_rule.values()) >= 7
    for rule in RULES:
        assert {one.kind for one in ALL if one.rule == rule} == set(Kind)
    assert set(nine_rules().titles) == set(nine_rules().short) == set(RULES)


def test_nothing_stands_twice() -> None:
    assert len({one.key for one in ALL}) == len(ALL)
    assert len({one.text for one in ALL}) == len(ALL)
    assert len({one.explanation for one in ALL}) == len(ALL)
    assert all(one.bank == "" and one.explanation.endswith("。") for one in ALL)


def test_questions_fit_a_phone() -> None:
    assert max(len(one.text) for one in ALL) <= 45
    assert max(len(one.explanation) for one in ALL) <= 60
    assert max(len(str(choice)) for one in ALL for choice in one.choices) <= 15
    assert all(len(one.choices) == 4 for one in ALL if one.kind is not Kind.JUDGE)


def test_what_is_right_stands_at_every_place_as_often() -> None:
    for kind in (Kind.SINGLE, Kind.CASE):
        places = Counter(next(iter(one.answers)) for one in ALL if one.kind is kind)
        share = sum(places.values()) / 4
        assert all(abs(places[place] - share) <= 1 for place in range(4)), (kind, places)
    several = Counter(place for one in ALL if one.kind is Kind.MULTIPLE for place in one.answers)
    assert max(several.values()) - min(several.values()) <= 4
    judged = Counter(one.right for one in ALL if one.kind is Kind.JUDGE)
    assert abs(judged[True] - judged[False]) <= 2
    assert len({len(one.answers) for one in ALL if one.kind is Kind.MULTIPLE}) > 1


def test_length_tells_nothing() -> None:
    longest = [one for one in SINGLE if min(lengths(one, right=True)) > max(lengths(one, right=False))]
    shortest = [one for one in SINGLE if max(lengths(one, right=True)) < min(lengths(one, right=False))]
    assert len(longest) <= len(SINGLE) / 8
    assert len(shortest) <= len(SINGLE) / 8
    for one in TEXTS:
        assert abs(mean(lengths(one, right=True)) - mean(lengths(one, right=False))) <= 2.5, one.key


def test_no_wrong_choice_is_absurd_by_its_words() -> None:
    """A right answer is not always the one that refuses or reports."""
    for word in ("拒绝", "报告", "谢绝"):
        assert sum(word in str(one.choices[min(one.answers)]) for one in SINGLE) <= len(SINGLE) / 4


def test_a_bank_is_found_by_name_and_by_rule() -> None:
    own = Question.model_validate(GOOD | {"bank": "price"})
    bank = QuestionBank((own,))
    assert bank.of("price") == [own]
    assert own not in bank.of()
    assert {one.rule for one in bank.of("", (3, 8))} == {3, 8}
    assert bank.of("nothing") == []
    assert bank.find("own_1") == own
    assert bank.find("gone") is None


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"right": "D"}, "question_right"),
        ({"right": "AB"}, "question_right"),
        ({"right": ""}, "question_right"),
        ({"right": True}, "question_right"),
        ({"kind": "multiple"}, "question_right"),
        ({"kind": "multiple", "right": "ABC"}, "question_right"),
        ({"kind": "multiple", "right": "AA"}, "question_right"),
        ({"kind": "judge"}, "question_judge"),
        ({"kind": "judge", "choices": [], "right": "A"}, "question_judge"),
        ({"choices": ["甲"], "right": "A"}, "question_choices"),
        ({"choices": ["甲", "甲"], "right": "A"}, "question_twice"),
        ({"kind": "case", "rule": 8}, "question_case"),
        ({"kind": "case", "rule": 8, "choices": [8, 9], "right": "B"}, "question_case"),
        ({"choices": [1, 2]}, "question_text"),
    ],
)
def test_what_does_not_fit_together_is_refused(change: dict[str, object], kind: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Question.model_validate(GOOD | change)
    assert [one["type"] for one in refused.value.errors()] == [kind]


def test_letters_tell_what_is_right() -> None:
    several = Question.model_validate(GOOD | {"kind": "multiple", "right": "CA"})
    assert several.answers == {0, 2}
    judge = Question.model_validate(GOOD | {"kind": "judge", "choices": [], "right": False})
    assert (set(judge.answers), judge.count) == ({1}, 2)
    assert LETTERS.startswith("ABCD")
