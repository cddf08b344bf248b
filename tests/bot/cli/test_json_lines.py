"""classify and rate answer line by line, in order, whatever stands in between."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bot.cli.json_lines import dump_line
from nlp.reading import Reader
from tests.bot.cli.conftest import Command

ROOT = Path(__file__).parents[3]
CLASSIFIED = {"id", "intent", "categories", "urgent", "confidence", "unsure", "evidence"}
RATED = {"id", "score", "polarity", "opt_out", "categories", "needs_care", "urgent"}


def lines(*records: object) -> bytes:
    return b"".join(json.dumps(record).encode() + b"\n" for record in records)


@pytest.mark.parametrize(("command", "keys"), [("classify", CLASSIFIED), ("rate", RATED)])
def test_every_line_is_answered_in_order(lianxin: Command, command: str, keys: set[str]) -> None:
    records = [
        {"id": f"n{number}", "text": text} for number, text in enumerate(["医生收红包", "5", "", "你好"])
    ]
    ended = lianxin(command, stdin=lines(*records))
    answers = [json.loads(line) for line in ended.out.splitlines()]
    assert (ended.code, ended.err) == (0, "")
    assert [answer["id"] for answer in answers] == ["n0", "n1", "n2", "n3"]
    assert all(set(answer) == keys for answer in answers)


def test_evidence_points_into_the_text_as_it_was_given(lianxin: Command) -> None:
    text = "　Ａ医生收了我的🧧红包！"
    (answer,) = map(json.loads, lianxin("classify", stdin=lines({"id": 1, "text": text})).out.splitlines())
    assert answer["evidence"]
    assert all(text[piece["start"] : piece["end"]] == piece["term"] for piece in answer["evidence"])


@pytest.mark.parametrize(
    ("bad", "told"),
    [
        (b"nonsense\n", "not JSON"),
        (b'{"id": 1, "text": "a"\n', "not JSON"),
        (b'{"id": NaN, "text": "a"}\n', "not JSON"),
        (b'{"id": 1e999, "text": "a"}\n', "not understood"),
        (b"[" * 100_000 + b"\n", "not JSON"),
        (b'{"id": ' + b"9" * 5000 + b', "text": "a"}\n', "not JSON"),
        (b'{"text": "\xd2\xff"}\n', "not UTF-8"),
        (b"[1]\n", "expected an object"),
        (b'"text"\n', "expected an object"),
        (b'{"id": 1}\n', 'the key "text"'),
        (b'{"id": 1, "text": null}\n', 'the key "text"'),
    ],
)
def test_bad_line_is_told_by_its_number_and_others_are_answered(
    lianxin: Command, bad: bytes, told: str
) -> None:
    good = lines({"id": 1, "text": "你好"})
    ended = lianxin("classify", stdin=good + bad + good)
    assert ended.code == 1
    assert len(ended.out.splitlines()) == 2
    assert ended.err.startswith("lianxin: line 2: ")
    assert told in ended.err
    assert ended.err.count("\n") == 1


def test_bad_line_is_not_quoted(lianxin: Command) -> None:
    assert "secret" not in lianxin("classify", stdin=b'{"id": 1, "txt": "secret"}\nsecret\n').err


def test_our_own_mistake_costs_one_line(lianxin: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    from nlp import jsonl

    honest = jsonl.rate_line

    def fails(reader: Reader, record: dict[str, object]) -> dict[str, object]:
        if record["id"] == 2:
            raise KeyError("secret")
        return honest(reader, record)

    monkeypatch.setattr(jsonl, "rate_line", fails)
    ended = lianxin("rate", stdin=lines(*({"id": number, "text": "好"} for number in (1, 2, 3))))
    assert [json.loads(line)["id"] for line in ended.out.splitlines()] == [1, 3]
    assert ended.err == "lianxin: line 2: not understood (KeyError)\n"


def test_mark_empty_lines_and_windows_ends_do_no_harm(lianxin: Command) -> None:
    ended = lianxin("rate", stdin=b'\xef\xbb\xbf{"id": 1, "text": "5"}\r\n\r\n\n{"id": 2, "text": "4"}')
    assert ended.code == 0
    assert [json.loads(line)["score"] for line in ended.out.splitlines()] == [5, 4]


def test_nothing_in_nothing_out(lianxin: Command) -> None:
    ended = lianxin("classify")
    assert (ended.code, ended.out, ended.err) == (0, "", "")


def test_any_id_comes_back_as_it_was(lianxin: Command) -> None:
    ids = [None, 7, 1.5, "七", ["a"], {"b": 1}, True]
    ended = lianxin("rate", stdin=lines(*({"id": one, "text": "5"} for one in ids)))
    assert [json.loads(line)["id"] for line in ended.out.splitlines()] == ids


def test_lone_surrogate_is_written_as_an_escape() -> None:
    assert json.loads(dump_line({"term": "a\ud800"})) == {"term": "a\ud800"}
    assert dump_line({"term": "药"}) == '{"term": "药"}\n'.encode()


def test_answers_come_before_the_input_ends() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "rate"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as talk:
        assert talk.stdin is not None
        assert talk.stdout is not None
        for score in (3, 4):
            talk.stdin.write(lines({"id": score, "text": str(score)}))
            talk.stdin.flush()
            assert json.loads(talk.stdout.readline())["score"] == score


def test_reader_that_goes_away_ends_it_quietly() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "rate"],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as talk:  # fmt: skip
        assert talk.stdin is not None
        assert talk.stdout is not None
        assert talk.stderr is not None
        talk.stdin.write(lines({"id": 1, "text": "5"}))
        talk.stdin.flush()
        talk.stdout.readline()
        talk.stdout.close()
        talk.stdin.write(lines({"id": 2, "text": "5"}) * 2)
        talk.stdin.close()
        assert talk.stderr.read() == b""


def test_ten_thousand_lines_are_answered(lianxin: Command) -> None:
    records = lines(*({"id": number, "text": "很好"} for number in range(10_000)))
    ended = lianxin("rate", stdin=records)
    assert [json.loads(line)["id"] for line in ended.out.splitlines()] == list(range(10_000))
