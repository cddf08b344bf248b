"""classify, rate and explain: the reader of messages at the command line."""

from typing import Annotated

import typer

Text = Annotated[str, typer.Argument(metavar="TEXT", help="The message; - reads it from standard input.")]
_PIPE = 'Example: echo \'{{"id": 1, "text": "{}"}}\' | lianxin {}'


def add_to(app: typer.Typer) -> None:
    """Adds the commands."""
    app.command(
        epilog=_PIPE.format("医生收了我两千块", "classify"), short_help="Read reports, JSON lines in and out."
    )(classify)
    app.command(
        epilog=_PIPE.format("很满意，护士很好", "rate"), short_help="Read ratings, JSON lines in and out."
    )(rate)
    app.command(
        epilog="Example: lianxin explain 医生收了我两千块红包", short_help="Show how a message is read."
    )(explain)


def classify() -> None:
    """Read reports: JSON lines with id and text in, one JSON line out for each, in the same order."""
    from bot.cli.json_lines import answer_lines
    from nlp.jsonl import classify_line
    from nlp.reading import Reader

    reader = Reader.load()
    raise typer.Exit(answer_lines(lambda record: classify_line(reader, record)))


def rate() -> None:
    """Read replies to the question how the stay was: JSON lines in, JSON lines out, in the same order."""
    from bot.cli.json_lines import answer_lines
    from nlp.jsonl import rate_line

    raise typer.Exit(answer_lines(rate_line))


def explain(text: Text) -> None:
    """Show how a message is read, and why."""
    import sys

    from bot.cli.explaining import print_verdict
    from nlp.reading import Reader

    if text == "-":
        text = sys.stdin.buffer.read().decode("utf-8", "replace").strip()
    print_verdict(text, Reader.load().read(text))
