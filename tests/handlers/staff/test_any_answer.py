"""Whatever somebody who owes everything presses or types: an answer, and nothing of it in others' hands."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session, select

from handlers.staff.duties import conversation as duties
from handlers.staff.forms import conversation as forms
from handlers.turn import Desk
from storage.database import Database
from storage.dialogues import Dialogue
from storage.duties.submissions import Submission
from storage.staff.employees import Employee
from tests.duties import give_out
from tests.factories import make_database, make_desk
from tests.handlers.staff.people import Staff, Ward, a_file
from tests.strategies import TEXTS, bounded

VERBS = [f"due:{verb}" for verb in duties._STEPS] + [f"fill:{verb}" for verb in (*forms._STEPS, "list")]
NUMBERS = st.integers(0, 6).map(str) | st.sampled_from(["yes", "no", "skip", "x", "day", "１", "-1", ""])
PRESSED = st.builds(
    lambda verb, rest: ":".join([verb, *rest]), st.sampled_from(VERBS), st.lists(NUMBERS, max_size=3)
)
TYPED = TEXTS | st.sampled_from(["完成", "12", "返回", "帮助", "安娜", "12月5日", "任务", "收到", "是", "否"])
STEPS = st.lists(st.tuples(PRESSED | TYPED, st.booleans(), st.booleans()), min_size=1, max_size=8)


@pytest.fixture(scope="module")
def desk() -> Desk:
    return make_desk()


@pytest.fixture(scope="module")
def owed(tmp_path_factory: pytest.TempPathFactory, desk: Desk) -> Iterator[Database]:
    """Somebody who owes one of each, and a colleague."""
    database = make_database(tmp_path_factory.mktemp("any") / "lianxin.db")

    def fill(session: Session) -> None:
        ward = Ward(session, desk)
        people = [ward.joins("安娜")[1], ward.joins("伯特")[1]]
        for key in ("study", "count", "essay", "promise"):
            give_out(session, ward.house, key, people=people)
        give_out(session, ward.house, "report", offices=["药剂科"])

    database.run_now(fill)
    yield database
    database.stop()


@bounded(150)
@given(steps=STEPS)
def test_any_answer_of_staff_is_heard_and_joins_no_report(
    owed: Database, desk: Desk, steps: list[tuple[str, bool, bool]]
) -> None:
    with owed.engine.connect() as connection, Session(bind=connection) as session:
        anna = Staff(session, Ward(session, desk).desk, "安娜", dialogue=Dialogue())
        for number, (said, with_file, in_group) in enumerate(steps):
            if said.startswith(("due:", "fill:")):
                anna.chooses(said, in_group=in_group, chat="group" if in_group else "")
                assert anna.replies
                assert not in_group or not anna.text
            else:
                anna.says(said, *([a_file(f"f{number}")] if with_file else []))
            if anna.dialogue.flow in ("due_submit", "due_later", "due_back", "staff_form"):
                assert anna.dialogue.case_id is None
        person = session.exec(select(Employee).where(Employee.id == 1)).one()
        assert all(one.employee_id == person.id for one in session.exec(select(Submission)))
        session.rollback()
