"""Makes the SMS channel of the running application: by gateway where one is set, else into files."""

import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlmodel import Session

from bot.budgets import Urgency
from bot.channels.sms.channel import SmsChannel, SmsTerms
from bot.channels.sms.daily import Daily
from bot.channels.sms.file_provider import FileProvider
from bot.channels.sms.http_provider import HttpProvider
from bot.channels.sms.intake import SmsIntake
from bot.figures import Figures
from bot.settings import Settings
from storage.database import Database
from storage.followup.text_reports import text_came_back
from storage.house import House
from storage.numbered_choices import choice_for, remember_choices

FOLDER = "sms"
_SIGNATURE = 20


@dataclass(frozen=True, slots=True)
class Texting:
    """The channel, and the sweep for texts that were written into files."""

    channel: SmsChannel
    forget_old: Callable[[], Awaitable[None]]


def make_texting(
    settings: Settings,
    folder: Path,
    *,
    house: House,
    database: Database,
    figures: Figures,
    urgency: Urgency,
    clock: Callable[[], datetime],
) -> Texting | None:
    """The channel, as soon as patients are asked after discharge, else None; `folder` is the data folder."""
    if not house.hospital.followup.enabled:
        return None
    files = FileProvider(folder / FOLDER, clock=clock, timezone=house.hospital.timezone)
    book = _Book(house, database, clock)
    token = settings.sms_token.get_secret_value() if settings.sms_token else None
    provider = HttpProvider(settings.sms_url, token) if settings.sms_url and token else files
    intake = SmsIntake(
        token, on_failed=book.came_back, urgency=urgency, figures=figures, timer=time.monotonic
    )
    terms = SmsTerms(
        signature=settings.sms_signature or house.hospital.name.strip("【】 ")[:_SIGNATURE],
        page=settings.public_url or "",
        per_second=settings.sms_per_second,
        per_day=settings.sms_per_day,
    )
    channel = SmsChannel(
        provider, terms, daily=Daily(terms.per_day, clock=clock, timezone=house.hospital.timezone),
        remember=book.remember, recall=book.recall, intake=intake, figures=figures,
    )  # fmt: skip
    return Texting(channel, files.forget_old)


@dataclass(frozen=True, slots=True)
class _Book:
    """What the channel keeps and asks, each in a transaction of its own."""

    house: House
    database: Database
    clock: Callable[[], datetime]

    async def remember(self, number: str, choices: Mapping[str, str]) -> None:
        def keep(session: Session) -> None:
            remember_choices(
                session, number, choices, channel=SmsChannel.name, vault=self.house.vault, now=self.clock()
            )

        await self.database.run(keep)

    async def recall(self, number: str, digits: str) -> str | None:
        return await self.database.run(
            lambda session: choice_for(
                session, number, digits, channel=SmsChannel.name, vault=self.house.vault, now=self.clock()
            )
        )

    async def came_back(self, text_id: str) -> None:
        await self.database.run(
            lambda session: text_came_back(session, text_id, house=self.house, now=self.clock())
        )
