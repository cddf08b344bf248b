"""A whole bot on a stage: real storage, conversations and delivery; the clock and messengers are played."""

import asyncio
import re
import tomllib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

from sqlmodel import col, select

from bot.channels.base import Answer, Channel, Limits, Outgoing, Receive
from bot.delivery import Delivery
from bot.dispatcher import Dispatcher
from bot.reading_room import ReadingRoom
from handlers.turn import Desk
from nlp.reading import Reader
from scheduler.copies import tell_copies
from scheduler.duties import post_cards, redraw_cards, remind_people, sweep_occurrences, tell_heads
from scheduler.followups import sweep_surveys
from scheduler.housekeeping import forget_the_old
from scheduler.reminders import remind_of_limits
from storage.cases import Case
from storage.drives.plan import Drive
from storage.duties.book import DutyBook
from storage.entries import FROM_REPORTER, thread
from storage.files import FileStore
from storage.followup.replanning import replan
from storage.hospital import Hospital
from storage.house import House
from storage.invites import invite
from storage.members import Role
from storage.messages import Inbound, Reply, Upload
from storage.vault import Vault, create_key_file, load_keys
from storage.working_days import WorkingDays
from tests.factories import make_database

MONDAY = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
"""09:00 in Shanghai on a working Monday."""


class PlayedClock:
    """Time that passes only when told to."""

    def __init__(self, now: datetime = MONDAY) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **passed: float) -> None:
        """Lets time pass: `advance(minutes=31)`."""
        self.now += timedelta(**passed)


class Messenger:
    """A channel that sends; it records, and refuses where a test says so."""

    pulled = False

    def __init__(self, name: str = "messenger") -> None:
        self.name = name
        self.limits = Limits(per_second=10_000, per_chat_second=10_000, per_group_minute=10_000)
        self.sent: list[tuple[str, str, Reply]] = []
        self.attempts: list[tuple[int, str]] = []
        self.failures: list[Exception] = []
        self.news = asyncio.Event()

    async def start(self, receive: Receive) -> None:
        """Nothing arrives by itself."""

    async def stop(self) -> None:
        """Nothing to stop."""

    async def send(self, outgoing: Outgoing) -> str | None:
        """Records the message under a reference of its own."""
        self.attempts.append((outgoing.id, outgoing.chat))
        if self.failures:
            raise self.failures.pop(0)
        reference = outgoing.reply.edits or str(len(self.sent) + 1)
        self.sent.append((outgoing.chat, reference, outgoing.reply))
        self.news.set()
        return reference

    async def has_sent(self, count: int) -> None:
        """Returns once so many messages were sent."""
        while len(self.sent) < count:
            self.news.clear()
            await self.news.wait()

    def shown_in(self, chat: str) -> list[Reply]:
        """What was sent to a chat, oldest first."""
        return [reply for where, _, reply in self.sent if where == chat]


class Page(Messenger):
    """The web chat: replies are fetched."""

    pulled = True


@dataclass
class Person:
    """Somebody with a chat; `screen` is what stands there now, edits applied, oldest first."""

    stage: "Stage"
    name: str
    channel: str = "web"
    screen: dict[str, Reply] = field(default_factory=dict)
    seen: int = 0
    _events: int = 0

    async def says(self, text: str, *uploads: Upload, **fields: Any) -> list[Reply]:
        """Types a message, perhaps with files, and hears the answer."""
        return await self._send(uploads, text=text, **fields)

    async def presses(self, label: str) -> list[Reply]:
        """Presses the newest button whose label begins so."""
        for reference, reply in reversed(self.screen.items()):
            for row in reply.choices:
                for choice in row:
                    if choice.label.startswith(label):
                        return await self._send((), choice=choice.value, pressed=reference)
        raise AssertionError(f"no button {label!r} among {self.buttons}")

    async def chooses(self, value: str) -> list[Reply]:
        """Sends a button's value as a hostile or outdated client might."""
        return await self._send((), choice=value)

    async def looks(self) -> list[Reply]:
        """What came meanwhile, after delivery had its turn."""
        await self.stage.deliver()
        found = await self.stage.room.read_after(self.name, self.seen)
        for sent in found:
            self._show(sent.id, sent.reply)
        return [sent.reply for sent in found]

    @property
    def code(self) -> str:
        """The receipt code shown last."""
        found: list[str] = re.findall(r"\d{4} \d{4} \d{4} \d{4}", self.text)
        return found[-1]

    @property
    def buttons(self) -> list[str]:
        """All labels on the screen."""
        return [choice.label for reply in self.screen.values() for row in reply.choices for choice in row]

    @property
    def text(self) -> str:
        """Everything on the screen."""
        return "\n".join(reply.text for reply in self.screen.values())

    async def _send(self, uploads: tuple[Upload, ...], **fields: Any) -> list[Reply]:
        self._events += 1
        inbound = Inbound(self.channel, self.name, self.name, f"{self.name}:{self._events}", **fields)
        answer = await self.stage.dispatcher.receive(inbound, uploads)
        for sent in answer.replies:
            self._show(sent.id, sent.reply)
        return [sent.reply for sent in answer.replies]

    def _show(self, letter: int, reply: Reply) -> None:
        self.seen = max(self.seen, letter)
        if reply.text or reply.files:
            self.screen[reply.edits or str(letter)] = reply


