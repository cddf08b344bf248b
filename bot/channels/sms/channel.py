"""Text messages as a channel: words and numbered choices out, words and numbers in."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from aiohttp import web

from bot.channels.base import Limits, Outgoing, Receive
from bot.channels.sms.choices import typed_number
from bot.channels.sms.daily import Daily
from bot.channels.sms.intake import SmsIntake
from bot.channels.sms.providers import SmsProvider
from bot.channels.sms.text import as_texts
from bot.figures import Figures
from storage.errors import DeliveryError
from storage.phone_numbers import normal_number

PER_SECOND, PER_DAY = 10, 20
"""Messages a second that gateways usually take, and messages to one number in a day."""
_PER_NUMBER = 0.2

Remember = Callable[[str, Mapping[str, str]], Awaitable[None]]
Recall = Callable[[str, str], Awaitable[str | None]]


@dataclass(frozen=True, slots=True)
class SmsTerms:
    """What the hospital decides: its `signature`, the address of its `page` (or empty), the pace."""

    signature: str
    page: str = ""
    per_second: int = PER_SECOND
    per_day: int = PER_DAY


class SmsChannel:
    """Sends through a provider; what people write back comes in by HTTP (see SmsIntake).

    `remember` keeps what the numbers under a message stand for, `recall` gives it back: (number, digits).
    """

    name = "sms"
    pulled = False

    def __init__(
        self,
        provider: SmsProvider,
        terms: SmsTerms,
        *,
        daily: Daily,
        remember: Remember,
        recall: Recall,
        intake: SmsIntake,
        figures: Figures,
    ) -> None:
        self.limits = Limits(terms.per_second, per_chat_second=_PER_NUMBER, per_group_minute=60)
        self._provider, self._terms, self._daily = provider, terms, daily
        self._remember, self._recall, self._intake = remember, recall, intake
        self._figures = figures
        intake.choice_for = self._choice_for

    def routes(self) -> list[web.RouteDef]:
        """To be added to the web application before it starts; none where nobody may bring messages."""
        return self._intake.routes()

    async def start(self, receive: Receive) -> None:
        """Takes and sends from now on."""
        await self._provider.start()
        self._intake.open(receive)

    async def stop(self) -> None:
        """Turns away what comes, waits for what is in hand, hangs up."""
        await self._intake.close()
        await self._provider.stop()

    async def send(self, outgoing: Outgoing) -> str | None:
        """As the contract says. Where one of several parts fails, all are handed over again: same ids."""
        number = normal_number(outgoing.chat)
        if number is None:
            raise DeliveryError("sms: no mobile number", permanent=True)
        texts = as_texts(
            outgoing.reply, signature=self._terms.signature, page=self._terms.page, unasked=outgoing.unasked
        )
        if not texts.parts:
            return None
        wait = self._daily.wait(number)
        if wait:
            self._figures.sms.labels("capped").inc()
            raise DeliveryError("sms: enough for today", retry_after=wait)
        if texts.numbers:  # first: whoever reads the message must find what its numbers mean
            await self._remember(number, texts.numbers)
        reference = await self._hand_over(f"{outgoing.id}-{outgoing.uid}", number, texts.parts)
        self._daily.count(number)
        return reference

    async def _hand_over(self, text_id: str, number: str, parts: tuple[str, ...]) -> str | None:
        reference = None
        for place, part in enumerate(parts, start=1):
            one = text_id if place == 1 else f"{text_id}-{place}"
            try:
                reference = await self._provider.send(one, number, part)
            except DeliveryError as error:
                self._figures.sms.labels("refused" if error.permanent else "failed").inc()
                raise
            self._figures.sms.labels("sent").inc()
        return reference

    async def _choice_for(self, number: str, text: str) -> str | None:
        typed = typed_number(text)
        return await self._recall(number, typed) if typed is not None else None
