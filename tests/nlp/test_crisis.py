"""Words of danger to life are heard in any voice, and idioms are not."""

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.crisis import Crisis, crisis_in
from nlp.crisis_book import CrisisKind

_SENTENCES = Path(__file__).with_name("crisis.tsv")
_LETTERS = {CrisisKind.VIOLENCE_THREAT: "T", CrisisKind.VIOLENCE_SUFFERED: "S"}


def _rows() -> list[list[str]]:
    lines = _SENTENCES.read_text("utf-8").splitlines()
    return [line.split("\t") for line in lines if not line.startswith("#")][1:]


def _letter(crisis: Crisis | None) -> str:
    if crisis is None:
        return "-"
    return _LETTERS.get(crisis.kind) or ("O" if crisis.other else "H")


@pytest.mark.parametrize(("heard", "sentence"), _rows())
def test_what_is_heard(heard: str, sentence: str) -> None:
    assert _letter(crisis_in(sentence)) == heard


def test_the_evidence_stands_where_it_was_written() -> None:
    text = "医生您好。我想自 殺。"
    crisis = crisis_in(text)
    assert crisis is not None
    assert [text[one.start : one.end] for one in crisis.evidence] == ["自 殺"]


@pytest.mark.parametrize("disguise", ["自 殺", "自​杀", "自*杀", "自・殺", "自\u00ad杀", "自·杀"])
def test_no_disguise_hides_it(disguise: str) -> None:
    assert crisis_in(f"我想{disguise}") is not None


def test_a_cry_is_heard_inside_a_long_story() -> None:
    crisis = crisis_in("他们天天来催费用，我爸的病也没见好。" * 300 + "我真的不想活了。" + "就这样吧。" * 300)
    assert crisis is not None
    assert not crisis.other


def test_both_dangers_are_told_and_the_life_of_the_writer_comes_first() -> None:
    crisis = crisis_in("我要砍死那个医生，然后从楼上跳下去")
    assert crisis is not None
    assert crisis.kind is CrisisKind.SELF_HARM
    assert crisis.is_violent


@pytest.mark.parametrize(
    ("text", "is_danger"),
    [
        ("那年我自杀被你们救回来，现在都好了，谢谢", False),
        ("以前想过不活了，现在想开了，谢谢大家", False),
        ("以前想过不活了，现在好了一阵，最近又想死", True),
        ("那时候不想活了", True),
    ],
)
def test_who_came_through_it_is_thanked_and_not_rescued(text: str, is_danger: bool) -> None:
    assert (crisis_in(text) is not None) is is_danger


@pytest.mark.parametrize(
    ("text", "is_past"),
    [
        ("上个月护工打了我妈", True),
        ("昨天保安打了我一拳", True),
        ("去年住院的时候，护工扇过我爸耳光", True),
        ("上周护工暴打老人", True),
        ("护工打我妈妈", False),
        ("昨天护工打了我妈，今天又打", False),
        ("上个月保安打了我，我怕他还来", False),
        ("昨晚他打我，现在还在砸门", False),
        ("昨天有个病人持刀砍我爸", False),
        ("上次他打了我妈，还扬言要砍死我们", False),
    ],
)
def test_a_hand_raised_yesterday_is_past_only_where_nothing_says_that_it_goes_on(
    text: str, is_past: bool
) -> None:
    crisis = crisis_in(text)
    assert crisis is not None
    assert crisis.past is is_past


@pytest.mark.parametrize("text", ["", " ", "\x00", "死" * 1000, "我要" * 500, "\ud800不想活了"])
def test_odd_texts_do_no_harm(text: str) -> None:
    crisis_in(text)


@given(st.text(alphabet="我不想死活了跳楼刀砍杀你医生的，。 a4\n自 殺", max_size=80))
def test_any_text_is_read_and_every_piece_of_evidence_stands_in_it(text: str) -> None:
    crisis = crisis_in(text)
    for one in crisis.evidence if crisis else ():
        assert 0 <= one.start < one.end <= len(text)
        assert text[one.start : one.end] == one.text


@pytest.mark.parametrize(
    "flood", ["带刀 ", "我要去砍", "打我", "被打", "把我打针", "想去死活着刀", "不想" * 40 + "活"]
)
def test_time_grows_with_the_length_alone(flood: str) -> None:
    """Ten times the text takes no more than thirty times as long, whatever stands in it."""

    def seconds(text: str) -> float:
        started = time.perf_counter()
        crisis_in(text)
        return time.perf_counter() - started

    crisis_in(flood)
    short = min(seconds(flood * (5_000 // len(flood)) + str(run)) for run in range(5))
    long = min(seconds(flood * (50_000 // len(flood)) + str(run)) for run in range(3))
    assert long < max(short * 30, 0.05)
