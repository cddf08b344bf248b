"""serve, init and check: the house itself."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.opening import Data, folder_of, utc_now

if TYPE_CHECKING:
    from bot.app import App
    from bot.data_folder import DataFolder
    from bot.settings import Settings

Host = Annotated[str | None, typer.Option(help="Where to listen: LIANXIN_HOST, else 127.0.0.1.")]
Port = Annotated[int | None, typer.Option(min=0, max=65535, help="LIANXIN_PORT, else 8080.")]


def add_to(app: typer.Typer) -> None:
    """Adds the commands."""
    app.command(
        epilog="Example: lianxin serve --host 0.0.0.0 --port 8080 --data /srv/lianxin",
        short_help="Start the bot.",
    )(serve)
    app.command(epilog="Example: lianxin init --data /srv/lianxin", short_help="Make the data folder.")(init)
    app.command(
        epilog="Example: lianxin check --data /srv/lianxin",
        short_help="Look for mistakes in the settings and word lists.",
    )(check)


def serve(host: Host = None, port: Port = None, data: Data = None) -> None:
    """Start the bot: the patients' page, and Telegram if TELEGRAM_BOT_TOKEN is set.

    Makes the data folder at the first start. Stop it with Ctrl+C.
    """
    from bot.collector import look_seldom

    look_seldom()
    from bot.cli.welcome import first_words, welcome
    from bot.data_folder import require_keys, serving
    from bot.logging import set_up_logging
    from bot.running import run
    from bot.settings import load_settings

    settings = load_settings(data=data, host=host, port=port)
    set_up_logging(level=settings.log_level)
    require_keys(settings.data, settings)
    with serving(settings.data), folder_of(settings) as folder:
        code = welcome(folder, now=utc_now())

        def ready(app: "App") -> None:
            for line in first_words(app.address, folder, code):
                typer.echo(line)

        run(settings, folder, ready=ready)


def init(data: Data = None) -> None:
    """Make the data folder, and nothing else. What is there already stays as it is."""
    from bot.data_folder import DATABASE
    from bot.settings import load_settings

    settings = load_settings(data=data)
    known = (settings.data / DATABASE).exists()
    with folder_of(settings) as folder:
        typer.echo(f"{folder.path}: {'was there already' if known else 'is ready'}")
        typer.echo(
            f"  keys      {folder.key_file}  (keep a copy in a safe: without it nobody can read a report)"
        )
        typer.echo(f"  decisions {folder.path / 'hospital.toml'}  (edit it, then: lianxin check)")
        typer.echo(f"  words     {folder.path / 'words.csv'}  (the hospital's own, in Excel or Notepad)")
        typer.echo(f"  duties    {folder.path / 'duties.toml'}  (what staff owe, and when; lianxin duties)")
        typer.echo(f"Next: lianxin serve --data {folder.path}")


def check(data: Data = None) -> None:
    """Look for mistakes in the edited files of the data folder, and for what is still missing.

    Tells as well which words of the lists stand there twice, contradict each other or are never found.
    """
    from bot.settings import load_settings

    settings = load_settings(data=data)
    _check_files(settings.data)
    with folder_of(settings) as folder:
        _advise(folder, settings)


def _check_files(path: Path) -> None:
    from bot.data_folder import DATABASE
    from bot.hospital_file import problems
    from storage.errors import ConfigError

    if not (path / DATABASE).exists():
        raise ConfigError(f"{path}: there is no data yet; make it with: lianxin init --data {path}")
    wrong = problems(path)
    for problem in wrong:
        typer.echo(str(problem), err=True)
    if wrong:
        raise typer.Exit(1)


def _advise(folder: "DataFolder", settings: "Settings") -> None:
    from bot.cli.checking import advice
    from bot.cli.checking_duties import about_duties
    from bot.cli.checking_followup import about_followup

    now = utc_now()
    found = [*advice(folder, now=now), *about_followup(folder, settings), *about_duties(folder, now=now)]
    for line in found:
        typer.echo(f"Think of: {line}")
    typer.echo("No mistakes." if found else "All is well.")
