"""satisfaction: how satisfied discharged patients were, as a table and as a picture."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.opening import Data, opened, utc_now

Out = Annotated[Path | None, typer.Option("--out", metavar="FILE.xlsx", help="Where the table goes.")]
Picture = Annotated[Path | None, typer.Option("--picture", metavar="FILE.png", help="Where a picture goes.")]
Month = Annotated[
    str, typer.Option("--month", metavar="YYYY-MM", help="The month; if not given, the last one.")
]
Department = Annotated[str, typer.Option("--department", metavar="NAME", help="Only this department.")]
Force = Annotated[bool, typer.Option("--force", help="Replace files that are there.")]


def add_to(app: typer.Typer) -> None:
    """Adds the command."""
    app.command(
        epilog="Example: lianxin satisfaction --month 2026-10 --out satisfaction.xlsx --picture october.png",
        short_help="Write how satisfied patients were.",
    )(satisfaction)


def satisfaction(
    out: Out = None,
    picture: Picture = None,
    month: Month = "",
    department: Department = "",
    force: Force = False,
    data: Data = None,
) -> None:
    """Write figures by month, department and ward with their confidence intervals; few answers are not shown.

    The table holds a year up to the month. The trail tells that it was written. The files are readable by
    their owner alone.
    """
    from bot.cli.satisfaction_files import write_figures
    from bot.new_file import refuse_to_overwrite

    files = [file for file in (out, picture) if file is not None]
    if not files:
        raise typer.BadParameter("name a table, a picture, or both", param_hint="--out, --picture")
    for file in files if not force else ():
        refuse_to_overwrite(file)
    with opened(data) as folder:
        written = write_figures(
            folder, month=month, department=department, out=out, picture=picture, force=force, now=utc_now()
        )
    typer.echo(written)
