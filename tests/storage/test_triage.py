"""The steps of an officer: each happens once, whoever presses first, and leaves everything in order."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlmodel import Session

from nlp.taxonomy import Intent
from storage import triage, withdrawal
from storage.cases import Case, Outcome, Status
from storage.clocks import Limit, running_clocks
from storage.entries import thread
from storage.errors import CaseMoved
from storage.events import case_history
from storage.handover import give_up_cases
from storage.identity import sender_hash
from storage.members import Member, Role, find_member
from storage.trail_check import check_trail
from tests.factories import MONDAY, make_database, make_house, make_member, open_a_case
from tests.storage.tampering import running

HOUSE = make_house()
HOW = {"house": HOUSE, "now": MONDAY}
Step = Callable[[Session, Case, Member], None]

STEPS: dict[str, Step] = {
    "accept": lambda s, c, m: triage.accept_case(s, c, m, house=HOUSE, now=MONDAY),
    "investigate": lambda s, c, m: triage.start_investigation(s, c, m, house=HOUSE, now=MONDAY),
    "transfer": lambda s, c, m: triage.transfer_case(s, c, m, "医务科", "归他们", house=HOUSE, now=MONDAY),
    "refuse": lambda s, c, m: triage.refuse_case(s, c, m, "不归我们", house=HOUSE, now=MONDAY),
    "close": lambda s, c, m: triage.close_case(
        s, c, m, Outcome.UNSUBSTANTIATED, "", "查过了", house=HOUSE, now=MONDAY
    ),
    "reopen": lambda s, c, m: triage.reopen_case(s, c, m, "新线索", house=HOUSE, now=MONDAY),
    "assign": lambda s, c, m: triage.assign_case(s, c, m, m, house=HOUSE, now=MONDAY),
    "withdraw": lambda s, c, m: withdrawal.withdraw_case(s, c, house=HOUSE, now=MONDAY),
    "restore": lambda s, c, m: withdrawal.restore_case(s, c, house=HOUSE, now=MONDAY),
}
ALLOWED = {
    Status.RECEIVED: {"accept", "transfer", "refuse", "assign", "withdraw"},
    Status.ACCEPTED: {"investigate", "transfer", "close", "assign", "withdraw"},
    Status.INVESTIGATING: {"transfer", "close", "assign", "withdraw"},
    Status.CLOSED: {"reopen"},
}


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("status", list(Status))
def test_each_step_is_taken_only_where_the_status_allows_it(
    session: Session, status: Status, step: str
) -> None:
    member = make_member(session, HOUSE)
    case = open_a_case(session, HOUSE)
    case.status = status
    session.add(case)
    session.flush()
    version = case.version
    if step in ALLOWED[status]:
        STEPS[step](session, case, member)
        assert case.version == version + 1
    else:
        before = len(case_history(session, case.id or 0))
        with pytest.raises(CaseMoved):
            STEPS[step](session, case, member)
        assert (case.version, case.status) == (version, status)
        assert len(case_history(session, case.id or 0)) == before
    check_trail(running(session))


@pytest.mark.parametrize(
    ("steps", "status", "running"),
    [
        (["accept"], Status.ACCEPTED, {Limit.ANSWER}),
        (["accept", "investigate"], Status.INVESTIGATING, {Limit.ANSWER}),
        (["transfer"], Status.RECEIVED, {Limit.FIRST_LOOK, Limit.DECIDE, Limit.NOTICE, Limit.ANSWER}),
        (["accept", "transfer"], Status.RECEIVED, {Limit.FIRST_LOOK, Limit.DECIDE, Limit.ANSWER}),
        (["refuse"], Status.CLOSED, set()),
        (["accept", "close"], Status.CLOSED, set()),
        (["accept", "close", "reopen"], Status.INVESTIGATING, {Limit.ANSWER}),
        (["withdraw"], Status.CLOSED, set()),
        (["withdraw", "restore"], Status.RECEIVED, set(Limit)),
    ],
)
def test_limits_follow_the_steps_and_the_next_one_stands_on_the_case(
    session: Session, steps: list[str], status: Status, running: set[Limit]
) -> None:
    member = make_member(session, HOUSE)
    case = open_a_case(session, HOUSE)
    for step in steps:
        STEPS[step](session, case, member)
    clocks = running_clocks(session, case.id or 0)
    assert case.status is status
    assert [clock.kind for clock in clocks] == sorted({clock.kind for clock in clocks}, key=[*Limit].index)
    assert {clock.kind for clock in clocks} == running
    assert case.due_at == (clocks[0].due_at if clocks else None)


def test_a_transfer_tells_the_reporter_where_but_keeps_the_reason_inside(session: Session) -> None:
    member = make_member(session, HOUSE)
    case = open_a_case(session, HOUSE, lead="药剂科", supporting=["医务科"])
    STEPS["transfer"](session, case, member)
    assert (case.lead_office, case.assignee_id) == ("医务科", None)
    shared = thread(session, case.id or 0, vault=HOUSE.vault, shared_only=True)
    assert shared[-1].facts["office"] == "医务科"
    assert not any("归他们" in entry.text for entry in shared)


def test_what_a_referral_names_stays_sealed_and_out_of_the_trail(session: Session) -> None:
    member = make_member(session, HOUSE)
    case = open_a_case(session, HOUSE)
    STEPS["accept"](session, case, member)
    triage.close_case(
        session,
        case,
        member,
        Outcome.REFERRED,
        "已停职",
        "已移送",
        referred_to="市监委",
        **HOW,  # type: ignore[arg-type]
    )
    trail = "".join(event.detail for event in case_history(session, case.id or 0))
    assert not any(word in trail for word in ("市监委", "停职", "已移送"))
    shared = thread(session, case.id or 0, vault=HOUSE.vault, shared_only=True)
    assert not any("停职" in entry.text for entry in shared)


def test_somebody_who_moves_to_another_office_gives_back_their_cases(session: Session) -> None:
    member = make_member(session, HOUSE, "王芳", "药剂科")
    case = open_a_case(session, HOUSE, lead="药剂科")
    STEPS["accept"](session, case, member)
    make_member(session, HOUSE, "周洁", "药剂科")
    moved = make_member(session, HOUSE, "王芳", "人事科", Role.HEAD)
    give_up_cases(session, moved, by=f"member:{moved.id}", house=HOUSE, now=MONDAY)
    assert case.assignee_id is None
    assert case_history(session, case.id or 0)[-1].action == "released"


def _press(step: str, name: str) -> Callable[[Session], str]:
    """A press as the handlers do it: read the case, then decide."""

    def press(session: Session) -> str:
        case = session.get(Case, 1)
        member = find_member(session, sender_hash(HOUSE.vault, "web", name))
        assert case is not None
        assert member is not None
        STEPS[step](session, case, member)
        return name

    return press


@pytest.mark.parametrize("steps", [("accept", "accept"), ("accept", "refuse")])
async def test_of_officers_who_press_at_once_one_wins_and_the_others_hear_of_it(
    tmp_path: Path, steps: tuple[str, str]
) -> None:
    database = make_database(tmp_path / "lianxin.db")

    def set_up(session: Session) -> None:
        for name in ("王芳", "孙立"):
            make_member(session, HOUSE, name)
        open_a_case(session, HOUSE)

    database.run_now(set_up)
    database.start()
    presses = [_press(steps[n % 2], ("王芳", "孙立")[n % 2]) for n in range(10)]
    outcomes = await asyncio.gather(*map(database.run, presses), return_exceptions=True)
    won = [outcome for outcome in outcomes if isinstance(outcome, str)]
    assert len(won) == 1
    assert all(isinstance(outcome, str | CaseMoved) for outcome in outcomes)
    history = await database.run(lambda session: [event.action for event in case_history(session, 1)])
    assert len(history) == 2
    check_trail(database.run_now)
    await asyncio.to_thread(database.stop)


async def test_two_processes_cannot_both_take_a_case_they_read_before(tmp_path: Path) -> None:
    database = make_database(tmp_path / "lianxin.db")

    def set_up(session: Session) -> None:
        make_member(session, HOUSE, "王芳")
        open_a_case(session, HOUSE)

    database.run_now(set_up)
    stale = database.run_now(lambda session: session.get(Case, 1))
    database.run_now(_press("accept", "王芳"))

    def late(session: Session) -> None:
        case = session.merge(stale, load=False)
        member = session.get(Member, 1)
        assert case is not None
        assert member is not None
        STEPS["transfer"](session, case, member)

    with pytest.raises(CaseMoved):
        database.run_now(late)
    database.stop()


@pytest.mark.parametrize(("supporting", "days"), [([], 5), (["医务科"], 10)])
def test_a_complaint_that_is_open_again_has_the_limit_of_its_offices(
    session: Session, supporting: list[str], days: int
) -> None:
    member = make_member(session, HOUSE, office="投诉办")
    reopened, restored = (
        open_a_case(session, HOUSE, lead="投诉办", supporting=supporting, intent=Intent.COMPLAINT)
        for _ in range(2)
    )
    for step in ("accept", "close", "reopen"):
        STEPS[step](session, reopened, member)
    for step in ("withdraw", "restore"):
        STEPS[step](session, restored, member)
    for case in (reopened, restored):
        limits = {clock.kind: clock.days for clock in running_clocks(session, case.id or 0)}
        assert limits[Limit.ANSWER] == days
