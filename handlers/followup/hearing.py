"""Words in a survey: ways out first, then care, clues, answers, and what was said beside them."""

from handlers import inquiry
from handlers.blocked import held_back
from handlers.followup import care, clue, leaving, steps
from handlers.followup.answering import keep_answer
from handlers.followup.asking import SKIP, YES, Asked, next_question
from handlers.followup.heard import (
    Heard,
    asks_who,
    find_given,
    finds_it_hard,
    has_nothing_to_say,
    hear_words,
    is_thanks,
)
from handlers.followup.keeping import finish_if_through, go_on, is_open, kind_word, stand, survey_id_here
from handlers.followup.reacting import count_mentions, keep_words, look_after, react, react_to_words
from handlers.turn import Turn
from nlp.commands import is_greeting
from nlp.crisis import crisis_in
from nlp.rating import Polarity
from storage.followup.surveys import Survey
from storage.hospital_followup import Kind, Scale
from storage.messages import Reply

_AGAIN = "again"
"""In the dialogue: the question that was asked a second time."""


def hear(turn: Turn, survey: Survey) -> list[Reply] | None:
    """The answer to words or files; None where they are not about the survey."""
    if survey_id_here(turn) != survey.id:
        stand(turn, survey)
    if crisis_in(turn.inbound.text) is not None:
        return care.in_crisis(turn, survey)
    if turn.inbound.files:
        held = held_back(turn, turn.inbound.text)
        return clue.tell_more(turn, survey, turn.inbound.text) if held is None else held
    aside = steps.on_step_words(turn, survey)
    if aside is not None:
        return aside
    asked = next_question(survey, turn.house) if is_open(turn, survey) else None
    replies = _hear(turn, survey, asked) if asked is not None else _hear_after(turn, survey)
    if replies is None:
        turn.dialogue.clear()
    return replies


def _hear(turn: Turn, survey: Survey, asked: Asked) -> list[Reply]:
    text = turn.inbound.text
    if is_greeting(text):
        flowers = not any(map(str.isalnum, text))
        return go_on(turn, survey, turn.words("survey.thanks_for_flowers" if flowers else "survey.greeting"))
    heard = hear_words(turn)
    given = find_given(turn, asked, heard)
    if given == SKIP and not heard.is_plain:  # 你们知不知道: a question, and no answer to ours
        given = None
    if wants_out := leaving.find_way_out(turn, survey, heard, asked, given):
        return wants_out
    held = None if heard.needs_help else held_back(turn, text)
    if held is not None:
        return held
    nothing = given is None and asked.question.scale is Scale.WORDS and has_nothing_to_say(turn, text)
    if nothing or given == SKIP:
        keep_answer(turn, survey, asked, SKIP)
        return react(turn, survey, asked, SKIP)
    if given is None and is_thanks(turn, text):
        return go_on(turn, survey, turn.words("survey.welcome" if "谢" in text else "survey.all_right"))
    if given is None and not (heard.needs_help or heard.accuses) and finds_it_hard(turn, text):
        return go_on(turn, survey, turn.words("survey.easier"))
    return _take_in(turn, survey, asked, heard, given)


def _take_in(turn: Turn, survey: Survey, asked: Asked, heard: Heard, given: str | None) -> list[Reply]:
    """Words that say something, perhaps beside an answer."""
    words_asked = asked.question.scale is Scale.WORDS
    first_time = turn.dialogue.data.get(_AGAIN) != asked.question.key
    asks_back = given is None and (heard.asks or asks_who(turn, heard.text))
    gives_up = given is None and (words_asked or not (first_time or asks_back or not heard.is_plain))
    if given is not None or gives_up:
        keep_answer(turn, survey, asked, SKIP if given is None else given)
    if survey.kind is not Kind.INTEGRITY and not heard.accuses:
        count_mentions(survey, heard, turn)
    if heard.needs_help:
        return _care(turn, survey, asked, heard, given)
    if heard.accuses and given != YES:
        return _clue(turn, survey, asked, heard, given)
    if given is not None:
        return react(turn, survey, asked, given, heard=heard)
    finish_if_through(turn, survey)
    if asks_back:
        return _ask_back(turn, survey, heard)
    if words_asked or heard.complaints or gives_up:
        return react_to_words(turn, survey, heard)
    return _once_more(turn, survey, asked, heard)


