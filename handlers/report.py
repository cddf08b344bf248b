"""A report is told: kept at the first sentence, completed by what follows, over whenever one likes."""

from dataclasses import replace

from handlers import inquiry, menu, praise
from handlers.blocked import held_back
from handlers.opening import ask_next, enough, goes_with_the_last, open_report
from handlers.questions import questions_for, still_missing
from handlers.reading import find_office, read
from handlers.told_before import told_in
from handlers.turn import Turn
from nlp.commands import Answer, find_answer, is_greeting
from nlp.crisis import crisis_in
from nlp.taxonomy import Intent
from storage.cases import Case, Status
from storage.entries import reported_text, thread_bytes
from storage.files import count_files
from storage.followup.unlinked import is_unlinked
from storage.intake import add_to_case
from storage.messages import Reply
from storage.regrouping import part_if_new
from storage.rerouting import reconsider
from storage.sender_tags import keep_tag

_MOST_BYTES = 3_000_000
"""Of one thread; half a million Chinese characters. More is a flood."""
_READ_AGAIN = 20_000
"""Characters of a case that are read again with each addition: a long thread must not hold up others."""


def on_report(turn: Turn) -> list[Reply]:
    """我要反映问题: asks for the story in the person's own words."""
    turn.dialogue.clear()
    turn.dialogue.flow = "report"
    return [turn.reply("report.tell", ((turn.button("back", "back"),),))]


def on_free_text(turn: Turn) -> list[Reply]:
    """Words without any button pressed: understood as what they are."""
    text = turn.inbound.text
    if turn.inbound.files:
        return open_report(turn, text, insists=True)
    if is_greeting(text):
        return menu.on_greeting(turn)
    if menu.is_small_talk(turn):
        return menu.on_small_talk(turn)
    verdict = read(turn, text)
    match verdict.intent:
        case Intent.REPORT | Intent.COMPLAINT:
            return open_report(turn, text, verdict=verdict)
        case Intent.INQUIRY:
            return inquiry.on_words(turn)
        case _ if verdict.urgent:  # somebody in danger is seen by a person, whatever it is about
            return open_report(turn, text, verdict=replace(verdict, unsure=True))
        case _ if verdict.unsure:
            return open_report(turn, text, verdict=verdict, receipt="report.received_unsure")
        case Intent.PRAISE:
            return praise.on_praise(turn, text, verdict)
        case Intent.OTHER:
            return menu.on_not_understood(turn)


def on_report_this(turn: Turn) -> list[Reply]:
    """The words before, taken as a report because the person says so."""
    text = str(turn.dialogue.data.get("text", ""))
    if turn.dialogue.flow == "report" and turn.dialogue.case_id is not None:  # pressed twice
        return [ask_next(turn) or enough(turn)]
    return open_report(turn, text, insists=True) if text else on_report(turn)


def on_message(turn: Turn) -> list[Reply]:
    """In the report conversation: the first words open the case, later ones complete it."""
    case = _case_of(turn)
    if case is not None:
        urgent_before = case.urgent
        replies = _complete(turn, case)
        return [*danger(turn, case, urgent_before=urgent_before), *replies]
    if not turn.inbound.files and is_greeting(turn.inbound.text):
        return [turn.reply("report.tell", ((turn.button("back", "back"),),))]
    return open_report(turn, turn.inbound.text, insists=True)


def on_skip(turn: Turn, question: str = "") -> list[Reply]:
    """跳过: the next question, or none; the button of an earlier question skips nothing more."""
    asking = turn.dialogue.data.get("asking", [])
    if turn.dialogue.flow != "report" or _case_of(turn) is None:
        return menu.on_unknown_button(turn)
    if question in ("", *asking[:1]):
        turn.dialogue.data["asking"] = asking[1:]
    return [ask_next(turn) or enough(turn)]


