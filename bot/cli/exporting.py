"""export: the ledger as a table for a spreadsheet, without texts and identities."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.opening import Data, opened, utc_now

Out = Annotated[Path, typer.Option("--out", metavar="FILE.xlsx", help="Where the table goes.")]
As = Annotated[
    int | None, typer.Option("--as", metavar="MEMBER_ID", help="Only what this member may see; see: members.")
]
Sealed = Annotated[bool, typer.Option("--sealed", help="Sealed cases, too.")]
Force = Annotated[bool, typer.Option("--force", help="Replace the file if it is there.")]


def add_to(app: typer.Typer) -> None:
    """Adds the command."""
    app.command(epilog="Example: lianxin export --out ledger.xlsx --as 3", short_help="Write the ledger.")(
        export
    )


def export(
    out: Out, whose: As = None, sealed: Sealed = False, force: Force = False, data: Data = None
) -> None:
    """Write the ledger: number, dates, category, office, limits kept or missed, outcome; no text, no name.

    The trail tells that it was written. The file is readable by its owner alone.
    """
    from bot.cli.ledgers import write_ledger
    from bot.new_file import refuse_to_overwrite, save

    if not force:
        refuse_to_overwrite(out)
    with opened(data) as folder:
        content, count = write_ledger(folder, whose=whose, sealed=sealed, now=utc_now())
    save(content, out, force=force)
    typer.echo(f"{count} cases are in {out}.")
