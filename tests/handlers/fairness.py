"""What holds for every answer of the bot, whatever was typed or pressed."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict

from sqlmodel import Session

from handlers.converse import converse
from handlers.turn import Desk
from storage.messages import Reply
from tests.factories import Talker


def fair(replies: Sequence[Reply]) -> None:
    """What every reply is: words that can be sent, and buttons that every channel can show."""
    for reply in replies:
        assert reply.text or reply.toast is not None or reply.files
        reply.text.encode()
        for choice in (one for row in reply.choices for one in row):
            assert choice.label
            assert len(choice.value.encode()) <= 64


def answers(session: Session, desk: Desk, who: str, steps: Iterable[tuple[str, str]]) -> Iterator[Reply]:
    """All that somebody is told who types ("text", …) or presses ("choice", …) one after the other."""
    talker = Talker(session, desk, who)
    for kind, said in steps:
        replies = converse(talker.turn(**{kind: said}))
        fair(replies)
        yield from replies
        json.dumps(asdict(talker.dialogue)).encode()
        session.flush()
