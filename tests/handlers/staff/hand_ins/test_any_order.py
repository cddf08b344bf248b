"""Whatever is typed and pressed while an envelope is told of or settled: an answer, and no harm."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session, select

from handlers.staff.hand_ins.reading import amount_in, received_in, what_in
from handlers.turn import Desk
from handlers.words import words_for
from storage.database import Database
from storage.hand_ins.rows import HandIn, HandInState
from storage.members import Role
from tests.duties import make_employee
from tests.factories import MONDAY, make_database, make_desk
from tests.handlers.fairness import answers
from tests.storage.hand_ins.givers import MARK, anonymous
from tests.strategies import TEXTS, bounded

SAID = (
    "上交", "2000元", "两条烟", "昨天", "11月20号", "骨科", "跳过", "返回", "取消", "好",
    "没有", "实名", "匿名", "我的上交", "上交办理", "上交统计", "帮助",
)  # fmt: skip
VERBS = (
    "begin", "by:name", "by:anon", "day:0", "here", "skip:patient", "skip:photo", "bring", "gaveback",
    "back", "cancel", "sure:", "mine:0", "one:1", "slip:1", "recall:1:yes", "list:0", "open:1",
    "got:1:0", "way:1:1", "way:1:1:deposit", "kept:1:1:yes", "case:1:2:yes", "refuse:1:0", "proof:1:0",
    "files:1", "end:skip", "end:back", "totals:2025-11",
)  # fmt: skip
WORDS = st.one_of(TEXTS, st.sampled_from(SAID)).map(lambda text: ("text", text))
BUTTONS = st.sampled_from(VERBS).map(lambda verb: ("choice", f"handin:{verb}"))
STEPS = st.lists(st.one_of(WORDS, BUTTONS), min_size=1, max_size=9)
WHO = st.sampled_from(["赵敏", "王芳", "李强"])


@pytest.fixture(scope="module")
def desk() -> Desk:
    return make_desk()


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, desk: Desk) -> Iterator[Database]:
    """A nurse, an officer and a head of discipline, and one anonymous hand-in."""
    database = make_database(tmp_path_factory.mktemp("hand-ins") / "lianxin.db")

    def fill(session: Session) -> None:
        make_employee(session, desk.house, "赵敏", "药剂科")
        make_employee(session, desk.house, "王芳", "纪检办", Role.OFFICER)
        make_employee(session, desk.house, "李强", "纪检办", Role.HEAD)
        anonymous(session, desk.house)

    database.run_now(fill)
    yield database
    database.stop()


@bounded(150)
@given(who=WHO, steps=STEPS)
def test_whatever_is_said_is_answered_and_nobody_else_changes_it(
    office: Database, desk: Desk, who: str, steps: list[tuple[str, str]]
) -> None:
    with office.engine.connect() as connection, Session(bind=connection) as session:
        for reply in answers(session, desk, who, steps):
            assert who != "赵敏" or MARK not in reply.text
        first = session.exec(select(HandIn).order_by(HandIn.id)).first()  # type: ignore[arg-type]
        assert first is not None
        assert who != "赵敏" or (first.state, first.version) == (HandInState.REPORTED, 0)
        session.rollback()


@bounded(200)
@given(text=TEXTS)
def test_any_words_are_an_amount_a_day_or_neither(text: str) -> None:
    what_in(text, words_for("zh"))
    amount = amount_in(text)
    assert amount is None or 0 < amount < 10**9
    received_in(text, MONDAY.date())
