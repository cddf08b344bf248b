"""import-discharges: who left the hospital, so that they can be asked how it was."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.opening import Data, opened, utc_now

if TYPE_CHECKING:
    from bot.data_folder import DataFolder
    from bot.followup.importing import Outcome
    from bot.followup.reading import Reading

File = Annotated[
    Path,
    typer.Argument(exists=True, dir_okay=False, readable=True, metavar="FILE", help="A CSV or XLSX table."),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Tell what would happen, and keep nothing.")]
ProblemsTo = Annotated[
    Path | None, typer.Option("--problems-to", metavar="FILE.csv", help="Also write the problems as a table.")
]


def add_to(app: typer.Typer) -> None:
    """Adds the command."""
    app.command(
        "import-discharges",
        epilog="Example: lianxin import-discharges 出院名单.xlsx --problems-to problems.csv",
        short_help="Take in who left the hospital.",
    )(import_discharges)


def import_discharges(
    file: File, dry_run: DryRun = False, problems_to: ProblemsTo = None, data: Data = None
) -> None:
    """Take in discharges: number, department, ward, day, mobile number, consent, language.

    Names, identity numbers and illnesses are not wanted and dropped. Bad rows are listed by line and column,
    the good ones go in; the same file again changes nothing. Ends with 0 when all rows are good, with 1 when
    some were bad, with 2 when the file cannot be read.
    """
    from bot.cli.tables_in import SOME_BAD

    if problems_to is not None and problems_to.exists():
        raise typer.BadParameter(
            f"{problems_to} exists already; choose another name", param_hint="--problems-to"
        )
    with opened(data) as folder:
        reading = _read(file, folder)
        outcome = _put(reading, folder, dry=dry_run)
    _show(outcome, file, dry=dry_run)
    if problems_to is not None and outcome.problems:
        _write(problems_to, file, outcome)
    if outcome.bad:
        raise typer.Exit(SOME_BAD)


def _read(file: Path, folder: "DataFolder") -> "Reading":
    from bot.cli.tables_in import read_or_end
    from bot.followup.reading import read_discharges

    hospital = folder.house.hospital
    return read_or_end(file, lambda content: read_discharges(content, hospital=hospital, now=utc_now()))


def _put(reading: "Reading", folder: "DataFolder", *, dry: bool) -> "Outcome":
    from bot.cli.progress import bar
    from bot.followup.importing import Intake
    from storage.events import CONSOLE

    intake = Intake(reading, house=folder.house, clock=utc_now, actor=CONSOLE)
    with bar("Importing", len(reading.rows)) as moved_on:
        return intake.put_now(folder.database, moved_on=moved_on, dry=dry)


def _show(outcome: "Outcome", file: Path, *, dry: bool) -> None:
    from bot.cli.discharge_tables import print_outcome

    print_outcome(outcome, file.name, dry=dry)


def _write(path: Path, file: Path, outcome: "Outcome") -> None:
    from bot.sheets_in.problem_file import as_table

    with path.open("xb") as new:
        new.write(as_table(file.name, outcome.problems))
    typer.echo(f"All problems are in {path}.")
