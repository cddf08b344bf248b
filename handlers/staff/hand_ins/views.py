"""How a hand-in looks to the office: a line without content for groups, the whole for who may open it."""

from handlers.staff.hand_ins.words import (
    day_words,
    given_of,
    reported_words,
    settled_of,
    state_words,
    what_words,
)
from handlers.triage.sight import Sight
from storage.deposits import deposits_of
from storage.hand_ins.access import giver_name, may_settle
from storage.hand_ins.handling import matters
from storage.hand_ins.rows import OPEN, HandIn, HandInState
from storage.members import Member
from storage.messages import Choice, Reply

Rows = tuple[tuple[Choice, ...], ...]


def hand_in_card(row: HandIn, sight: Sight, *, group: bool) -> Reply:
    """Number and limit, and a button that opens it in the private chat of whoever presses."""
    key = "new_group" if group else "new_private"
    text = sight.words(f"hand_in.{key}", **_limit(row, sight))
    return Reply(text, open_row(row, sight))


def reminder_card(row: HandIn, sight: Sight) -> Reply:
    """A line about its limit."""
    text = sight.words("hand_in.reminder", state=state_words(row, sight), **_limit(row, sight))
    return Reply(text, open_row(row, sight))


def hand_in_line(row: HandIn, sight: Sight) -> str:
    """One in a list."""
    left = sight.left(row.due_at, short=True)
    return sight.words("hand_in.list_line", number=row.number, state=state_words(row, sight), left=left)


def hand_in_view(
    row: HandIn, member: Member, sight: Sight, *, news: str = "", edits: str | None = None
) -> Reply:
    """All of it, for one who may open it; who looks must be noted in the trail."""
    text = "\n".join(filter(None, [news, _facts(row, sight), *_marks(row, sight), *_ending(row, sight)]))
    able = may_settle(sight.session, row, member, house=sight.house)
    if row.state is HandInState.RECEIVED and not able:
        text = f"{text}\n{sight.words('hand_in.view_other')}"
    return Reply(text, _buttons(row, sight, able=able), edits=edits)


def button(sight: Sight, name: str, value: str, **values: object) -> Choice:
    """A button `handin:VALUE`."""
    return Choice(sight.words(f"hand_in.{name}", **values), f"handin:{value}")


def open_row(row: HandIn, sight: Sight) -> Rows:
    """The way from a card to the whole."""
    return ((button(sight, "open", f"open:{row.id}"),),)


def _facts(row: HandIn, sight: Sight) -> str:
    given, none = given_of(row, sight.house.vault), sight.words("hand_in.none")
    unopened = sight.words("hand_in.unopened")
    if row.is_anonymous:
        giver = sight.words("hand_in.giver_anon")
    else:
        name = giver_name(sight.session, row, house=sight.house)
        giver = name or sight.words("hand_in.giver_unknown")
    what = what_words(given, sight) or sight.words("hand_in.erased") if given is not None else unopened
    return sight.words(
        "hand_in.view", giver=giver, what=what, received=day_words(row.received_on, sight),
        day=reported_words(row, sight), ward=(given and given.ward) or none,
        patient=(given and given.patient) or none, handed=(given and given.handed_to) or none,
        state=state_words(row, sight), **_limit(row, sight),
    )  # fmt: skip


def _marks(row: HandIn, sight: Sight) -> list[str]:
    kept = sight.words("hand_in.view_kept") if row.kept_first else ""
    late = sight.words("hand_in.view_late") if row.late and not row.kept_first else ""
    return [late, kept, sight.words("hand_in.view_case") if row.case_id is not None else ""]


def _ending(row: HandIn, sight: Sight) -> list[str]:
    lines = []
    if row.got_at is not None:
        lines.append(
            sight.words("hand_in.view_receiver", who=sight.name(row.received_by), at=sight.at(row.got_at))
        )
    if row.ended_at is not None and row.ended_by is not None:
        lines.append(
            sight.words("hand_in.view_ended", who=sight.name(row.ended_by), at=sight.at(row.ended_at))
        )
    settled = settled_of(row, sight.house.vault)
    if settled is None:
        lines.append(sight.words("hand_in.unopened"))
    else:
        if settled.reference and row.way is not None:
            label = sight.words(f"hand_in.reference_{row.way}")
            lines.append(
                sight.words("hand_in.confirmation_reference", label=label, reference=settled.reference)
            )
        if settled.note:
            lines.append(sight.words("hand_in.confirmation_reason", reason=settled.note))
    return [*lines, *_files(row, sight)]


def _files(row: HandIn, sight: Sight) -> list[str]:
    photos, proofs = (len(deposits_of(sight.session, matter)) for matter in matters(row))
    lines = [sight.words("hand_in.view_photos", count=photos)] if photos else []
    if row.state is HandInState.SETTLED:
        lines.append(
            sight.words("hand_in.view_proof", count=proofs)
            if proofs
            else sight.words("hand_in.view_no_proof")
        )
    return lines


def _buttons(row: HandIn, sight: Sight, *, able: bool) -> Rows:
    drawn = f"{row.id}:{row.version}"
    first = []
    if row.state is HandInState.REPORTED:
        first.append(button(sight, "got", f"got:{drawn}"))
    if row.state is HandInState.RECEIVED and able:
        first.append(button(sight, "settle", f"way:{drawn}"))
    if row.state in OPEN and able:
        first.append(button(sight, "refuse", f"refuse:{drawn}"))
    if row.state is HandInState.SETTLED:
        first.append(button(sight, "proof", f"proof:{drawn}"))
    second = [button(sight, "files", f"files:{row.id}")]
    if not row.kept_first and row.state in (*OPEN, HandInState.SETTLED):
        second.append(button(sight, "kept", f"kept:{drawn}"))
    if row.kept_first and row.case_id is None:
        second.append(button(sight, "to_case", f"case:{drawn}"))
    return tuple(tuple(one) for one in (first, second, [button(sight, "list_none", "list:0")]) if one)


def _limit(row: HandIn, sight: Sight) -> dict[str, str]:
    return {"number": row.number, "due": sight.at(row.due_at), "left": sight.left(row.due_at)}
