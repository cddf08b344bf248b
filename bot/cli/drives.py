"""drives: samples, a drive of one's own from them, how far drives are, their ledger and summary, the end."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.opening import Data, opened, utc_now

drives_app = typer.Typer(help="Set up drives, see how far they are, end them.", rich_markup_mode=None)

Shape = Annotated[str, typer.Argument(metavar="SHAPE", help="A shape; see: lianxin drives samples")]
Key = Annotated[str, typer.Argument(metavar="KEY", help="The key of the drive; see: lianxin drives list")]
Start = Annotated[str, typer.Option("--start", metavar="YYYY-MM-DD", help="The first day.")]
Title = Annotated[str, typer.Option("--title", help="Its title; if not given, the sample's.")]
NewKey = Annotated[str, typer.Option("--key", help="Its key; if not given, made of shape and month.")]
Lead = Annotated[str, typer.Option("--lead", metavar="OFFICE", help="The office that runs it.")]
Ledger = Annotated[Path, typer.Option("--out", metavar="FILE.xlsx", help="Where the table goes.")]
Paper = Annotated[
    Path, typer.Option("--out", metavar="FILE.docx", help="Where it goes; FILE.txt writes plain text.")
]
Picture = Annotated[Path | None, typer.Option("--picture", metavar="FILE.png", help="Where a picture goes.")]
Force = Annotated[bool, typer.Option("--force", help="Replace a file that is there.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]


def add_to(app: typer.Typer) -> None:
    """Adds the commands."""
    app.add_typer(
        drives_app, name="drives", short_help="Set up and steer drives.",
        epilog="Example: lianxin drives new mobilise --start 2026-12-01",
    )  # fmt: skip


@drives_app.callback(invoke_without_command=True)
def _alone(context: typer.Context) -> None:
    """Set up drives, see how far they are, end them."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@drives_app.command(epilog="Example: lianxin drives samples")
def samples() -> None:
    """List the shapes a drive can be made from, with their phases and what each asks for."""
    from bot.cli.drive_tables import print_samples

    print_samples()


@drives_app.command(epilog="Example: lianxin drives new mobilise --start 2026-12-01 --title 红包专项整治")
def new(
    shape: Shape, start: Start, title: Title = "", key: NewKey = "", lead: Lead = "", data: Data = None
) -> None:
    """Write drives/KEY.toml from a sample, with real dates on working days. Edit it before it begins."""
    from bot.cli.drive_files import begin_drive, read_day

    day = read_day(start)
    with opened(data) as folder:
        for line in begin_drive(folder, shape, day, title=title, key=key, lead=lead, now=utc_now()):
            typer.echo(line)


@drives_app.command(name="list", epilog="Example: lianxin drives list")
def list_drives(data: Data = None) -> None:
    """List the drives: key, phase, what was handed in, what was struck off."""
    from bot.cli.drive_tables import print_drives

    with opened(data) as folder:
        print_drives(folder, now=utc_now())


@drives_app.command(epilog="Example: lianxin drives preview mobil2612 --picture drive.png")
def preview(key: Key, picture: Picture = None, force: Force = False, data: Data = None) -> None:
    """Show phases and everything that falls due, day by day; with --picture also how far it is."""
    from bot.cli.drive_files import drive_of, write_picture
    from bot.cli.drive_tables import print_plan
    from bot.new_file import refuse_to_overwrite

    if picture is not None and not force:
        refuse_to_overwrite(picture)
    with opened(data) as folder:
        drive = drive_of(folder, key)
        print_plan(folder.house, drive)
        if picture is not None:
            write_picture(folder, drive, picture, force=force, now=utc_now())
            typer.echo(f"The picture is in {picture}.")


@drives_app.command(epilog="Example: lianxin drives ledger mobil2612 --out ledger.xlsx")
def ledger(key: Key, out: Ledger, force: Force = False, data: Data = None) -> None:
    """Write the ledger of problems: what was found, done about it and struck off, with words and names.

    The trail tells that it was written. The file is readable by its owner alone.
    """
    from bot.cli.drive_files import drive_of, write_ledger
    from bot.new_file import refuse_to_overwrite

    if not force:
        refuse_to_overwrite(out)
    with opened(data) as folder:
        count = write_ledger(folder, drive_of(folder, key), out, force=force, now=utc_now())
    typer.echo(f"{count} items are in {out}.")


@drives_app.command(epilog="Example: lianxin drives summary mobil2612 --out summary.docx")
def summary(key: Key, out: Paper, force: Force = False, data: Data = None) -> None:
    """Write a draft of the summary: phases, what was handed in, figures, the ledger; gaps are marked."""
    from bot.cli.drive_files import drive_of, write_summary
    from bot.new_file import refuse_to_overwrite

    if out.suffix.lower() not in (".docx", ".txt"):
        raise typer.BadParameter("the name must end with .docx or .txt", param_hint="--out")
    if not force:
        refuse_to_overwrite(out)
    with opened(data) as folder:
        write_summary(folder, drive_of(folder, key), out, force=force, now=utc_now())
    typer.echo(f"The draft is in {out}. Fill in what is marked 【请填写】.")


@drives_app.command(epilog="Example: lianxin drives end mobil2612 --yes")
def end(key: Key, yes: Yes = False, data: Data = None) -> None:
    """End a drive before its time: nothing more is asked for; what was handed in and its ledger stay."""
    from bot.cli.drive_files import drive_of, end_now

    with opened(data) as folder:
        drive = drive_of(folder, key)
        if not yes:
            typer.confirm(f"End {drive.title} ({drive.key}) today?", abort=True)
        taken = end_now(folder, drive, now=utc_now())
    typer.echo(f"{drive.title} is ended; {taken} open or planned duties were taken back.")
    typer.echo("If 'lianxin serve' runs, start it anew, so that it knows.")
