"""提交材料: files, a figure or words for a duty, put together in the private chat and handed in."""

from collections.abc import Sequence
from hashlib import sha256
from zoneinfo import ZoneInfo

from handlers.opening import goes_with_the_last
from handlers.staff.duties.finding import duty_of, list_row, me, no_such, number_in, owing_in
from handlers.staff.duties.listing import duty_list
from handlers.staff.duties.view import duty_view, said_in
from handlers.staff.figure_in import figure_in
from handlers.staff.leaving_off import meant_for_others
from handlers.triage.sight import Sight
from handlers.turn import Turn
from nlp.commands import Command, find_command
from nlp.normalise import normalise
from storage.deposits import deposits_of
from storage.duties.book import Answers, Proof
from storage.duties.handing_in import MOST_FILES, add_files, begin, drop_draft, hand_in, may_hand_in, withdraw
from storage.duties.mine import Owing, owing
from storage.duties.submission_access import receiving_office
from storage.duties.submissions import (
    LONGEST_WORDS,
    Submission,
    current,
    draft_of,
    find_submission,
    handed_in_for,
    keep_words,
    matter_of,
    occurrence_for,
    open_sealed,
)
from storage.event_names import EventName
from storage.events import record_event
from storage.messages import Choice, Reply
from storage.outbox import announce

FLOW = "due_submit"


def on_submit(turn: Turn, arguments: Sequence[str]) -> list[Reply]:
    """Asks for what is to be handed in; what was begun before goes on."""
    employee, owed = me(turn), owing_in(turn, arguments)
    if employee is None or owed is None or owed.occurrence.proof not in _ASKED:
        return no_such(turn)
    if not may_hand_in(turn.session, owed.assignment, now=turn.now):
        return [duty_view(turn, owed, turn.words("duties.submit_over"))]
    draft = begin(turn.session, owed.assignment, by=employee, now=turn.now)
    turn.dialogue.clear()
    turn.dialogue.flow, turn.dialogue.data = FLOW, {"occurrence": owed.occurrence.id}
    return [_ask(turn, owed, draft)]


def on_submit_words(turn: Turn) -> list[Reply] | None:
    """Files and words while something is handed in; None for what is meant for other conversations."""
    employee = me(turn)
    owed = owing(turn.session, int(turn.dialogue.data.get("occurrence") or 0), employee)
    if employee is None or owed is None or meant_for_others(turn):
        return None
    draft = begin(turn.session, owed.assignment, by=employee, now=turn.now)
    text = turn.inbound.text.strip()
    if not turn.inbound.files and find_command(text) is Command.BACK:
        turn.dialogue.clear()
        return [duty_view(turn, owed, turn.words("duties.submit_kept"))]
    if turn.inbound.files:
        vault = turn.house.vault
        over = add_files(turn.session, draft, turn.inbound.files, vault=vault, now=turn.now)
        if over:
            return [turn.reply("duties.too_many_files", _rows(turn, owed, draft), most=MOST_FILES)]
        if not text and goes_with_the_last(turn):
            return []
    elif _is_end(turn, text):
        return _finish(turn, owed, draft)
    return _on_words(turn, owed, draft, text)


def on_finish(turn: Turn, arguments: Sequence[str]) -> list[Reply]:
    """完成: hands in what was put together; a button drawn for another figure hands in nothing."""
    employee, owed = me(turn), owing_in(turn, arguments)
    if employee is None or owed is None:
        return no_such(turn)
    draft = draft_of(turn.session, owed.assignment, employee)
    if draft is None:
        return [duty_view(turn, owed)]
    if owed.occurrence.proof is Proof.FIGURE and arguments[1:2] != [_token(turn, draft)]:
        return on_submit(turn, arguments)
    return _finish(turn, owed, draft)


def on_drop(turn: Turn, arguments: Sequence[str]) -> list[Reply]:
    """先不交了: what was put together is given up."""
    employee, owed = me(turn), owing_in(turn, arguments)
    if employee is None or owed is None:
        return no_such(turn)
    draft = draft_of(turn.session, owed.assignment, employee)
    if draft is not None:
        drop_draft(turn.session, draft)
    turn.dialogue.clear()
    return [duty_view(turn, owed, turn.words("duties.dropped"))]


def on_withdraw(turn: Turn, arguments: Sequence[str]) -> list[Reply]:
    """撤回: by whoever handed it in, until it is due."""
    employee, submission = me(turn), find_submission(turn.session, number_in(arguments))
    if employee is None or submission is None or submission.employee_id != employee.id:
        return no_such(turn)
    done = withdraw(turn.session, submission, now=turn.now)
    if done:
        _note(turn, EventName.SUBMISSION_TAKEN_BACK, submission)
    news = turn.words("duties.withdrawn" if done else "duties.withdraw_over")
    owed = owing(turn.session, occurrence_for(turn.session, submission).id or 0, employee)
    return [duty_view(turn, owed, news) if owed is not None else duty_list(turn, news=news)]


