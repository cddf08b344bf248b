"""coverage: how far everybody is with what staff owe, on the screen and as a table."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.opening import Data, opened, utc_now

Span = Annotated[
    str,
    typer.Option("--month", metavar="YYYY-MM", help="A month, quarter (2026-Q4) or year; else this month."),
]
First = Annotated[
    datetime | None,
    typer.Option("--from", formats=["%Y-%m-%d"], metavar="DAY", help="Due on this day or later, with --to."),
]
Last = Annotated[
    datetime | None,
    typer.Option("--to", formats=["%Y-%m-%d"], metavar="DAY", help="Due on this day or before."),
]
Office = Annotated[str, typer.Option("--office", metavar="NAME", help="Only this office.")]
Duty = Annotated[str, typer.Option("--duty", metavar="KEY", help="Only this duty of duties.toml.")]
Out = Annotated[Path | None, typer.Option("--out", metavar="FILE.xlsx", help="A table, with names.")]
Force = Annotated[bool, typer.Option("--force", help="Replace files that are there.")]


def add_to(app: typer.Typer) -> None:
    """Adds the command."""
    app.command(
        epilog="Example: lianxin coverage --month 2026-11 --office 药剂科 --out coverage.xlsx",
        short_help="Show how far everybody is with their duties.",
    )(coverage)


def coverage(
    month: Span = "",
    first: First = None,
    last: Last = None,
    office: Office = "",
    duty: Duty = "",
    out: Out = None,
    force: Force = False,
    data: Data = None,
) -> None:
    """Show for each duty that fell due how many owe it, have done it, were late, are excused or missing.

    The table holds each person's name and when they read and did what; it is readable by its owner alone, and
    the trail tells that it was written.
    """
    from bot.cli.coverage_files import Wanted, show_coverage
    from bot.new_file import refuse_to_overwrite

    if (first is None) != (last is None) or (month and first is not None):
        raise typer.BadParameter("give --month, or --from and --to together", param_hint="--month")
    if out is not None and not force:
        refuse_to_overwrite(out)
    days = (first.date(), last.date()) if first is not None and last is not None else None
    wanted = Wanted(month, days, office.strip(), duty.strip())
    with opened(data) as folder:
        show_coverage(folder, wanted, out=out, force=force, now=utc_now())
