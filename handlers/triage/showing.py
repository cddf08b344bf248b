"""Shows a case to the officer who asked, and what happened to it meanwhile."""

from dataclasses import replace
from typing import Any

from handlers.triage.actions import EVENT, Action
from handlers.triage.sight import Sight
from handlers.triage.threads import event_words, last_move
from handlers.triage.views import case_view
from handlers.turn import Turn
from storage.access import may_act
from storage.cards import forget_card
from storage.cases import Case
from storage.messages import Reply
from storage.triage import note_first_look


def show_case(turn: Turn, case: Case, *, news: str = "", edit: bool = False, looked: bool = True) -> Reply:
    """The case in the officer's private chat; with `edit` in place of the pressed message.

    `looked` puts the reading into the trail; after a step of the officer's own the step is there already.
    """
    take_over_card(turn, case)
    if looked:
        note_look(turn, case)
    view = case_view(
        case, turn.officer, session=turn.session, desk=turn.desk, words=turn.words, now=turn.now, news=news
    )
    return replace(view, edits=turn.inbound.pressed if edit else None, toast=news or None)


def note_look(turn: Turn, case: Case, **facts: Any) -> None:
    """The officer reads content of the case; `facts` say which (what="text") in words of the office."""
    if case.purged_at is not None:
        return  # there is no content any more
    leads = may_act(turn.session, case, turn.officer, turn.house.hospital)
    note_first_look(turn.session, case, turn.officer, leads=leads, now=turn.now, **facts)


def take_over_card(turn: Turn, case: Case) -> None:
    """The answer will be this chat's card: the one before must not be drawn over it."""
    assert case.id is not None
    forget_card(turn.session, case.id, chat=turn.chat)


def show_moved(turn: Turn, case: Case, action: Action | None, *, unsent: str = "") -> Reply:
    """The case as it is now, after a word about who did what; `unsent` words are given back."""
    news = meanwhile(turn, case, action)
    if unsent:
        news += "\n" + turn.words("triage.unsent", text=unsent)
    shown = show_case(turn, case, news=news, edit=not unsent)
    return replace(shown, toast=meanwhile(turn, case, action))


def meanwhile(turn: Turn, case: Case, action: Action | None) -> str:
    """王老师 已于 10:32 受理; to the same person, that there is nothing left to do."""
    sight = Sight.of(turn)
    event = last_move(case, sight)
    if event is None:
        return turn.words("triage.moved")
    values = {"at": sight.briefly_at(event.at), "what": event_words(event, sight)}
    if event.actor == f"member:{turn.officer.id}":
        again = action is not None and EVENT.get(action) == event.action
        return turn.words("triage.done_already" if again else "triage.moved_by_you", **values)
    return turn.words("triage.moved_by", who=sight.who(event.actor), **values)
