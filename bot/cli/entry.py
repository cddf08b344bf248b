"""Puts the commands together, and turns every error into one line on stderr."""

import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import typer

from bot.cli import (
    audit,
    backups,
    coverage,
    discharges,
    drives,
    duties,
    exporting,
    hand_ins,
    keys,
    learning,
    letters,
    people,
    printing,
    purging,
    reading,
    record,
    replay,
    satisfaction,
    serving,
    staff_roster,
)
from storage.errors import LianxinError

USAGE, FAILED, INTERRUPTED = 2, 1, 130

app = typer.Typer(
    name="lianxin",
    help="Lianxin: reports of red envelopes and kickbacks, their handling, and the answer.",
    epilog="Example: lianxin serve --data /srv/lianxin",
    add_completion=False,
    rich_markup_mode=None,  # plain help comes three times as fast
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for part in (
    serving, people, staff_roster, discharges, printing, letters, reading, learning, replay, audit, backups,
    keys, purging, exporting, satisfaction, drives, duties, coverage, hand_ins, record,
):  # fmt: skip
    part.add_to(app)


@app.callback(invoke_without_command=True)
def _alone(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code: 0 done, 1 failed, 2 used wrongly, 130 interrupted."""
    os.umask(0o077)  # whatever is written here is for its owner alone
    try:
        with _told_to_stop_like_ctrl_c():
            return int(app(arguments, prog_name="lianxin", standalone_mode=False) or 0)
    except typer.TyperException as error:
        return _tell(_usage(error), USAGE)
    except (typer.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except LianxinError as error:
        return _tell(str(error), FAILED)
    except Exception as error:
        if os.environ.get("LIANXIN_DEBUG") == "1":
            raise
        return _tell(_unexpected(error), FAILED)


@contextmanager
def _told_to_stop_like_ctrl_c() -> Iterator[None]:
    """SIGTERM ends a command as Ctrl-C does: what it began is taken back. `serve` listens by itself."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _tell(line: str, code: int) -> int:
    print(f"lianxin: {' '.join(line.split())}", file=sys.stderr)
    return code


def _usage(error: typer.TyperException) -> str:
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "lianxin"
    return f"{error.format_message().rstrip('.')}. See: {path} --help"


def _unexpected(error: Exception) -> str:
    """The words of an error may quote what somebody wrote: only its type is shown, its place noted."""
    from bot.cli.mishaps import note

    noted = note(error)
    where = f", noted in {noted}" if noted else ""
    return f"unexpected {type(error).__name__}{where}; LIANXIN_DEBUG=1 shows all of it"
