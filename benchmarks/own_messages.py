"""Reads the project's own labelled messages."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "messages"


@dataclass(frozen=True, slots=True)
class Message:
    """A text with what it is: intent, categories (the most central first) and whether it cannot wait."""

    text: str
    intent: str
    categories: tuple[str, ...]
    urgent: bool

    @property
    def labels(self) -> frozenset[str]:
        """Everything that the learned weights score."""
        return frozenset((self.intent, *self.categories, *(("urgent",) if self.urgent else ())))


def messages(name: str, folder: Path = FOLDER) -> list[Message]:
    """The messages of `folder`/`name`.jsonl. Raises OSError, ValueError, KeyError."""
    return [
        Message(row["text"], row["intent"], tuple(row["categories"]), bool(row["urgent"]))
        for row in records(folder / f"{name}.jsonl")
    ]


def records(path: Path) -> Iterator[dict[str, Any]]:
    """The JSON object of each line that is not empty."""
    for line in path.read_text("utf-8").splitlines():
        if line.strip():
            yield json.loads(line)
