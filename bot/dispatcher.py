"""Takes one message through: seen before? → conversation → outbox, in one transaction."""

import asyncio
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from dataclasses import replace
from datetime import datetime, timedelta

import structlog
from sqlmodel import Session

from bot.channels.base import Answer, Sent
from bot.disk_errors import is_of_the_disk
from bot.figures import Figures
from bot.holding import Held, Holding
from bot.reopening import still_readable
from bot.tidy import tidy_text
from handlers.converse import converse
from handlers.last_resort import keep_anyway, on_unopened
from handlers.turn import Desk, Turn
from handlers.words import words_for
from storage.cards import card_state, remember_card
from storage.cases import Case, parse_number
from storage.database import Database
from storage.dialogues import Dialogue, load_dialogue, save_dialogue
from storage.errors import FileRefused, SealError, StorageFull
from storage.files import FileStore
from storage.identity import chat_hash, sender_hash
from storage.inbox import claim_event, find_event
from storage.members import find_member
from storage.messages import Inbound, Reply, StoredFile, Upload
from storage.outbox import post_reply, replies_to
from storage.vault import Vault

REMEMBERED = timedelta(minutes=30)
"""How long a conversation stays open after the last message."""
_FILE_THREADS = 4
"""Messages whose files are kept at a time: one is cleaned, the others seal and write."""

_log = structlog.get_logger("dispatcher")
Clock = Callable[[], datetime]
Conversation = Callable[[Turn], list[Reply]]


class Dispatcher:
    """`pulled` names the channels whose replies are fetched; `wake` tells delivery that there is work."""

    def __init__(
        self,
        *,
        database: Database,
        desk: Desk,
        files: FileStore,
        clock: Clock,
        figures: Figures | None = None,
        holding: Holding | None = None,
        pulled: Collection[str] = (),
        wake: Callable[[], None] = lambda: None,
    ) -> None:
        self._database, self._desk, self._files = database, desk, files
        self._clock, self._pulled, self._wake = clock, frozenset(pulled), wake
        self._figures = figures or Figures()
        self._holding = holding or Holding(figures=self._figures)
        # Not the threads of the loop: what is slow to clean would hold up whoever opens a file.
        self._threads = ThreadPoolExecutor(_FILE_THREADS, thread_name_prefix="keeping")

    async def receive(self, inbound: Inbound, uploads: Sequence[Upload] = ()) -> Answer:
        """Handles one message; on return everything about it is durable.

        Raises only where nothing could be kept (StorageFull: disk or database take nothing): the channel
        then does not confirm the message, and the messenger or page sends it again.
        """
        inbound = replace(inbound, text=tidy_text(inbound.text))
        held = await self._holding.receive(inbound)
        with self._figures.seconds.time():
            if uploads:
                loop = asyncio.get_running_loop()
                inbound = await loop.run_in_executor(self._threads, self._keep, inbound, uploads)
            answer = await self._converse(inbound, held)
        self._holding.note(held, inbound, [sent.reply for sent in answer.replies])
        self._figures.messages.labels(inbound.channel).inc()
        self._wake()
        return answer

    def close(self) -> None:
        """Ends the threads that keep files: what is begun is finished, what waits comes again."""
        self._threads.shutdown(cancel_futures=True)

    async def _converse(self, inbound: Inbound, held: Held) -> Answer:
        try:
            return await self._database.run(lambda session: self._handle(session, inbound, converse, held))
        except Exception as error:
            _log.error("conversation failed", error=type(error).__name__)
            self._figures.failures.inc()
            if is_of_the_disk(error):  # it would be kept no better in fewer words
                raise StorageFull("the database takes nothing") from error
            last = on_unopened if isinstance(error, SealError) else keep_anyway
            return await self._database.run(lambda session: self._handle(session, inbound, last, held))

    def _keep(self, inbound: Inbound, uploads: Sequence[Upload]) -> Inbound:
        kept: list[StoredFile] = []
        refused = list(inbound.refused)
        for upload in uploads:
            try:
                kept.append(self._files.keep(upload))
            except FileRefused as error:
                refused.append(error.reason)
        return replace(inbound, files=tuple(kept), refused=tuple(refused))

    def _handle(self, session: Session, inbound: Inbound, conversation: Conversation, held: Held) -> Answer:
        vault, now = self._desk.house.vault, self._clock()
        key = vault.keyed_hash("event", f"{inbound.channel}\x00{inbound.event_id}")
        inbox_id = claim_event(session, key, now=now)
        if inbox_id is None:
            return self._answer_again(session, inbound, key)
        turn = self._turn(session, inbound, now, vault if conversation is converse else None)
        before = deepcopy(turn.dialogue) if turn.dialogue.flow else Dialogue()
        replies = conversation(turn)
        if turn.dialogue.flow or turn.dialogue != before:
            save_dialogue(session, turn.sender, turn.dialogue, vault=vault, until=now + REMEMBERED)
        if turn.member is None:
            replies = self._holding.news(held, inbound, replies)
        return Answer(tuple(self._post(turn, reply, inbox_id, held) for reply in replies))

    def _turn(self, session: Session, inbound: Inbound, now: datetime, checked: Vault | None) -> Turn:
        vault = self._desk.house.vault
        sender = sender_hash(vault, inbound.channel, inbound.sender)
        return Turn(
            inbound=inbound,
            sender=sender,
            chat=chat_hash(vault, inbound.channel, inbound.chat),
            member=find_member(session, sender, vault=checked),
            dialogue=load_dialogue(session, sender, vault=vault, now=now),
            session=session,
            desk=self._desk,
            words=words_for(inbound.language),
            now=now,
        )

    def _post(self, turn: Turn, reply: Reply, inbox_id: int, held: Held) -> Sent:
        if not reply.text and not reply.files:
            return Sent(0, reply)  # a passing remark on a pressed button
        inbound, vault = turn.inbound, turn.house.vault
        shown = inbound.channel in self._pulled
        case_id = parse_number(reply.card or reply.about or "")
        whose = f"member:{turn.member.id}" if case_id is not None and turn.member is not None else None
        letter = post_reply(
            turn.session, reply, channel=inbound.channel, address=inbound.chat, is_group=inbound.in_group,
            inbox_id=inbox_id, shown=shown, case_id=case_id, audience=whose,
            state=card_state(turn.session.get(Case, case_id)) if whose and reply.card else "",
            wait=held.wait, vault=vault, now=turn.now,
        )  # fmt: skip
        if shown and reply.card and case_id is not None and whose is not None:
            remember_card(
                turn.session, case_id, chat=turn.chat, channel=inbound.channel, address=inbound.chat,
                is_group=False, audience=whose, reference=reply.edits or str(letter),
                opened=reply.opened, vault=vault, now=turn.now,
            )  # fmt: skip
        return Sent(letter, reply)

    def _answer_again(self, session: Session, inbound: Inbound, key: str) -> Answer:
        """Only what was answered in this chat: an event put in another's place gets nothing of theirs."""
        vault = self._desk.house.vault
        inbox_id, chat = find_event(session, key), chat_hash(vault, inbound.channel, inbound.chat)
        found = replies_to(session, inbox_id) if inbox_id is not None else []
        letters = [letter for letter in found if letter.chat == chat]
        sent = still_readable(letters, session, house=self._desk.house)
        return Answer(tuple(sent), repeated=True)
