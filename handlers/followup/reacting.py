"""What is said to an answer: thanks, regret, and an offer where something can be done."""

from dataclasses import replace

from handlers.followup.answering import LOW, OVERALL
from handlers.followup.asking import SKIP, YES, Asked
from handlers.followup.clue import offer_report
from handlers.followup.heard import Heard
from handlers.followup.keeping import finish_if_through, go_on, kind_word
from handlers.followup.passing import STEP as OFFER
from handlers.followup.passing import offer_help
from handlers.followup.reporting import open_unlinked, stay_of
from handlers.turn import Turn
from nlp.mentions import find_mentions
from nlp.rating import Polarity
from storage.followup.recovery import open_task, open_task_of
from storage.followup.surveys import Survey
from storage.followup.tallies import count_answer
from storage.followup.tasks import TaskKind
from storage.followup.unlinked import blurred
from storage.hospital_followup import Kind, Scale
from storage.messages import Reply
from storage.ratings import record_rating


def react(
    turn: Turn, survey: Survey, asked: Asked, answer: str, *, heard: Heard | None = None, note: str = ""
) -> list[Reply]:
    """After an answer was kept: by a button, or with `heard` in words; `note` is said in place of thanks."""
    finish_if_through(turn, survey)
    if asked.question.scale is Scale.ASKED and answer == YES:
        told = heard.text if heard is not None and heard.says_more else ""
        return offer_report(turn, survey, told, before=note or kind_word(turn, survey, "yes"))
    low = look_after(turn, survey, asked, answer)
    if heard is not None:
        return react_to_words(turn, survey, heard, low=low, grade=_grade(asked, answer))
    if low:
        return offer_help(
            turn, survey, call=True, complaint=False, before=note or kind_word(turn, survey, "bad")
        )
    return go_on(turn, survey, note or kind_word(turn, survey, _mood(survey, asked, answer)))


def react_to_words(
    turn: Turn, survey: Survey, heard: Heard, *, low: bool = False, grade: int | None = None, more: str = ""
) -> list[Reply]:
    """Words that accuse nobody and tell of no illness: counted, kept, answered as they are meant.

    `more` is said after the kind word.
    """
    if _praises_somebody(turn, survey, heard):
        _pass_praise_on(turn, survey, heard)
        return go_on(turn, survey, _lines(kind_word(turn, survey, "praise"), more))
    kept = keep_words(turn, survey, heard) if heard.says_more else None
    said = kind_word(turn, survey, "bad" if low else mood_of(turn, survey, heard, grade))
    bad = bool(heard.complaints) or heard.rating.polarity is Polarity.NEGATIVE
    call = low or (bad and _call_offered(turn))
    if call or heard.complaints:
        text = heard.text if heard.says_more or heard.complaints else ""
        complaint = bool(heard.complaints)
        return offer_help(turn, survey, call=call, complaint=complaint, text=text, kept=kept, before=said)
    return go_on(turn, survey, _lines(said, more))


def _call_offered(turn: Turn) -> bool:
    """A call back was offered and neither taken nor refused: what is told then does not take it away."""
    return turn.dialogue.step == OFFER and bool(turn.dialogue.data.get("call"))


def look_after(turn: Turn, survey: Survey, asked: Asked, answer: str | None) -> bool:
    """Whether this is a low grade of the stay; then somebody looks after it.

    The task is the same whatever was said beside the grade, and holds no word of it: a mark that somebody
    is accused would tell whose report of that day it is. Nobody can tell the patient from it either, as
    long as no call is wanted. A grade that was changed is changed there too.
    """
    if asked.question.key != OVERALL or answer is None or not answer.isdecimal():
        return False
    low = int(answer) <= LOW
    if low or open_task_of(turn.session, TaskKind.RECOVERY, survey) is not None:
        open_task(turn.session, TaskKind.RECOVERY, survey, score=int(answer), house=turn.house, now=turn.now)
    return low


def mood_of(turn: Turn, survey: Survey, heard: Heard, grade: int | None = None) -> str:
    """Which kind words fit: nobody is cheered at after bad news, nor told sorry who is pleased."""
    sad = bool(turn.dialogue.data.get("grave")) or (survey.score or 5) <= LOW
    match heard.rating.polarity:
        case Polarity.POSITIVE if not heard.complaints:
            return "noted" if sad else "good"
        case Polarity.NEGATIVE:
            return "fair" if (grade or 0) >= 3 else "bad"
    if heard.complaints:
        return "fair"
    return "noted" if sad or grade is None else "good" if grade > 3 else "fair"


def count_mentions(survey: Survey, heard: Heard, turn: Turn) -> None:
    """What people mention is counted by term, tied to nobody."""
    found = find_mentions(heard.text)
    for subject, terms in (("praise", found.praised), ("complaint", found.complained)):
        for term in dict.fromkeys(terms):
            count_answer(turn.session, survey, subject, term)


def _lines(*texts: str) -> str:
    return "\n".join(filter(None, texts))


def _grade(asked: Asked, answer: str) -> int | None:
    return int(answer) if asked.question.scale is Scale.RATING and answer.isdecimal() else None


def _mood(survey: Survey, asked: Asked, answer: str) -> str:
    if answer == SKIP:
        return "skipped" if asked.question.scale is not Scale.WORDS else "noted"
    if asked.question.scale is Scale.ASKED:
        return "no"
    grade = _grade(asked, answer)
    return "noted" if grade is None else "good" if grade > 3 else "fair" if grade == 3 else "bad"


def keep_words(turn: Turn, survey: Survey, heard: Heard) -> int | None:
    """The words with their department and day, without the grade and tied to nobody; of integrity nothing."""
    if survey.kind is Kind.INTEGRITY:
        return None
    return record_rating(
        turn.session, score=None, polarity=heard.rating.polarity.value, words=heard.text,
        department=survey.department, ward=survey.ward, vault=turn.house.vault,
        now=blurred(turn.now, turn.house),
    )  # fmt: skip


def _praises_somebody(turn: Turn, survey: Survey, heard: Heard) -> bool:
    if survey.kind is Kind.INTEGRITY or not heard.is_pleased:
        return False
    return any(person.surname or person.given for person in turn.desk.reader.mentions(heard.text).people)


def _pass_praise_on(turn: Turn, survey: Survey, heard: Heard) -> None:
    """To the ethics file, with the stay's department and without whose words they are."""
    whole = turn.words("passing.whole", stay=stay_of(survey), text=heard.text)
    open_unlinked(turn, whole, replace(heard.verdict, unsure=False))
