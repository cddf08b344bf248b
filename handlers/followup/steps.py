"""Words where buttons were offered: the label, its number in the list, yes or no, or more of the story."""

from handlers.followup import calling, care, clue, passing, stopping
from handlers.followup.answering import OVERALL, keep_answer
from handlers.followup.asking import answer_label, find_question
from handlers.followup.heard import has_nothing_to_say, is_thanks, plain_letters, pressed_in_words
from handlers.followup.keeping import go_on, is_open
from handlers.followup.reacting import react
from handlers.followup.verbs import VERBS
from handlers.turn import Turn
from nlp.commands import Answer, find_answer
from nlp.rating import rate
from storage.followup.surveys import Survey
from storage.messages import Choice, Reply

_GRADE = 12
"""Characters of a grade that takes the place of one pressed by mistake."""
_SHORT = 30
"""Letters of what is said about a call and no more."""
_Rows = tuple[tuple[Choice, ...], ...]


def on_step_words(turn: Turn, survey: Survey) -> list[Reply] | None:
    """The answer to words at an offer; None where they are not about it."""
    text, step = turn.inbound.text, turn.dialogue.step
    rows = _rows(turn, survey, step)
    if step in (care.STEP, calling.PHONE) and is_thanks(turn, text):
        return [Reply(turn.words("care.thanks" if step == care.STEP else "passing.waiting"), rows)]
    value = pressed_in_words(rows, text) or _yes_or_no(rows, text)
    if value is not None:
        return _press(turn, survey, value)
    match step:
        case clue.STEP:
            return _more_of_the_story(turn, survey)
        case clue.NAMING:
            return clue.on_clue(turn, survey, "yes")
        case passing.STEP if turn.dialogue.data.get("call"):
            return _graded_anew(turn, survey)
        case calling.PHONE:
            return calling.on_phone_words(turn, survey) or _no_number(turn, survey, rows)
        case care.STEP:
            return calling.on_phone_words(turn, survey)
    return None


def still_waiting(turn: Turn, survey: Survey, said: str) -> list[Reply]:
    """The number is still to be given after a question beside it; nothing where none is waited for.

    Who has just told of a trouble is not asked how they liked their stay in the same breath.
    """
    if turn.dialogue.step != calling.PHONE:
        return []
    text = "\n\n".join(filter(None, [said, turn.words("passing.waiting")]))
    return [Reply(text, calling.phone_rows(turn, survey))]


def _rows(turn: Turn, survey: Survey, step: str) -> _Rows:
    match step:
        case clue.STEP | clue.NAMING:
            return clue.rows_here(turn, survey)
        case passing.STEP:
            return passing.rows_here(turn, survey)
        case calling.AGAIN:
            return calling.again_rows(turn, survey)
        case calling.PHONE:
            return calling.phone_rows(turn, survey)
        case care.STEP:
            return calling.go_rows(turn, survey)
        case stopping.SURE:
            return stopping.sure_rows(turn, survey)
    return ()


def _yes_or_no(rows: _Rows, text: str) -> str | None:
    answer = find_answer(text)
    if not rows or answer is None:
        return None
    if answer is Answer.YES:
        return rows[0][0].value if len(rows) > 1 else None
    return rows[-1][-1].value


def _press(turn: Turn, survey: Survey, value: str) -> list[Reply]:
    name, _, answer = value.split(":", 2)[2].partition(":")
    verb = VERBS.get(name)
    return go_on(turn, survey) if verb is None else verb(turn, survey, answer)


def _more_of_the_story(turn: Turn, survey: Survey) -> list[Reply]:
    """The words that were asked for; where some are shown already, these are added to them."""
    text = turn.inbound.text
    if has_nothing_to_say(turn, text):
        return clue.on_clue(turn, survey, "no")
    return clue.tell_more(turn, survey, text)


def _graded_anew(turn: Turn, survey: Survey) -> list[Reply] | None:
    """5分，点错了: another grade where a low one was regretted; None for what else may be said there."""
    asked = find_question(survey, OVERALL, turn.house)
    if asked is None or len(turn.inbound.text) > _GRADE or not is_open(turn, survey):
        return None
    rating = rate(turn.inbound.text, turn.desk.reader)
    if rating.score in (None, survey.score) or rating.opt_out or rating.needs_care:
        return None
    keep_answer(turn, survey, asked, str(rating.score))
    label = answer_label(asked.question, str(rating.score), turn.words)
    note = turn.words("survey.changed", answer=label)
    return react(turn, survey, asked, str(rating.score), note=note)


def _no_number(turn: Turn, survey: Survey, rows: _Rows) -> list[Reply] | None:
    """Digits that are no number, and ears that hear no call, get a hint; anything else is heard as ever."""
    digits = sum(map(str.isdigit, turn.inbound.text))
    if digits >= 5:
        return [Reply(turn.words("passing.no_number"), rows)]
    bare = plain_letters(turn.inbound.text)
    deaf = len(bare) <= _SHORT and any(word in bare for word in turn.words("passing.words_deaf").split())
    return [Reply(turn.words("passing.deaf"), rows)] if deaf else None
