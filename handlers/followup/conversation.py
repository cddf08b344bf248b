"""Answers of discharged patients: buttons of a survey, and words in a chat where one is open."""

from handlers.followup import stopping
from handlers.followup.answering import keep_answer, was_answered
from handlers.followup.asking import answer_label, answers_on, find_question, first_message, next_question
from handlers.followup.hearing import hear
from handlers.followup.keeping import go_on, is_open, stand, survey_here, survey_of_mine, survey_open_here
from handlers.followup.reacting import react
from handlers.followup.verbs import VERBS
from handlers.turn import Turn
from storage.followup.answering import open_survey
from storage.followup.discharges import Discharge
from storage.followup.surveys import Survey
from storage.followup.talking import is_known_chat, sent_survey
from storage.hospital_followup import Scale
from storage.messages import Reply

_SHORT = 60
"""Characters of a message that is looked at in a chat where nothing is open: a grade, or an end of it all."""


def begin_survey(turn: Turn, survey: Survey, *, discharge: Discharge) -> list[Reply]:
    """Who asks and why, and the first question; `discharge` is the stay it is about."""
    assert survey.discharge_id == discharge.id
    message = first_message(survey, house=turn.house, words=turn.words)
    if message is None:
        return [turn.reply("survey.over")]
    stand(turn, survey)
    return [message]


def on_survey_choice(turn: Turn, argument: str) -> list[Reply]:
    """survey:ID:QUESTION:ANSWER or survey:ID:-VERB:ANSWER; a stale or foreign button changes nothing."""
    number, _, rest = argument.partition(":")
    name, _, answer = rest.partition(":")
    if name == "-undo":
        return stopping.on_undo(turn, survey_of_mine(turn, number))
    if name in VERBS:
        survey = survey_of_mine(turn, number)
        return VERBS[name](turn, survey, answer) if survey is not None else _old_button(turn)
    survey = survey_open_here(turn, number)
    if survey is None:
        return _old_button(turn)
    if name == "-go":
        return go_on(turn, survey)
    return _on_answer(turn, survey, name, answer)


def on_survey_words(turn: Turn) -> list[Reply] | None:
    """Words or files for the survey of this dialogue or of this chat; None: for neither."""
    survey = survey_here(turn)
    if survey is None or (turn.dialogue.step in ("", "over") and not is_open(turn, survey)):
        survey = open_survey(turn.session, turn.chat) or survey
    if survey is None and len(turn.inbound.text) <= _SHORT and is_known_chat(turn.session, turn.chat):
        survey = sent_survey(turn.session, turn.chat)
        if survey is None or not is_open(turn, survey):
            return stopping.hear_between(turn)
    return hear(turn, survey) if survey is not None else None


def _on_answer(turn: Turn, survey: Survey, key: str, answer: str) -> list[Reply]:
    asked = find_question(survey, key, turn.house)
    if asked is None or answer not in answers_on(asked.question.scale):
        return _old_button(turn)
    stand(turn, survey)
    changed = was_answered(turn, survey, asked)
    if changed and asked.question.scale is Scale.WORDS:
        return go_on(turn, survey)
    keep_answer(turn, survey, asked, answer)
    note = ""
    if changed:
        label = answer_label(asked.question, answer, turn.words)
        key = "counted" if asked.question.scale is Scale.ASKED else "changed"
        note = turn.words(f"survey.{key}", answer=label)
    return react(turn, survey, asked, answer, note=note)


def _old_button(turn: Turn) -> list[Reply]:
    """A button of another time or another person: kindly, and with the question that is open here."""
    survey = open_survey(turn.session, turn.chat)
    asked = next_question(survey, turn.house) if survey is not None else None
    if survey is None or asked is None:
        return [turn.reply("survey.over")]
    return go_on(turn, survey, turn.words("survey.old_button"))
