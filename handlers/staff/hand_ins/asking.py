"""The questions of a hand-in, one a message, each with a way back and a way out."""

from handlers.staff.hand_ins.draft import (
    DAY,
    HANDED,
    HOW,
    MOST_PHOTOS,
    PATIENT,
    PHOTO,
    SURE,
    WARD,
    WHAT,
    YUAN,
    Draft,
    keep_draft,
)
from handlers.staff.hand_ins.words import day_words, what_words
from handlers.triage.sight import Sight
from handlers.turn import Turn
from storage.hand_ins.giving import due_of
from storage.members import Member, name_of
from storage.messages import Choice, Reply

Rows = list[tuple[Choice, ...]]
_NEAR = ("today", "yesterday", "day_before")


def ask(turn: Turn, draft: Draft, step: str, *, before: str = "", edit: bool = False) -> Reply:
    """The question of a step, which the dialogue stands at from here; `before` is said above it."""
    keep_draft(turn.dialogue, draft, step)
    said = "\n\n".join(filter(None, [before, _question(turn, draft, step)]))
    rows = (*_rows(turn, draft, step), _ways_out(turn, step))
    return Reply(said, rows, edits=turn.inbound.pressed if edit else None)


def choice(turn: Turn, name: str, value: str, **values: object) -> Choice:
    """A button `handin:VALUE` with the label `hand_in.NAME`."""
    return Choice(turn.words(f"hand_in.{name}", **values), f"handin:{value}")


def ways_out(turn: Turn) -> tuple[Choice, ...]:
    """From a message that ends something: once more, or one's own list."""
    return (choice(turn, "begin", "begin"), choice(turn, "mine", "mine:0"))


def own_name(turn: Turn, member: Member) -> str:
    """The name of who writes. Raises SealError."""
    return name_of(member, vault=turn.house.vault)


def _question(turn: Turn, draft: Draft, step: str) -> str:
    match step:
        case "day" | "ward" | "patient" | "handed" | "what" | "yuan" | "how":
            return turn.words(f"hand_in.{step}")
        case "photo":
            return _about_photos(turn, draft)
    return summary(turn, draft)


def _about_photos(turn: Turn, draft: Draft) -> str:
    if draft.files:
        return turn.words("hand_in.photo_more", count=len(draft.files))
    said = turn.words("hand_in.photo", most=MOST_PHOTOS)
    return f"{said}\n{turn.words('hand_in.photo_anon')}" if draft.anonymous else said


def summary(turn: Turn, draft: Draft) -> str:
    """All that was said, to be looked at before it goes."""
    sight, none = Sight.of(turn), turn.words("hand_in.none")
    who = "" if draft.anonymous else own_name(turn, turn.officer)
    count = len(draft.files)
    return turn.words(
        "hand_in.summary",
        how=turn.words("hand_in.how_anon") if draft.anonymous else turn.words("hand_in.how_name", who=who),
        what=what_words(draft.given, sight), day=day_words(draft.received_on, sight), ward=draft.ward or none,
        patient=draft.patient or none, handed=draft.handed or none,
        photos=turn.words("hand_in.photos", count=count) if count else turn.words("hand_in.no_photos"),
    )  # fmt: skip


def late_warning(turn: Turn, draft: Draft) -> str:
    """A word where its limit is over; empty where it is not."""
    sight, due = Sight.of(turn), due_of(draft.received_on, house=turn.house)
    if turn.now <= due:
        return ""
    return turn.words("hand_in.late_warning", day=day_words(draft.received_on, sight), due=sight.at(due))


def _rows(turn: Turn, draft: Draft, step: str) -> Rows:
    office = turn.house.hospital.discipline_office
    rows: dict[str, Rows] = {
        HOW: [(choice(turn, "by_name", "by:name"),), (choice(turn, "by_anon", "by:anon"),)],
        WHAT: [],
        YUAN: [(choice(turn, "unknown_yuan", "skip:yuan"),)],
        DAY: [tuple(choice(turn, name, f"day:{back}") for back, name in enumerate(_NEAR))],
        WARD: [(choice(turn, "ward_here", "here", office=turn.officer.office),)],
        PATIENT: [(choice(turn, "skip", "skip:patient"),)],
        HANDED: [(choice(turn, "bring", "bring", office=office),), (choice(turn, "gave_back", "gaveback"),)],
        PHOTO: [(choice(turn, "done_photos" if draft.files else "skip", "skip:photo"),)],
        SURE: [(choice(turn, "send", f"sure:{draft.ticket}"),)],
    }
    return rows[step]


def _ways_out(turn: Turn, step: str) -> tuple[Choice, ...]:
    cancel = choice(turn, "cancel", "cancel")
    return (cancel,) if step == HOW else (choice(turn, "back", "back"), cancel)
