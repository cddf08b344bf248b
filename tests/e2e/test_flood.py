"""The running application under floods, over HTTP: whoever has something to report gets through."""

import asyncio
import re
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

import bot.gate
import bot.guessing
from bot.channels.web.limits import Rates
from tests.bot.solving import proof_of
from tests.e2e.place import Place, running

TOLD = "医生收了我两千块"
WRONG = "1111 2222 3333 4444"
FEW = Rates(messages=6, reads=100, sessions=3)


@pytest.fixture(autouse=True)
def easy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Little work, few slips of the pen, short waits: what matters is that they are asked for."""
    monkeypatch.setattr(bot.gate, "FIRST_BITS", 8)
    monkeypatch.setattr(bot.guessing, "CALM", 4)
    monkeypatch.setattr(bot.guessing, "STEP", timedelta(milliseconds=2))


class Client:
    """A program that speaks the contract; `solving` where it works for what it wants."""

    def __init__(self, http: aiohttp.ClientSession, place: Place, *, solving: bool) -> None:
        self.http, self.url, self.solving = http, place.url.rstrip("/"), solving
        self.session, self.answers, self._sent = "", Counter[int](), 0

    async def open(self) -> bool:
        status, body, _ = await self._post("sessions", {})
        self.session = body.get("session", "")
        return status == 201

    async def says(self, text: str) -> tuple[int, str, str | None]:
        """Status, all words of the answer, Retry-After."""
        self._sent += 1
        status, body, again = await self._post("messages", {"json": {"id": str(self._sent), "text": text}})
        return status, "\n".join(reply["text"] for reply in body.get("replies", ())), again

    async def _post(self, what: str, options: Any) -> tuple[int, dict[str, Any], str | None]:
        headers = {"Authorization": f"Bearer {self.session}"} if self.session else {}
        for _ in range(3):
            url = f"{self.url}/api/chat/{what}"
            async with self.http.post(url, headers=headers, **options) as response:
                body = await response.json()
                self.answers[response.status] += 1
                if response.status != 429 or "work" not in body or not self.solving:
                    break
                headers["Lianxin-Work"] = proof_of(**body["work"])
        return response.status, body, response.headers.get("Retry-After")


async def test_a_flood_of_sessions_keeps_no_reporter_out(tmp_path: Path) -> None:
    async with running(tmp_path, rates=FEW) as place, aiohttp.ClientSession() as http:
        attackers = [Client(http, place, solving=False) for _ in range(300)]
        flood = asyncio.gather(*(attacker.open() for attacker in attackers))
        reporter = Client(http, place, solving=True)
        assert await reporter.open()
        status, answer, _ = await reporter.says(TOLD)
        assert status == 200
        assert "查询码" in answer
        assert sum(await flood) <= FEW.sessions
        assert await place.cases() == 1
        async with http.get(f"{place.url}metrics") as response:
            assert 'lianxin_held_back_total{channel="web",how="work"}' in await response.text()


async def test_guessing_with_fresh_sessions_keeps_nobody_from_the_own_case(tmp_path: Path) -> None:
    async with running(tmp_path, rates=FEW) as place, aiohttp.ClientSession() as http:
        reporter = Client(http, place, solving=True)
        assert await reporter.open()
        _, shown, _ = await reporter.says(TOLD)
        code = next(line for line in shown.splitlines() if line.replace(" ", "").isdigit())
        attackers = [Client(http, place, solving=True) for _ in range(10)]
        for attacker in attackers:
            assert await attacker.open()
            assert (await attacker.says(WRONG))[0] == 200
        place.clock.advance(seconds=6)
        lazy = Client(http, place, solving=False)
        lazy.session = attackers[0].session
        assert (await lazy.says(WRONG))[0] == 429
        assert (await lazy.says(TOLD))[0] == 200  # a story asks nobody for work
        again = Client(http, place, solving=True)
        assert await again.open()
        status, answer, _ = await again.says(code)
        assert (status, TOLD in answer) == (200, True)
        assert again.answers[429] == 2  # once for the session, once for the code


async def test_who_writes_too_much_waits_but_not_with_urgent_words(tmp_path: Path) -> None:
    async with running(tmp_path, rates=FEW) as place, aiohttp.ClientSession() as http:
        person = Client(http, place, solving=True)
        assert await person.open()
        answers = [await person.says(f"{TOLD}，{number}") for number in range(8)]
        assert [status for status, _, _ in answers] == [200] * 6 + [429] * 2
        assert 1 <= int(answers[-1][2] or 0) <= 60
        assert (await person.says("我不想活了，今晚就跳楼"))[0] == 200
        for _ in range(5):
            last = await person.says("我不想活了，今晚就跳楼")
        assert last[0] == 429


async def test_while_the_database_is_busy_the_quiet_ones_go_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rates = Rates(messages=100, sessions=10)
    async with running(tmp_path, rates=rates) as place, aiohttp.ClientSession() as http:
        loud, quiet = (Client(http, place, solving=True) for _ in range(2))
        assert await loud.open()
        assert await quiet.open()
        for number in range(10):
            assert (await loud.says(f"{TOLD}，{number}"))[0] == 200
        monkeypatch.setattr(type(place.app.database), "waiting", 10_000)
        status, _, again = await loud.says("还有")
        assert (status, again) == (429, "5")
        assert (await quiet.says(TOLD))[0] == 200


async def test_the_page_without_scripts_hands_out_no_session_that_nobody_was_let_in_with(
    tmp_path: Path,
) -> None:
    async with running(tmp_path, rates=Rates(sessions=0)) as place, aiohttp.ClientSession() as http:
        async with http.get(f"{place.url}plain") as response:
            page = await response.text()
        [token] = set(re.findall(r'name="session" value="([^"]+)"', page))
        program = Client(http, place, solving=False)
        program.session = token
        assert (await program.says(TOLD))[0] == 401
        async with http.get(f"{place.url}plain/talk", headers={"Cookie": f"plain={token}.0"}) as response:
            assert "/plain/talk" not in str(response.url)
