"""The office takes, settles, refuses; nobody settles their own; of two one wins."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from storage.deposits import deposits_of
from storage.errors import HandInMoved, NoSuchHandIn, SealError
from storage.events import Event
from storage.hand_ins.access import hand_in_for, may_open_hand_in, may_settle
from storage.hand_ins.handling import add_proof, mark_kept_first, receive, refuse, settle
from storage.hand_ins.rows import PROOF, HandIn, HandInState, Settled, Way, open_settled
from storage.letters import Letter
from storage.members import Member, Role
from storage.messages import StoredFile
from tests.factories import MONDAY, make_house, make_member
from tests.storage.hand_ins.givers import PHOTO_FILE, an_envelope, anonymous, by_name

HOUSE = make_house()
RECEIPT = Settled("YJ-00817", "已告知家属")


def take(session: Session, row: HandIn, officer: Member) -> None:
    receive(session, row, officer, version=row.version, now=MONDAY)


def end(session: Session, row: HandIn, officer: Member, way: Way = Way.DEPOSIT, **more: object) -> None:
    settle(
        session,
        row,
        officer,
        way,
        RECEIPT,
        version=row.version,
        house=HOUSE,
        now=MONDAY,
        **more,  # type: ignore[arg-type]
    )


def test_from_report_to_deposit(session: Session) -> None:
    row, _, giver = by_name(session, HOUSE)
    officer = make_member(session, HOUSE)
    take(session, row, officer)
    end(session, row, officer, files=[PHOTO_FILE])
    assert (row.state, row.way, row.ended_by) == (HandInState.SETTLED, Way.DEPOSIT, officer.id)
    assert open_settled(row, vault=HOUSE.vault) == RECEIPT
    assert [one.uid for one in deposits_of(session, f"{PROOF}:{row.id}")] == [PHOTO_FILE.uid]
    assert row.next_at is None
    (letter,) = session.execute(select(Letter)).scalars().all()
    assert (letter.audience, letter.notice) == (f"member:{giver.id}", "handin.settled")
    assert [event.action for event in session.execute(select(Event)).scalars()] == [
        "hand_in_reported", "hand_in_received", "hand_in_settled",
    ]  # fmt: skip


def test_nobody_is_written_to_about_an_anonymous_one(session: Session) -> None:
    row, _ = anonymous(session, HOUSE)
    officer = make_member(session, HOUSE)
    take(session, row, officer)
    end(session, row, officer)
    assert session.execute(select(Letter)).first() is None


def test_of_two_who_press_at_once_one_wins(session: Session) -> None:
    row, _ = anonymous(session, HOUSE)
    first, second = make_member(session, HOUSE), make_member(session, HOUSE, "李强")
    drawn = row.version
    receive(session, row, first, version=drawn, now=MONDAY)
    row.state = HandInState.REPORTED  # as the other officer's screen still had it
    with pytest.raises(HandInMoved):
        receive(session, row, second, version=drawn, now=MONDAY)
    assert row.received_by == first.id


def test_what_is_not_in_hand_cannot_be_settled_nor_settled_twice(session: Session) -> None:
    row, _ = anonymous(session, HOUSE)
    officer = make_member(session, HOUSE)
    with pytest.raises(HandInMoved):
        end(session, row, officer)
    take(session, row, officer)
    end(session, row, officer)
    with pytest.raises(HandInMoved):
        end(session, row, officer, Way.RETURNED)
    assert row.way is Way.DEPOSIT


def test_nobody_opens_or_settles_their_own(session: Session) -> None:
    """An officer of the discipline office gives up an envelope: a colleague looks after it."""
    row, _, giver = by_name(session, HOUSE, "王芳", "纪检办")
    giver.role = Role.OFFICER
    colleague = make_member(session, HOUSE, "李强")
    assert not may_open_hand_in(session, row, giver, house=HOUSE)
    with pytest.raises(NoSuchHandIn):
        hand_in_for(session, row.id or 0, giver, house=HOUSE, now=MONDAY)
    refused = session.execute(select(Event).where(col(Event.action) == "refused")).scalars().all()
    assert len(refused) == 1
    take(session, row, colleague)
    with pytest.raises(HandInMoved):
        end(session, row, giver)
    end(session, row, colleague)


@pytest.mark.parametrize("words", ["王芳", "已经交给王 芳了", "纪检办的王芳"])
def test_who_is_said_to_hold_it_does_not_say_where_it_went(session: Session, words: str) -> None:
    row, _ = anonymous(session, HOUSE, given=an_envelope(handed_to=words))
    named, other = make_member(session, HOUSE), make_member(session, HOUSE, "李强")
    take(session, row, named)
    assert not may_settle(session, row, named, house=HOUSE)
    with pytest.raises(HandInMoved):
        end(session, row, named)
    with pytest.raises(HandInMoved):
        refuse(session, row, named, "没有这回事", version=row.version, house=HOUSE, now=MONDAY)
    end(session, row, other)


@pytest.mark.parametrize(
    ("office", "role", "opens"),
    [
        ("纪检办", Role.OFFICER, True), ("纪检办", Role.HEAD, True), ("纪检办", Role.STAFF, False),
        ("纪检办", Role.ADMINISTRATOR, False), ("药剂科", Role.SUPERVISOR, True),
        ("药剂科", Role.HEAD, False),
        ("人事科", Role.OFFICER, False), ("药剂科", Role.ADMINISTRATOR, False), ("药剂科", Role.STAFF, False),
    ],
)  # fmt: skip
def test_only_discipline_and_supervisors_open_one(
    session: Session, office: str, role: Role, opens: bool
) -> None:
    row, _ = anonymous(session, HOUSE)
    member = make_member(session, HOUSE, "某人", office, role)
    assert may_open_hand_in(session, row, member, house=HOUSE) == opens
    member.active = False
    assert not may_open_hand_in(session, row, member, house=HOUSE)


def test_handed_over_after_the_limit_is_late_and_before_it_is_not(session: Session) -> None:
    officer = make_member(session, HOUSE)
    in_time, _ = anonymous(session, HOUSE)
    after, _ = anonymous(session, HOUSE)
    receive(session, in_time, officer, version=0, now=MONDAY + timedelta(days=9))
    receive(session, after, officer, version=0, in_time=False, now=MONDAY + timedelta(days=9))
    assert (in_time.late, after.late) == (False, True)


def test_kept_first_counts_as_late_also_once_it_is_settled(session: Session) -> None:
    row, _ = anonymous(session, HOUSE)
    officer = make_member(session, HOUSE)
    take(session, row, officer)
    end(session, row, officer)
    mark_kept_first(session, row, officer, version=row.version, house=HOUSE, now=MONDAY)
    assert row.late
    assert row.kept_first
    assert open_settled(row, vault=HOUSE.vault) == RECEIPT
    with pytest.raises(HandInMoved):
        mark_kept_first(session, row, officer, version=row.version, house=HOUSE, now=MONDAY)


def test_that_it_was_late_cannot_be_rubbed_out(session: Session) -> None:
    row, _ = anonymous(session, HOUSE, on=date(2025, 11, 3))
    officer = make_member(session, HOUSE)
    take(session, row, officer)
    end(session, row, officer)
    row.late = False
    with pytest.raises(SealError):
        open_settled(row, vault=HOUSE.vault)


def test_refused_with_a_reason(session: Session) -> None:
    row, _, _ = by_name(session, HOUSE)
    officer = make_member(session, HOUSE)
    refuse(session, row, officer, "不是患者送的", version=0, house=HOUSE, now=MONDAY)
    assert (row.state, row.next_at) == (HandInState.REFUSED, None)
    assert open_settled(row, vault=HOUSE.vault).note == "不是患者送的"


def test_proof_comes_later_and_not_without_end(session: Session) -> None:
    row, _ = anonymous(session, HOUSE)
    officer = make_member(session, HOUSE)
    files = [StoredFile(f"{n:032d}", "照片.jpg", "image/jpeg", 1) for n in range(9)]
    with pytest.raises(HandInMoved):
        add_proof(session, row, officer, files, house=HOUSE, now=MONDAY)
    take(session, row, officer)
    end(session, row, officer)
    assert add_proof(session, row, officer, files, house=HOUSE, now=MONDAY) == 6
    assert add_proof(session, row, officer, files, house=HOUSE, now=MONDAY) == 0
