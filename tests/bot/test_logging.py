"""A log line holds names of events and known fields; whatever people wrote stays out."""

import io
import json
import logging
import warnings

import pytest
import structlog

from bot.logging import set_up_logging

SECRET = "王医生收了我两千块"


@pytest.fixture
def stream(own_logging: None) -> io.StringIO:
    """The log as text."""
    return io.StringIO()


def test_known_fields_are_kept_and_others_dropped(stream: io.StringIO) -> None:
    set_up_logging(stream=stream)
    structlog.get_logger("delivery").error("not delivered", letter=7, text=SECRET, address="8613800000000")
    line = stream.getvalue()
    assert "event='not delivered'" in line or "event=not delivered" in line
    assert "letter=7" in line
    assert "level=" in line
    assert SECRET not in line
    assert "8613800000000" not in line
    assert line.count("\n") == 1


def test_json_lines_are_json(stream: io.StringIO) -> None:
    set_up_logging(stream=stream, style="json")
    structlog.get_logger("ticker").warning("sweep failed", error="KeyError")
    told = json.loads(stream.getvalue())
    assert (told["event"], told["level"], told["error"]) == ("sweep failed", "warning", "KeyError")


def test_exception_is_told_by_type_and_place(stream: io.StringIO) -> None:
    set_up_logging(stream=stream)
    try:
        raise ValueError(SECRET)
    except ValueError:
        logging.getLogger("lianxin.web").exception("page failed")
        structlog.get_logger("web").exception("conversation failed")
    lines = stream.getvalue().splitlines()
    assert len(lines) == 2
    assert all("ValueError" in line and "test_logging.py:" in line for line in lines)
    assert SECRET not in stream.getvalue()


def test_words_of_other_libraries_are_left_out(stream: io.StringIO) -> None:
    set_up_logging(stream=stream)
    logging.getLogger("asyncio").error("Task exception was never retrieved %s", SECRET)
    logging.getLogger("somewhere.else").error(SECRET)
    assert SECRET not in stream.getvalue()
    assert "logger=" in stream.getvalue()
    assert stream.getvalue().count("\n") == 2


def test_our_own_words_stay(stream: io.StringIO) -> None:
    set_up_logging(stream=stream)
    logging.getLogger("lianxin.telegram").warning("telegram out of reach: %s", "TimedOut")
    assert "telegram out of reach: TimedOut" in stream.getvalue()


@pytest.mark.parametrize(
    "name", ["httpx", "telegram.ext", "aiohttp.access", "apscheduler.scheduler", "alembic"]
)
def test_chatter_is_silent(stream: io.StringIO, name: str) -> None:
    set_up_logging(stream=stream)
    logging.getLogger(name).info("GET https://api.telegram.org/bot123:ABC/getUpdates")
    assert stream.getvalue() == ""


def test_warnings_go_to_the_log_without_their_words(stream: io.StringIO) -> None:
    set_up_logging(stream=stream)
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn(SECRET, stacklevel=1)
    assert SECRET not in stream.getvalue()


def test_long_values_and_line_breaks_do_not_fit(stream: io.StringIO) -> None:
    set_up_logging(stream=stream)
    structlog.get_logger().error("not delivered", error="a\nb" + "x" * 1000)
    assert stream.getvalue().count("\n") == 1
    assert len(stream.getvalue()) < 400


def test_level_is_kept(stream: io.StringIO) -> None:
    set_up_logging(stream=stream, level="ERROR")
    structlog.get_logger().warning("quiet")
    logging.getLogger("lianxin.web").warning("quiet")
    assert stream.getvalue() == ""
