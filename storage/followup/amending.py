"""Amends discharges that are known already by what a later row says of them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from enum import Enum

from sqlmodel import Session, col, select

from storage.errors import SealError
from storage.followup.discharges import Discharge, Standing, keep_sealed, open_sealed
from storage.followup.laying import Layout, lay_anew, may_still_be_asked
from storage.followup.rows import SMS, DischargeRow, Reach, reach_of
from storage.followup.stopping import set_standing
from storage.followup.surveys import Stage, Survey
from storage.house import House

SAME_STAY = timedelta(days=30)
"""A date that is corrected moves by less; further apart, the number is a patient's and not a stay's."""
_SAID_BY_FILE = frozenset({Standing.READMITTED, Standing.DECEASED, Standing.WITHDRAWN, Standing.OPTED_OUT})


class Amended(Enum):
    """What became of a row whose number was known."""

    UNCHANGED = 0
    CHANGED = 1
    OTHER_STAY = 2


class Amending:
    """Amends the discharges of one slice; their surveys are fetched together."""

    def __init__(
        self, session: Session, layout: Layout, opted_out: frozenset[str], *, house: House, now: datetime
    ) -> None:
        self._session, self._layout, self._opted_out = session, layout, opted_out
        self._vault, self._now = house.vault, now
        self._surveys: dict[int | None, list[Survey]] = {}

    def all(self, pairs: Sequence[tuple[Discharge, DischargeRow]]) -> list[Amended]:
        """What became of each pair, in their order."""
        pairs = [(discharge, self._heard(discharge, row)) for discharge, row in pairs]
        differing = [discharge.id for discharge, row in pairs if self._differs(discharge, row)]
        self._fetch(differing)
        return [self._amend(*pair) if pair[0].id in self._surveys else Amended.UNCHANGED for pair in pairs]

    def _heard(self, discharge: Discharge, row: DischargeRow) -> DischargeRow:
        """What of a row counts here.

        The number that was a stranger's is none, however often it comes. Who agrees only now is written to
        at the number that came before.
        """
        if discharge.standing is Standing.WRONG_PERSON and not self._is_another_number(discharge, row):
            return replace(row, contact=None, consent=None)
        if row.contact is None and row.consent and not discharge.consent and not discharge.channel:
            phone = self._phone(discharge)
            return replace(row, contact=phone, contact_channel=SMS) if phone else row
        return row

    def _is_another_number(self, discharge: Discharge, row: DischargeRow) -> bool:
        phone = self._phone(discharge)
        return bool(phone and row.contact) and row.contact_channel == SMS and row.contact != phone

    def _fetch(self, ids: Sequence[int | None]) -> None:
        self._surveys = {one: [] for one in ids}
        if ids:
            found = select(Survey).where(col(Survey.discharge_id).in_(ids)).order_by(col(Survey.id))
            for survey in self._session.exec(found):
                self._surveys[survey.discharge_id].append(survey)

    def _differs(self, discharge: Discharge, row: DischargeRow) -> bool:
        """Whether a closer look is needed."""
        return self._plainly_differs(discharge, row) or self._reach_differs(discharge, row, discharge.consent)

    def _plainly_differs(self, discharge: Discharge, row: DischargeRow) -> bool:
        return (
            _plain(discharge, row) != _plain_now(discharge)
            or _consent(discharge, row) != discharge.consent
            or self._standing(discharge, row, moved=False) is not discharge.standing
        )

    def _reach_differs(self, discharge: Discharge, row: DischargeRow, consent: bool) -> bool:
        if row.contact is None:
            return False
        reach = reach_of(row, self._vault)
        if reach.phone != self._phone(discharge) and row.contact_channel in ("", SMS):
            return True
        return not _has_joined(discharge) and (reach.chat if consent else None) != discharge.chat

    def _amend(self, discharge: Discharge, row: DischargeRow) -> Amended:
        if abs(row.discharged_at - discharge.discharged_at) > SAME_STAY:
            return Amended.OTHER_STAY
        surveys = self._surveys[discharge.id]
        plainly = self._plainly_differs(discharge, row)
        consent = _consent(discharge, row)
        discharge.department, discharge.ward, discharge.discharged_at, discharge.language = _plain(
            discharge, row
        )
        discharge.consent = consent
        moved = self._move(discharge, row, surveys)
        if not discharge.consent and discharge.channel and not _has_joined(discharge):
            self._set_reach(discharge, Reach())
        if not plainly and not moved:
            return Amended.UNCHANGED
        standing = self._standing(discharge, row, moved=moved)
        discharge.changed_at = self._now
        self._session.add(discharge)
        set_standing(self._session, discharge, standing, now=self._now)
        lay_anew(self._session, discharge, surveys, layout=self._layout, moved=moved)
        return Amended.CHANGED

    def _move(self, discharge: Discharge, row: DischargeRow, surveys: Sequence[Survey]) -> bool:
        """Takes up another way to be reached, while there still is something to ask; whether it did."""
        if not self._reach_differs(discharge, row, discharge.consent):
            return False
        if row.contact and not may_still_be_asked(surveys, self._layout, discharge):
            return False
        reach, before = reach_of(row, self._vault), discharge.chat
        if row.contact_channel in ("", SMS):
            keep_sealed(discharge, "phone", reach.phone, vault=self._vault)
        if not _has_joined(discharge):
            self._set_reach(discharge, reach if discharge.consent else Reach())
            for survey in surveys:  # nobody at the number before may answer for the patient any more
                if survey.stage is Stage.SENT and survey.chat is not None and survey.chat == before:
                    survey.chat = discharge.chat
        return True

    def _set_reach(self, discharge: Discharge, reach: Reach) -> None:
        discharge.channel, discharge.chat = reach.channel, reach.chat
        keep_sealed(discharge, "address", reach.address, vault=self._vault)

    def _standing(self, discharge: Discharge, row: DischargeRow, *, moved: bool) -> Standing:
        """Opting out is for good; a wrong number is over once the hospital has another one."""
        before, told = discharge.standing, row.standing
        if before is Standing.OPTED_OUT:
            return before
        wanted = told if told in _SAID_BY_FILE or before is not Standing.WRONG_PERSON else None
        if wanted is None:
            wanted = Standing.ACTIVE if moved and before is Standing.WRONG_PERSON else before
        opted_out = bool(row.contact) and reach_of(row, self._vault).chat in self._opted_out
        return Standing.OPTED_OUT if wanted is Standing.ACTIVE and opted_out else wanted

    def _phone(self, discharge: Discharge) -> str:
        """A number that does not open any more is none, and is put anew."""
        try:
            return open_sealed(discharge, "phone", vault=self._vault)
        except SealError:
            return ""


def _has_joined(discharge: Discharge) -> bool:
    """Whether the patient came to a chat by themselves; SMS is where they fall back to."""
    return discharge.joined_on is not None and discharge.channel not in ("", SMS)


def _consent(discharge: Discharge, row: DischargeRow) -> bool:
    """Who joined with a ticket agreed in person."""
    told = row.consent is not None and discharge.joined_on is None
    return bool(row.consent) if told else discharge.consent


def _plain(discharge: Discharge, row: DischargeRow) -> tuple[str, str, datetime, str]:
    ward = discharge.ward if row.ward is None else row.ward
    return row.department, ward, row.discharged_at, row.language or discharge.language


def _plain_now(discharge: Discharge) -> tuple[str, str, datetime, str]:
    return discharge.department, discharge.ward, discharge.discharged_at, discharge.language
