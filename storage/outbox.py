"""What is to be said to the world: written in the transaction that decides it, sent by delivery."""

import json
import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, select

from storage.identity import chat_hash
from storage.letters import Letter, State, put_letter
from storage.messages import Reply
from storage.vault import Vault

_TO_THOUSANDS = ("survey.", "due.digest")
"""Notices so named are for all patients who are due, or all staff: no officer waits behind them."""
KEPT = timedelta(days=1)
"""How long a shown reply stays readable: the same event gets the same answer, a page can reload."""


def post_reply(
    session: Session,
    reply: Reply,
    *,
    channel: str,
    address: str,
    is_group: bool = False,
    inbox_id: int | None = None,
    shown: bool = False,
    case_id: int | None = None,
    audience: str | None = None,
    state: str = "",
    wait: timedelta = timedelta(0),
    vault: Vault,
    now: datetime,
) -> int:
    """Puts a finished reply into the outbox and returns its id; `shown` where the channel pulls.

    It goes out after `wait`. For the card of a case, `audience` says whose it is and `state` (see
    card_state) what it shows.
    """
    row = {
        "uid": secrets.token_hex(8),
        "state": State.SENT if shown else State.PENDING,
        "channel": channel,
        "chat": chat_hash(vault, channel, address),
        "is_group": is_group,
        "inbox_id": inbox_id,
        "case_id": case_id,
        "audience": audience,
        "arguments": json.dumps({"state": state}) if state else "{}",
        "created_at": now,
        "due_at": now + wait,
        "settled_at": now if shown else None,
    }
    return put_letter(session, row, address=None if shown else address, reply=reply, vault=vault)


def announce(
    session: Session,
    audience: str,
    notice: str,
    *,
    case_id: int | None = None,
    now: datetime,
    **arguments: Any,
) -> None:
    """Leaves word for an audience; who that is and how it reads is settled when it is sent.

    `arguments` are words of the office (percent, office, number), never content.
    """
    row = {
        "uid": secrets.token_hex(8),
        "state": State.PENDING,
        "bulk": notice.startswith(_TO_THOUSANDS),
        "audience": audience,
        "notice": notice,
        "arguments": json.dumps(arguments, ensure_ascii=False),
        "case_id": case_id,
        "created_at": now,
        "due_at": now,
    }
    put_letter(session, row)


def replies_to(session: Session, inbox_id: int) -> list[Letter]:
    """What was answered to one event, oldest first."""
    return list(session.exec(select(Letter).where(Letter.inbox_id == inbox_id).order_by(col(Letter.id))))


def shown_after(session: Session, chat: str, after: int, *, limit: int = 100) -> list[Letter]:
    """What a pulled chat was shown after the letter `after`, oldest first."""
    shown = (Letter.chat == chat, Letter.state == State.SENT, col(Letter.id) > after)
    return list(
        session.exec(
            select(Letter)
            .where(*shown, col(Letter.payload).is_not(None))
            .order_by(col(Letter.id))
            .limit(limit)
        )
    )
