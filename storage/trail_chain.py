"""The chain that holds the trail together: each row's link is keyed, and stands on the link before.

What holds: without the key file nobody can make a link, so that with the database alone no row can be
changed, swapped, put in or taken out of the middle without `lianxin audit verify` finding it. What the
chain cannot show is an end that was cut off, or a database put back as it was on another day: that is
found against a head that was kept elsewhere (storage.trail_heads). Whoever holds database and key file
can build all of it anew; only the heads given out before tell then.
"""

import json
from hashlib import blake2b
from typing import Any

from sqlalchemy import Connection, Engine

from storage.errors import TrailWithoutKey
from storage.vault import Vault

START = "0" * 64
"""Stands in place of a link before the first."""
_OPTION = "lianxin_trail"


class TrailKey:
    """The key of the links, derived from the vault's hash key; shown nowhere."""

    __slots__ = ("_key",)

    def __init__(self, vault: Vault) -> None:
        self._key = vault.derived_key("trail")

    def link(self, before: str, *row: Any) -> str:
        """64 hex digits for a row: id, time (µs since 1970), actor, action, case id, detail.

        Values of other types than these, which only tampering brings, link like nothing that was written.
        """
        return blake2b(_encode([before, *row]).encode(), digest_size=32, key=self._key).hexdigest()


def bind_trail(engine: Engine, vault: Vault) -> Engine:
    """Hands the key to all connections made from here on; returns the engine."""
    engine.update_execution_options(**{_OPTION: TrailKey(vault)})
    return engine


def trail_key(connection: Connection) -> TrailKey:
    """The key of this connection's engine; raises TrailWithoutKey rather than let a row go without."""
    key = connection.get_execution_options().get(_OPTION)
    if not isinstance(key, TrailKey):
        raise TrailWithoutKey("the trail has no key on this connection; see storage.trail_chain.bind_trail")
    return key


def _strange(value: object) -> str:
    return f"strange {type(value).__name__}"


_encode = json.JSONEncoder(default=_strange).encode
"""Made once: json.dumps makes an encoder for every call that is not the plainest."""
