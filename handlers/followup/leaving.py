"""What ends a survey when it is said: no more messages, a wrong number, a death, a new stay."""

from handlers.followup.answering import keep_answer
from handlers.followup.asking import SKIP, Asked
from handlers.followup.clue import offer_report
from handlers.followup.heard import Heard
from handlers.followup.keeping import stand
from handlers.followup.passing import offer_help
from handlers.followup.reacting import look_after
from handlers.followup.stopping import forget_person, on_stop, stop_all
from handlers.turn import Turn
from nlp.wrong_person import is_deceased, is_readmitted, is_wrong_person
from storage.followup.discharges import Discharge, Standing
from storage.followup.stopping import stop_stays
from storage.followup.surveys import Survey
from storage.hospital_followup import Scale
from storage.messages import Choice, Reply

_BARE = 2


def find_way_out(
    turn: Turn, survey: Survey, heard: Heard, asked: Asked | None, given: str | None
) -> list[Reply] | None:
    """The end that these words ask for or tell of; None where they tell of none.

    A grade beside it still counts. A bare N where yes or no is asked is a no.
    """
    discharge = turn.session.get(Discharge, survey.discharge_id)
    if discharge is None:
        return None
    if discharge.standing is not Standing.DECEASED and is_deceased(heard.text):
        return _mourn(turn, survey, discharge, heard)
    if is_wrong_person(heard.text):
        if heard.rating.opt_out:
            stop_all(turn, discharge)
        return forget_person(turn, survey)
    if heard.rating.opt_out and not (
        given is not None and len(heard.text) <= _BARE and _asks_yes_or_no(asked)
    ):
        _keep_grade(turn, survey, asked, given)
        return on_stop(turn, survey, "")
    if heard.is_plain and given is None and is_readmitted(heard.text):
        stop_stays(turn.session, discharge, Standing.READMITTED, now=turn.now)
        stand(turn, survey, "over")
        undo = Choice(turn.words("survey.not_readmitted"), f"survey:{survey.id}:-undo")
        return [turn.reply("survey.readmitted", ((undo,),))]
    return None


def _mourn(turn: Turn, survey: Survey, discharge: Discharge, heard: Heard) -> list[Reply]:
    """The family is not asked anything any more; what they say of the stay is still heard."""
    stop_stays(turn.session, discharge, Standing.DECEASED, now=turn.now)
    stand(turn, survey, "over")
    turn.dialogue.data |= {"grave": True, "ended": True}
    sorry = turn.words("survey.mourning")
    if heard.accuses:
        return offer_report(turn, survey, heard.text, before=sorry)
    if heard.complaints:
        return offer_help(turn, survey, call=False, complaint=True, text=heard.text, before=sorry)
    return [Reply(sorry)]


def _keep_grade(turn: Turn, survey: Survey, asked: Asked | None, given: str | None) -> None:
    if asked is None or given in (None, SKIP) or _asks_yes_or_no(asked):
        return
    keep_answer(turn, survey, asked, given)
    look_after(turn, survey, asked, given)


def _asks_yes_or_no(asked: Asked | None) -> bool:
    return asked is not None and asked.question.scale is Scale.ASKED
