"""更多…: what is rarely done with a case, kept from under the thumb."""

from handlers.triage.actions import Action, allowed_actions
from handlers.triage.block_view import sender_row
from handlers.triage.sight import Sight
from handlers.turn import Turn
from storage.access import case_for
from storage.cases import Case
from storage.members import Member
from storage.messages import Choice, Reply
from storage.staff.permits import keeps_records
from storage.staff.record_writing import can_be_entered

RARE = (Action.RECUSE, Action.RECUSE_OTHER, Action.LIFT, Action.HOLD, Action.UNHOLD)


def action_button(action: Action, case: Case, sight: Sight) -> Choice:
    """The button for an action, good for the case as it stands."""
    return Choice(sight.words(f"desk.{action}"), f"do:{action}:{case.id}:{case.version}")


def rare_buttons(case: Case, member: Member, sight: Sight) -> list[Choice]:
    """What this member may do, but seldom does."""
    allowed = allowed_actions(sight.session, case, member, sight.house.hospital)
    doing = [action_button(action, case, sight) for action in allowed if action in RARE]
    return [*doing, *sender_row(case, member, sight), *_record_button(case, member, sight)]


def _record_button(case: Case, member: Member, sight: Sight) -> list[Choice]:
    """记入医德档案, for who keeps records, once a case is confirmed."""
    if not keeps_records(member, sight.house.hospital) or can_be_entered(case) is None:
        return []
    return [Choice(sight.words("record.from_case"), f"record:case:{case.number}")]


def folded(case: Case, member: Member, sight: Sight) -> list[Choice]:
    """The way to these buttons, or the button itself where there is one alone."""
    rare = rare_buttons(case, member, sight)
    return rare if len(rare) < 2 else [Choice(sight.words("desk.more"), f"more:{case.id}")]


def on_more(turn: Turn, number: str) -> list[Reply]:
    """The rare buttons below the case, which stays as it is."""
    case = case_for(turn.session, number, turn.officer, turn.house.hospital, now=turn.now)
    rows = [(button,) for button in rare_buttons(case, turn.officer, Sight.of(turn))]
    back = (Choice(turn.words("desk.back_to_case"), f"open:{case.id}"),)
    return [turn.reply("triage.more", [*rows, back], number=case.number)]
