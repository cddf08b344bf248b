"""Which patient a task is about, for whoever does it, where that is theirs to know."""

from typing import NamedTuple

from sqlmodel import Session

from storage.errors import SealError
from storage.followup.discharges import Discharge, Standing, open_sealed
from storage.followup.surveys import Survey
from storage.followup.task_people import text_in
from storage.followup.tasks import Task, TaskKind
from storage.vault import Vault


class Patient(NamedTuple):
    """Discharge number and phone in clear, each empty where it is not there or does not open.

    `standing` is that of the discharge by now: who calls must know that somebody has died since.
    """

    number: str
    phone: str
    standing: Standing = Standing.ACTIVE


def may_be_called(task: Task) -> bool:
    """Whether whoever does the task may know who the patient is: health needs it, or a call was agreed to."""
    return task.kind is TaskKind.CALLBACK or task.call_wanted or task.phone is not None


def patient_of(session: Session, task: Task, *, vault: Vault) -> Patient | None:
    """The patient, or None where nobody may be told. Health needs the phone of the discharge as well."""
    if not may_be_called(task):
        return None
    survey = session.get(Survey, task.survey_id) if task.survey_id is not None else None
    discharge = session.get(Discharge, survey.discharge_id) if survey is not None else None
    phone = text_in(task, "phone", vault=vault)
    if discharge is None:
        return Patient("", phone)
    if not phone and task.kind is TaskKind.CALLBACK:
        phone = _opened(discharge, "phone", vault)
    return Patient(_opened(discharge, "number", vault), phone, discharge.standing)


def _opened(discharge: Discharge, column: str, vault: Vault) -> str:
    try:
        return open_sealed(discharge, column, vault=vault)
    except SealError:
        return ""
