"""How persons and chats are recognised without being known: keyed hashes."""

from storage.vault import Vault


def chat_hash(vault: Vault, channel: str, address: str) -> str:
    """The keyed hash by which a chat is known."""
    return vault.keyed_hash("chat", f"{channel}\x00{address}")


def sender_hash(vault: Vault, channel: str, sender: str) -> str:
    """The keyed hash by which a person is known."""
    return vault.keyed_hash("sender", f"{channel}\x00{sender}")
