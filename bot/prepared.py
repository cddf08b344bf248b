"""A letter on its way to a channel."""

from dataclasses import dataclass

from storage.messages import Reply


@dataclass(frozen=True, slots=True)
class Prepared:
    """A claimed letter with everything a channel needs; `state` is the case's when its card was drawn."""

    id: int
    uid: str
    channel: str
    chat: str
    address: str
    is_group: bool
    audience: str
    case_id: int | None
    attempts: int
    reply: Reply
    unasked: bool = False
    state: str = ""
