"""职工服务: everything staff can do here on one screen, each to the extent of their rights."""

from collections.abc import Iterator

from handlers.staff.coverage.button import coverage_button
from handlers.staff.duties.button import duties_button
from handlers.staff.services_button import VERB
from handlers.triage.form import form_in
from handlers.triage.forms import leave_form
from handlers.turn import Turn
from nlp.commands import Command, find_command
from nlp.normalise import normalise
from storage.hospital import Hospital
from storage.members import Member, Right, Role, may
from storage.messages import Choice, Reply
from storage.staff.permits import keeps_records, oversees, takes_hand_ins

__all__ = ["VERB", "on_services_choice", "on_services_words", "on_words_of_others", "services_reply"]
_OF_OVERSEERS = ("forms.words_signers", "knowledge.words_knowledge")


def on_services_choice(turn: Turn, _argument: str) -> list[Reply]:
    """The button `services`; nothing of a colleague is shown in a group."""
    if turn.inbound.in_group:
        return [Reply("", toast=turn.words("triage.only_private"))]
    left = leave_form(turn) if form_in(turn.dialogue) is not None else []
    turn.dialogue.clear()
    return [*left, services_reply(turn)]


def on_services_words(turn: Turn) -> list[Reply] | None:
    """职工服务, whatever was asked before; 帮助 of staff without a desk, who stay where they are."""
    if turn.inbound.files:
        return None
    word = normalise(turn.inbound.text).text.strip()
    if form_in(turn.dialogue) is not None and not word.startswith("/"):
        return None  # words of an officer's form
    if word.removeprefix("/").partition("@")[0] in turn.words("services.words_services").split():
        return on_services_choice(turn, "")
    if turn.at_desk or find_command(turn.inbound.text) is not Command.HELP:
        return None
    if turn.dialogue.flow:
        return [turn.reply("services.title", ((turn.button("back", "back"),),))]
    return [services_reply(turn)]


def on_words_of_others(turn: Turn) -> list[Reply] | None:
    """A word that only heads may use is answered, not taken for a report."""
    if turn.dialogue.flow or turn.at_desk:
        return None
    word = normalise(turn.inbound.text).text.strip().removeprefix("/").partition(" ")[0]
    known = {one for key in _OF_OVERSEERS for one in turn.words(key).split()}
    return [services_reply(turn, "services.not_yours")] if word in known else None


def services_reply(turn: Turn, key: str = "services.title") -> Reply:
    """The screen: what can be pressed, and what may be typed."""
    member, hospital = turn.officer, turn.house.hospital
    hints = [
        "services.overseer" if oversees(member, hospital) else "",
        "services.keeper" if keeps_records(member, hospital) else "",
        "" if turn.at_desk else "services.report_too",
    ]
    said = "\n".join(turn.words(one) for one in (key, *hints) if one)
    return Reply(said, tuple(_rows(turn, hospital)))


def _rows(turn: Turn, hospital: Hospital) -> Iterator[tuple[Choice, ...]]:
    yield (*duties_button(turn), _button(turn, "hand_in", "handin:begin"))
    yield (_button(turn, "leave", "leave:how"), _button(turn, "record", "record:mine"))
    drives = [_button(turn, "drives", "drive:list")] if turn.house.drives else []
    yield (_button(turn, "practice", "quiz:practice"), *drives)
    if oversees(turn.officer, hospital):
        yield (*coverage_button(turn), _button(turn, "knowledge", "knowledge"))
    if takes_hand_ins(turn.officer, hospital):
        totals = [_button(turn, "totals", "handin:totals")] if _sees_totals(turn.officer) else []
        yield (_button(turn, "hand_ins", "handin:list:0"), *totals)
    yield (_button(turn, "desk", "desk") if turn.at_desk else _button(turn, "report", "report"),)


def _sees_totals(member: Member) -> bool:
    return member.role is Role.HEAD or may(member, Right.EVERY_CASE)


def _button(turn: Turn, name: str, value: str) -> Choice:
    return Choice(turn.words(f"services.{name}"), value)
