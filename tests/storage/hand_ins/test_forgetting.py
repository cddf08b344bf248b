"""What is erased after its days, and what has to stay."""

from datetime import timedelta

from sqlmodel import Session

from storage.deposits import deposits_of
from storage.hand_ins.forgetting import forget_hand_ins
from storage.hand_ins.giving import hand_in_by_code
from storage.hand_ins.handling import matters, receive, settle
from storage.hand_ins.rows import Settled, Way, open_given, open_settled
from storage.messages import StoredFile
from tests.factories import MONDAY, make_house, make_member
from tests.storage.hand_ins.givers import PHOTO_FILE, an_envelope, anonymous

HOUSE = make_house()
PROOF_FILE = StoredFile("b" * 32, "照片.jpg", "image/jpeg", 10)


def test_patient_photo_and_code_go_and_the_account_stays(session: Session) -> None:
    row, code = anonymous(session, HOUSE, files=(PHOTO_FILE,))
    officer = make_member(session, HOUSE)
    receive(session, row, officer, version=0, now=MONDAY)
    settle(
        session, row, officer, Way.ACCOUNT, Settled("9", "好"), files=[PROOF_FILE], version=1, house=HOUSE,
        now=MONDAY,
    )  # fmt: skip
    days = HOUSE.hospital.retention.content
    assert forget_hand_ins(session, house=HOUSE, now=MONDAY + timedelta(days=days)) == 0
    later = MONDAY + timedelta(days=days, minutes=1)
    assert forget_hand_ins(session, house=HOUSE, now=later) == 1
    assert forget_hand_ins(session, house=HOUSE, now=later) == 0
    assert open_given(row, vault=HOUSE.vault) == an_envelope(patient="")
    assert open_settled(row, vault=HOUSE.vault) == Settled("9", "好")
    assert hand_in_by_code(session, code, vault=HOUSE.vault) is None
    photo, proof = matters(row)
    assert (len(deposits_of(session, photo)), len(deposits_of(session, proof))) == (0, 1)


def test_what_goes_on_is_kept_however_old(session: Session) -> None:
    anonymous(session, HOUSE)
    assert forget_hand_ins(session, house=HOUSE, now=MONDAY + timedelta(days=900)) == 0


def test_what_does_not_open_is_passed_over_once(session: Session) -> None:
    row, _ = anonymous(session, HOUSE)
    row.given, row.ended_at = b"changed", MONDAY
    session.add(row)
    later = MONDAY + timedelta(days=200)
    assert forget_hand_ins(session, house=HOUSE, now=later) == 1
    assert forget_hand_ins(session, house=HOUSE, now=later) == 0
