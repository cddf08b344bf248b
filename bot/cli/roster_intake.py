"""What `lianxin roster import` does with a table: reads it, finds who is not in it, takes it in."""

from pathlib import Path

import typer

from bot.cli.opening import utc_now
from bot.cli.progress import bar
from bot.cli.roster_tables import print_outcome
from bot.cli.tables_in import SOME_BAD, read_or_end
from bot.data_folder import DataFolder
from bot.sheets_in.problem_file import as_table
from bot.staff.importing import Intake, Missing, find_missing
from bot.staff.reading import Reading, read_roster
from storage.errors import ConfigError


def read_table(file: Path, folder: DataFolder) -> Reading:
    """The rows of a table; says in one line why it cannot be read, and ends."""
    return read_or_end(file, lambda content: read_roster(content, house=folder.house, now=utc_now()))


def find_leavers(reading: Reading, folder: DataFolder, *, yes: bool) -> Missing:
    """Who would be let go; raises ConfigError where it looks like half a table."""
    if reading.bad_numbers:
        raise ConfigError(
            f"--whole: {reading.bad_numbers} rows have no number that can be read; mend them first"
        )
    missing = find_missing(reading, database=folder.database, house=folder.house)
    typer.echo(f"{len(missing.ids)} of {missing.of} people who work here are not in the table.")
    if missing.too_many and not yes:
        raise ConfigError(
            f"--whole: {len(missing.ids)} of {missing.of} people would be let go; if that is right: --yes"
        )
    return missing


def put_in(
    reading: Reading,
    missing: Missing | None,
    folder: DataFolder,
    file: Path,
    *,
    dry: bool,
    problems_to: Path | None,
) -> None:
    """Takes the rows in, behind a bar; tells what came of it and ends with 1 where rows were bad."""
    intake = Intake(reading, database=folder.database, house=folder.house, clock=utc_now)
    with bar("Importing", len(reading.rows)) as moved_on:
        outcome = intake.put(missing.ids if missing else (), moved_on=moved_on, dry=dry)
    print_outcome(outcome, file.name, dry=dry)
    if problems_to is not None and outcome.problems:
        with problems_to.open("xb") as new:
            new.write(as_table(file.name, outcome.problems))
        typer.echo(f"All problems are in {problems_to}.")
    if outcome.bad:
        raise typer.Exit(SOME_BAD)
