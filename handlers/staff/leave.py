"""请假 and 销假: somebody says when they are away; the head of their office may end it."""

from datetime import date

from handlers.staff.duties.button import duties_button
from handlers.staff.services_button import services_button
from handlers.turn import Rows, Turn
from handlers.words import Words
from nlp.leave import MOST_DAYS, Away, Said, read_leave
from storage.members import Member
from storage.messages import Reply
from storage.moves import actor
from storage.refusals import note_refusal
from storage.staff.employees import Employee, Employment, employee_name, employee_of
from storage.staff.leave import come_back, current_leave, take_leave
from storage.staff.permits import oversees_office


def on_leave_words(turn: Turn) -> list[Reply] | None:
    """A short message of a member about being away; None for all else."""
    said = read_leave(turn.inbound.text, turn.house.local_day(turn.now))
    if said is None:
        return None
    employee = employee_of(turn.session, turn.member)
    if employee is None:
        return [turn.reply("leave.not_listed")]
    match said:
        case Away():
            return _away(turn, employee, said)
        case Said.BACK:
            return _back(turn, employee)
    return [turn.reply(f"leave.{said}", most=MOST_DAYS)]


def on_leave_choice(turn: Turn, argument: str) -> list[Reply]:
    """`leave:how`: what to type; `leave:end:EMPLOYEE`: the head of somebody's office ends their leave."""
    verb, _, number = argument.partition(":")
    if verb == "how":
        said = turn.words("leave.how")
        return _told(turn, said) if turn.inbound.in_group else [Reply(said)]
    known = verb == "end" and number.isascii() and number.isdecimal() and len(number) < 10
    employee = turn.session.get(Employee, int(number)) if known else None
    if employee is None or not _may_end(turn.officer, employee, turn):
        note_refusal(turn.session, turn.officer, "action", now=turn.now)
        return _told(turn, turn.words("leave.not_yours"))
    if employee.standing is not Employment.ACTIVE:
        return _told(turn, turn.words("leave.over_already"))
    if not come_back(turn.session, employee, by=actor(turn.officer), house=turn.house, now=turn.now):
        return _told(turn, turn.words("leave.over_already"))
    name = employee_name(employee, vault=turn.house.vault) or employee.office
    said = turn.words("leave.ended", name=name)
    return _told(turn, said) if turn.inbound.in_group else [turn.reply("leave.ended", name=name, edit=True)]


def leave_days(first: date, last: date, words: Words) -> str:
    """The days as they are told: 12月1日到12月5日."""
    said = [words("leave.day", month=day.month, day=day.day) for day in (first, last)]
    if first == last:
        return words("leave.one_day", first=said[0])
    return words("leave.several_days", first=said[0], last=said[1])


def _away(turn: Turn, employee: Employee, away: Away) -> list[Reply]:
    if current_leave(employee, house=turn.house, now=turn.now) == (away.first, away.last):
        return [turn.reply("leave.known", _ways_on(turn))]
    take_leave(turn.session, employee, away.first, away.last, house=turn.house, now=turn.now)
    days = leave_days(away.first, away.last, turn.words)
    return [turn.reply("leave.taken", _ways_on(turn), days=days)]


def _back(turn: Turn, employee: Employee) -> list[Reply]:
    leave = current_leave(employee, house=turn.house, now=turn.now)
    if leave is None:
        return [turn.reply("leave.none")]
    begun = leave[0] <= turn.house.local_day(turn.now)
    come_back(turn.session, employee, house=turn.house, now=turn.now)
    return [turn.reply("leave.back" if begun else "leave.cancelled", _ways_on(turn))]


def _ways_on(turn: Turn) -> Rows:
    return ((*duties_button(turn), *services_button(turn)),)


def _may_end(member: Member, employee: Employee, turn: Turn) -> bool:
    return oversees_office(member, employee.office, turn.house.hospital)


def _told(turn: Turn, said: str) -> list[Reply]:
    """In a group only the one who pressed hears it."""
    return [Reply("" if turn.inbound.in_group else said, toast=said)]
