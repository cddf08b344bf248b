"""audit: whether the trail is whole, its head, and what stands in it."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.opening import Data, opened, utc_now

if TYPE_CHECKING:
    from storage.trail_heads import Head

audit_app = typer.Typer(help="Look after the trail of what was done.", rich_markup_mode=None)

OneHead = Annotated[
    str | None, typer.Option("--head", metavar="HEAD", help="A head that was kept: is all of it still there?")
]
HeadFile = Annotated[
    Path | None, typer.Option("--heads", metavar="FILE", help="The same for a file of heads, a line each.")
]
Case = Annotated[str | None, typer.Option(metavar="N", help="Events of this case alone: 42 or 2026-00042.")]
Member = Annotated[int | None, typer.Option(min=1, metavar="N", help="What this member did.")]
Since = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], metavar="DATE", help="From this day on (UTC).")
]
Refusals = Annotated[bool, typer.Option("--refusals", help="Only what was refused.")]


def add_to(app: typer.Typer) -> None:
    """Adds the commands."""
    app.add_typer(
        audit_app,
        name="audit",
        short_help="Check the trail of what was done.",
        epilog="Example: lianxin audit verify",
    )


@audit_app.callback(invoke_without_command=True)
def _alone(context: typer.Context) -> None:
    """Look after the trail of what was done."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@audit_app.command(epilog="Example: lianxin audit verify --head 12345-9F3A-2KM8-X0CD-E4T5-7QVB")
def verify(head: OneHead = None, heads: HeadFile = None, data: Data = None) -> None:
    """Check that no event of the trail was changed, swapped, put in or taken out of the middle, and that
    no case or message of a reporter it tells of was removed.

    That the end was cut off is seen against the heads in heads.txt of the data folder, and, where somebody
    may have changed that as well, only against a head that was kept elsewhere.
    """
    from bot.cli.progress import bar
    from bot.trail_keeper import FILE
    from storage.trail_check import check_trail, count_events
    from storage.trail_witness import check_cases

    known = _known(head, heads)
    with opened(data) as folder:
        own = folder.path / FILE
        known += _known(None, own if own.exists() else None)
        run = folder.database.run_now
        with bar("Checking", run(count_events)) as advance:
            found = check_trail(run, known, advance=advance)
        check_cases(run)
    typer.echo(f"The trail is whole: {found.count} events.")
    if known:
        typer.echo(f"It has all that {_heads(len(known))} told of.")
    typer.echo(f"Head: {found}")


@audit_app.command(epilog="Example: lianxin audit head >> /media/stick/heads.txt")
def head(data: Data = None) -> None:
    """Print the present head of the trail: write it down, or print it, and keep it elsewhere."""
    from storage.trail_heads import present_head

    with opened(data) as folder:
        found = folder.database.run_now(present_head)
    typer.echo(f"{utc_now():%Y-%m-%d}  {found}")


@audit_app.command("list", epilog="Example: lianxin audit list --refusals --since 2026-11-01")
def list_events(
    refusals: Refusals = False,
    case: Case = None,
    member: Member = None,
    since: Since = None,
    data: Data = None,
) -> None:
    """Print events of the trail. That they were looked at is an event as well."""
    from bot.cli.audit_table import print_events
    from storage.cases import parse_number
    from storage.event_list import Wanted

    case_id = parse_number(case) if case else None
    if case and case_id is None:
        raise typer.BadParameter("a case is written 42 or 2026-00042", param_hint="--case")
    with opened(data) as folder:
        print_events(folder, Wanted(case_id, member, since, refusals), now=utc_now())


def _known(head: str | None, file: Path | None) -> "list[Head]":
    """The heads to check against; raises ConfigError for one that cannot be read."""
    from storage.errors import ConfigError
    from storage.trail_heads import read_head, read_heads

    known = [read_head(head)] if head is not None else []
    if file is None:
        return known
    try:
        known += read_heads(file.read_text("utf-8-sig").splitlines())
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file}: cannot be read ({type(error).__name__})") from None
    except ConfigError as error:
        raise ConfigError(f"{file}, {error}") from None
    return known


def _heads(count: int) -> str:
    return "the head" if count == 1 else f"the {count} heads"