def _clue(turn: Turn, survey: Survey, asked: Asked, heard: Heard, given: str | None) -> list[Reply]:
    look_after(turn, survey, asked, given)
    finish_if_through(turn, survey)
    return clue.offer_report(turn, survey, heard.text, before=kind_word(turn, survey, "yes"))


def _care(turn: Turn, survey: Survey, asked: Asked, heard: Heard, given: str | None) -> list[Reply]:
    """The nurse does not read words that blame somebody; a clue beside the trouble is offered as ever."""
    look_after(turn, survey, asked, given)
    finish_if_through(turn, survey)
    return care_and_clue(turn, survey, heard)


def care_and_clue(turn: Turn, survey: Survey, heard: Heard) -> list[Reply]:
    """Help first; of words that blame somebody the nurse reads what is about health alone."""
    blames = heard.accuses or bool(heard.complaints)
    text = care.about_health(turn, heard.text) if blames else heard.text
    told = care.tell_the_ward(turn, survey, text, urgent=heard.rating.urgent)
    if not heard.accuses:
        if blames:
            keep_words(turn, survey, heard)
        return told
    return [*(Reply(one.text) for one in told), *clue.offer_report(turn, survey, heard.text)]


def _ask_back(turn: Turn, survey: Survey, heard: Heard) -> list[Reply]:
    """A question of the patient's: who we are, from the hospital's list, else the ward knows."""
    hospital = turn.house.hospital
    if asks_who(turn, heard.text):
        return go_on(turn, survey, turn.words("survey.who", hospital=hospital.name))
    known = inquiry.aside(turn)
    line = hospital.followup.nurse_line(survey.department, survey.ward)
    key = "survey.ask_back_line" if line else "survey.ask_back"
    said = "" if known else turn.words(key, department=survey.department, line=line)
    waits = steps.still_waiting(turn, survey, said)
    return [*known, *(waits or go_on(turn, survey, said))]


def _once_more(turn: Turn, survey: Survey, asked: Asked, heard: Heard) -> list[Reply]:
    """No answer in it: asked once more, after a word that fits what was said."""
    graded = asked.question.scale is Scale.RATING
    more = turn.words("survey.one_score" if graded else "survey.not_clear")
    if heard.rating.polarity is not Polarity.NEUTRAL or heard.is_pleased:
        replies = react_to_words(turn, survey, heard, more=more)
    elif graded and heard.says_more:
        keep_words(turn, survey, heard)
        line = turn.house.hospital.followup.nurse_line(survey.department, survey.ward)
        key = "survey.not_here" if line else "survey.not_here_no_line"
        here = turn.words(key, department=survey.department, line=line)
        replies = go_on(turn, survey, f"{here}\n{more}")
    else:
        replies = go_on(turn, survey, more)
    turn.dialogue.data[_AGAIN] = asked.question.key
    return replies


def _hear_after(turn: Turn, survey: Survey) -> list[Reply] | None:
    """All questions are answered: more words are still heard; None for what is about something else."""
    text = turn.inbound.text
    if is_greeting(text):
        return None
    if is_thanks(turn, text) or has_nothing_to_say(turn, text):
        grave = bool(turn.dialogue.data.get("grave"))
        return [turn.reply("care.thanks" if grave else "survey.welcome")]
    heard = hear_words(turn)
    if wants_out := leaving.find_way_out(turn, survey, heard, None, None):
        return wants_out
    held = None if heard.needs_help else held_back(turn, text)
    if held is not None:
        return held
    if heard.needs_help:
        return care_and_clue(turn, survey, heard)
    if heard.accuses:
        return clue.offer_report(turn, survey, text, before=kind_word(turn, survey, "yes"))
    if heard.is_plain and heard.rating.polarity is Polarity.NEUTRAL:
        return None
    return react_to_words(turn, survey, heard)
