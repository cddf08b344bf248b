"""hand-ins: envelopes that were given up, by month and without names, as a table."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.opening import Data, opened, utc_now

Out = Annotated[Path, typer.Option("--out", metavar="FILE.xlsx", help="Where the table goes.")]
Month = Annotated[
    str, typer.Option("--month", metavar="YYYY-MM", help="Only this month; if not given, the last twelve.")
]
Force = Annotated[bool, typer.Option("--force", help="Replace the file if it is there.")]


def add_to(app: typer.Typer) -> None:
    """Adds the command."""
    app.command(
        "hand-ins", epilog="Example: lianxin hand-ins --month 2026-11 --out hand-ins.xlsx",
        short_help="Write totals of envelopes given up.",
    )(hand_ins)  # fmt: skip


def hand_ins(out: Out, month: Month = "", force: Force = False, data: Data = None) -> None:
    """Write what was handed in: counts, sums and ways by month, and a list of numbers and days; no name.

    What is fewer than three is not told, nor the sum of a month that is not over. The trail tells that it was
    written. The file is readable by its owner alone.
    """
    from bot.cli.hand_in_files import write_hand_ins
    from bot.new_file import refuse_to_overwrite, save

    if not force:
        refuse_to_overwrite(out)
    with opened(data) as folder:
        content, line = write_hand_ins(folder, month=month, now=utc_now())
    save(content, out, force=force)
    typer.echo(f"{line} {out}.")
