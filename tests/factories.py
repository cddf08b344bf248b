"""A small hospital, its people and their messages: everything a test of a conversation starts from."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlmodel import Session

from handlers.turn import Desk, Turn
from handlers.words import words_for
from nlp.reading import Reader, Verdict
from nlp.taxonomy import Category, Intent
from storage.cases import Case
from storage.database import Database
from storage.dialogues import Dialogue
from storage.engine import connect, sqlite_url
from storage.hospital import Hospital
from storage.house import House
from storage.identity import chat_hash, sender_hash
from storage.intake import open_case
from storage.members import Member, Role, add_member, find_member
from storage.messages import Inbound, Reply, StoredFile
from storage.routing import Routing
from storage.tables import METADATA
from storage.trail_chain import bind_trail
from storage.vault import Keys, Vault
from storage.working_days import WorkingDays

MONDAY = datetime(2025, 11, 24, 1, 30, tzinfo=UTC)
"""A working Monday, 09:30 in Shanghai."""
TEXT = "骨科王医生上周收了我两千块红包，我的电话是13812345678。"
FIXED_VAULT = Vault(Keys(b"h" * 32, {1: b"s" * 32}))
OFFICES = ("纪检办", "药剂科", "医务科", "投诉办", "人事科", "设备科")

_events = count(1)


def make_hospital(**changes: Any) -> Hospital:
    """A hospital of six offices, with changes."""
    plain: dict[str, Any] = {
        "name": "示例医院",
        "discipline_office": "纪检办",
        "service_desk": "投诉办",
        "praise_office": "人事科",
        "offices": [{"name": name} for name in OFFICES],
        "routing": {
            "red_envelope": {"lead": "纪检办"},
            "kickback": {"lead": "纪检办", "supporting": ["药剂科"]},
            "outside_purchase": {"lead": "药剂科", "supporting": ["纪检办"]},
        },
    }
    return Hospital.model_validate(plain | changes)


def make_house(**changes: Any) -> House:
    """The house of that hospital, with fixed keys and the State Council calendar."""
    hospital = make_hospital(**changes)
    clocks = hospital.clocks
    calendar = WorkingDays(hospital.timezone, clocks.day_starts, clocks.day_ends)
    return House(hospital, FIXED_VAULT, calendar)


def make_desk(**changes: Any) -> Desk:
    """What conversations share, with the real reader."""
    return Desk(make_house(**changes), Reader.load())


def make_database(path: Path, vault: Vault = FIXED_VAULT) -> Database:
    """An empty database file with all tables, or the one that is there; not started, so `run_now` works."""
    if not path.exists():
        path.write_bytes(_empty_database())
    return Database(bind_trail(connect(sqlite_url(path)), vault))


@lru_cache(maxsize=1)
def _empty_database() -> bytes:
    """Thousands of tests start from it: copying is much quicker than making every table."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "lianxin.db"
        engine = connect(sqlite_url(path))
        METADATA.create_all(engine)
        engine.dispose()  # what stood beside the file is in it now
        return path.read_bytes()


def make_member(
    session: Session,
    house: House,
    name: str = "王芳",
    office: str = "纪检办",
    role: Role = Role.OFFICER,
    *,
    channel: str = "web",
    now: datetime = MONDAY,
) -> Member:
    """A member of staff whose sender and chat on the channel are called like the person."""
    sender = sender_hash(house.vault, channel, name)
    return add_member(
        session, sender=sender, channel=channel, address=name, name=name, office=office, role=role,
        vault=house.vault, now=now,
    )  # fmt: skip


def open_a_case(
    session: Session,
    house: House,
    text: str = TEXT,
    *,
    lead: str = "纪检办",
    supporting: Sequence[str] = (),
    left_out_offices: Sequence[str] = (),
    left_out_people: Sequence[int | None] = (),
    sealed: bool = False,
    urgent: bool = False,
    categories: Sequence[Category] = (Category.RED_ENVELOPE,),
    intent: Intent = Intent.REPORT,
    files: Sequence[StoredFile] = (),
    likeness: str = "",
    now: datetime = MONDAY,
) -> Case:
    """A fresh case, routed as told and not as the text reads; with a `likeness` it may join another."""
    people = tuple(one for one in left_out_people if one is not None)
    routing = Routing(lead, tuple(supporting), tuple(left_out_offices), people, sealed)
    verdict = Verdict(intent, tuple(categories), urgent, 0.9, False, ())
    opened = open_case(
        session, text, verdict=verdict, routing=routing, files=files, likeness=likeness, house=house, now=now
    )
    case = session.get(Case, opened.case_id)
    assert case is not None
    return case


def make_turn(
    session: Session,
    desk: Desk,
    sender: str,
    *,
    text: str = "",
    choice: str | None = None,
    files: Sequence[StoredFile] = (),
    chat: str = "",
    in_group: bool = False,
    pressed: str | None = None,
    channel: str = "web",
    dialogue: Dialogue | None = None,
    now: datetime = MONDAY,
) -> Turn:
    """One message of `sender`, who is a member if one joined under this name."""
    vault = desk.house.vault
    event = f"event-{next(_events)}"
    inbound = Inbound(
        channel, sender, chat or sender, event, text, choice, tuple(files), (), in_group, pressed
    )
    known = sender_hash(vault, channel, sender)
    return Turn(
        inbound=inbound,
        sender=known,
        chat=chat_hash(vault, channel, inbound.chat),
        member=find_member(session, known),
        dialogue=dialogue or Dialogue(),
        session=session,
        desk=desk,
        words=words_for("zh"),
        now=now,
    )


@dataclass
class Talker:
    """Somebody at a phone: keeps the dialogue between messages and the replies to the last one."""

    session: Session
    desk: Desk
    name: str
    now: datetime = MONDAY
    dialogue: Dialogue = field(default_factory=Dialogue)
    replies: list[Reply] = field(default_factory=list)

    def turn(self, **what: Any) -> Turn:
        """The next message, ready for a handler; the dialogue went to the table and back meanwhile."""
        self.dialogue = Dialogue(**json.loads(json.dumps(asdict(self.dialogue))))
        given: dict[str, Any] = {"now": self.now, "dialogue": self.dialogue} | what
        return make_turn(self.session, self.desk, self.name, **given)

    def value(self, label: str) -> str:
        """What the button with this label, shown last, sends back."""
        buttons = [one for reply in self.replies for row in reply.choices for one in row]
        found = [one.value for one in buttons if one.label == label]
        assert found, f"no button {label}: {self.labels}"
        return found[-1]

    @property
    def labels(self) -> list[str]:
        """The labels of all buttons shown last."""
        return [one.label for reply in self.replies for row in reply.choices for one in row]

    @property
    def text(self) -> str:
        """All words shown last."""
        return "\n".join(reply.text for reply in self.replies)
