"""qr: sheets with QR codes and digits, to be handed out at discharge."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.opening import Data, opened, utc_now

if TYPE_CHECKING:
    from bot.followup.sheets import Ways
    from bot.settings import Settings

Numbers = Annotated[
    list[str] | None,
    typer.Option("--discharge", metavar="NUMBER", help="A discharge; may be given several times."),
]
Department = Annotated[str, typer.Option(help="All of this department who have not joined yet.")]
Since = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], metavar="DAY", help="All discharged on or after this day, likewise."),
]
Out = Annotated[Path, typer.Option("--out", metavar="FOLDER", help="Where the files go.")]
Telegram = Annotated[
    str, typer.Option(metavar="NAME", help="The bot's name: TELEGRAM_BOT_NAME, else Telegram is asked.")
]
Force = Annotated[bool, typer.Option("--force", help="Replace files that are there.")]


def add_to(app: typer.Typer) -> None:
    """Adds the command."""
    app.command(
        epilog="Example: lianxin qr --discharge ZY0012345 --out sheets",
        short_help="Print sheets for discharged patients.",
    )(qr)


def qr(
    discharge: Numbers = None,
    department: Department = "",
    since: Since = None,
    out: Out = Path("sheets"),
    telegram: Telegram = "",
    force: Force = False,
    data: Data = None,
) -> None:
    """Make one-time codes for discharged patients, and sheets to hand out: PDF to print, PNG of the codes.

    The sheet leads to the page (LIANXIN_PUBLIC_URL) and to the bot in Telegram. Each code works for the
    first who uses it; print anew if a sheet was lost. Hand them over in person.
    """
    from bot.cli.progress import bar
    from bot.followup.handing_out import Wanted, choose
    from bot.followup.printing import Printing
    from bot.settings import load_settings

    if bool(discharge) == bool(department or since):
        raise typer.BadParameter("give --discharge, or --department and --since", param_hint="--discharge")
    wanted = Wanted(tuple(discharge or ()), department.strip(), since.date() if since else None)
    settings, now = load_settings(data=data, telegram_bot_name=telegram or None), utc_now()
    with opened(data) as folder:
        house = folder.house
        chosen = folder.database.run_now(lambda session: choose(session, wanted, house=house, now=now))
        if chosen.ids:
            printing = Printing(folder, _ways(settings), out, force=force)
            with bar("Drawing", len(chosen.ids)) as drawn:
                pdf = printing.run(chosen.ids, now=now, drawn=drawn)
            typer.echo(f"{len(chosen.ids)} sheets are in {pdf}, a picture of each in {out}.")
    if not chosen.ids and not chosen.over:
        typer.echo("Nobody like that is waiting for a sheet.")
    elif chosen.over:
        typer.echo(f"{chosen.over} discharges have nothing left to be asked: no sheet.")


def _ways(settings: "Settings") -> "Ways":
    """How patients come; raises ConfigError where there is no way at all."""
    from bot.followup.sheets import Ways
    from storage.errors import ConfigError

    name = settings.telegram_bot_name or _ask_telegram(settings)
    if not settings.public_url and not name:
        raise ConfigError(
            "LIANXIN_PUBLIC_URL: patients need a way to come. "
            "Example: LIANXIN_PUBLIC_URL=https://report.hospital.example (or --telegram ExampleHospitalBot)"
        )
    return Ways(settings.public_url or "", name)


def _ask_telegram(settings: "Settings") -> str:
    """The bot's name, if there is a bot and Telegram answers."""
    if settings.telegram_bot_token is None:
        return ""
    import asyncio

    from bot.channels.telegram.naming import ask_name

    token = settings.telegram_bot_token.get_secret_value()
    name = asyncio.run(ask_name(token, settings.telegram_api_base))
    if not name:
        typer.echo("Telegram does not answer: no code for it. To have one: --telegram NAME", err=True)
    return name
