"""暂停接收: one officer proposes it from a case, another agrees, and a list shows what holds.

Every step names the case or the proposal it was drawn for. Whoever may not know of the case cannot take
one: whom a report names does not silence its reporter.
"""

from collections.abc import Sequence

from handlers.triage.block_view import blocks_known
from handlers.triage.menu import officer_menu
from handlers.triage.showing import show_case, take_over_card
from handlers.triage.sight import Sight
from handlers.turn import Turn
from storage.access import case_for, may_act
from storage.blocks import (
    DAYS,
    Block,
    BlockReason,
    agree_to_block,
    block_of,
    decline_block,
    lift_block,
    proposal_for,
    propose_block,
)
from storage.cards import refresh_cards
from storage.cases import Case
from storage.errors import CaseMoved
from storage.members import is_head_or_supervisor
from storage.messages import Choice, Reply
from storage.refusals import note_refusal

_REASONS = {reason.value: reason for reason in BlockReason}
_MOST = 20


def on_block(turn: Turn, number: str = "", wish: str = "", detail: str = "", sure: str = "") -> list[Reply]:
    """A button about the sender of a case."""
    case = case_for(turn.session, number, turn.officer, turn.house.hospital, now=turn.now)
    if not may_act(turn.session, case, turn.officer, turn.house.hospital):
        note_refusal(turn.session, turn.officer, "action", case_id=case.id, now=turn.now, wish="block")
        return [_show(turn, case, "triage.not_allowed")]
    try:
        match wish:
            case "agree" | "decline" | "lift":
                return [_answer(turn, case, wish, detail)]
            case reason if reason in _REASONS and detail in map(str, DAYS):
                return [_propose(turn, case, _REASONS[reason], int(detail), sure=sure == "yes")]
            case reason if reason in _REASONS:
                return [_ask_days(turn, case, reason)]
    except CaseMoved:
        return [_show(turn, case, "triage.block_over")]
    return [_ask_reason(turn, case)]


def on_blocks(turn: Turn, arguments: Sequence[str]) -> list[Reply]:
    """暂停名单, for heads and supervisors; `lift:ID` ends one."""
    if not is_head_or_supervisor(turn.officer):
        note_refusal(turn.session, turn.officer, "action", now=turn.now, wish="blocks")
        said = turn.words("triage.unknown_button")
        return [Reply(said, officer_menu(turn).choices, toast=said)]
    if len(arguments) == 2 and arguments[0] == "lift":
        known = next((one for one in blocks_known(turn) if str(one.id) == arguments[1]), None)
        lifted = known is not None and lift_block(turn.session, known.id or 0, turn.officer, now=turn.now)
        return [_list(turn, turn.words("triage.block_lifted" if lifted else "triage.block_over"))]
    return [_list(turn, "")]


def _ask_reason(turn: Turn, case: Case) -> Reply:
    rows = [(_button(turn, case, f"desk.block_{reason}", reason),) for reason in _REASONS]
    return turn.reply("triage.block_reason", [*rows, _back(turn, case)], edit=True, number=case.number)


def _ask_days(turn: Turn, case: Case, reason: str) -> Reply:
    row = [_button(turn, case, "desk.block_days", f"{reason}:{days}", days=days) for days in DAYS]
    return turn.reply("triage.block_days", [row, _back(turn, case)], edit=True, number=case.number)


def _propose(turn: Turn, case: Case, reason: BlockReason, days: int, *, sure: bool) -> Reply:
    if not sure:
        named = turn.words(f"desk.block_{reason}")
        yes = _button(turn, case, "desk.block_propose", f"{reason}:{days}:yes")
        rows = [(yes,), _back(turn, case)]
        return turn.reply(
            "triage.block_preview", rows, edit=True, number=case.number, reason=named, days=days
        )
    propose_block(turn.session, case, turn.officer, reason, days, house=turn.house, now=turn.now)
    return _show(turn, case, "triage.block_proposed")


def _answer(turn: Turn, case: Case, wish: str, detail: str) -> Reply:
    """The word of somebody else about a proposal, once: a button of an older one does nothing."""
    assert case.id is not None
    find = block_of if wish == "lift" else proposal_for
    waiting = find(turn.session, case.id, now=turn.now)
    if waiting is None or str(waiting.id) != detail:
        raise CaseMoved("the proposal is not there any more")
    match wish:
        case "agree":
            agree_to_block(turn.session, case, turn.officer, house=turn.house, now=turn.now)
            return _show(turn, case, "triage.block_agreed")
        case "decline":
            decline_block(turn.session, case, turn.officer, now=turn.now)
            return _show(turn, case, "triage.block_declined")
    lift_block(turn.session, waiting.id or 0, turn.officer, now=turn.now)
    return _show(turn, case, "triage.block_lifted")


def _show(turn: Turn, case: Case, key: str) -> Reply:
    take_over_card(turn, case)
    refresh_cards(turn.session, case.id or 0, now=turn.now)  # colleagues see the proposal, or that it is over
    return show_case(turn, case, news=turn.words(key), edit=True, looked=False)


def _list(turn: Turn, news: str) -> Reply:
    blocks = blocks_known(turn)
    lines = [_line(turn, place, block) for place, block in enumerate(blocks[:_MOST], 1)]
    rows = [
        [Choice(turn.words("desk.unblock_number", place=place), f"blocks:lift:{block.id}")]
        for place, block in enumerate(blocks[:_MOST], 1)
    ]
    title = turn.words("triage.blocks" if blocks else "triage.blocks_empty", count=len(blocks))
    menu = [Choice(turn.words("desk.menu"), "desk")]
    reply = turn.reply("triage.block_list", [*rows, menu], edit=True, lines="\n".join(lines), title=title)
    return Reply(f"{news}\n{reply.text}".strip(), reply.choices, edits=reply.edits, toast=news or None)


def _line(turn: Turn, place: int, block: Block) -> str:
    """What was agreed to, by whom and from which case; never who it is."""
    sight = Sight.of(turn)
    assert block.until is not None
    case = turn.session.get(Case, block.case_id)
    number = turn.words("triage.block_case", number=case.number) if case is not None else ""
    values = {
        "place": place, "reason": turn.words(f"desk.block_{block.reason}"), "until": sight.at(block.until),
        "proposed": sight.name(block.proposed_by), "agreed": sight.name(block.confirmed_by), "case": number,
    }  # fmt: skip
    return turn.words("triage.block_line", **values)


def _button(turn: Turn, case: Case, key: str, wish: str, **values: int) -> Choice:
    return Choice(turn.words(key, **values), f"block:{case.id}:{wish}")


def _back(turn: Turn, case: Case) -> tuple[Choice, ...]:
    return (Choice(turn.words("desk.back_to_case"), f"open:{case.id}"),)
