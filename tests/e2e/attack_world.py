"""The hospital that is attacked: one case, its reporter, its officer, and people who may not know of it."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import aiohttp
from sqlmodel import func, select

from bot.channels.web.sessions import Sessions
from storage.cases import Case
from tests.e2e.place import photo
from tests.e2e.telegram_place import TelegramPlace
from tests.e2e.web_person import WebPerson
from tests.telegram.server import BotApiServer

TIP = "药房的王主任收了药商的回扣两万块"


@dataclass
class World:
    """A hospital with one case, its reporter, the officer who handles it, and one who may not know of it."""

    place: TelegramPlace
    http: aiohttp.ClientSession
    reporter: WebPerson
    officer: WebPerson
    stranger: WebPerson
    outsider: WebPerson
    code: str
    number: str
    uid: str
    accept: str

    @property
    def port(self) -> int:
        return self.place.port

    @property
    def sessions(self) -> Sessions:
        """What issues and reads the sessions of this installation."""
        return self.place.app.web.sessions

    async def cases(self) -> int:
        """How many there are."""
        database = self.place.app.database
        return await database.run(lambda session: session.exec(select(func.count()).select_from(Case)).one())


@asynccontextmanager
async def attacked(folder: Path) -> AsyncIterator[World]:
    """The hospital, running, with a webhook as well."""
    async with BotApiServer() as server, aiohttp.ClientSession() as client:
        place = TelegramPlace(server, folder, "webhook")
        await place.start()
        url = place.app.address.rstrip("/")
        people = [await _comes(client, url) for _ in range(4)]
        reporter, officer, stranger, outsider = people
        await officer.says(f"/join {await place.invite('纪检办', '李敏')}")
        await stranger.says(f"/join {await place.invite('后勤科', '赵六')}")
        body = aiohttp.FormData({"id": "tip", "text": TIP}, quote_fields=False)
        body.add_field("file", BytesIO(photo()), filename="a.jpg")
        async with client.post(f"{url}/api/chat/messages", data=body, headers=reporter._headers) as answer:
            told = (await answer.json())["replies"]
        code = re.search(r"\d{4}( \d{4}){3}", str(told))
        number = re.search(r"编号 (\d{4}-\d{5})", await outsider.says(code[0] if code else ""))
        assert code is not None
        assert number is not None
        await officer.says(number[1])
        values = {c["label"]: c["value"] for shown in officer.screen.values() for c in shown["choices"]}
        await officer.presses("附件 1")
        uid = next(file["uid"] for shown in officer.screen.values() for file in shown["files"])
        yield World(
            place,
            client,
            reporter,
            officer,
            stranger,
            await _comes(client, url),
            code[0],
            number[1],
            uid,
            values["受理"],
        )
        await place.stop()


async def _comes(client: aiohttp.ClientSession, url: str) -> WebPerson:
    async with client.post(f"{url}/api/chat/sessions") as response:
        return WebPerson(client, url, (await response.json())["session"])