def _on_words(turn: Turn, owed: Owing, draft: Submission, text: str) -> list[Reply]:
    vault, proof = turn.house.vault, owed.occurrence.proof
    if not text:
        key = "duties.file_kept" if proof is not Proof.FIGURE else "duties.file_kept_figure"
        return [turn.reply(key, _rows(turn, owed, draft))]
    if proof is Proof.FIGURE:
        figure = figure_in(text, _unit(turn, owed))
        if figure is None:
            return [turn.reply("duties.no_figure", _rows(turn, owed, draft), unit=_unit(turn, owed))]
        keep_words(turn.session, draft, figure, vault=vault)
        return [turn.reply("duties.figure_right", _rows(turn, owed, draft), figure=figure)]
    before = open_sealed(draft, "words", vault=vault)
    words = "\n".join(filter(None, [before, text]))
    if len(words) > LONGEST_WORDS:
        return [turn.reply("duties.words_long", _rows(turn, owed, draft), most=LONGEST_WORDS)]
    keep_words(turn.session, draft, words, vault=vault)
    return [turn.reply("duties.words_kept", _rows(turn, owed, draft), count=len(words))]


def _finish(turn: Turn, owed: Owing, draft: Submission) -> list[Reply]:
    employee = me(turn)
    files = len(deposits_of(turn.session, matter_of(draft)))
    missing = not files if owed.occurrence.proof is Proof.FILE else draft.words is None
    if missing:
        key = f"duties.missing_{owed.occurrence.proof}"
        return [turn.reply(key, _rows(turn, owed, draft), unit=_unit(turn, owed))]
    turn.dialogue.clear()
    if employee is None or not may_hand_in(turn.session, owed.assignment, now=turn.now):
        return [duty_view(turn, owed, turn.words("duties.submit_over"))]
    hand_in(turn.session, draft, by=employee, now=turn.now)
    _note(turn, EventName.SUBMITTED, draft)
    _tell(turn, owed, draft)
    turn.session.refresh(owed.assignment)
    shown = duty_view(turn, owed, turn.words("duties.submitted"))
    return [Reply(shown.text, shown.choices, edits=shown.edits, toast=turn.words("duties.submitted"))]


def _tell(turn: Turn, owed: Owing, submission: Submission) -> None:
    """The receiving office hears of each office, but of people only once a day: thousands may hand in."""
    occurrence = owed.occurrence
    if occurrence.each is Answers.PERSON:
        others = [
            one for one, _ in handed_in_for(turn.session, occurrence.id or 0) if one.id != submission.id
        ]
        zone = ZoneInfo(turn.house.hospital.timezone)
        today = turn.now.astimezone(zone).date()
        if any(one.created_at.astimezone(zone).date() == today for one in others):
            return
    office = receiving_office(occurrence, turn.house.hospital)
    announce(turn.session, f"office:{office}", "due.handed_in", now=turn.now, submission=submission.id)


def _ask(turn: Turn, owed: Owing, draft: Submission) -> Reply:
    sight, held = Sight.of(turn), current(turn.session, owed.assignment)
    replaces = turn.words("duties.replaces") if held is not None else ""
    files = len(deposits_of(turn.session, matter_of(draft)))
    begun = turn.words("duties.begun", files=files) if files or draft.words else ""
    if owed.occurrence.proof is Proof.FIGURE and draft.words:
        begun = turn.words("duties.figure_right", figure=said_in(draft, "words", sight))
    asked = turn.words(f"duties.ask_{owed.occurrence.proof}", unit=_unit(turn, owed))
    title = turn.words("duties.title", title=owed.occurrence.title)
    text = "\n".join(filter(None, [title, asked, replaces, begun]))
    return Reply(text, _rows(turn, owed, draft), edits=turn.inbound.pressed)


def _rows(turn: Turn, owed: Owing, draft: Submission) -> tuple[tuple[Choice, ...], ...]:
    number, is_figure = owed.occurrence.id, owed.occurrence.proof is Proof.FIGURE
    name, token = ("right", f":{_token(turn, draft)}") if is_figure else ("finish", "")
    finish = (Choice(turn.words(f"duties.{name}"), f"due:finish:{number}{token}"),)
    drop = (Choice(turn.words("duties.drop"), f"due:drop:{number}"),)
    return (*(() if is_figure and draft.words is None else (finish,)), drop, list_row(turn))


def _token(turn: Turn, draft: Submission) -> str:
    """Tells one figure from another, and nothing else."""
    said = said_in(draft, "words", Sight.of(turn))
    return sha256(f"{draft.uid}\x00{said}".encode()).hexdigest()[:8]


def _unit(turn: Turn, owed: Owing) -> str:
    duty = duty_of(turn, owed.occurrence)
    return duty.figure if duty is not None else ""


def _is_end(turn: Turn, text: str) -> bool:
    return normalise(text).text.strip(" 。.!") in turn.words("duties.words_finish").split()


def _note(turn: Turn, what: EventName, submission: Submission) -> None:
    occurrence = occurrence_for(turn.session, submission)
    record_event(
        turn.session, f"member:{turn.officer.id}", what, now=turn.now, occurrence=occurrence.id,
        submission=submission.id,
    )  # fmt: skip


_ASKED = (Proof.FILE, Proof.FIGURE, Proof.TEXT)
