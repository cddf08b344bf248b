"""What a case shows about its sender being blocked: a proposal, the block, and the buttons for both."""

from handlers.triage.sight import Sight
from handlers.turn import Turn
from storage.access import may_act
from storage.blocks import Block, block_of, blocks_in_force, may_agree, may_be_blocked, proposal_for
from storage.cases import Case
from storage.members import Member
from storage.messages import Choice


def blocks_known(turn: Turn) -> list[Block]:
    """The blocks that hold, as far as this officer decides on the case they came from.

    That there is one tells of a case, and of who handles it: nobody whom the case leaves out learns that.
    """
    hospital = turn.house.hospital
    known = (
        (turn.session.get(Case, one.case_id), one) for one in blocks_in_force(turn.session, now=turn.now)
    )
    return [
        one for case, one in known if case is not None and may_act(turn.session, case, turn.officer, hospital)
    ]


def block_line(case: Case, member: Member, sight: Sight) -> str:
    """Who proposed what, or until when the sender is not heard; empty for most cases."""
    assert case.id is not None
    if not may_act(sight.session, case, member, sight.house.hospital):
        return ""
    if (asked := proposal_for(sight.session, case.id, now=sight.now)) is not None:
        reason = sight.words(f"desk.block_{asked.reason}")
        who = sight.name(asked.proposed_by)
        return sight.words("card.block_proposed", who=who, reason=reason, days=asked.days)
    if (block := block_of(sight.session, case.id, now=sight.now)) is not None and block.until is not None:
        reason = sight.words(f"desk.block_{block.reason}")
        return sight.words("card.blocked", reason=reason, until=sight.at(block.until))
    return ""


def block_row(case: Case, member: Member, sight: Sight) -> tuple[Choice, ...]:
    """The buttons about a proposal that waits for somebody's word."""
    assert case.id is not None
    words, session, now = sight.words, sight.session, sight.now
    if not may_act(session, case, member, sight.house.hospital):
        return ()
    if (asked := proposal_for(session, case.id, now=now)) is not None:
        agree = Choice(words("desk.block_agree", days=asked.days), f"block:{case.id}:agree:{asked.id}")
        own = asked.proposed_by == member.id
        decline = words("desk.block_take_back" if own else "desk.block_decline")
        back = Choice(decline, f"block:{case.id}:decline:{asked.id}")
        return (agree, back) if may_agree(session, asked, case, member, house=sight.house) else (back,)
    return ()


def sender_row(case: Case, member: Member, sight: Sight) -> tuple[Choice, ...]:
    """The button that proposes a block, or ends one, while no proposal waits."""
    assert case.id is not None
    words, session, now = sight.words, sight.session, sight.now
    if not may_act(session, case, member, sight.house.hospital):
        return ()
    if (block := block_of(session, case.id, now=now)) is not None:
        return (Choice(words("desk.unblock"), f"block:{case.id}:lift:{block.id}"),)
    if may_be_blocked(session, case.id, now=now):
        return (Choice(words("desk.block"), f"block:{case.id}"),)
    return ()
