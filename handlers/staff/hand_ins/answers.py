"""What is answered at each step of telling of an envelope, by button or in words."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import date, timedelta

from handlers.staff.hand_ins.asking import ask, late_warning, own_name
from handlers.staff.hand_ins.draft import (
    BACK,
    BRING,
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
    step_after,
)
from handlers.staff.hand_ins.reading import amount_in, received_in, what_in
from handlers.staff.hand_ins.sending import send
from handlers.turn import Turn
from nlp.commands import Answer, find_answer
from storage.errors import SealError
from storage.messages import Reply

LONGEST = {WHAT: 100, WARD: 40, PATIENT: 80, HANDED: 60}
"""Characters of an answer."""
_OLDEST = timedelta(days=366)


def pressed(turn: Turn, draft: Draft, step: str, verb: str, argument: str) -> list[Reply] | None:
    """What a button of this step does; None for one of another step."""
    match verb, step:
        case "by", "how":
            return _how(turn, draft, argument)
        case "day", "day" if argument in ("0", "1", "2"):
            draft.day = str(_today(turn) - timedelta(days=int(argument)))
            return [_on(turn, draft, DAY, late_warning(turn, draft))]
        case "here", "ward":
            draft.ward = turn.officer.office
            return [_on(turn, draft, WARD)]
        case "bring" | "gaveback", "handed":
            return _at(turn, draft, BRING if verb == "bring" else BACK)
        case "skip", ("yuan" | "patient" | "photo") if argument == step:
            return skipped(turn, draft, step)
    return None


def _how(turn: Turn, draft: Draft, argument: str) -> list[Reply] | None:
    if argument not in ("name", "anon"):
        return None
    draft.anonymous = argument == "anon"
    if not draft.anonymous:
        try:
            own_name(turn, turn.officer)
        except SealError:
            return [ask(turn, draft, HOW, before=turn.words("hand_in.no_name"))]
    return [_on(turn, draft, HOW)]


def _on(turn: Turn, draft: Draft, step: str, before: str = "") -> Reply:
    return ask(turn, draft, step_after(draft, step), before=before, edit=True)


def skipped(turn: Turn, draft: Draft, step: str) -> list[Reply]:
    """跳过, where a step may be left out."""
    if step == YUAN:
        draft.yuan = ""
        following = DAY
        return [ask(turn, draft, following, edit=True)]
    if step == PATIENT:
        draft.patient = ""
    return [_on(turn, draft, step)]


def _at(turn: Turn, draft: Draft, where: str) -> list[Reply]:
    office = turn.house.hospital.discipline_office
    draft.handed_key, draft.handed = where, turn.words(f"hand_in.handed_{where}", office=office)
    return [_on(turn, draft, HANDED)]


def _on_how(turn: Turn, draft: Draft, text: str) -> list[Reply]:
    for argument in ("name", "anon"):
        label = turn.words(f"hand_in.by_{argument}")
        if text and text in (label, label[:2]):
            return _how(turn, draft, argument) or []
    return [ask(turn, draft, HOW)]


def _on_what(turn: Turn, draft: Draft, text: str) -> list[Reply]:
    if (long := _too_long(turn, draft, WHAT, text, "what_long")) is not None:
        return long
    found = what_in(text, turn.words)
    if found is None:
        return [ask(turn, draft, WHAT, before=turn.words("hand_in.what_short"))]
    draft.what, draft.thing = text, found.thing
    draft.yuan = "?" if found.unclear else "" if found.yuan is None else f"{found.yuan:f}"
    return [_on(turn, draft, WHAT)]


def _on_yuan(turn: Turn, draft: Draft, text: str) -> list[Reply]:
    amount = amount_in(text)
    if amount is None:
        return [ask(turn, draft, YUAN, before=turn.words("hand_in.yuan_bad"))]
    draft.yuan = f"{amount:f}"
    return [ask(turn, draft, DAY)]


def _on_day(turn: Turn, draft: Draft, text: str) -> list[Reply]:
    today, found = _today(turn), received_in(text, _today(turn))
    if found is None or found > today or (today - found > _OLDEST and str(found.year) not in text):
        key = "day_bad" if found is None else "day_ahead" if found > today else "day_far"
        return [ask(turn, draft, DAY, before=turn.words(f"hand_in.{key}"))]
    draft.day = found.isoformat()
    return [_on(turn, draft, DAY, late_warning(turn, draft))]


def _on_ward(turn: Turn, draft: Draft, text: str) -> list[Reply]:
    if (long := _too_long(turn, draft, WARD, text)) is not None:
        return long
    draft.ward = text
    return [_on(turn, draft, WARD)]


def _on_patient(turn: Turn, draft: Draft, text: str) -> list[Reply]:
    if (long := _too_long(turn, draft, PATIENT, text)) is not None:
        return long
    draft.patient = text
    return [_on(turn, draft, PATIENT)]


def _on_handed(turn: Turn, draft: Draft, text: str) -> list[Reply]:
    if (long := _too_long(turn, draft, HANDED, text)) is not None:
        return long
    draft.handed_key, draft.handed = "", text
    return [_on(turn, draft, HANDED)]


def _on_photo(turn: Turn, draft: Draft, text: str) -> list[Reply]:
    room = MOST_PHOTOS - len(draft.files)
    draft.files += [asdict(file) for file in turn.inbound.files[:room]]
    full = len(turn.inbound.files) > room
    said = turn.words("hand_in.photo_full", most=MOST_PHOTOS) if full else ""
    if not turn.inbound.files:
        said = turn.words("hand_in.photo_words")
    return [ask(turn, draft, PHOTO, before=said)]


def _on_sure(turn: Turn, draft: Draft, text: str) -> list[Reply]:
    """A yes that is typed sends as the button does; anything else shows the summary once more."""
    if find_answer(text) is Answer.YES or text == turn.words("hand_in.send"):
        return send(turn, draft)
    return [ask(turn, draft, SURE)]


def _too_long(turn: Turn, draft: Draft, step: str, text: str, key: str = "") -> list[Reply] | None:
    most = LONGEST[step]
    if text and len(text) <= most:
        return None
    before = turn.words(f"hand_in.{key or f'{step}_long'}", most=most) if text else ""
    return [ask(turn, draft, step, before=before)]


def _today(turn: Turn) -> date:
    return turn.house.local_day(turn.now)


TYPED: dict[str, Callable[[Turn, Draft, str], list[Reply]]] = {
    HOW: _on_how, WHAT: _on_what, YUAN: _on_yuan, DAY: _on_day, WARD: _on_ward, PATIENT: _on_patient,
    HANDED: _on_handed, PHOTO: _on_photo, SURE: _on_sure,
}  # fmt: skip
"""By step: what hears words typed there."""
