"""purge: what has had its days is destroyed now, or only listed."""

from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.opening import Data, opened, utc_now

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.data_folder import DataFolder
    from storage.cases import Case
    from storage.hospital import Retention
    from storage.retention import Content

DryRun = Annotated[bool, typer.Option("--dry-run", help="Only list what would go; change nothing.")]
OneCase = Annotated[
    str | None, typer.Option("--case", metavar="N", help="This case alone: 42 or 2026-00042.")
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]


def add_to(app: typer.Typer) -> None:
    """Adds the command."""
    app.command(epilog="Example: lianxin purge --dry-run", short_help="Destroy what has had its days.")(purge)


def purge(dry_run: DryRun = False, case: OneCase = None, yes: Yes = False, data: Data = None) -> None:
    """Destroy texts, files and codes of cases that were closed long enough ago; their ledger rows stay.

    `lianxin serve` does the same once a day. What is held, or of which officers were not warned in time,
    stays. May be interrupted at any moment and started again. Numbers and addresses of discharged patients
    go with `lianxin serve`, too, `retention.discharges` days after the last question.
    """
    from storage.cases import parse_number

    case_id = parse_number(case) if case else None
    if case and case_id is None:
        raise typer.BadParameter("a case is written 42 or 2026-00042", param_hint="--case")
    with opened(data) as folder:
        now = utc_now()
        due = _due(folder, case_id, now)
        _show(due, folder)
        if not due:
            typer.echo(_nothing(folder, case_id))
            return
        if dry_run:
            typer.echo("Nothing was changed.")
            return
        if not yes:
            typer.confirm(
                f"Destroy the content of {_cases(len(due))}? It cannot be brought back.", abort=True
            )
        _destroy(folder, case_id, len(due))


def _due(folder: "DataFolder", case_id: int | None, now: "datetime") -> "Sequence[Content]":
    from storage.retention import whole_content_due

    rules = folder.house.hospital.retention
    return folder.database.run_now(
        lambda session: whole_content_due(session, rules, now=now, case_id=case_id)
    )


_SHOWN = 200
"""Cases listed one by one."""


def _show(due: "Sequence[Content]", folder: "DataFolder") -> None:
    """Numbers, days and counts: nothing that was written."""
    from zoneinfo import ZoneInfo

    from rich.console import Console
    from rich.table import Table

    if not due:
        return
    table = Table("Case", "Closed", "Due")
    for name in ("Entries", "Files", "Bytes"):
        table.add_column(name, justify="right")
    zone = ZoneInfo(folder.house.hospital.timezone)
    for one in due[:_SHOWN]:
        days = (f"{at.astimezone(zone):%Y-%m-%d}" for at in (one.closed_at, one.due_at))
        table.add_row(one.number, *days, str(one.entries), str(len(one.files)), f"{one.bytes:,}")
    Console().print(table)
    more = f", {len(due) - _SHOWN} of them not shown" if len(due) > _SHOWN else ""
    sums = sum(one.entries for one in due), sum(len(one.files) for one in due), sum(one.bytes for one in due)
    typer.echo(f"{_cases(len(due))}{more}: {sums[0]} entries, {sums[1]} files, {sums[2]:,} bytes.")


def _destroy(folder: "DataFolder", case_id: int | None, count: int) -> None:
    from bot.cli.progress import bar
    from bot.destroying import delete_files
    from storage.engine import empty_log
    from storage.files import FileStore
    from storage.retention import purge_due

    hospital, done = folder.house.hospital, 0
    files = FileStore(folder.files, folder.house.vault, hospital.files)
    try:
        with bar("Destroying", count) as advance:
            while gone := folder.database.run_now(
                lambda session: purge_due(session, hospital.retention, now=utc_now(), case_id=case_id)
            ):
                delete_files(files, gone)
                done += len(gone)
                advance(len(gone))
    finally:
        emptied = empty_log(folder.database.engine)
        typer.echo(f"The content of {_cases(done)} is destroyed.")
    if not emptied:
        typer.echo("The write-ahead log is in use; it is emptied by the next purge.", err=True)


def _nothing(folder: "DataFolder", case_id: int | None) -> str:
    """Why nothing goes; one case that exists tells what it waits for."""
    from storage.cases import Case

    if case_id is None:
        return "Nothing is due."
    rules = folder.house.hospital.retention
    why = folder.database.run_now(lambda session: _reason(session.get(Case, case_id), rules, utc_now()))
    return f"Nothing is due: {why}."


def _reason(case: "Case | None", rules: "Retention", now: "datetime") -> str:
    from storage.retention import goes_at

    if case is None:
        return "there is no such case"
    if case.purged_at is not None:
        return "its content is destroyed already"
    if case.closed_at is None:
        return "it is not closed"
    goes = goes_at(case, rules)
    if case.held_at is not None or goes is None:
        return "it is held as evidence"
    if goes <= now:
        return "officers have to be warned first, its reporter added to it, or the case it goes with is held"
    return f"its content goes on {goes:%Y-%m-%d} at the earliest, {rules.warning} days after a warning"


def _cases(count: int) -> str:
    return "1 case" if count == 1 else f"{count} cases"
