"""One-time codes that join a patient's chat to their discharge: on paper, in a QR code, in an SMS."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from storage.columns import UtcTime


class Ticket(SQLModel, table=True):
    """A code of twelve digits, kept as a keyed hash; for one survey, or for the discharge as a whole.

    `used_by` is a keyed hash of the code and the sender who used it first: nobody else can use it after that,
    and it stands nowhere else.
    """

    __tablename__ = "tickets"

    code: str = Field(primary_key=True)
    discharge_id: int = Field(foreign_key="discharges.id", index=True)
    survey_id: int | None = None
    until: datetime = Field(sa_type=UtcTime, index=True)
    used_by: str | None = None
