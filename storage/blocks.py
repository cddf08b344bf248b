"""A sender who abuses the letter box is not heard for a time: proposed by one officer, agreed to by another.

Nobody learns who it is. While it is only proposed, the sender's tag (storage.sender_tags) stays sealed;
once agreed it stands here, for no longer than the block. On the web a sender is a session: a new page is
a new sender, and the block holds the old one only.
"""

import secrets
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import bindparam, update
from sqlalchemy import select as core_select
from sqlmodel import Field, Session, SQLModel, col, select

from storage.access import may_act
from storage.cases import Case
from storage.columns import UtcTime, Word
from storage.direct import Prepared
from storage.errors import CaseMoved, SealError
from storage.events import SYSTEM, record_event
from storage.house import House
from storage.members import Member, handling_members, is_head_or_supervisor, name_of
from storage.mentions import plain_name
from storage.outbox import announce
from storage.sender_tags import find_tag, has_tag, tag_of
from storage.vault import Vault, place

LAPSES = timedelta(hours=24)
"""A proposal to which nobody agreed by then is void."""
TOLD_EVERY = timedelta(hours=24)
DAYS = (1, 7, 30)


class BlockReason(StrEnum):
    """THREATS 辱骂威胁, ADVERTS 广告, FLOOD 恶意刷屏; disagreeing with the office is none."""

    THREATS = "threats"
    ADVERTS = "adverts"
    FLOOD = "flood"


class Block(SQLModel, table=True):
    """One proposal, and with `tag`, `confirmed_by` and `until` the block that it became."""

    __tablename__ = "blocks"

    id: int | None = Field(default=None, primary_key=True)
    uid: str
    case_id: int = Field(foreign_key="cases.id", index=True)
    reason: BlockReason = Field(sa_type=Word(BlockReason))
    days: int
    sealed_tag: bytes | None
    tag: str | None = Field(default=None, index=True)
    proposed_by: int
    proposed_at: datetime = Field(sa_type=UtcTime)
    confirmed_by: int | None = None
    until: datetime | None = Field(default=None, sa_type=UtcTime)
    told_at: datetime | None = Field(default=None, sa_type=UtcTime)


_TABLE = Block.__table__  # type: ignore[attr-defined]
_HELD = Prepared(
    core_select(_TABLE.c.id)
    .where(_TABLE.c.tag == bindparam("tag"), _TABLE.c.until > bindparam("now"))
    .order_by(_TABLE.c.until.desc())
    .limit(1)
)


def find_block(session: Session, sender: str, *, vault: Vault, now: datetime) -> Block | None:
    """The block that holds this sender (a keyed hash) now; asked for every message that would be kept."""
    held = _HELD.first(session, {"tag": tag_of(sender, vault=vault), "now": now})
    return session.get(Block, held[0]) if held else None


def tell_once_a_day(session: Session, block: Block, *, now: datetime) -> bool:
    """Whether the blocked sender is to be told again, which then counts as done."""
    if block.told_at is not None and now < block.told_at + TOLD_EVERY:
        return False
    block.told_at = now
    session.add(block)
    return True


def proposal_for(session: Session, case_id: int, *, now: datetime) -> Block | None:
    """The proposal about a case that waits for somebody's word."""
    found = select(Block).where(Block.case_id == case_id, col(Block.confirmed_by).is_(None))
    return session.exec(found.where(Block.proposed_at > now - LAPSES)).first()


def block_of(session: Session, case_id: int, *, now: datetime) -> Block | None:
    """The block that was agreed to from a case and still holds."""
    return session.exec(select(Block).where(Block.case_id == case_id, col(Block.until) > now)).first()


def may_be_blocked(session: Session, case_id: int, *, now: datetime) -> bool:
    """Whether the last sender of a case is still known by a tag, and nothing was proposed yet."""
    if not has_tag(session, case_id, now=now) or proposal_for(session, case_id, now=now) is not None:
        return False
    return block_of(session, case_id, now=now) is None


