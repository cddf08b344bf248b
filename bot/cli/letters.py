"""dead-letters: what could not be delivered, and trying again."""

from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.opening import Data, opened, utc_now

if TYPE_CHECKING:
    from bot.data_folder import DataFolder

Retry = Annotated[str | None, typer.Option(metavar="ID|all", help="Send this one, or all, once more.")]


def add_to(app: typer.Typer) -> None:
    """Adds the command."""
    app.command(
        "dead-letters",
        epilog="Example: lianxin dead-letters --retry all",
        short_help="What could not be delivered.",
    )(dead_letters)


def dead_letters(retry: Retry = None, data: Data = None) -> None:
    """List messages that could not be delivered, without their words, or send them once more."""
    from storage.errors import ConfigError

    if retry is not None and retry != "all" and not (retry.isascii() and retry.isdecimal()):
        raise ConfigError(f"--retry: expected a number of the list or all, not {retry!r}")
    with opened(data) as folder:
        if retry is None:
            _show(folder)
        else:
            count = _revive(folder, retry)
            typer.echo(f"{count} will be sent once more while `lianxin serve` runs.")


def _show(folder: "DataFolder") -> None:
    from rich.console import Console
    from rich.table import Table

    from storage.sending import dead_letters as find

    table = Table(
        "id", "written", "given up", "channel", "what", "case", "attempts", "error", box=None, pad_edge=False
    )
    for letter in folder.database.run_now(find):
        table.add_row(
            str(letter.id), f"{letter.created_at:%Y-%m-%d %H:%M}",
            f"{letter.settled_at:%Y-%m-%d %H:%M}" if letter.settled_at else "", letter.channel or "",
            letter.notice or "reply", str(letter.case_id or ""), str(letter.attempts), letter.error or "",
        )  # fmt: skip
    if table.row_count:
        Console().print(table, markup=False, soft_wrap=True)
        typer.echo("Times are UTC. Try again with: lianxin dead-letters --retry all")
    else:
        typer.echo("None: everything was delivered or is on its way.")


def _revive(folder: "DataFolder", retry: str) -> int:
    from sqlmodel import Session

    from storage.errors import ConfigError
    from storage.event_names import EventName
    from storage.events import CONSOLE, record_event
    from storage.sending import dead_letters as find
    from storage.sending import revive

    now = utc_now()

    def work(session: Session) -> int:
        ids = [letter.id for letter in find(session)] if retry == "all" else [int(retry)]
        count = sum(revive(session, number, now=now) for number in ids if number is not None)
        if count:
            record_event(session, CONSOLE, EventName.LETTERS_REVIVED, now=now, letters=count)
        return count

    count = folder.database.run_now(work)
    if not count and retry != "all":
        raise ConfigError(f"there is no dead letter {retry}; see: lianxin dead-letters")
    return count
