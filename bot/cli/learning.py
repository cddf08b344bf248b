"""learn: words worth adding to the hospital's own, from what officers corrected; changes nothing itself."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.opening import Data, opened, utc_now

Least = Annotated[
    int,
    typer.Option(
        min=2, metavar="N", help="Only what at least N different cases hold. 2 or more, for privacy."
    ),
]
Out = Annotated[
    Path | None, typer.Option("--out", metavar="FILE.csv", help="Also write the words as rows for words.csv.")
]
Sealed = Annotated[bool, typer.Option("--sealed", help="Learn from sealed cases, too.")]


def add_to(app: typer.Typer) -> None:
    """Adds the command."""
    app.command(
        epilog="Example: lianxin learn --least 3 --out new-words.csv", short_help="List words worth adding."
    )(learn)


def learn(least: Least = 2, out: Out = None, sealed: Sealed = False, data: Data = None) -> None:
    """List words and phrases that tell where officers put a case and that the lists do not know.

    Nothing changes by itself: read them, and write the good ones into words.csv.
    """
    from bot.cli.lesson_tables import print_lessons, write_words
    from bot.cli.lessons import learned

    if out is not None and out.exists():
        raise typer.BadParameter(f"{out} exists already; choose another name", param_hint="--out")
    with opened(data) as folder:
        result = learned(folder, least=least, sealed=sealed, now=utc_now())
    print_lessons(result)
    if out is not None:
        count = write_words(out, result.findings)
        typer.echo(f"{count} rows for words.csv are in {out}. Take what is right, leave the rest.")
