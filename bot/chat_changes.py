"""What becomes of chats outside: a group gets another address, a chat is gone for good."""

from dataclasses import dataclass

from bot.dispatcher import Clock
from storage.audiences import switch_off
from storage.database import Database
from storage.duties.cards import follow_group
from storage.identity import chat_hash, sender_hash
from storage.subscriptions import drop_chat
from storage.vault import Vault


@dataclass(frozen=True, slots=True)
class ChatChanges:
    """Hears of the changes in one channel; chats are named as the channel names them."""

    channel: str
    database: Database
    vault: Vault
    clock: Clock

    async def moved(self, before: str, after: str) -> None:
        """A group goes on under another address."""
        await self.database.run(
            lambda session: follow_group(
                session, channel=self.channel, before=before, after=after, vault=self.vault
            )
        )

    async def gone(self, chat: str) -> None:
        """Nothing reaches this chat any more: who was there is off duty, and nothing is pushed to it."""
        hashed = chat_hash(self.vault, self.channel, chat)
        sender = sender_hash(self.vault, self.channel, chat)
        now = self.clock()
        await self.database.run(lambda session: switch_off(session, hashed, sender=sender, now=now))
        await self.database.run(lambda session: drop_chat(session, hashed, vault=self.vault))
