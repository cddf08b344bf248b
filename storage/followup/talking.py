"""What a conversation after discharge has to find: whether a chat is known, and who is asked once more."""

from sqlalchemy import bindparam, select
from sqlmodel import Session, col
from sqlmodel import select as select_rows

from storage.direct import Prepared
from storage.followup.discharges import Discharge
from storage.followup.surveys import Stage, Survey
from storage.followup.tasks import Task, TaskState

_TABLE = Discharge.__table__  # type: ignore[attr-defined]
_KNOWN = Prepared(select(_TABLE.c.id).where(_TABLE.c.chat == bindparam("where")).limit(1))


def is_known_chat(session: Session, chat: str) -> bool:
    """Whether a discharged patient is asked in this chat (a keyed hash)."""
    return _KNOWN.first(session, {"where": chat}) is not None


def sent_survey(session: Session, chat: str) -> Survey | None:
    """The newest survey that waits for answers of the patient who is asked in this chat, wherever it was
    opened last: who looked at the link on the page may still answer the text message."""
    waiting = (
        select_rows(Survey)
        .join(Discharge, col(Discharge.id) == Survey.discharge_id)
        .where(Discharge.chat == chat, Survey.stage == Stage.SENT)
    )
    newest = col(Survey.sent_at).desc(), col(Survey.id).desc()
    return session.exec(waiting.order_by(*newest).limit(1)).first()


def asked_again(session: Session, chat: str) -> Survey | None:
    """The survey after whose task the patient in this chat is asked once more and has not answered yet."""
    waiting = (
        select_rows(Survey)
        .join(Discharge, col(Discharge.id) == Survey.discharge_id)
        .join(Task, col(Task.survey_id) == Survey.id)
        .where(Discharge.chat == chat, Task.state == TaskState.DONE, col(Task.ask_again).is_(True))
        .where(col(Survey.score_after).is_(None))
    )
    return session.exec(waiting.order_by(col(Survey.id).desc()).limit(1)).first()
