"""What takes text messages to people: the one thing a provider has to do."""

from typing import Protocol


class SmsProvider(Protocol):
    """A gateway, or a stand-in for one."""

    async def start(self) -> None:
        """Makes ready."""

    async def stop(self) -> None:
        """Lets go of connections."""

    async def send(self, text_id: str, number: str, text: str) -> str | None:
        """Hands one text over and returns the provider's own reference, if it has one.

        `text_id` is the same on every attempt for the same text and never comes again for another one.
        `number` is as storage/phone_numbers.py writes it. Raises DeliveryError: `permanent` where this number
        takes no messages, `retry_after` in seconds, with `whole` where the provider takes nothing for now.
        """
