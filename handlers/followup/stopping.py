"""The ways out: no more messages, a wrong person; each with a way back for a thumb that slipped."""

from sqlmodel import select

from handlers.followup.answering import LOW
from handlers.followup.asking import SKIP
from handlers.followup.keeping import go_on, stand
from handlers.turn import Turn
from nlp.opt_out import opts_out
from nlp.rating import rate
from nlp.replies import Reply as Said
from storage.followup.answering import ends_at, finish, has_begun, open_now
from storage.followup.discharges import Discharge, Standing
from storage.followup.stopping import discharge_of_chat, opt_in_again, opt_out, set_standing, stays_beside
from storage.followup.surveys import Stage, Survey
from storage.followup.talking import asked_again
from storage.followup.tasks import Task
from storage.messages import Choice, Reply

SURE = "wrong"
_UNDONE = (Standing.OPTED_OUT, Standing.READMITTED)
"""What a patient may take back: said by themselves, and perhaps misunderstood."""
_SHORT = 12
"""Characters of a grade that is typed."""


def on_stop(turn: Turn, survey: Survey, _: str) -> list[Reply]:
    """以后不用发: everything stops at once, here and at the number that came with the stay."""
    discharge = turn.session.get(Discharge, survey.discharge_id)
    return _stop(turn, discharge, survey.id)


def on_undo(turn: Turn, survey: Survey | None) -> list[Reply]:
    """点错了，还愿意接收: as before, and a survey that was open goes on."""
    discharge = turn.session.get(Discharge, survey.discharge_id) if survey is not None else None
    count = 0
    for chat in _chats(turn, discharge):
        count += opt_in_again(turn.session, chat=chat, house=turn.house, now=turn.now)
    for one in stays_beside(turn.session, discharge) if discharge is not None else ():
        if one.standing in _UNDONE:
            set_standing(turn.session, one, Standing.ACTIVE, now=turn.now)
            count += 1
    said = turn.words("survey.back_again" if count else "survey.nothing_to_undo")
    if survey is not None and _may_go_on(turn, survey):
        survey.next_at = ends_at(survey, turn.house)
        open_now(turn.session, survey, chat=turn.chat, reached=True, house=turn.house, now=turn.now)
        return go_on(turn, survey, said)
    return [Reply(said)]


def on_wrong(turn: Turn, survey: Survey, answer: str) -> list[Reply]:
    """您发错人了: asked once more, since nothing brings the contact back."""
    if answer == "yes":
        return forget_person(turn, survey)
    if answer == "no":
        return go_on(turn, survey)
    stand(turn, survey, SURE)
    return [turn.reply("survey.wrong_sure", sure_rows(turn, survey), department=survey.department)]


def sure_rows(turn: Turn, survey: Survey) -> tuple[tuple[Choice, ...], ...]:
    """对，发错人了 and 没发错."""
    return tuple(
        (Choice(turn.words(f"survey.wrong_{answer}"), f"survey:{survey.id}:-wrong:{answer}"),)
        for answer in ("yes", "no")
    )


def forget_person(turn: Turn, survey: Survey) -> list[Reply]:
    """Never a patient here: nothing is asked any more, and the way to reach them is erased everywhere."""
    discharge = turn.session.get(Discharge, survey.discharge_id)
    found = stays_beside(turn.session, discharge) if discharge is not None else ()
    for one in found:
        if one is discharge or one.standing is Standing.ACTIVE:
            set_standing(turn.session, one, Standing.WRONG_PERSON, now=turn.now)
        one.channel, one.chat = "", None
        one.address = one.phone = None
        turn.session.add(one)
    turn.dialogue.clear()
    return [turn.reply("survey.wrong_done")]


def on_pause(turn: Turn, survey: Survey, _: str = "") -> list[Reply]:
    """Enough for today: what was answered counts, and nobody is reminded of the rest."""
    begun = survey.stage is Stage.SENT and has_begun(survey)
    if begun:
        finish(turn.session, survey, now=turn.now)
    turn.dialogue.clear()
    key = "ended" if begun else "paused" if survey.stage is Stage.SENT else "over"
    return [turn.reply(f"survey.{key}")]


def on_after(turn: Turn, survey: Survey, answer: str) -> list[Reply]:
    """How it is now that the ward has done something; asked once."""
    if answer not in ("1", "2", "3", "4", "5", SKIP):
        return [turn.reply("survey.over")]
    if answer != SKIP:
        survey.score_after = int(answer)
        turn.session.add(survey)
    for task in turn.session.exec(select(Task).where(Task.survey_id == survey.id)):
        task.ask_again = False
        turn.session.add(task)
    key = "skip" if answer == SKIP else "good" if int(answer) > LOW + 1 else "fair"
    return [turn.reply(f"survey.again_thanks_{key}")]


def hear_between(turn: Turn) -> list[Reply] | None:
    """Words in a patient's chat while no survey is open: an end of it all, or a grade asked for again."""
    text = turn.inbound.text
    if turn.inbound.files:
        return None
    if opts_out(Said.of(text)):
        return _stop(turn, discharge_of_chat(turn.session, turn.chat), 0)
    waiting = asked_again(turn.session, turn.chat) if len(text) <= _SHORT else None
    score = rate(text, turn.desk.reader).score if waiting is not None else None
    if waiting is None or score is None:
        return None
    return on_after(turn, waiting, str(score))


def stop_here(turn: Turn, survey: Survey | None) -> list[Reply]:
    """Asked for in the middle of something else; `survey` is the one that is open in this chat."""
    discharge = discharge_of_chat(turn.session, turn.chat)
    stopped = _stop(turn, discharge, survey.id if survey else 0)
    return stopped if discharge is not None else [Reply(one.text) for one in stopped]


def stop_all(turn: Turn, discharge: Discharge | None) -> None:
    """Nothing is sent to this chat, to the one where the patient is asked, nor to the number of the stay."""
    for chat in _chats(turn, discharge):
        opt_out(turn.session, chat=chat, house=turn.house, now=turn.now)
    if discharge is not None and discharge.standing is Standing.ACTIVE:
        set_standing(turn.session, discharge, Standing.OPTED_OUT, now=turn.now)


def _stop(turn: Turn, discharge: Discharge | None, number: int | None) -> list[Reply]:
    stop_all(turn, discharge)
    turn.dialogue.clear()
    if number:  # so that the way back is known on the page, where no chat leads to the stay any more
        turn.dialogue.flow, turn.dialogue.data = "survey", {"survey": number}
    undo = Choice(turn.words("survey.undo"), f"survey:{number or 0}:-undo")
    return [Reply(turn.words("survey.stopped"), ((undo,),))]


def _chats(turn: Turn, discharge: Discharge | None) -> list[str]:
    """This chat, and the one where the patient is asked otherwise."""
    return list(dict.fromkeys(filter(None, [turn.chat, discharge.chat if discharge else None])))


def _may_go_on(turn: Turn, survey: Survey) -> bool:
    """A survey that was open when the messages were stopped, and is not too old."""
    if survey.stage is not Stage.STOPPED or survey.why not in _UNDONE or survey.sent_at is None:
        return False
    return turn.now < ends_at(survey, turn.house)
