"""Staff who press and type at the whole bot, and a house in which they owe something."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, select

from handlers.converse import converse
from handlers.notices import render
from handlers.turn import Desk
from handlers.words import words_for
from storage.audiences import Addressing
from storage.house import House
from storage.letters import Letter, State
from storage.members import Role
from storage.messages import Reply, StoredFile
from storage.staff.employees import Employee
from tests.duties import duty_house, make_employee
from tests.factories import MONDAY, Talker

FIGURE: dict[str, Any] = {"key": "count", "title": "统计表", "done": "figure", "figure": "人次"}
REPORT: dict[str, Any] = {
    "key": "report", "title": "月报", "done": "file", "each": "office", "to_office": "医务科",
}  # fmt: skip
ESSAY: dict[str, Any] = {"key": "essay", "title": "心得", "done": "text"}
PROMISE: dict[str, Any] = {"key": "promise", "title": "廉洁承诺", "done": "form", "form": "pledge"}
PLEDGE: dict[str, Any] = {
    "key": "pledge", "title": "廉洁承诺书", "text": "一、不收红包。\n二、不收回扣。", "sign": True,
    "questions": [
        {"key": "read", "kind": "yes_no", "text": "您看过九项准则吗？"},
        {"key": "took", "kind": "yes_no", "text": "您收过红包没有退吗？", "explain": True},
        {"key": "post", "kind": "choice", "text": "您的岗位？", "choices": ["医生", "护士"]},
        {"key": "years", "kind": "figure", "text": "您来院几年？"},
        {"key": "day", "kind": "date", "text": "您哪天学的？"},
        {"key": "more", "kind": "text", "text": "还有什么要说？", "optional": True},
    ],
}  # fmt: skip


def staff_house(**changes: Any) -> House:
    """A house with a duty of every kind."""
    return duty_house({}, FIGURE, REPORT, ESSAY, PROMISE, sections={"forms": [PLEDGE]}, **changes)


class Staff(Talker):
    """`replies` holds the answer to the last thing pressed or typed."""

    def presses(self, label: str, **what: Any) -> "Staff":
        """Presses a button that was shown last."""
        return self.chooses(self.value(label), **what)

    def chooses(self, value: str, **what: Any) -> "Staff":
        """Presses a button by what it sends back."""
        return self._heard(choice=value, **({"pressed": "message-1"} | what))

    def says(self, text: str, *files: StoredFile, **what: Any) -> "Staff":
        """Types, perhaps with files."""
        return self._heard(text=text, files=files, **what)

    @property
    def toast(self) -> str:
        """What was said in passing."""
        return " ".join(reply.toast or "" for reply in self.replies)

    @property
    def files(self) -> list[str]:
        """The uids of the files shown last."""
        return [file.uid for reply in self.replies for file in reply.files]

    def passes(self, **time: float) -> "Staff":
        """Lets time pass."""
        self.now += timedelta(**time)
        return self

    def _heard(self, **what: Any) -> "Staff":
        turn = self.turn(**what)
        self.replies = converse(turn)
        self.dialogue = turn.dialogue
        for reply in self.replies:
            assert all(len(one.value.encode()) <= 64 and one.label for row in reply.choices for one in row)
        self.session.flush()
        return self


class Ward:
    """The desk of that house, and people who join it."""

    def __init__(self, session: Session, desk: Desk, **changes: Any) -> None:
        self.session, self.house = session, staff_house(**changes)
        self.desk = replace(desk, house=self.house)

    def joins(
        self, name: str, office: str = "药剂科", role: Role = Role.STAFF, *, now: datetime = MONDAY
    ) -> tuple[Staff, Employee]:
        """Somebody who joined."""
        employee, _ = make_employee(self.session, self.house, name, office, role)
        return Staff(self.session, self.desk, name, now=now), employee

    def told(self, who: Staff, notice: str, now: datetime = MONDAY) -> list[Reply]:
        """What the notices of this kind say to somebody by now, oldest first."""
        found = self.session.exec(
            select(Letter).where(Letter.notice == notice).order_by(col(Letter.id))
        ).all()
        member = who.turn().member
        replies = []
        for letter in found:
            for one in Addressing(self.session, self.house).recipients(letter.audience or "", None):
                if member is not None and one.audience == f"member:{member.id}":
                    copy = Letter(
                        uid="x", audience=one.audience, notice=letter.notice, arguments=letter.arguments,
                        is_group=one.is_group, state=State.PENDING, created_at=now, due_at=now,
                    )  # fmt: skip
                    shown = render(copy, session=self.session, desk=self.desk, words=words_for("zh"), now=now)
                    replies += [shown] if shown is not None else []
        return replies

    def hears(self, who: Staff, notice: str) -> str:
        """Shows somebody the newest of them, so that its buttons can be pressed; its words."""
        who.replies = self.told(who, notice, who.now)[-1:]
        return who.text


def a_file(uid: str = "f1", name: str = "文件.pdf") -> StoredFile:
    """A file as it comes from the store."""
    return StoredFile(uid, name, "application/pdf", 10)
