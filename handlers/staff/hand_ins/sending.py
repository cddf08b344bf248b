"""The moment a hand-in goes: by name it is tied to the giver, anonymously nothing of the giver goes along."""

from datetime import datetime

from handlers.staff.hand_ins.asking import choice, ways_out
from handlers.staff.hand_ins.draft import BACK, Draft
from handlers.triage.sight import Sight
from handlers.turn import Turn
from storage.hand_ins.giving import give_anonymously, give_by_name
from storage.messages import Reply
from storage.receipts import spaced
from storage.sending import forget_shown
from storage.staff.linking import employee_for


def send(turn: Turn, draft: Draft) -> list[Reply]:
    """Keeps the hand-in and ends the dialogue; the code of an anonymous one is shown here and never again."""
    turn.dialogue.clear()
    if draft.anonymous:
        return [_anonymously(turn, draft)]
    return [_by_name(turn, draft)]


def _by_name(turn: Turn, draft: Draft) -> Reply:
    member = turn.officer
    employee = employee_for(turn.session, member, house=turn.house, now=turn.now)
    row = give_by_name(
        turn.session, draft.given, employee, member, received_on=draft.received_on, files=draft.stored,
        house=turn.house, now=turn.now,
    )  # fmt: skip
    key = "sent_back" if draft.handed_key == BACK else "sent_name"
    said = turn.words(
        f"hand_in.{key}", number=row.number, office=turn.house.hospital.discipline_office,
        due=Sight.of(turn).at(row.due_at),
    )  # fmt: skip
    look = (choice(turn, "slip", f"slip:{row.id}"), choice(turn, "recall", f"recall:{row.id}"))
    return Reply(_with_late(turn, said, late=row.late), (look, ways_out(turn)), edits=turn.inbound.pressed)


def _anonymously(turn: Turn, draft: Draft) -> Reply:
    """No button below it carries the number: what is pressed later would tell whose it is.

    What was shown on the way here stood in the outbox for a page that loads anew; of this it is erased.
    """
    forget_shown(turn.session, turn.chat, since=datetime.fromisoformat(draft.began))
    row, code = give_anonymously(
        turn.session, draft.given, received_on=draft.received_on, files=draft.stored, house=turn.house,
        now=turn.now,
    )  # fmt: skip
    key = "sent_anon_back" if draft.handed_key == BACK else "sent_anon"
    said = turn.words(
        f"hand_in.{key}", number=row.number, code=spaced(code),
        office=turn.house.hospital.discipline_office, due=Sight.of(turn).at(row.due_at),
    )  # fmt: skip
    return Reply(_with_late(turn, said, late=row.late), edits=turn.inbound.pressed)


def _with_late(turn: Turn, said: str, *, late: bool) -> str:
    return f"{said}\n{turn.words('hand_in.is_late')}" if late else said
