"""Where a conversation about a survey stands, whose survey it is, and how it goes on."""

from typing import Any

from handlers.followup.asking import next_question, question_rows, question_words
from handlers.turn import Turn
from storage.followup.answering import finish
from storage.followup.discharges import Discharge
from storage.followup.surveys import Stage, Survey, answers_of
from storage.hospital_followup import Kind
from storage.messages import Reply

FLOW = "survey"
_LASTING = ("said", "grave", "ended")
"""In the dialogue: the kind words said last, that something sad was told, that it was ended with thanks."""


def survey_open_here(turn: Turn, number: str) -> Survey | None:
    """The survey with this number, if it is being answered in this chat."""
    survey = _survey(turn, number)
    return survey if survey is not None and is_open(turn, survey) else None


def survey_of_mine(turn: Turn, number: str) -> Survey | None:
    """The same, also when it is over: known by the dialogue, or by where the patient is asked."""
    survey = _survey(turn, number)
    if survey is None or is_open(turn, survey) or survey.id == survey_id_here(turn):
        return survey
    discharge = turn.session.get(Discharge, survey.discharge_id)
    return survey if discharge is not None and discharge.chat == turn.chat else None


def is_open(turn: Turn, survey: Survey) -> bool:
    """Whether it may be answered in this chat: where it was opened last, or where the patient is asked."""
    if survey.stage is not Stage.SENT or survey.chat == turn.chat:
        return survey.stage is Stage.SENT
    discharge = turn.session.get(Discharge, survey.discharge_id)
    if discharge is None or discharge.chat != turn.chat:
        return False
    survey.chat = turn.chat
    turn.session.add(survey)
    return True


def survey_id_here(turn: Turn) -> int | None:
    """The survey this dialogue is about."""
    known = turn.dialogue.data.get("survey") if turn.dialogue.flow == FLOW else None
    return known if isinstance(known, int) else None


def survey_here(turn: Turn) -> Survey | None:
    """The same, from its table."""
    known = survey_id_here(turn)
    return turn.session.get(Survey, known) if known is not None else None


def _survey(turn: Turn, number: str) -> Survey | None:
    return turn.session.get(Survey, int(number)) if number.isdecimal() and len(number) < 10 else None


def stand(turn: Turn, survey: Survey, step: str = "", **data: Any) -> None:
    """The dialogue is at this step now; whatever was held for the step before is forgotten."""
    here = survey_id_here(turn) == survey.id
    lasting = {key: turn.dialogue.data[key] for key in _LASTING if here and key in turn.dialogue.data}
    turn.dialogue.clear()
    turn.dialogue.flow, turn.dialogue.step = FLOW, step
    turn.dialogue.data = {"survey": survey.id, **lasting, **data}


def kind_word(turn: Turn, survey: Survey, key: str) -> str:
    """A short sentence that fits, another one than was said last."""
    lines = turn.words(f"kindness.{key}").splitlines()
    start = len(answers_of(survey, vault=turn.house.vault)) % len(lines)
    before = turn.dialogue.data.get("said")
    chosen = next(line for line in lines[start:] + lines[:start] if line != before or len(lines) == 1)
    turn.dialogue.data["said"] = chosen
    return chosen


def finish_if_through(turn: Turn, survey: Survey) -> None:
    """Ends a survey that has no question left."""
    if survey.stage is Stage.SENT and next_question(survey, turn.house) is None:
        finish(turn.session, survey, now=turn.now)


def go_on(turn: Turn, survey: Survey, before: str = "") -> list[Reply]:
    """The next question after a kind word, or thanks for all of it."""
    finish_if_through(turn, survey)
    asked = next_question(survey, turn.house) if survey.stage is Stage.SENT else None
    if asked is None:
        return [_the_end(turn, survey, before)]
    stand(turn, survey)
    text = "\n\n".join(filter(None, [before, question_words(asked, turn.words)]))
    return [Reply(text, tuple(map(tuple, question_rows(survey, asked, turn.words))))]


def _the_end(turn: Turn, survey: Survey, before: str) -> Reply:
    grave, score = bool(turn.dialogue.data.get("grave")), survey.score
    ended = bool(turn.dialogue.data.get("ended"))
    stand(turn, survey, "over")
    if ended:
        return Reply(before or turn.words("survey.over"))
    turn.dialogue.data["ended"] = True
    if survey.kind is Kind.INTEGRITY or score is None:
        mood = "bad" if grave else "fair"
    else:
        mood = "bad" if grave or score <= 2 else "fair" if score == 3 else "good"
    return Reply("\n".join(filter(None, [before, turn.words(f"kindness.end_{mood}")])))
