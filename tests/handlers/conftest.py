"""A desk, an empty database in one transaction, and officers who press and type."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session

from handlers.triage import on_officer_choice, on_officer_text
from handlers.turn import Desk
from storage.cases import Case
from storage.house import House
from storage.members import Member, Role
from storage.messages import Reply
from storage.roster import Roster
from tests.factories import Talker, make_database, make_desk, make_member


@pytest.fixture(scope="session")
def one_desk() -> Desk:
    return make_desk()


@pytest.fixture
def desk(one_desk: Desk) -> Desk:
    """Its roster is new: what it keeps of members belongs to one database."""
    return replace(one_desk, roster=Roster())


@pytest.fixture
def house(desk: Desk) -> House:
    return desk.house


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """One open transaction for the whole test."""
    database = make_database(tmp_path / "lianxin.db")
    with database.engine.connect() as connection, Session(bind=connection) as session:
        yield session
        session.rollback()
    database.stop()


@dataclass
class Officer(Talker):
    """Presses and types at the officers' conversations; `replies` holds the answer to the last one."""

    def chooses(self, value: str, **what: Any) -> "Officer":
        """Presses a button by what it sends back."""
        assert len(value.encode()) <= 64
        what = {"pressed": "message-1"} | what
        self.replies = self._heard(on_officer_choice(self.turn(choice=value, **what), value))
        return self

    def presses(self, label: str) -> "Officer":
        """Presses a button that was shown last."""
        return self.chooses(self.value(label))

    def says(self, text: str, **what: Any) -> "Officer":
        """Types something that is meant for these conversations."""
        self.replies = self._heard(on_officer_text(self.turn(text=text, **what)))
        return self

    def opens(self, case: Case) -> "Officer":
        """Opens a case."""
        return self.chooses(f"open:{case.id}")

    def _heard(self, replies: list[Reply] | None) -> list[Reply]:
        assert replies is not None
        for reply in replies:
            assert all(len(one.value.encode()) <= 64 and one.label for row in reply.choices for one in row)
        return replies


Hire = Callable[..., Officer]


@pytest.fixture
def hire(session: Session, desk: Desk) -> Hire:
    """Makes a member of staff: hire("王芳", "药剂科", Role.HEAD)."""

    def hire(name: str = "王芳", office: str = "纪检办", role: Role = Role.OFFICER) -> Officer:
        make_member(session, desk.house, name, office, role)
        return Officer(session, desk, name)

    return hire


def member_of(officer: Officer) -> Member:
    """The member behind an officer."""
    member = officer.turn().member
    assert member is not None
    return member
