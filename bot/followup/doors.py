"""The ways on which discharges come into the running application: a watched folder, and HTTP."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path

from aiohttp import web

from bot.settings import Settings
from storage.database import Database
from storage.house import House

Clock = Callable[[], datetime]


def watched_folder(
    folder: Path, *, database: Database, house: House, clock: Clock
) -> Callable[[], Awaitable[None]] | None:
    """Looks into the data folder for tables of discharges; None if that is not wanted."""
    rules = house.hospital.followup
    if not (rules.enabled and rules.watch_folder):
        return None
    from bot.followup.watching import WatchedFolder

    return WatchedFolder(folder, database=database, house=house, clock=clock).look


def discharge_routes(
    settings: Settings, *, database: Database, house: House, clock: Clock
) -> list[web.RouteDef]:
    """Where the hospital's own system hands discharges in; none without a token for that."""
    token = settings.discharges_token
    if token is None:
        return []
    from bot.followup.endpoint import DischargeEndpoint

    secret = token.get_secret_value()
    return DischargeEndpoint(secret, database=database, house=house, clock=clock).routes()