def propose_block(
    session: Session,
    case: Case,
    member: Member,
    reason: BlockReason,
    days: int,
    *,
    house: House,
    now: datetime,
) -> None:
    """暂停接收, proposed: nothing happens yet; whoever could agree is asked. Raises CaseMoved."""
    assert case.id is not None
    assert member.id is not None
    tag = find_tag(session, case.id, vault=house.vault, now=now)
    if days not in DAYS or not tag or not may_be_blocked(session, case.id, now=now):
        raise CaseMoved("the sender cannot be blocked from here")
    block = Block(
        uid=secrets.token_hex(8), case_id=case.id, reason=reason, days=days, sealed_tag=None,
        proposed_by=member.id, proposed_at=now,
    )  # fmt: skip
    block.sealed_tag = house.vault.seal(bytes.fromhex(tag), block_place(block))
    session.add(block)
    session.flush()
    detail = {"reason": reason.value, "days": days}
    record_event(session, _actor(member), "block_proposed", case_id=case.id, now=now, **detail)
    for one in handling_members(session):
        if one.on_duty and may_agree(session, block, case, one, house=house):
            announce(session, f"member:{one.id}", "case.block_asked", case_id=case.id, now=now)


def may_agree(session: Session, block: Block, case: Case, member: Member, *, house: House) -> bool:
    """Whether a member may make a block of a proposal.

    It takes another person, not the same one under a second account; both must be on the case, now, and one
    of them head of an office or supervisor.
    """
    proposer = session.get(Member, block.proposed_by)
    if proposer is None or proposer.id == member.id or not may_act(session, case, member, house.hospital):
        return False
    if not may_act(session, case, proposer, house.hospital):  # named since, moved or gone
        return False
    names = {plain_name(name_of(one, vault=house.vault)) for one in (proposer, member)}
    return len(names) == 2 and (is_head_or_supervisor(proposer) or is_head_or_supervisor(member))


def agree_to_block(session: Session, case: Case, member: Member, *, house: House, now: datetime) -> Block:
    """同意暂停: from now on the sender is not heard, once, whoever presses first. Raises CaseMoved."""
    assert case.id is not None
    block = proposal_for(session, case.id, now=now)
    if block is None or not may_agree(session, block, case, member, house=house):
        raise CaseMoved("nothing this member could agree to")
    assert block.sealed_tag is not None
    try:
        tag = house.vault.open(block.sealed_tag, block_place(block)).hex()
    except SealError as error:
        raise CaseMoved("the proposal is damaged") from error
    until = now + timedelta(days=block.days)
    agreed = update(Block).where(col(Block.id) == block.id, col(Block.confirmed_by).is_(None))
    values = {"confirmed_by": member.id, "until": until, "tag": tag, "sealed_tag": None}
    done = session.execute(agreed.values(values).execution_options(synchronize_session=False))
    if done.rowcount != 1:  # type: ignore[attr-defined]
        raise CaseMoved("somebody else was first")
    session.refresh(block)
    detail = {"reason": block.reason.value, "days": block.days}
    record_event(session, _actor(member), "blocked", case_id=case.id, now=now, **detail)
    return block


def decline_block(session: Session, case: Case, member: Member, *, now: datetime) -> None:
    """不同意, or the proposer takes it back. Raises CaseMoved where nothing waits."""
    assert case.id is not None
    block = proposal_for(session, case.id, now=now)
    if block is None:
        raise CaseMoved("nothing to decline")
    session.delete(block)
    session.flush()
    record_event(session, _actor(member), "block_declined", case_id=case.id, now=now)


def blocks_in_force(session: Session, *, now: datetime) -> list[Block]:
    """All that hold now, the newest first."""
    return list(session.exec(select(Block).where(col(Block.until) > now).order_by(col(Block.id).desc())))


def lift_block(session: Session, block_id: int, member: Member, *, now: datetime) -> bool:
    """解除, by one who may: the sender is heard again. False if it holds no more."""
    block = session.get(Block, block_id)
    if block is None or block.until is None or block.until <= now:
        return False
    record_event(session, _actor(member), "unblocked", case_id=block.case_id, now=now)
    session.delete(block)
    session.flush()
    return True


def end_blocks(session: Session, *, now: datetime) -> int:
    """Deletes blocks whose time is over and proposals nobody agreed to; returns how many."""
    over = col(Block.until) <= now
    lapsed = col(Block.confirmed_by).is_(None) & (col(Block.proposed_at) <= now - LAPSES)
    found = session.exec(select(Block).where(over | lapsed)).all()
    for block in found:
        name = "block_lapsed" if block.confirmed_by is None else "block_ended"
        record_event(session, SYSTEM, name, case_id=block.case_id, now=now)
        session.delete(block)
    session.flush()
    return len(found)


def block_place(row: Any) -> str:
    """A proposed tag stands for its proposal: who made it must not be exchanged, or one could do for two."""
    return place("blocks", row.uid, row.case_id, str(row.reason), row.days, row.proposed_by)


def _actor(member: Member) -> str:
    return f"member:{member.id}"
