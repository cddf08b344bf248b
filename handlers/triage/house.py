"""What the administrator sees: who is in and on duty, offices without anybody; never a case."""

from handlers.staff.coverage.button import coverage_button
from handlers.staff.duties.button import duties_button
from handlers.staff.services_button import services_button
from handlers.triage.sight import Sight
from handlers.turn import Turn
from storage.access import unmanned_offices
from storage.event_names import EventName
from storage.events import record_event
from storage.members import Member, Right, count_staff, may, with_right
from storage.messages import Choice, Reply
from storage.moves import actor
from storage.sending import count_dead_letters

_PAGE = 8


def house_menu(turn: Turn, *, edit: bool = False) -> Reply:
    """The administrator's desk."""
    rows = [
        [*duties_button(turn), *coverage_button(turn), *services_button(turn)],
        [_button(turn, "people", "people:0"), _button(turn, "figures", "figures")],
        [_button(turn, "satisfaction", "satisfaction")] if turn.house.hospital.followup.enabled else [],
    ]
    dead = count_dead_letters(turn.session)
    return turn.reply("triage.house_menu", rows, edit=edit, office=turn.officer.office, dead=dead)


def on_people(turn: Turn, page: str = "0") -> list[Reply]:
    """Who works here with cases or the house, page by page, and how many other staff have joined.

    Those who handle cases have a switch for their duty.
    """
    record_event(turn.session, actor(turn.officer), EventName.STAFF_LISTED, now=turn.now)
    everybody = with_right(turn.session, Right.DESK)
    last = max(0, (len(everybody) - 1) // _PAGE)
    number = min(int(page), last) if page.isdecimal() and len(page) < 5 else 0
    here = everybody[number * _PAGE : (number + 1) * _PAGE]
    lines = [*(_line(turn, member) for member in here), *_staff_line(turn)]
    rows = [[_switch(turn, member, number)] for member in here if may(member, Right.HANDLE)]
    turning = [_button(turn, "previous", f"people:{number - 1}")] if number else []
    turning += [_button(turn, "next", f"people:{number + 1}")] if number < last else []
    rows += [turning] if turning else []
    text = "\n".join([*lines, *_without_anybody(turn)])
    return [turn.reply("triage.people", [*rows, [_button(turn, "menu", "desk")]], edit=True, text=text)]


def on_shift(turn: Turn, whose: str = "", state: str = "", page: str = "0") -> list[Reply]:
    """Takes a member on or off duty: who is away hears of no new cases."""
    known = whose.isascii() and whose.isdecimal() and len(whose) < 10
    member = turn.session.get(Member, int(whose)) if known else None
    if member is not None and may(member, Right.HANDLE) and state in ("on", "off"):
        on = state == "on"
        if member.on_duty != on:
            member.on_duty, member.changed_at = on, turn.now
            turn.session.add(member)
            turn.session.flush()
            name = EventName.DUTY_ON if on else EventName.DUTY_OFF
            record_event(turn.session, actor(turn.officer), name, now=turn.now, member=member.id)
    return on_people(turn, page)


def _line(turn: Turn, member: Member) -> str:
    duty = "" if not may(member, Right.HANDLE) else "triage.on_duty" if member.on_duty else "triage.off_duty"
    return turn.words(
        "triage.person",
        number=member.id,
        name=Sight.of(turn).name(member.id),
        office=member.office,
        role=turn.words(f"joining.role_{member.role}"),
        duty=turn.words(duty) if duty else "",
    ).rstrip()


def _staff_line(turn: Turn) -> list[str]:
    """Of thousands nobody wants to see the names here."""
    count = count_staff(turn.session)
    return [turn.words("triage.people_staff", count=count)] if count else []


def _switch(turn: Turn, member: Member, page: int) -> Choice:
    state = "off" if member.on_duty else "on"
    label = turn.words(f"desk.shift_{state}", name=Sight.of(turn).name(member.id))
    return Choice(label, f"shift:{member.id}:{state}:{page}")


def _without_anybody(turn: Turn) -> list[str]:
    empty = unmanned_offices(turn.session, turn.house.hospital)
    return [turn.words("triage.unmanned", offices=turn.words("card.and").join(empty))] if empty else []


def _button(turn: Turn, name: str, value: str) -> Choice:
    return Choice(turn.words(f"desk.{name}"), value)
