"""Plays messages to the dispatcher, many at a time, and takes the time of each."""

import asyncio
import secrets
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from sqlmodel import Session, col, func, select

from bot.cli.json_lines import BadLine, parse_line
from nlp.jsonl import RecordError
from storage.cases import Case
from storage.messages import Inbound

if TYPE_CHECKING:
    from bot.app import App
    from bot.channels.base import Receive
    from bot.data_folder import DataFolder
    from bot.settings import Settings


@dataclass(slots=True)
class Run:
    """`spent` in seconds for each message, from handing it over to its commit; `seconds` for all of them.

    `last_before` is the newest case from before; `failed` counts error types.
    """

    spent: list[float] = field(default_factory=list)
    seconds: float = 0.0
    last_before: int = 0
    failed: Counter[str] = field(default_factory=Counter)


def read_messages(path: Path) -> tuple[list[str], list[str]]:
    """The texts of a file of JSON lines, and a line about each record that could not be read."""
    texts: list[str] = []
    bad: list[str] = []
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            try:
                texts += _text(parse_line(line, first=number == 1))
            except (BadLine, RecordError) as error:
                bad.append(f"line {number}: {error}")
    return texts, bad


def _text(record: object) -> Iterator[str]:
    if record is None:
        return
    if not isinstance(record, dict) or not isinstance(record.get("text"), str):
        raise RecordError('expected an object such as {"id": "1", "text": "…"}')
    yield record["text"]


async def play(settings: "Settings", folder: "DataFolder", texts: Sequence[str], *, together: int) -> Run:
    """Runs the application without a port on the texts, each from another person."""
    from bot.app import build

    app = build(settings, folder)
    run = Run()
    await app.start(serve_web=False)
    try:
        run.last_before = await app.database.run(_last_case)
        await _play_all(app, texts, run, together)
    finally:
        await app.stop()
    return run


async def _play_all(app: "App", texts: Sequence[str], run: Run, together: int) -> None:
    mark = secrets.token_hex(8)
    waiting = iter(enumerate(texts))
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("Playing", total=len(texts))

        async def write() -> None:
            for number, text in waiting:  # shared: each takes the next message
                await _say(app.dispatcher.receive, f"replay-{mark}-{number}", text, run)
                progress.advance(task)

        begin = time.perf_counter()
        await asyncio.gather(*(write() for _ in range(together)))
        run.seconds = time.perf_counter() - begin


async def _say(receive: "Receive", sender: str, text: str, run: Run) -> None:
    begin = time.perf_counter()
    try:
        await receive(Inbound(channel="web", sender=sender, chat=sender, event_id=sender, text=text), ())
    except Exception as error:
        run.failed[type(error).__name__] += 1
    run.spent.append(time.perf_counter() - begin)


def _last_case(session: Session) -> int:
    return session.exec(select(func.max(col(Case.id)))).one() or 0
