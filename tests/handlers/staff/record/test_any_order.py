"""Whatever is pressed and typed around ethics records: an answer, and nothing for who keeps none."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session, select

from handlers.turn import Desk
from storage.cases import Outcome, Status
from storage.database import Database
from storage.members import Role
from storage.staff.record import EntryKind, RecordEntry, Veto
from storage.staff.record_veto import propose_veto
from storage.staff.record_writing import enter
from tests.duties import make_employee
from tests.factories import MONDAY, make_database, make_desk, make_member, open_a_case
from tests.handlers.fairness import answers
from tests.strategies import TEXTS, bounded

MARK = "黑曜石一般的记号"
SAID = (
    "医德档案", "医德档案 赵敏", "我的档案", "一票否决", "赵敏", "2025-00001", "跳过", "返回", "好", "锦旗",
)  # fmt: skip
VERBS = (
    "mine", "mine:0", "open:1", "open:1:0", "open:2:2024", "add:1:case", "add:1:praise", "add:1:refused",
    "veto:1:2025", "lift:1:1", "strike:1", "strike:1:1", "case:2025-00001", "case:9", "whose:1", "fill:bare",
    "fill:cancel",
    "fill:", "vetoes", "decide:1", "agree:1:0", "decline:1:0", "king:1",
)  # fmt: skip
WORDS = st.one_of(TEXTS, st.sampled_from(SAID)).map(lambda text: ("text", text))
BUTTONS = st.sampled_from(VERBS).map(lambda verb: ("choice", f"record:{verb}"))
STEPS = st.lists(st.one_of(WORDS, BUTTONS), min_size=1, max_size=9)
KEEPERS = ("王芳", "周洁")
WHO = st.sampled_from([*KEEPERS, "孙礼", "钱进", "吴监"])


@pytest.fixture(scope="module")
def desk() -> Desk:
    return make_desk()


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, desk: Desk) -> Iterator[Database]:
    """Keepers, staff, another head, a supervisor; one record with a case, and a veto that waits."""
    database = make_database(tmp_path_factory.mktemp("records") / "lianxin.db")

    def fill(session: Session) -> None:
        person, _ = make_employee(session, desk.house, "赵敏", "药剂科", joined=False)
        make_employee(session, desk.house, "孙礼", "药剂科")
        make_employee(session, desk.house, "钱进", "药剂科", Role.HEAD)
        keeper = make_member(session, desk.house, "王芳")
        make_member(session, desk.house, "周洁", "人事科", Role.HEAD)
        make_member(session, desk.house, "吴监", "医务科", Role.SUPERVISOR)
        case = open_a_case(session, desk.house)
        case.status, case.outcome, case.closed_at = Status.CLOSED, Outcome.SUBSTANTIATED, MONDAY
        session.flush()
        enter(session, person, EntryKind.CASE, MARK, keeper, number=case.number, house=desk.house, now=MONDAY)
        propose_veto(session, person, 2025, MARK, keeper, house=desk.house, now=MONDAY)

    database.run_now(fill)
    yield database
    database.stop()


@bounded(150)
@given(who=WHO, steps=STEPS)
def test_whatever_is_said_is_answered_and_only_keepers_read_and_write(
    office: Database, desk: Desk, who: str, steps: list[tuple[str, str]]
) -> None:
    with office.engine.connect() as connection, Session(bind=connection) as session:
        for reply in answers(session, desk, who, steps):
            # A supervisor decides on the veto and reads its reason, nothing else of the record.
            assert who in KEEPERS or MARK not in reply.text or (who == "吴监" and "提出" in reply.text)
        if who not in KEEPERS:
            assert len(session.exec(select(RecordEntry)).all()) == 1
        assert session.exec(select(Veto)).first() is not None
        session.rollback()
