"""The way in and out: welcome, help, back, and what to say when there is nothing to go by."""

from handlers.staff.duties.button import duties_button
from handlers.staff.services_button import services_button
from handlers.turn import Rows, Turn
from nlp.normalise import normalise
from storage.messages import Reply

_SMALL_TALK = 16
_UNCLEAR = "unclear"
"""The step after words that were not understood: they are kept for what follows."""
_KEPT = 4000
"""Characters kept of them."""


def main_rows(turn: Turn) -> Rows:
    """The large buttons of the first page."""
    return (
        *_duties_row(turn),
        (turn.button("report", "report"),),
        (turn.button("progress", "progress"),),
        (turn.button("rating", "rating"), turn.button("inquiry", "inquiry")),
    )


def _duties_row(turn: Turn) -> Rows:
    """我的任务 and 职工服务, for staff; officers have them on their desk."""
    if turn.member is None or turn.at_desk:
        return ()
    row = (*duties_button(turn), *services_button(turn))
    return (row,) if row else ()


def on_start(turn: Turn) -> list[Reply]:
    """The first word: what this is for, and what is and is not kept."""
    turn.dialogue.clear()
    return [turn.reply("menu.welcome", main_rows(turn), hospital=turn.house.hospital.name)]


def on_help(turn: Turn) -> list[Reply]:
    """帮助: works everywhere and leaves the person where they are."""
    back = ((turn.button("back", "back"),),)
    rows = back if turn.dialogue.flow else main_rows(turn)
    return [turn.reply("menu.help", rows, emergency=turn.house.hospital.emergency_line)]


def on_back(turn: Turn) -> list[Reply]:
    """返回: out of any conversation; what was said before stays kept."""
    has_code = turn.dialogue.case_id is not None and turn.dialogue.flow != "praise"
    key = "menu.back_kept" if has_code else "menu.back"
    turn.dialogue.clear()
    return [turn.reply(key, main_rows(turn))]


def on_greeting(turn: Turn) -> list[Reply]:
    """A hello is answered with a hello."""
    return [turn.reply("menu.greeting", main_rows(turn))]


def is_small_talk(turn: Turn) -> bool:
    """Whether the message only says thanks or all right."""
    if turn.inbound.files or len(turn.inbound.text) > _SMALL_TALK:
        return False
    said = "".join(filter(str.isalnum, normalise(turn.inbound.text).text))
    return said in turn.words("menu.words_small_talk").split()


def on_small_talk(turn: Turn) -> list[Reply]:
    """Thanks are answered; they are neither praise nor a riddle."""
    return [turn.reply("menu.you_are_welcome", main_rows(turn))]


def on_nothing(turn: Turn) -> list[Reply]:
    """An empty message, or files that could not be kept."""
    if turn.inbound.refused:
        return refusals(turn)
    return [turn.reply("menu.nothing", () if turn.dialogue.flow else main_rows(turn))]


def on_unknown_button(turn: Turn) -> list[Reply]:
    """A button of another time."""
    return [turn.reply("menu.old_button", main_rows(turn))]


def on_not_understood(turn: Turn) -> list[Reply]:
    """Neither a report nor a question: said plainly, with a way to insist."""
    text = with_words_before(turn)
    turn.dialogue.flow, turn.dialogue.step, turn.dialogue.data = "inquiry", _UNCLEAR, {"text": text}
    rows = (
        (turn.button("report_this", "report.this"),),
        (turn.button("ask_this", "human"),),
        *main_rows(turn)[1:],
    )
    return [turn.reply("menu.not_understood", rows)]


def was_unclear(turn: Turn) -> bool:
    """Whether the message before this one was not understood either."""
    return turn.dialogue.flow == "inquiry" and turn.dialogue.step == _UNCLEAR


def with_words_before(turn: Turn) -> str:
    """This message, after those before it that nobody understood: "他摸我" belongs to "就是那个按摩的"."""
    unclear = was_unclear(turn)
    before = str(turn.dialogue.data.get("text", "")) if unclear else ""
    return "\n".join(filter(None, [before[-_KEPT:], turn.inbound.text]))


def refusals(turn: Turn) -> list[Reply]:
    """A word about each kind of file that could not be kept."""
    return [turn.reply(f"files.{reason}") for reason in dict.fromkeys(turn.inbound.refused)]
