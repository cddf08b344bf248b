"""Unmistakable marks that a story is full of, and somebody on the page who is full of them."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import aiohttp

from tests.e2e.processes import Serving
from tests.e2e.web_person import WebPerson

CODE = re.compile(r"\d{4} \d{4} \d{4} \d{4}")


@dataclass
class Marks:
    """Every mark that was made, by what it was; `make` invents one that occurs nowhere else."""

    made: dict[str, str | int] = field(default_factory=dict)

    def make(self, what: str, first: str = "甲乙") -> str:
        """A word that nobody says, of Chinese and Latin letters; names of officers begin otherwise."""
        mark = f"{first}{what.title().replace(' ', '')}ZQ{len(self.made):02d}鑫"
        self.made[what] = mark
        return mark

    def latin(self, what: str) -> str:
        """The same for places where only ASCII may stand: headers, names of files."""
        mark = f"ZQMARK-{what}-{len(self.made):02d}-QZ"
        self.made[what] = mark
        return mark

    def note(self, what: str, mark: str | int) -> None:
        """Something that was given to us and must be found nowhere either."""
        self.made[what] = mark

    def note_code(self, what: str, said: str) -> None:
        """A receipt code, as it was shown and without its spaces."""
        spaced = CODE.findall(said)[-1]
        self.made |= {f"{what}, spaced": spaced, what: spaced.replace(" ", "")}


@asynccontextmanager
async def visitor(bot: Serving, marks: Marks, who: str) -> AsyncIterator[WebPerson]:
    """Somebody on the page whose browser tells as much about itself as it can."""
    address = f"2001:db8:{len(marks.made):x}:77aa:1:2:3:{len(marks.made):x}"
    marks.note(f"{who}: address", address)
    told = {
        "User-Agent": f"Mozilla/5.0 {marks.latin(f'{who}-browser')}",
        "Referer": f"https://search.example/{marks.latin(f'{who}-referrer')}",
        "X-Forwarded-For": address,
        "Forwarded": f'for="[{address}]"',
        "X-Real-IP": address,
        "Cookie": f"id={marks.latin(f'{who}-cookie')}",
        "Accept-Language": f"zh-CN, {marks.latin(f'{who}-language')}",
    }
    async with aiohttp.ClientSession(headers=told) as client:
        async with client.post(f"{bot.url}/api/chat/sessions") as response:
            person = WebPerson(client, bot.url, str((await response.json())["session"]))
        marks.note(f"{who}: session", person.session)
        yield person
