"""A question: answered from the hospital's list, or handed to a person at the service desk."""

from dataclasses import replace

from handlers import menu
from handlers.opening import open_report
from handlers.turn import Turn
from nlp.commands import is_greeting
from nlp.normalise import normalise
from nlp.reading import Verdict
from nlp.taxonomy import Intent
from storage.hospital import Faq
from storage.messages import Reply

_ROWS = 8
_TO_PERSON = "person"
"""The step after 转人工: whatever is asked goes to the service desk."""


def on_inquiry(turn: Turn) -> list[Reply]:
    """咨询: the common questions as buttons, and the invitation to type one's own."""
    turn.dialogue.clear()
    turn.dialogue.flow = "inquiry"
    questions = turn.house.hospital.faq[:_ROWS]
    rows = [(turn.button("faq", f"faq:{number}", title=faq.title),) for number, faq in enumerate(questions)]
    return [turn.reply("inquiry.ask", [*rows, (turn.button("back", "back"),)])]


def on_faq(turn: Turn, number: str) -> list[Reply]:
    """One of the common questions was pressed."""
    known = turn.house.hospital.faq
    if not number.isdecimal() or len(number) > 3 or int(number) >= len(known):
        return menu.on_unknown_button(turn)
    return _answer(turn, known[int(number)], known[int(number)].title)


def on_words(turn: Turn) -> list[Reply]:
    """A question in one's own words. What turns out to be a report is taken as one."""
    text = turn.inbound.text
    if turn.inbound.files:
        return open_report(turn, menu.with_words_before(turn), insists=True)
    if is_greeting(text):
        return menu.on_greeting(turn)
    if menu.is_small_talk(turn):
        return menu.on_small_talk(turn)
    verdict = turn.desk.reader.read(text)
    if verdict.intent in (Intent.REPORT, Intent.COMPLAINT):
        return open_report(turn, menu.with_words_before(turn), verdict=verdict)
    if verdict.urgent and verdict.intent is Intent.OTHER:
        return open_report(turn, menu.with_words_before(turn), verdict=replace(verdict, unsure=True))
    if turn.dialogue.step == _TO_PERSON:
        return _hand_over(turn, text, verdict)
    known = find_faq(turn.house.hospital.faq, text)
    if known is not None:
        answer = _answer(turn, known, text)
        # where the reading is unsure, a person looks as well: the question may hide an allegation
        return [Reply(answer[0].text), *_hand_over(turn, text, verdict)] if verdict.unsure else answer
    if verdict.intent is Intent.INQUIRY or verdict.unsure:
        return _hand_over(turn, menu.with_words_before(turn), verdict)
    if menu.was_unclear(turn):  # somebody who tries twice has something to say: a person reads it
        told = menu.with_words_before(turn)
        return open_report(
            turn, told, verdict=replace(verdict, unsure=True), receipt="report.received_unsure"
        )
    return menu.on_not_understood(turn)


def on_human(turn: Turn) -> list[Reply]:
    """转人工: the question before goes to the service desk; without one, it is asked for."""
    text = str(turn.dialogue.data.get("text", ""))
    if turn.dialogue.flow == "inquiry" and text:
        return _hand_over(turn, text, turn.desk.reader.read(text))
    turn.dialogue.clear()
    turn.dialogue.flow, turn.dialogue.step = "inquiry", _TO_PERSON
    return [turn.reply("inquiry.ask_person", ((turn.button("back", "back"),),))]


def aside(turn: Turn) -> list[Reply]:
    """The answer to a common question that was asked while a report is told; it leads nowhere else."""
    known = find_faq(turn.house.hospital.faq, turn.inbound.text)
    if known is None or turn.desk.reader.read(turn.inbound.text).intent is not Intent.INQUIRY:
        return []
    return [turn.reply("inquiry.answer", title=known.title, answer=known.answer)]


def find_faq(questions: tuple[Faq, ...], text: str) -> Faq | None:
    """The common question whose words all occur in the text; the one with the longest match wins."""
    said = normalise(text).text
    matches = [
        (len(words), -place, faq)
        for place, faq in enumerate(questions)
        for words in faq.words
        if all(word in said for word in words.lower().split())
    ]
    return max(matches, key=lambda match: match[:2])[2] if matches else None


def _answer(turn: Turn, faq: Faq, asked: str) -> list[Reply]:
    turn.dialogue.clear()
    turn.dialogue.flow, turn.dialogue.data = "inquiry", {"text": asked}
    rows = ((turn.button("human", "human"),), (turn.button("report", "report"), turn.button("back", "back")))
    return [turn.reply("inquiry.answer", rows, title=faq.title, answer=faq.answer)]


def _hand_over(turn: Turn, text: str, verdict: Verdict) -> list[Reply]:
    """A person answers: a case at the service desk, with a code to come back for the answer."""
    question = Verdict(Intent.INQUIRY, (), verdict.urgent, verdict.confidence, unsure=True)
    replies = open_report(turn, text, verdict=question, receipt="inquiry.handed_over", questions=[])
    turn.dialogue.flow = "case"
    return replies
