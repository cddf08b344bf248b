"""How an officer sees things: the hospital's clock, working days left, colleagues by name."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from sqlmodel import Session

from handlers.turn import Turn
from handlers.words import Words
from storage.access import may_see
from storage.cases import Case, parse_number
from storage.errors import SealError
from storage.events import REPORTER, SYSTEM
from storage.house import House
from storage.members import Member, name_of

_FARTHEST = 400
"""Days that are counted; what is farther away is simply far."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What the words for an officer are made with; `viewer` is who reads them, where one person does."""

    session: Session
    house: House
    words: Words
    now: datetime
    viewer: Member | None = None

    @classmethod
    def of(cls, turn: Turn) -> Self:
        """The same, within a turn."""
        return cls(turn.session, turn.house, turn.words, turn.now, turn.member)

    def at(self, moment: datetime) -> str:
        """Such as 11月21日 09:30; with the year where it is not this one."""
        local, today = self._local(moment), self._local(self.now)
        key = "card.time" if local.year == today.year else "card.time_year"
        clock = f"{local:%H:%M}"
        return self.words(key, year=local.year, month=local.month, day=local.day, clock=clock)

    def briefly_at(self, moment: datetime) -> str:
        """The clock alone where it was today."""
        local = self._local(moment)
        return f"{local:%H:%M}" if local.date() == self._local(self.now).date() else self.at(moment)

    def left(self, due: datetime, *, short: bool = False) -> str:
        """Working days left until `due`, or since: 还剩 2 个工作日, 已超期 3 个工作日."""
        overdue = due <= self.now
        days = self._working_days(*((due, self.now) if overdue else (self.now, due)))
        kind = ("over" if days else "over_now") if overdue else ("left" if days else "left_today")
        return self.words(f"card.{'short_' if short else ''}{kind}", days=days)

    def working_days_to(self, moment: datetime) -> int:
        """Working days after today, up to and with the day of `moment`."""
        return self._working_days(self.now, moment)

    def name(self, member_id: int | None) -> str:
        """A colleague's name, or empty if there is none; a word in its place where it does not open."""
        member = self.session.get(Member, member_id) if member_id is not None else None
        if member is None:
            return ""
        try:
            return name_of(member, vault=self.house.vault) or self.words("history.former_member")
        except SealError:
            return self.words("history.unopened_name")

    def other_case(self, number: str) -> str:
        """The number of another case, for who may know of that case as well."""
        case = self.session.get(Case, parse_number(number) or 0) if number else None
        if case is None or self.viewer is None:
            return number
        seen = may_see(self.session, case, self.viewer, self.house.hospital)
        return number if seen else self.words("history.other_case")

    def who(self, actor: str) -> str:
        """The actor of an event in words."""
        if actor in (REPORTER, SYSTEM):
            return self.words(f"history.{actor}")
        kind, _, number = actor.partition(":")
        known = self.name(int(number)) if kind == "member" and number.isdecimal() else ""
        return known or self.words("history.console")

    def _local(self, moment: datetime) -> datetime:
        return self.house.local(moment)

    def _working_days(self, since: datetime, until: datetime) -> int:
        """Working days after the day of `since`, up to and with the day of `until`."""
        first, last = self._local(since).date(), self._local(until).date()
        days = range(1, min((last - first).days, _FARTHEST) + 1)
        return sum(self.house.calendar.is_working_day(first + timedelta(days=number)) for number in days)
