"""Chats and numbers that want no questions any more, whatever is imported later."""

from datetime import date

from sqlmodel import Field, SQLModel


class OptOut(SQLModel, table=True):
    """`chat` is a keyed hash, see storage.identity; a mobile number is a chat of the channel sms."""

    __tablename__ = "opt_outs"

    chat: str = Field(primary_key=True)
    since: date
