"""What was said about the service: passed on or only kept, and a call back where the stay was bad."""

from typing import Any

from sqlmodel import delete

from handlers.blocked import held_back
from handlers.followup.keeping import go_on, stand, survey_id_here
from handlers.followup.reporting import open_unlinked, read_complaint, stay_of
from handlers.turn import Turn
from nlp.rating import rate
from storage.followup.surveys import Survey
from storage.messages import Choice, Reply
from storage.ratings import RatingRow

STEP = "offer"


def offer_help(
    turn: Turn, survey: Survey, *, call: bool, complaint: bool, text: str = "", kept: int | None = None,
    before: str = "",
) -> list[Reply]:  # fmt: skip
    """A call back for a low grade, the complaint passed on; `kept` is the row its words stand in so far."""
    stand(turn, survey, STEP, call=call, complaint=complaint, text=text, kept=kept)
    key = "both" if call and complaint else "pass" if complaint else "call_words" if text else "call"
    said = turn.words(f"passing.offer_{key}", department=survey.department, stay=stay_of(survey))
    return [Reply("\n\n".join(filter(None, [before, said])), rows_here(turn, survey))]


def rows_here(turn: Turn, survey: Survey) -> tuple[tuple[Choice, ...], ...]:
    """The buttons of this offer."""
    data, value = turn.dialogue.data, f"survey:{survey.id}"
    rows = []
    if data.get("call"):
        rows.append((Choice(turn.words("passing.call"), f"{value}:-call:yes"),))
    if data.get("complaint"):
        rows.append((Choice(turn.words("passing.pass"), f"{value}:-pass:yes"),))
        rows.append((Choice(turn.words("passing.only_said"), f"{value}:-pass:no"),))
    else:
        rows.append((Choice(turn.words("passing.no_call"), f"{value}:-call:no"),))
    return tuple(rows)


def on_pass(turn: Turn, survey: Survey, answer: str) -> list[Reply]:
    """请转给相关科室处理 or 说说就好."""
    blocked = held_back(turn, "") if answer == "yes" else None
    if blocked is not None:
        return blocked
    held = take_held(turn, survey, goes_on=answer == "yes")
    if answer != "yes":
        return go_on(turn, survey, turn.words("passing.kept"))
    text = str(held.get("text", ""))
    if not text:
        return go_on(turn, survey, turn.words("passing.gone"))
    whole = turn.words("passing.whole", stay=stay_of(survey), text=text)
    categories = [one for one in rate(text, turn.desk.reader).categories if not one.is_misconduct]
    code = open_unlinked(turn, whole, read_complaint(turn, text, categories), complains=True)
    return [turn.reply("passing.passed", code=code), *go_on(turn, survey, turn.words("clue.and_on"))]


def take_held(turn: Turn, survey: Survey, *, goes_on: bool) -> dict[str, Any]:
    """What this offer was about, and an end of it here; words that go on to somebody are not kept beside."""
    here = survey_id_here(turn) == survey.id and turn.dialogue.step == STEP
    held = dict(turn.dialogue.data) if here else {}
    if goes_on and held.get("kept"):
        turn.session.execute(delete(RatingRow).where(RatingRow.id == held["kept"]))
    stand(turn, survey)
    return held
