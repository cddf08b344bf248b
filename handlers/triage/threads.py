"""The thread and the trail of a case in words."""

import json
from typing import Any

from handlers.triage.cards import code_words
from handlers.triage.content import shown_text
from handlers.triage.sight import Sight
from storage.cases import Case
from storage.entries import Entry, Kind, thread
from storage.event_names import ONLOOKERS, EventName
from storage.events import RECATEGORISED, UNDONE, Event, case_history

MOVES = frozenset(
    {"accepted", "investigating", "transferred", "closed", "reopened", "assigned", "released", "withdrawn",
     "separated", "stands_alone",
     "held", "hold_lifted", "purged", "handed_over", "recused", "recusal_lifted", "restored", "rerouted",
     RECATEGORISED, UNDONE}
)  # fmt: skip
"""Events that change where a case stands."""


def thread_lines(case: Case, sight: Sight, *, leads: bool) -> list[str]:
    """Every entry with time, author and text, oldest first; masked for those who do not lead."""
    assert case.id is not None
    entries = thread(sight.session, case.id, vault=sight.house.vault, with_broken=True)
    return [entry_words(entry, sight, leads=leads) for entry in entries]


def recent_lines(case: Case, sight: Sight, *, leads: bool, count: int, length: int) -> list[str]:
    """The last entries but the report itself, each cut to `length` characters."""
    assert case.id is not None
    found = thread(sight.session, case.id, vault=sight.house.vault, with_broken=True)
    entries = [entry for entry in found if entry.kind is not Kind.REPORT]
    return [entry_words(entry, sight, leads=leads, length=length) for entry in entries[-count:]]


def entry_words(entry: Entry, sight: Sight, *, leads: bool, length: int | None = None) -> str:
    """One entry: 11月21日 09:30 问反映人（王老师，未读）：…"""
    text = sight.words("history.unopened") if entry.broken else shown_text(entry.text, leads=leads)
    if length is not None and len(text) > length:
        text = text[:length] + "…"
    details = [sight.name(entry.member_id)]
    if entry.kind in (Kind.QUESTION, Kind.STEP) and entry.member_id is not None:
        details.append(sight.words("history.seen" if entry.seen else "history.unseen"))
    by = sight.words("history.by", details="，".join(filter(None, details))) if any(details) else ""
    key = "history.entry" if text else "history.entry_bare"
    return sight.words(key, at=sight.at(entry.created_at), label=_label(entry, sight), by=by, text=text)


def history_lines(case: Case, sight: Sight, *, refusals: bool = False) -> list[str]:
    """Every event with time and name; several readings in a row by one person are one line.

    What one step sent to several chats is one line too, with all the names.

    Who was not let in is told only with `refusals`: to heads and supervisors.
    """
    assert case.id is not None
    lines: list[str] = []
    before: Event | None = None
    sent: list[str] = []
    for event in case_history(sight.session, case.id):
        if event.action == EventName.REFUSED and not refusals:
            continue
        if before is not None and event.action in ONLOOKERS and _same(event, before):
            lines.pop()
        sent = _sent_to(event, sent if before is not None and _same(event, before) else [], sight)
        what = sight.words("history.pushed", to=sight.words("card.and").join(sent)) if sent else ""
        what = what or event_words(event, sight)
        values = {"at": sight.at(event.at), "who": sight.who(event.actor), "what": what}
        lines.append(sight.words("history.line", **values))
        before = event
    return lines


def event_words(event: Event, sight: Sight) -> str:
    """What was done, as the end of a sentence: 受理, 由药剂科转办至纪检办."""
    detail: dict[str, Any] = json.loads(event.detail)
    outcome, what = (str(detail.get(key, "")) for key in ("outcome", "what"))
    values = {
        key: str(detail.get(key, ""))
        for key in ("office", "before", "lead", "files", "duplicate_of", "percent", "days", "entries")
    }
    values["duplicate_of"] = sight.other_case(values["duplicate_of"])
    values["outcome"] = sight.words(f"card.outcome_{outcome}") if outcome else ""
    values |= {key: code_words(str(detail.get(key, "")), sight.words) for key in ("was", "became")}
    values["to"] = sight.name(detail["to"]) if isinstance(detail.get("to"), int) else ""
    keys = (f"history.{event.action}_{outcome or what}", f"history.{event.action}")
    key = next((key for key in keys if sight.words.has(key)), "history.other")
    return sight.words(key, **values)


def _sent_to(event: Event, before: list[str], sight: Sight) -> list[str]:
    """Whom content was sent to, `before` in the same line among them; empty for any other event."""
    to = json.loads(event.detail).get("to")
    if event.action != EventName.PUSHED or not isinstance(to, int):
        return []
    name = sight.name(to)
    return before if name in before else [*before, name]


def last_move(case: Case, sight: Sight) -> Event | None:
    """The event that brought the case where it stands."""
    assert case.id is not None
    moves = [event for event in case_history(sight.session, case.id) if event.action in MOVES]
    return moves[-1] if moves else None


def _same(event: Event, before: Event) -> bool:
    return (event.actor, event.action) == (before.actor, before.action)


def _label(entry: Entry, sight: Sight) -> str:
    step, outcome = (str(entry.facts.get(key, "")) for key in ("step", "outcome"))
    keys = (f"history.{entry.kind}_{step}_{outcome}", f"history.{entry.kind}_{step}")
    label = next((key for key in keys if sight.words.has(key)), f"history.{entry.kind}")
    values = {key: str(entry.facts.get(key, "")) for key in ("office", "referred_to", "duplicate_of")}
    values["duplicate_of"] = sight.other_case(values["duplicate_of"])
    return sight.words(label, outcome=sight.words(f"card.outcome_{outcome}") if outcome else "", **values)
