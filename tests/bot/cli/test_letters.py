"""Dead letters are listed without their words and sent once more."""

from datetime import UTC, datetime
from pathlib import Path

from sqlmodel import Session

from bot.data_folder import DataFolder
from storage.messages import Reply
from storage.outbox import post_reply
from storage.sending import bury, dead_letters
from tests.bot.cli.conftest import Command

NOW = datetime(2025, 3, 3, 1, 30, tzinfo=UTC)
WORDS = "王医生的事"


def bury_two(folder: DataFolder) -> list[int]:
    def work(session: Session) -> list[int]:
        ids = [
            post_reply(session, Reply(WORDS), channel="telegram", address="4711", vault=folder.vault, now=NOW)
            for _ in range(2)
        ]
        for number in ids:
            bury(session, number, error="Forbidden", now=NOW)
        return ids

    return folder.database.run_now(work)


def left(folder: DataFolder) -> list[int | None]:
    return folder.database.run_now(lambda session: [letter.id for letter in dead_letters(session)])


def test_without_dead_letters_it_says_so(lianxin: Command, data: Path) -> None:
    assert lianxin("dead-letters", "--data", data).out.startswith("None")


def test_list_shows_error_and_channel_but_neither_words_nor_address(
    lianxin: Command, data: Path, folder: DataFolder
) -> None:
    bury_two(folder)
    told = lianxin("dead-letters", "--data", data).out
    assert told.count("Forbidden") == 2
    assert "telegram" in told
    assert WORDS not in told
    assert "4711" not in told


def test_one_is_sent_once_more(lianxin: Command, data: Path, folder: DataFolder) -> None:
    first, second = bury_two(folder)
    assert lianxin("dead-letters", "--retry", first, "--data", data).out.startswith("1 will be sent")
    assert left(folder) == [second]


def test_all_are_sent_once_more(lianxin: Command, data: Path, folder: DataFolder) -> None:
    bury_two(folder)
    assert lianxin("dead-letters", "--retry", "all", "--data", data).out.startswith("2 will be sent")
    assert left(folder) == []


def test_unknown_or_nonsense_number_is_one_line(lianxin: Command, data: Path) -> None:
    for word in ("7", "some", "-1", "²"):
        ended = lianxin("dead-letters", f"--retry={word}", "--data", data)
        assert (ended.code, ended.out, ended.err.count("\n")) == (1, "", 1)
