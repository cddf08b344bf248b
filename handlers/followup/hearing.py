"""Words in a survey: ways out first, then care, clues, answers, and what was said beside them."""

from handlers import inquiry
from handlers.blocked import held_back
from handlers.followup import care, clue, steps, stopping
from handlers.followup.answering import LOW, OVERALL, keep_answer
from handlers.followup.asking import SKIP, YES, Asked, next_question
from handlers.followup.heard import Heard, find_given, has_nothing_to_say, hear_words, is_thanks
from handlers.followup.keeping import finish_if_through, go_on, is_open, kind_word, stand, survey_id_here
from handlers.followup.reacting import count_mentions, mood_of, react, react_to_words
from handlers.turn import Turn
from nlp.commands import is_greeting
from nlp.crisis import crisis_in
from nlp.rating import Polarity
from nlp.taxonomy import Intent
from storage.followup.recovery import open_task
from storage.followup.surveys import Survey
from storage.followup.tasks import TaskKind
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
        return held_back(turn, turn.inbound.text) or clue.offer_report(turn, survey, turn.inbound.text)
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
        return go_on(turn, survey, turn.words("survey.greeting"))
    heard = hear_words(turn)
    given = find_given(turn, asked, heard)
    if wants_out := _way_out(turn, survey, heard, given):
        return wants_out
    if held := held_back(turn, text):
        return held
    nothing = given is None and asked.question.scale is Scale.WORDS and has_nothing_to_say(turn, text)
    if nothing or given == SKIP:
        keep_answer(turn, survey, asked, SKIP)
        return react(turn, survey, asked, SKIP)
    if given is None and is_thanks(turn, text):
        return go_on(turn, survey, turn.words("survey.welcome"))
    return _take_in(turn, survey, asked, heard, given)


def _take_in(turn: Turn, survey: Survey, asked: Asked, heard: Heard, given: str | None) -> list[Reply]:
    """Words that say something, perhaps beside an answer."""
    first_time = turn.dialogue.data.get(_AGAIN) != asked.question.key
    asks_back = given is None and heard.verdict.intent is Intent.INQUIRY and not heard.complaints
    if given is None and (asked.question.scale is Scale.WORDS or not (first_time or asks_back)):
        keep_answer(turn, survey, asked, SKIP)
    elif given is not None:
        keep_answer(turn, survey, asked, given)
    if survey.kind is not Kind.INTEGRITY and not heard.accuses:
        count_mentions(survey, heard, turn)
    if heard.rating.needs_care or (heard.rating.urgent and not heard.accuses):
        return _care(turn, survey, asked, heard, given)
    if given is not None and not (heard.accuses and given != YES):
        return react(turn, survey, asked, given, heard=heard)
    if heard.accuses:
        _recover_apart(turn, survey, asked, given)
        finish_if_through(turn, survey)
        return clue.offer_report(turn, survey, heard.text)
    if asks_back:
        return _ask_back(turn, survey)
    finish_if_through(turn, survey)
    if asked.question.scale is Scale.WORDS or heard.complaints or heard.is_pleased:
        return react_to_words(turn, survey, heard)
    return _once_more(turn, survey, asked, heard) if first_time else _let_be(turn, survey, heard)


def _way_out(turn: Turn, survey: Survey, heard: Heard, given: str | None) -> list[Reply] | None:
    """No more messages, or a wrong number. A bare N where yes or no is asked is a no."""
    if heard.rating.opt_out and not (given == "no" and len(heard.text) <= 2):
        return stopping.on_stop(turn, survey, "")
    if stopping.says_wrong_person(heard.text):
        return stopping.forget_person(turn, survey)
    return None


def _care(turn: Turn, survey: Survey, asked: Asked, heard: Heard, given: str | None) -> list[Reply]:
    """The nurse does not read words that blame somebody; a clue beside the trouble is offered as ever."""
    blames = heard.accuses or bool(heard.complaints)
    _recover_apart(turn, survey, asked, given, accused=heard.accuses)
    finish_if_through(turn, survey)
    words = "" if blames else heard.text
    told = care.tell_the_ward(turn, survey, words, urgent=heard.rating.urgent)
    if not heard.accuses:
        return told
    return [*(Reply(one.text) for one in told), *clue.offer_report(turn, survey, heard.text)]


def _recover_apart(
    turn: Turn, survey: Survey, asked: Asked, given: str | None, *, accused: bool = True
) -> None:
    """A low grade beside a clue or an illness: somebody looks after it, and not who is accused."""
    if asked.question.key == OVERALL and given is not None and given.isdecimal() and int(given) <= LOW:
        open_task(
            turn.session, TaskKind.RECOVERY, survey, score=int(given), accused=accused, house=turn.house,
            now=turn.now,
        )  # fmt: skip


def _ask_back(turn: Turn, survey: Survey) -> list[Reply]:
    """A question of the patient's: from the hospital's list, else the ward knows."""
    known = inquiry.aside(turn)
    line = turn.house.hospital.followup.nurse_line(survey.department, survey.ward)
    key = "survey.ask_back_line" if line else "survey.ask_back"
    said = "" if known else turn.words(key, department=survey.department, line=line)
    return [*known, *go_on(turn, survey, said)]


def _once_more(turn: Turn, survey: Survey, asked: Asked, heard: Heard) -> list[Reply]:
    """No grade in it: asked once more, after a word that fits what was said."""
    key = "survey.one_score" if asked.question.scale is Scale.RATING else "survey.not_clear"
    said = turn.words(key)
    if heard.rating.polarity is not Polarity.NEUTRAL:
        said = f"{kind_word(turn, survey, mood_of(turn, survey, heard))}\n{turn.words('survey.one_score')}"
    replies = go_on(turn, survey, said)
    turn.dialogue.data[_AGAIN] = asked.question.key
    return replies


def _let_be(turn: Turn, survey: Survey, heard: Heard) -> list[Reply]:
    """Asked twice is enough."""
    pleased = heard.rating.polarity is not Polarity.NEUTRAL
    key = mood_of(turn, survey, heard) if pleased else "skipped"
    return go_on(turn, survey, kind_word(turn, survey, key))


def _hear_after(turn: Turn, survey: Survey) -> list[Reply] | None:
    """All questions are answered: more words are still heard; None for what is about something else."""
    text = turn.inbound.text
    if is_greeting(text):
        return None
    if is_thanks(turn, text) or has_nothing_to_say(turn, text):
        grave = bool(turn.dialogue.data.get("grave"))
        return [turn.reply("care.thanks" if grave else "survey.welcome")]
    heard = hear_words(turn)
    if wants_out := _way_out(turn, survey, heard, None):
        return wants_out
    if held := held_back(turn, text):
        return held
    if heard.rating.needs_care or (heard.rating.urgent and not heard.accuses):
        words = "" if heard.accuses or heard.complaints else text
        return care.tell_the_ward(turn, survey, words, urgent=heard.rating.urgent)
    if heard.accuses:
        return clue.offer_report(turn, survey, text)
    if not (heard.complaints or heard.is_pleased or heard.rating.polarity is not Polarity.NEUTRAL):
        return None
    turn.dialogue.step = ""
    return react_to_words(turn, survey, heard)
