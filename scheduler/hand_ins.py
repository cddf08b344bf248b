"""Tells the discipline office of envelopes given up, and reminds it until each is settled."""

from datetime import datetime

from sqlmodel import Session

from storage.hand_ins.reminding import advance_hand_in, due_hand_ins
from storage.house import House
from storage.outbox import announce

_OFTEN, _WHOLE = 80, 100


def tell_of_hand_ins(session: Session, *, house: House, now: datetime) -> int:
    """Leaves word of every hand-in that is new or due to be remembered; returns how many.

    At half of the limit the office hears of it, at 80 % its heads as well, from the limit on supervisors
    """
    office, told = house.hospital.discipline_office, 0
    for row in due_hand_ins(session, now=now):
        percent = advance_hand_in(session, row, house=house, now=now)
        if percent is None:
            continue
        told += 1
        audiences = [f"office:{office}"]
        audiences += [f"heads:{office}"] if percent >= _OFTEN else []
        audiences += ["supervisors"] if percent >= _WHOLE else []
        for audience in audiences:
            notice = "handin.reminder" if percent else "handin.new"
            above = audience == "supervisors"
            announce(session, audience, notice, now=now, hand_in=row.id, above=above)
    return told
