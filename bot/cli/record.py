"""record: the ethics records of a year as a table for the appraisal."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.opening import Data, opened, utc_now

Out = Annotated[Path, typer.Option("--out", metavar="FILE.xlsx", help="Where the table goes.")]
Year = Annotated[int, typer.Option("--year", metavar="YYYY", min=2000, max=2199, help="The year.")]
Office = Annotated[str, typer.Option("--office", metavar="NAME", help="Only this office or department.")]
Force = Annotated[bool, typer.Option("--force", help="Replace the file if it is there.")]

app = typer.Typer(help="Write the ethics records for the yearly appraisal.", no_args_is_help=True)


def add_to(parent: typer.Typer) -> None:
    """Adds the commands."""
    parent.add_typer(app, name="record", short_help="Write the ethics records of a year.")


@app.command(epilog="Example: lianxin record export --year 2026 --office 骨科 --out appraisal.xlsx")
def export(out: Out, year: Year, office: Office = "", force: Force = False, data: Data = None) -> None:
    """Write for each person who works here what the year comes to, with an empty column for the appraiser.

    The veto stands in it only where two people set it. The trail tells that it was written. The file holds
    names and is readable by its owner alone.
    """
    from bot.cli.record_files import write_appraisal
    from bot.new_file import refuse_to_overwrite, save

    if not force:
        refuse_to_overwrite(out)
    with opened(data) as folder:
        content, count = write_appraisal(folder, year=year, office=office, now=utc_now())
    save(content, out, force=force)
    typer.echo(f"{count} people are in {out}.")
