"""A reply as the chat page and other programs read it."""

from typing import Any

from bot.channels.base import Sent
from storage.messages import Reply, StoredFile

INLINE = frozenset({"image/png"})
"""What the page shows at once where the house made it; everything else waits for a press."""


def shown(sent: Sent) -> dict[str, Any]:
    """`{"id","text","choices":[{"label","value","row"}],"files":[…]}`, and where they apply:

    `replaces`, the id of the message that this one takes the place of, and `card`: true where the
    message is the card of a case, whose buttons stay in use until the card changes.
    """
    reply = sent.reply
    message: dict[str, Any] = {
        "id": str(sent.id),
        "text": reply.text,
        "choices": _choices(reply),
        "files": [_file(file) for file in reply.files],
    }
    if reply.edits is not None:
        message["replaces"] = reply.edits
    if reply.card is not None:
        message["card"] = True
    return message


def _choices(reply: Reply) -> list[dict[str, Any]]:
    return [
        {"label": choice.label, "value": choice.value, "row": row}
        for row, choices in enumerate(reply.choices)
        for choice in choices
    ]


def _file(file: StoredFile) -> dict[str, Any]:
    described = {"uid": file.uid, "name": file.name, "media_type": file.media_type, "size": file.size}
    described |= {"warning": True} if file.warning else {}
    return described | {"inline": True} if file.ours and file.media_type in INLINE else described
