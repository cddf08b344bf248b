"""A clue: offered as an anonymous report, shown word for word, and kept only if the patient agrees."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from handlers.blocked import held_back
from handlers.followup.keeping import go_on, stand, survey_id_here
from handlers.followup.reporting import open_unlinked, read_clue
from handlers.turn import Turn
from storage.followup.surveys import Survey
from storage.messages import Choice, Reply, StoredFile

STEP, NAMING = "clue", "name"
_SHOWN = 1500
"""Characters of the words that are shown again; the rest goes with them all the same."""


def offer_report(
    turn: Turn, survey: Survey, text: str, *, before: str = "", files: Sequence[Mapping[str, Any]] = ()
) -> list[Reply]:
    """What would go, exactly, and how it is kept apart; without words the invitation to tell."""
    files = [*files, *(asdict(file) for file in turn.inbound.files)]
    if not text and not files:
        stand(turn, survey, STEP)
        return [Reply(_paragraphs(before, turn.words("clue.tell")), rows_here(turn, survey))]
    stand(turn, survey, STEP, text=text, files=files)
    shown = turn.words("clue.shown", text=_cut(text)) if text else ""
    pictures = turn.words("clue.files", count=len(files)) if files else ""
    apart = turn.words("clue.offer_sms" if turn.inbound.channel == "sms" else "clue.offer")
    said = _paragraphs(before, apart, shown, pictures, turn.words("clue.agree"))
    return [Reply(said, rows_here(turn, survey))]


def tell_more(turn: Turn, survey: Survey, text: str) -> list[Reply]:
    """More words while the decision is open: all of them are shown once more."""
    held = _held(turn, survey)
    so_far = str(held.get("text", "")) if held else ""
    return offer_report(turn, survey, "\n".join(filter(None, [so_far, text])), files=held.get("files", ()))


def on_clue(turn: Turn, survey: Survey, answer: str) -> list[Reply]:
    """就这样交上去, 我重新写 or 不用了; what is not there any more is told anew."""
    data = _held(turn, survey)
    if answer == "no":
        stand(turn, survey)
        return go_on(turn, survey, turn.words("clue.dropped" if data else "clue.nothing_kept"))
    if answer != "yes" or not data:
        stand(turn, survey, STEP)
        key = "clue.anew_ask" if answer == "anew" else "clue.gone"
        return [Reply(turn.words(key), (_button(turn, survey, "drop", "-clue:no"),))]
    if survey.department in str(data.get("text", "")):
        return _send(turn, survey, data, named=False)
    turn.dialogue.step = NAMING
    return [_ask_to_name(turn, survey, str(data.get("text", "")))]


def on_name(turn: Turn, survey: Survey, answer: str) -> list[Reply]:
    """写上 or 不写: with that the report goes."""
    data = _held(turn, survey)
    if not data or turn.dialogue.step != NAMING:
        return on_clue(turn, survey, "yes")
    return _send(turn, survey, data, named=answer == "yes")


def rows_here(turn: Turn, survey: Survey) -> tuple[tuple[Choice, ...], ...]:
    """The buttons of the step the dialogue is at."""
    if turn.dialogue.step == NAMING:
        return _ask_to_name(turn, survey, "").choices
    agree = (
        _button(turn, survey, "send", "-clue:yes"),
        _button(turn, survey, "anew", "-clue:anew"),
    )
    return (*(agree if _held(turn, survey) else ()), _button(turn, survey, "drop", "-clue:no"))


def _ask_to_name(turn: Turn, survey: Survey, text: str) -> Reply:
    department = survey.department
    yes = Choice(turn.words("clue.name_yes", department=department), f"survey:{survey.id}:-name:yes")
    whole = _cut(turn.words("clue.whole", department=department, text=text))
    said = turn.words("clue.name", department=department, whole=whole)
    return Reply(said, ((yes,), _button(turn, survey, "name_no", "-name:no")))


def _send(turn: Turn, survey: Survey, data: Mapping[str, Any], *, named: bool) -> list[Reply]:
    told = str(data.get("text", ""))
    held = held_back(turn, told)
    if held is not None:
        return held
    files = tuple(StoredFile(**file) for file in data.get("files", ()))
    text = turn.words("clue.whole", department=survey.department, text=told) if named else told
    code = open_unlinked(turn, text, read_clue(turn, text), files)
    stand(turn, survey)
    emergency = turn.house.hospital.emergency_line
    urgent = turn.words("report.danger", emergency=emergency) if turn.desk.reader.read(told).urgent else ""
    receipt = turn.words("clue.sent", code=code)
    sent = Reply(_paragraphs(urgent, receipt))
    return [sent, *go_on(turn, survey, turn.words("clue.and_on"))]


def _held(turn: Turn, survey: Survey) -> Mapping[str, Any]:
    """The words and files that wait for the patient's decision; empty where there are none."""
    here = survey_id_here(turn) == survey.id and turn.dialogue.step in (STEP, NAMING)
    data = turn.dialogue.data if here else {}
    return data if data.get("text") or data.get("files") else {}


def _paragraphs(*texts: str) -> str:
    return "\n\n".join(filter(None, texts))


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "……"


def _button(turn: Turn, survey: Survey, name: str, verb: str) -> tuple[Choice, ...]:
    return (Choice(turn.words(f"clue.{name}"), f"survey:{survey.id}:{verb}"),)
