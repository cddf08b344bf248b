"""duties: the plan of what staff owe: its list, a year ahead, starting and stopping by hand."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli import duty_answers
from bot.cli.opening import Data, opened, utc_now

if TYPE_CHECKING:
    from storage.duties.occurrences import Occurrence
    from storage.house import House

duties_app = typer.Typer(help="Look at what staff owe, and start or stop it.", rich_markup_mode=None)

Months = Annotated[int, typer.Option("--months", min=1, max=36, metavar="N", help="How far ahead.")]
OneOffice = Annotated[str, typer.Option("--office", metavar="NAME", help="Only what this office owes.")]
Picture = Annotated[Path | None, typer.Option("--picture", metavar="FILE.png", help="Where a picture goes.")]
Force = Annotated[bool, typer.Option("--force", help="Replace a file that is there.")]
Key = Annotated[str, typer.Argument(metavar="KEY", help="The key of the duty; see: lianxin duties list")]
Offices = Annotated[
    list[str] | None,
    typer.Option("--office", metavar="NAME", help="Only for this office; may be given several times."),
]
Period = Annotated[str, typer.Option("--period", metavar="NAME", help="One instance, such as 2026-11.")]
Scope = Annotated[str | None, typer.Option("--office", metavar="NAME", help="What was started for it.")]


def add_to(app: typer.Typer) -> None:
    """Adds the commands."""
    duty_answers.add_to(duties_app)
    app.add_typer(
        duties_app, name="duties", short_help="See and steer what staff owe.",
        epilog="Example: lianxin duties preview --months 12 --picture year.png",
    )  # fmt: skip


@duties_app.callback(invoke_without_command=True)
def _alone(context: typer.Context) -> None:
    """Look at what staff owe, and start or stop it."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@duties_app.command(name="list", epilog="Example: lianxin duties list --office 药剂科")
def list_duties(office: OneOffice = "", data: Data = None) -> None:
    """List the duties of duties.toml and of drives: who owes them, what counts as done, when next."""
    from bot.cli.duty_tables import print_list
    from bot.cli.duty_years import duties_of, next_days

    with opened(data) as folder:
        house = folder.house
        print_list(next_days(duties_of(house, office), house, now=utc_now()), house)


@duties_app.command(epilog="Example: lianxin duties preview --months 12 --office 药剂科 --picture year.png")
def preview(
    months: Months = 12, office: OneOffice = "", picture: Picture = None, force: Force = False,
    data: Data = None,
) -> None:  # fmt: skip
    """Print what is due in the coming months as a table, and draw it: each duty with its days by month.

    Days are as duties.toml says now, moved off weekends and holidays; a ? marks days in a year whose
    holidays are not known yet.
    """
    from bot.cli.duty_tables import print_year
    from bot.cli.duty_years import Asked, year_ahead
    from bot.new_file import refuse_to_overwrite

    if picture is not None and not force:
        refuse_to_overwrite(picture)
    with opened(data) as folder:
        year = year_ahead(folder.house, Asked(months, office), now=utc_now())
        print_year(year, folder.house)
        if picture is not None and year.days:
            from bot.cli.duty_sheet import save_year

            save_year(year, folder.house, picture, force=force)
            typer.echo(f"The picture is in {picture}.")


@duties_app.command(epilog="Example: lianxin duties start rectification --office 药剂科")
def start(key: Key, office: Offices = None, data: Data = None) -> None:
    """Give out a duty that is owed on request, from now on: to all who owe it, or to some offices."""
    from storage.duties.starting import running, start_on_request

    with opened(data) as folder:
        run, house, now = folder.database.run_now, folder.house, utc_now()
        period = run(
            lambda session: start_on_request(
                session, key, offices=office or (), by=None, house=house, now=now
            ).period
        )  # fmt: skip
        _tell("Started", run(lambda session: _lines(running(session, key, period=period), folder.house)))


@duties_app.command(epilog="Example: lianxin duties stop study --period 2026-11")
def stop(key: Key, period: Period = "", office: Scope = None, data: Data = None) -> None:
    """Take back what is open of a duty, or one instance before its day. What was answered is kept.

    The next instances come as planned; to end a duty for good, take it out of duties.toml.
    """
    from storage.duties.starting import stop_running

    with opened(data) as folder:
        house, now = folder.house, utc_now()
        lines = folder.database.run_now(
            lambda session: _lines(
                stop_running(session, key, period=period, office=office, by=None, now=now), house
            )
        )  # fmt: skip
        _tell("Stopped", lines)
    typer.echo(f"To take that back: lianxin duties undo {key}")


@duties_app.command(epilog="Example: lianxin duties undo study --period 2026-11")
def undo(key: Key, period: Period = "", office: Scope = None, data: Data = None) -> None:
    """Let go on what was stopped by hand last: it is owed again by whoever had not answered."""
    from storage.duties.starting import resume_stopped

    with opened(data) as folder:
        house, now = folder.house, utc_now()
        lines = folder.database.run_now(
            lambda session: _lines(
                resume_stopped(session, key, period=period, office=office, by=None, house=house, now=now),
                house,
            )
        )  # fmt: skip
        _tell("Goes on", lines)


def _lines(found: "Sequence[Occurrence]", house: "House") -> list[str]:
    from bot.cli.duty_tables import occurrence_line

    return [occurrence_line(one, house) for one in found]


def _tell(done: str, lines: Sequence[str]) -> None:
    for line in lines:
        typer.echo(f"{done}: {line}")