def _complete(turn: Turn, case: Case) -> list[Reply]:
    text, asking = turn.inbound.text, list(turn.dialogue.data.get("asking", ()))
    if not turn.inbound.files and find_answer(text) is Answer.SKIP and asking:
        return on_skip(turn)
    if menu.is_small_talk(turn) or (is_greeting(text) and not turn.inbound.files):
        return [turn.reply("report.still_here"), *filter(None, [ask_next(turn)])]
    held = held_back(turn, text)
    if held is not None:
        return held
    if again := told_in(turn, case):
        return [*again, *filter(None, [ask_next(turn)])]
    replies = add_and_reconsider(turn, case)
    if replies or goes_with_the_last(turn):
        return replies
    if case.status is Status.CLOSED:
        return [turn.reply("case.added_closed", ((turn.button("back", "back"),),))]
    if asking and not _answers(turn):
        return list(filter(None, [ask_next(turn, thanks=True)]))
    text = reported_text(turn.session, case.id or 0, vault=turn.house.vault)[:_READ_AGAIN]
    rest = [question for question in asking[1:] if question != "story"]
    verdict = read(turn, text, insists=True)
    if asking == ["story"]:
        rest = questions_for(text, verdict, turn.desk.reader)
    turn.dialogue.data["asking"] = still_missing(rest, text, verdict, turn.desk.reader)
    return [*inquiry.aside(turn), ask_next(turn, thanks=True) or enough(turn)]


def add_and_reconsider(turn: Turn, case: Case) -> list[Reply]:
    """Adds words and files to a case and thinks its routing over; a reply only where files were left out."""
    if turn.inbound.text and thread_bytes(turn.session, case.id or 0) > _MOST_BYTES:
        return [turn.reply("report.too_much", ((turn.button("back", "back"),),))]
    most = turn.house.hospital.files.max_per_case
    files = turn.inbound.files
    if files and count_files(turn.session, case.id or 0) + len(files) > most:
        words = replace(turn, inbound=replace(turn.inbound, files=()))
        kept = add_and_reconsider(words, case) if turn.inbound.text else []
        return [*kept, turn.reply("files.too_many", most=most)]
    asking = list(turn.dialogue.data.get("asking", ()))
    answered = asking and turn.dialogue.flow == "report" and _answers(turn)
    facts = {"question": asking[0]} if answered else {}
    said = "" if find_answer(turn.inbound.text) else turn.inbound.text
    part_if_new(turn.session, case, said, files=bool(files), house=turn.house, now=turn.now)
    if not is_unlinked(case.received_at, turn.house):
        keep_tag(turn.session, case.id or 0, turn.sender, vault=turn.house.vault, now=turn.now)
    add_to_case(
        turn.session,
        case,
        turn.inbound.text,
        files=files,
        house=turn.house,
        now=turn.now,
        **facts,
    )
    if turn.inbound.text:
        # What came long before was read then, and whom it named stays left out.
        so_far = reported_text(turn.session, case.id or 0, vault=turn.house.vault)
        recent = so_far[-_READ_AGAIN - len(turn.inbound.text) :]
        verdict = read(turn, recent, insists=True)
        routing = find_office(turn, recent, verdict)
        reconsider(turn.session, case, verdict=verdict, routing=routing, house=turn.house, now=turn.now)
    return []


def danger(turn: Turn, case: Case, *, urgent_before: bool) -> list[Reply]:
    """Whom to call, where an addition shows that something cannot wait."""
    if urgent_before or not case.urgent or crisis_in(turn.inbound.text) is not None:  # or told already
        return []
    return [turn.reply("report.danger", emergency=turn.house.hospital.emergency_line)]


def _answers(turn: Turn) -> bool:
    """Whether a question may be answered by this: words, spoken ones too, but not a picture alone."""
    return bool(turn.inbound.text) or any(file.media_type.startswith("audio/") for file in turn.inbound.files)


def _case_of(turn: Turn) -> Case | None:
    """The case this dialogue is about."""
    known = turn.dialogue.case_id
    case = turn.session.get(Case, known) if known is not None else None
    return case if case is not None and case.purged_at is None else None
