"""A house in which 药剂科 and 设备科 owe a duty, and people of every role who ask how far all are."""

from dataclasses import dataclass
from datetime import timedelta

from sqlmodel import Session

from handlers.converse import converse
from handlers.turn import Desk
from nlp.reading import Reader
from storage.duties.completing import complete
from storage.duties.occurrences import Occurrence
from storage.members import Role
from storage.staff.employees import Employee
from tests.duties import duty_house, give_out, make_employee, owed
from tests.factories import MONDAY, Talker

DUTIES = (
    {"title": "专题学习"},
    {"key": "nine", "title": "九项准则知识测验", "done": "quiz"},
    {"key": "figures", "title": "月度报表", "each": "office", "done": "figure"},
)


@dataclass
class Caller(Talker):
    """Somebody at a phone; replies go through the whole conversation."""

    def chooses(self, value: str, **what: object) -> "Caller":
        assert len(value.encode()) <= 64
        self.replies = converse(self.turn(choice=value, **({"pressed": "m1"} | what)))
        return self

    def presses(self, label: str) -> "Caller":
        """Presses the first button shown last whose label begins so."""
        found = [one for reply in self.replies for row in reply.choices for one in row]
        return self.chooses(next(one.value for one in found if one.label.startswith(label)))

    def says(self, text: str) -> "Caller":
        self.replies = converse(self.turn(text=text))
        return self


@dataclass
class Ward:
    """`people` by name; `study` is owed by all of them and due in four days, 赵敏 has done it."""

    session: Session
    desk: Desk
    people: dict[str, Employee]
    study: Occurrence

    def caller(self, name: str) -> Caller:
        return Caller(self.session, self.desk, name)


def furnish(session: Session) -> Ward:
    """Three in 药剂科 (one has not joined), one in 设备科; heads, a supervisor, an administrator."""
    desk = Desk(duty_house(*DUTIES), Reader.load())
    staff = (
        ("赵敏", "药剂科", Role.STAFF), ("钱进", "药剂科", Role.OFFICER), ("吴外", "设备科", Role.STAFF),
    )  # fmt: skip
    people = {one[0]: make_employee(session, desk.house, *one)[0] for one in staff}
    people["周全"] = make_employee(session, desk.house, "周全", "药剂科", joined=False)[0]
    study = give_out(session, desk.house, people=list(people.values()), due_in=timedelta(days=4))
    complete(session, owed(session, study, people["赵敏"]), by=people["赵敏"], now=MONDAY)
    leaders = (
        ("药主任", "药剂科", Role.HEAD), ("设主任", "设备科", Role.HEAD), ("纪主任", "纪检办", Role.HEAD),
        ("书记", "纪检办", Role.SUPERVISOR), ("管理员", "人事科", Role.ADMINISTRATOR),
    )  # fmt: skip
    for one in leaders:
        people[one[0]] = make_employee(session, desk.house, *one)[0]
    session.flush()
    return Ward(session, desk, people, study)
