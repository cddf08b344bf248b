"""Forgets what has had its time: dialogues, old events, shown letters, addresses, used codes, leavers."""

from datetime import datetime, timedelta

from sqlmodel import Session

from storage.blocks import end_blocks
from storage.dialogues import forget_dialogues
from storage.duties.handing_in import drop_old_drafts
from storage.duties.promises import drop_old_promises
from storage.followup.joining import forget_tickets
from storage.followup.task_lists import forget_tasks
from storage.hand_ins.forgetting import forget_hand_ins
from storage.hand_outs import forget_hand_outs
from storage.house import House
from storage.inbox import forget_events
from storage.invites import forget_invites
from storage.leavers import forget_leavers, forget_people_who_left
from storage.numbered_choices import forget_choices
from storage.receipts import forget_guesses
from storage.sender_tags import forget_old_tags
from storage.sending import forget_letters
from storage.staff.leave import end_leaves
from storage.subscriptions import purge_addresses
from storage.training.sittings import forget_practice

UNFINISHED = timedelta(days=30)
"""How long what staff began to hand in or fill in is kept."""


def forget_the_old(session: Session, *, house: House, now: datetime) -> dict[str, int]:
    """Deletes what nobody needs any more; returns how many of each kind."""
    rules = house.hospital.retention
    return {
        "dialogues": forget_dialogues(session, now=now),
        "letters": forget_letters(session, dead_days=rules.undelivered, now=now),
        "events": forget_events(session, now=now),
        "guesses": forget_guesses(session, now=now),
        "tags": forget_old_tags(session, now=now),
        "blocks": end_blocks(session, now=now),
        "addresses": purge_addresses(session, now=now),
        "hand-outs": forget_hand_outs(session, now=now),
        "hand-ins": forget_hand_ins(session, house=house, now=now),
        "invites": forget_invites(session, days=rules.invites, now=now),
        "leavers": forget_leavers(session, days=rules.leavers, now=now),
        "people": forget_people_who_left(session, days=rules.leavers, house=house, now=now),
        "leaves": end_leaves(session, house=house, now=now),
        "tickets": forget_tickets(session, now=now),
        "choices": forget_choices(session, now=now),
        "practice": forget_practice(session, now=now),
        "drafts": drop_old_drafts(session, before=now - UNFINISHED),
        "unsigned": drop_old_promises(session, before=now - UNFINISHED),
        "tasks": forget_tasks(session, days=rules.discharges, now=now),
    }
