"""Opens the case for a report and answers with its code and the first question."""

from dataclasses import replace

from handlers.blocked import held_back
from handlers.questions import questions_for
from handlers.reading import find_office, read
from handlers.told_before import likeness_here, remember_told, told_before
from handlers.turn import Turn
from nlp.crisis import crisis_in
from nlp.reading import Verdict
from nlp.taxonomy import Intent
from storage.intake import open_case
from storage.messages import Reply
from storage.receipts import spaced
from storage.sender_tags import keep_tag

HELPED = "helped"
"""In the dialogue: help was given already, so the next time it is said in fewer words."""


def open_report(
    turn: Turn,
    text: str,
    *,
    verdict: Verdict | None = None,
    insists: bool = False,
    receipt: str = "",
    questions: list[str] | None = None,
) -> list[Reply]:
    """Opens the case and answers with its code, then the first question.

    Whoever sends the words of a moment ago again hears that they are here. `receipt` names other words for
    the answer; `questions` replaces what would be asked.
    """
    held = held_back(turn, text)
    if held is not None:
        return held
    likeness = likeness_here(turn, text)
    if again := told_before(turn, likeness):
        return again
    verdict = verdict or read(turn, text, insists=insists)
    in_danger = crisis_in(text) is not None
    if in_danger and verdict.intent is Intent.PRAISE:  # thanks at a farewell are no entry for the ethics file
        verdict = replace(verdict, intent=Intent.OTHER)
    routing = find_office(turn, text, verdict)
    opened = open_case(
        turn.session, text, verdict=verdict, routing=routing, files=turn.inbound.files, likeness=likeness,
        house=turn.house, now=turn.now,
    )  # fmt: skip
    keep_tag(turn.session, opened.case_id, turn.sender, vault=turn.house.vault, now=turn.now)
    remember_told(turn, opened.case_id, likeness)
    if in_danger:  # nobody in danger is asked for the department
        receipt, questions = "report.received_crisis", []
    if questions is None:
        questions = questions_for(text, verdict, turn.desk.reader) if text else ["story"]
    turn.dialogue.flow, turn.dialogue.step, turn.dialogue.case_id = "report", "", opened.case_id
    turn.dialogue.data = {"asking": questions}
    goes_with_the_last(turn)
    key = receipt or ("report.received_urgent" if verdict.urgent else "report.received")
    this = opened.case_id
    rows = ((turn.button("push_on", f"push.on:{this}"), turn.button("withdraw", f"withdraw:{this}")),)
    emergency = turn.house.hospital.emergency_line
    answer = turn.reply(key, rows, code=spaced(opened.code), emergency=emergency)
    return [answer, *filter(None, [ask_next(turn)])]


def goes_with_the_last(turn: Turn) -> bool:
    """Whether this picture is one of an album that was answered already; remembers the album."""
    album = turn.inbound.album
    if album is None:
        return False
    before = turn.dialogue.data.get("album")
    turn.dialogue.data["album"] = album
    return before == album


def ask_next(turn: Turn, *, thanks: bool = False) -> Reply | None:
    """The next question with a button to skip it, or None when all is said."""
    asking = turn.dialogue.data.get("asking", [])
    if not asking:
        return None
    rows = ((turn.button("skip", f"skip:{asking[0]}"),),)
    before = turn.words("report.thanks") + "\n" if thanks else ""
    return Reply(before + turn.words(f"report.ask_{asking[0]}"), rows)


def enough(turn: Turn) -> Reply:
    """Nothing more is asked; more may still be told. Nobody in danger hears that they may go."""
    in_danger = HELPED in turn.dialogue.data or crisis_in(turn.inbound.text) is not None
    key = "report.listening" if in_danger else "report.enough"
    return turn.reply(key, ((turn.button("back", "back"),),))
