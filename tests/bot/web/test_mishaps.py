"""Connections that end badly fill no log, on a clock that the test turns."""

import pytest

from bot.web.mishaps import MOST_KINDS, SECONDS_BETWEEN_LINES, Mishaps
from tests.bot.web.test_connections import opened


class Timer:
    """Seconds, as the test says."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_flood_writes_one_line_a_minute_with_its_number(caplog: pytest.LogCaptureFixture) -> None:
    timer = Timer()
    mishaps = Mishaps(timer)
    for _ in range(500):
        mishaps.count(ValueError("13812345678"))
        mishaps.count(ConnectionResetError())
    assert caplog.messages == ["connections ended badly: 1 (ValueError 1)"]
    timer.now += SECONDS_BETWEEN_LINES
    mishaps.tell()
    mishaps.tell()
    assert caplog.messages[1:] == ["connections ended badly: 999 (ConnectionResetError 500, ValueError 499)"]
    assert {record.levelname for record in caplog.records} == {"WARNING"}


def test_quiet_times_write_nothing(caplog: pytest.LogCaptureFixture) -> None:
    timer = Timer()
    mishaps = Mishaps(timer)
    timer.now += 10 * SECONDS_BETWEEN_LINES
    mishaps.tell()
    mishaps.tell_rest()
    assert not caplog.messages


def test_many_kinds_stay_one_short_line(caplog: pytest.LogCaptureFixture) -> None:
    mishaps = Mishaps(Timer())
    mishaps.count(None)
    for number in range(10 * MOST_KINDS):
        mishaps.count(type(f"Odd{number}", (Exception,), {})())
    mishaps.tell_rest()
    assert caplog.messages[0] == "connections ended badly: 1 (unknown 1)"
    assert caplog.messages[1].count("Odd") == MOST_KINDS
    assert f"other {9 * MOST_KINDS}" in caplog.messages[1]


async def test_malformed_requests_write_one_line_for_all(caplog: pytest.LogCaptureFixture) -> None:
    async with opened() as front:
        for _ in range(20):
            assert b" 400 " in await front.served.raw(b"GET / HTTP/1.1\r\nHost a 13812345678\r\n\r\n")
        lines = [record for record in caplog.records if record.name.startswith("lianxin.web")]
        assert len(lines) == 1
        assert lines[0].levelname == "WARNING"
        front.timer.now += SECONDS_BETWEEN_LINES
        front.door.sweep(front.timer.now)
    assert ": 19 (" in caplog.messages[-1]
    assert "13812345678" not in caplog.text
