"""classify, rate and explain: the reader of messages at the command line."""

from typing import Annotated

import typer

from bot.cli.opening import Data, own_reader

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


def classify(data: Data = None) -> None:
    """Read reports: JSON lines with id and text in, one JSON line out for each, in the same order.

    The hospital's own words, in words.csv of the data folder, are known as well.
    """
    from bot.cli.json_lines import answer_lines
    from nlp.jsonl import classify_line

    reader = own_reader(data)
    raise typer.Exit(answer_lines(lambda record: classify_line(reader, record)))


def rate(data: Data = None) -> None:
    """Read replies to the question how the stay was: JSON lines in, JSON lines out, in the same order."""
    from bot.cli.json_lines import answer_lines
    from nlp.jsonl import rate_line

    reader = own_reader(data)
    raise typer.Exit(answer_lines(lambda record: rate_line(reader, record)))


def explain(text: Text, data: Data = None) -> None:
    """Show how a message is read, and why, and what it names; with the hospital's own words as well.

    Dates are worked out as if the message had come today.
    """
    import sys
    from datetime import datetime

    from bot.cli.explaining import print_verdict
    from bot.cli.naming import print_entities

    if text == "-":
        text = sys.stdin.buffer.read().decode("utf-8", "replace").strip()
    reader = own_reader(data)
    print_verdict(text, reader.read(text))
    print_entities(reader.entities(text, datetime.now().astimezone().date()))
