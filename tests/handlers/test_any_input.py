"""Whatever is pressed or typed, by anybody and in any state: an answer, never an exception, and no harm."""

import json
from collections.abc import Iterator
from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlmodel import Session

from handlers.converse import converse
from handlers.turn import Desk
from nlp.taxonomy import Category
from storage.database import Database
from storage.members import Role
from storage.receipts import spaced
from storage.tables import METADATA
from tests.factories import Talker, make_database, make_desk, make_member, open_a_case
from tests.handlers.fairness import fair
from tests.strategies import CHOICES, TEXTS, bounded

STAFF = {
    "王芳": ("纪检办", Role.SUPERVISOR),
    "周洁": ("药剂科", Role.OFFICER),
    "赵强": ("药剂科", Role.HEAD),
    "钱进": ("医务科", Role.ADMINISTRATOR),
    "孙礼": ("人事科", Role.STAFF),
}
WHO = st.sampled_from(["患者", *STAFF])
STEPS = st.lists(st.tuples(st.booleans(), TEXTS, CHOICES, st.booleans()), min_size=1, max_size=5)
"""Types or presses what, in a group or not."""
MARK = "黑曜石一般的记号"
QUIET = {"tallies", "dialogues"}


@pytest.fixture(scope="module")
def desk() -> Desk:
    return make_desk()


@pytest.fixture(scope="module")
def house_of_cases(tmp_path_factory: pytest.TempPathFactory, desk: Desk) -> Iterator[Database]:
    """Staff of every role and five cases, one of which leaves 药剂科 out, and one is sealed."""
    database = make_database(tmp_path_factory.mktemp("any") / "lianxin.db")

    def fill(session: Session) -> None:
        for name, (office, role) in STAFF.items():
            make_member(session, desk.house, name, office, role)
        open_a_case(session, desk.house)
        open_a_case(session, desk.house, lead="药剂科", supporting=["纪检办"])
        open_a_case(session, desk.house, MARK, left_out_offices=["药剂科"], categories=[Category.KICKBACK])
        open_a_case(session, desk.house, MARK, sealed=True, urgent=True)
        open_a_case(session, desk.house, "请问几点上班", lead="药剂科")

    database.run_now(fill)
    yield database
    database.stop()


def counts(session: Session) -> dict[str, int]:
    return {
        name: session.execute(select(func.count()).select_from(table)).scalar_one()
        for name, table in METADATA.tables.items()
    }


@bounded(220)
@given(who=WHO, steps=STEPS)
def test_anybody_may_say_and_press_anything(
    house_of_cases: Database, desk: Desk, who: str, steps: list[tuple[bool, str, str, bool]]
) -> None:
    with house_of_cases.engine.connect() as connection, Session(bind=connection) as session:
        talker = Talker(session, desk, who)
        for types, text, choice, in_group in steps:
            what = {"text": text} if types else {"choice": choice, "pressed": "7"}
            replies = converse(talker.turn(**what, in_group=in_group))
            fair(replies)
            json.dumps(asdict(talker.dialogue)).encode()
            session.flush()
            if who in ("周洁", "钱进", "孙礼") or in_group:
                assert all(MARK not in reply.text for reply in replies)
        session.rollback()


@bounded(120)
@given(choice=CHOICES, in_group=st.booleans())
def test_no_button_of_a_stranger_changes_anything(
    house_of_cases: Database, desk: Desk, choice: str, in_group: bool
) -> None:
    with house_of_cases.engine.connect() as connection, Session(bind=connection) as session:
        talker = Talker(session, desk, "患者")
        before = counts(session)
        replies = converse(talker.turn(choice=choice, in_group=in_group))
        session.flush()
        after = counts(session)
        changed = {name for name in before if before[name] != after[name]}
        assert changed <= QUIET
        assert all(MARK not in reply.text and not reply.files for reply in replies)
        session.rollback()


@pytest.mark.parametrize("role", ["患者", "王芳"])
def test_a_hundred_thousand_characters_are_read(house_of_cases: Database, desk: Desk, role: str) -> None:
    for piece in ("收红包", "9", "１２３４ ", "\ud800", "👨‍👩‍👧", "a\n", "打点", "不"):
        with house_of_cases.engine.connect() as connection, Session(bind=connection) as session:
            talker = Talker(session, desk, role)
            fair(converse(talker.turn(text=(piece * 100_000)[:100_000])))
            session.rollback()


@bounded(60)
@given(text=TEXTS, digits=st.integers(0, 10**16 - 1))
def test_what_looks_like_a_code_opens_nothing_of_others(
    house_of_cases: Database, desk: Desk, text: str, digits: int
) -> None:
    with house_of_cases.engine.connect() as connection, Session(bind=connection) as session:
        talker = Talker(session, desk, "患者")
        for said in (
            spaced(f"{digits:016d}"),
            f"{digits:016d} {text}",
            f"{text}\n{spaced(f'{digits:016d}')}",
        ):
            replies = converse(talker.turn(text=said))
            fair(replies)
            assert all(MARK not in reply.text for reply in replies)
        session.rollback()
