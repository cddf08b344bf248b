"""Words about a survey in the middle of something else: an end of it all, or an answer to what just came."""

from datetime import timedelta

from handlers.followup.asking import next_question
from handlers.followup.heard import find_given, hear_words
from handlers.followup.hearing import hear
from handlers.followup.keeping import FLOW
from handlers.followup.stopping import stop_here
from handlers.turn import Turn
from nlp.opt_out import opts_out
from nlp.replies import Reply as Said
from storage.entries import question_waits
from storage.followup.answering import open_survey
from storage.followup.rows import SMS
from storage.followup.surveys import Survey
from storage.followup.talking import is_known_chat
from storage.hospital_followup import Scale
from storage.messages import Reply

_LONGEST = 60
_ANSWER = 12
"""Characters of an answer that is typed."""
_JUST_NOW = timedelta(hours=1)
"""How long a question that came meanwhile is what a bare answer is taken to be about."""


def on_words_beside(turn: Turn) -> list[Reply] | None:
    """The answer where a report, a question or a code is being talked about; None for all other words.

    Words that say anything else belong to what is being talked about. `/stop` counts anywhere, and by SMS
    the end of messages counts for every number, whoever it is: the patient may be asked in another chat.
    """
    text, busy = turn.inbound.text, turn.dialogue.flow not in ("", FLOW)
    apart, by_text = busy or text.startswith("/"), turn.inbound.channel == SMS
    if turn.inbound.files or len(text) > _LONGEST or not (apart or by_text):
        return None
    survey = open_survey(turn.session, turn.chat)
    # Looked at before the words: most who report are no patients who are asked, and it takes no time.
    is_asked = survey is not None or is_known_chat(turn.session, turn.chat)
    if (apart if is_asked else by_text) and opts_out(Said.of(text)):
        return _stop(turn, survey)
    return _answer(turn, survey) if survey is not None and busy and len(text) <= _ANSWER else None


def _stop(turn: Turn, survey: Survey | None) -> list[Reply] | None:
    """Not where the words tell of something to look into."""
    if not hear_words(turn).is_plain:
        return None
    turn.dialogue.told = []
    return stop_here(turn, survey)


def _answer(turn: Turn, survey: Survey) -> list[Reply] | None:
    """To a question that came while something else was being talked about, which asked nothing itself."""
    if not _is_fresh(turn, survey) or _waits_for_an_answer(turn):
        return None
    asked, heard = next_question(survey, turn.house), hear_words(turn)
    if asked is None or asked.question.scale is Scale.WORDS or not heard.is_plain:
        return None
    if find_given(turn, asked, heard) is None:
        return None
    turn.dialogue.told = []  # nothing may hold a report and a survey together
    return hear(turn, survey)


def _is_fresh(turn: Turn, survey: Survey) -> bool:
    return survey.sent_at is not None and turn.now - survey.sent_at < _JUST_NOW


def _waits_for_an_answer(turn: Turn) -> bool:
    """Whether what is being talked about has asked something itself."""
    dialogue = turn.dialogue
    asks = bool(dialogue.data.get("asking")) or dialogue.flow == "rating"
    return asks or (dialogue.case_id is not None and question_waits(turn.session, dialogue.case_id))
