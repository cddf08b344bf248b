"""The officer's menu, and being on duty or away."""

from handlers.staff.coverage.button import coverage_button
from handlers.staff.duties.button import duties_button
from handlers.staff.services_button import services_button
from handlers.triage.block_view import blocks_known
from handlers.triage.form import form_in
from handlers.triage.house import house_menu
from handlers.turn import Turn
from storage.event_names import EventName
from storage.events import record_event
from storage.followup.task_lists import open_tasks
from storage.hand_ins.access import may_open_hand_in, may_take
from storage.hand_ins.figures import open_hand_ins
from storage.lists import Listing
from storage.members import Right, is_head_or_supervisor, may, members_of
from storage.messages import Choice, Reply

_LISTS = ((Listing.MINE, Listing.OFFICE), (Listing.SUPPORTING, Listing.TODAY, Listing.OVERDUE))


def officer_menu(turn: Turn, *, edit: bool = False) -> Reply:
    """Who the officer is here, the lists, and the switch for duty; the administrator has another."""
    member = turn.officer
    if not may(member, Right.HANDLE):
        return house_menu(turn, edit=edit)
    duty = turn.words("triage.on_duty" if member.on_duty else "triage.off_duty")
    if is_clinical(turn):
        ward_rows = [
            [*duties_button(turn), *coverage_button(turn), *services_button(turn)],
            _tasks_button(turn, always=True),
            [_duty_button(turn), *_satisfaction_button(turn)],
        ]
        return turn.reply("triage.menu_ward", ward_rows, edit=edit, office=member.office, duty=duty)
    rows = [[_button(turn, listing.value, f"list:{listing}:0") for listing in row] for row in _LISTS]
    supervisor = turn.words("triage.menu_supervisor") if may(member, Right.EVERY_CASE) else ""
    return turn.reply(
        "triage.menu",
        [
            *rows,
            [*duties_button(turn), *coverage_button(turn), *services_button(turn)],
            [*_tasks_button(turn), *_hand_ins_button(turn)],
            [_duty_button(turn), _button(turn, "handover", "handover"), *_figures_button(turn)],
            [*_satisfaction_button(turn), *_blocks_button(turn)],
        ],
        edit=edit,
        office=member.office,
        duty=duty,
        supervisor=supervisor,
    )


def not_yours(turn: Turn) -> list[Reply]:
    """What a role has no right to; nothing about any case is asked or told."""
    said = turn.words("triage.not_yours")
    return [Reply(said, officer_menu(turn).choices, toast=said)]


def help_reply(turn: Turn) -> Reply:
    """What an officer can type."""
    return turn.reply(
        "triage.help_ward" if is_clinical(turn) else "triage.help", [[_button(turn, "menu", "desk")]]
    )


def no_such_case(turn: Turn) -> list[Reply]:
    """One sentence for what does not exist and what this officer may not know of."""
    if form_in(turn.dialogue) is not None:
        turn.dialogue.clear()
    said = turn.words("triage.no_such_case")
    return [Reply(said, officer_menu(turn).choices, toast=said)]


def on_duty(turn: Turn, *, on: bool) -> list[Reply]:
    """值班 or 休息; saying it twice changes nothing."""
    member = turn.officer
    if member.on_duty != on:
        member.on_duty, member.changed_at = on, turn.now
        turn.session.add(member)
        turn.session.flush()
        record_event(
            turn.session, f"member:{member.id}", EventName.DUTY_ON if on else EventName.DUTY_OFF, now=turn.now
        )
    alone = not any(one.on_duty for one in members_of(turn.session, member.office))
    key = "triage.now_on_duty" if on else "triage.now_off_duty_alone" if alone else "triage.now_off_duty"
    said = turn.words(key, office=member.office)
    rows = [[_duty_button(turn), _button(turn, "menu", "desk")]]
    return [turn.reply(key, rows, edit=True, toast=said, office=member.office)]


def is_clinical(turn: Turn) -> bool:
    """Whether the officer belongs to a clinical department: patients to call, and no cases."""
    return turn.officer.office in turn.house.hospital.clinical


def _tasks_button(turn: Turn, *, always: bool = False) -> list[Choice]:
    """回访任务, for a ward always, for others while there is one for them."""
    count = len(open_tasks(turn.session, turn.officer, house=turn.house))
    label = turn.words("tasks.list_count", count=count) if count else turn.words("tasks.list")
    return [Choice(label, "task:list:0")] if count or always else []


def _hand_ins_button(turn: Turn) -> list[Choice]:
    """上交登记, for who takes them, while there is one for them."""
    if not may_take(turn.officer, turn.house):
        return []
    count = sum(
        may_open_hand_in(turn.session, row, turn.officer, house=turn.house)
        for row in open_hand_ins(turn.session)
    )
    label = turn.words("hand_in.list_count", count=count)
    return [Choice(label, "handin:list:0")] if count else []


def _blocks_button(turn: Turn) -> list[Choice]:
    """暂停名单, for whoever may end a block, while there is one."""
    if not is_head_or_supervisor(turn.officer) or not blocks_known(turn):
        return []
    return [_button(turn, "blocks", "blocks")]


def _figures_button(turn: Turn) -> list[Choice]:
    return [_button(turn, "figures", "figures")] if may(turn.officer, Right.STATISTICS) else []


def _satisfaction_button(turn: Turn) -> list[Choice]:
    """满意度, where discharged patients are asked."""
    if not may(turn.officer, Right.STATISTICS) or not turn.house.hospital.followup.enabled:
        return []
    return [_button(turn, "satisfaction", "satisfaction")]


def _duty_button(turn: Turn) -> Choice:
    return (
        _button(turn, "duty_off", "duty:off") if turn.officer.on_duty else _button(turn, "duty_on", "duty:on")
    )


def _button(turn: Turn, name: str, value: str) -> Choice:
    return Choice(turn.words(f"desk.{name}"), value)