class Stage:
    """Everything but the outer world; use as an async context manager."""

    def __init__(
        self,
        folder: Path,
        *,
        hospital: Hospital | None = None,
        duties: DutyBook | None = None,
        drives: tuple[Drive, ...] = (),
    ) -> None:
        self.clock, self.folder = PlayedClock(), folder
        if not (folder / "keys").exists():
            create_key_file(folder / "keys")
        hospital = hospital or sample_hospital()
        calendar = WorkingDays(hospital.timezone, hospital.clocks.day_starts, hospital.clocks.day_ends)
        vault = Vault(load_keys(folder / "keys"))
        self.house = House(hospital, vault, calendar, duties or DutyBook(), drives=drives)
        self.database = make_database(folder / "lianxin.db", self.house.vault)
        self.files = FileStore(folder / "files", self.house.vault, hospital.files)
        self.desk = Desk(self.house, Reader.load())
        self.page, self.messenger = Page("web"), Messenger()
        channels: dict[str, Channel] = {"web": self.page, "messenger": self.messenger}
        self.delivery = Delivery(database=self.database, desk=self.desk, channels=channels, clock=self.clock)
        self.dispatcher = Dispatcher(
            database=self.database, desk=self.desk, files=self.files, clock=self.clock, pulled=["web"]
        )
        self.room = ReadingRoom(database=self.database, house=self.house, files=self.files, clock=self.clock)

    async def __aenter__(self) -> "Stage":
        self.database.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await asyncio.to_thread(self.database.stop)

    def person(self, name: str, channel: str = "web") -> Person:
        """Somebody nobody knows."""
        return Person(self, name, channel)

    async def officer(
        self, name: str, office: str = "纪检办", role: Role = Role.OFFICER, channel: str = "web"
    ) -> Person:
        """A member of staff who has joined with a code."""
        code = await self.database.run(
            lambda session: invite(
                session, office, vault=self.house.vault, now=self.clock(), role=role, name=name
            )
        )
        person = Person(self, f"officer {name}", channel)
        await person.says(f"/join {code}")
        return person

    async def group(self, name: str, office: str, channel: str = "messenger") -> Person:
        """A chat of colleagues, bound to their office with a code."""
        code = await self.database.run(
            lambda session: invite(session, office, vault=self.house.vault, now=self.clock(), for_group=True)
        )
        group = Person(self, name, channel)
        await group.says(f"/bind {code}", in_group=True)
        return group

    async def deliver(self) -> None:
        """Lets delivery work until nothing is left that could go now."""
        while await self.delivery.deliver_once() or self.delivery.busy:
            await self.delivery.landed()

    async def remind(self) -> None:
        """The ticker's sweep for limits."""
        await self.database.run(lambda session: remind_of_limits(session, house=self.house, now=self.clock()))

    async def tell_copies(self) -> int:
        """The ticker's sweep for copies, until nothing waits; how many cases it looked after."""
        done = 0
        while told := await self.database.run(
            lambda session: tell_copies(session, house=self.house, now=self.clock())
        ):
            done += told
        return done

    async def sweep_surveys(self) -> int:
        """The ticker's sweeps for surveys, until nothing is due; how many it looked after."""
        while await self.database.run(lambda session: replan(session, house=self.house, now=self.clock())):
            pass
        done = 0
        while taken := await self.database.run(
            lambda session: sweep_surveys(session, house=self.house, now=self.clock())
        ):
            done += taken
        return done

    async def sweep_duties(self) -> int:
        """The ticker's sweeps for what staff owe, until nothing is due; how many letters were left."""
        house, done = self.house, 0
        while await self.database.run(
            lambda session: sweep_occurrences(session, house=house, now=self.clock(), troubled=_raised)
        ):
            pass
        for tell in (tell_heads, post_cards, remind_people, redraw_cards):
            while told := await self.database.run(
                lambda session, tell=tell: tell(session, house=house, now=self.clock())  # type: ignore[misc]
            ):
                done += told
        return done

    async def tidy_up(self) -> dict[str, int]:
        """The ticker's sweep for what has had its time."""
        return await self.database.run(
            lambda session: forget_the_old(session, house=self.house, now=self.clock())
        )

    async def cases(self) -> list[Case]:
        """Every case, oldest first."""
        return await self.database.run(
            lambda session: list(session.exec(select(Case).order_by(col(Case.id))))
        )

    async def told(self, case_id: int = 1) -> list[str]:
        """What the reporter of a case wrote, entry by entry."""
        entries = await self.database.run(lambda session: thread(session, case_id, vault=self.house.vault))
        return [entry.text for entry in entries if entry.kind in FROM_REPORTER]

    async def receive(self, inbound: Inbound, *uploads: Upload) -> Answer:
        """A message as a channel hands it in."""
        return await self.dispatcher.receive(inbound, uploads)


def _raised(error: Exception) -> None:
    raise error


def sample_hospital(**changes: Any) -> Hospital:
    """The hospital of the sample file, with some sections changed."""
    sample = tomllib.loads(files("bot").joinpath("data/hospital.toml").read_text("utf-8"))
    return Hospital.model_validate(sample | changes)
