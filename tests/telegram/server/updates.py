"""The queue of updates: kept until the bot confirms them, by an offset or by a 2xx."""

from collections.abc import Sequence
from typing import Any

from tests.telegram.server.bell import Bell
from tests.telegram.server.errors import ApiError

NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


class Updates:
    """`pending` holds the unconfirmed updates by id, in order; `allowed` None means the default kinds."""

    def __init__(self, bell: Bell) -> None:
        self.pending: dict[int, dict[str, Any]] = {}
        self.allowed: list[str] | None = None
        self.closed = False
        self.webhook_is_set = False
        self._bell = bell
        self._next_id = 100_000
        self._poll = 0

    def push(self, kind: str, body: dict[str, Any]) -> int | None:
        """The new update's id, or None where the bot did not ask for this kind."""
        wanted = kind in self.allowed if self.allowed else kind not in NOT_BY_DEFAULT
        if not wanted:
            return None
        update_id, self._next_id = self._next_id, self._next_id + 1
        self.pending[update_id] = {"update_id": update_id, kind: body}
        self._bell.ring()
        return update_id

    def allow(self, kinds: Sequence[str] | None) -> None:
        """None keeps the earlier setting, an empty list asks for the default."""
        if kinds is not None:
            self.allowed = list(kinds) or None

    def confirm(self, update_id: int) -> None:
        """The update is forgotten."""
        self.pending.pop(update_id, None)
        self._bell.ring()

    async def poll(self, offset: int, limit: int, seconds: float) -> list[dict[str, Any]]:
        """getUpdates: an offset confirms all before it; a later poll or a webhook ends this one with 409."""
        self._refuse_beside_webhook()
        self._poll += 1
        mine = self._poll
        self._confirm_before(offset)
        self._bell.ring()
        try:
            await self._bell.wait_for(
                lambda: self.pending or self._poll != mine or self.webhook_is_set or self.closed, seconds
            )
        except TimeoutError:
            return []
        self._refuse_beside_webhook()
        if self._poll != mine:
            raise ApiError(
                409,
                "Conflict: terminated by other getUpdates request; "
                "make sure that only one bot instance is running",
            )
        return [] if self.closed else list(self.pending.values())[:limit]

    def _confirm_before(self, offset: int) -> None:
        ids = list(self.pending)
        if offset < 0:
            offset = ids[offset] if len(ids) >= -offset else 0
        for update_id in ids:
            if update_id < offset:
                del self.pending[update_id]

    def _refuse_beside_webhook(self) -> None:
        if self.webhook_is_set:
            raise ApiError(
                409,
                "Conflict: can't use getUpdates method while webhook is active; "
                "use deleteWebhook to delete the webhook first",
            )
