"""The SMS channel: parts in order under ids of their own, numbers kept first, enough for a day."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from bot.budgets import Urgency
from bot.channels.base import Outgoing
from bot.channels.sms import SmsChannel, SmsTerms
from bot.channels.sms.daily import Daily
from bot.channels.sms.intake import SmsIntake
from bot.channels.sms.text import PARTS
from bot.figures import Figures
from nlp.reading import Reader
from storage.errors import DeliveryError
from storage.messages import Choice, Reply
from tests.stage import PlayedClock

NUMBER = "13800138000"


@dataclass
class Sent:
    """A provider and a book of choices that note in one list what was asked of them."""

    done: list[tuple[str, ...]] = field(default_factory=list)
    failures: list[DeliveryError] = field(default_factory=list)

    async def start(self) -> None:
        """Nothing."""

    async def stop(self) -> None:
        """Nothing."""

    async def send(self, text_id: str, number: str, text: str) -> str | None:
        if self.failures:
            raise self.failures.pop()
        self.done.append(("sent", text_id, number, text))
        return f"ref {text_id}"

    async def remember(self, number: str, choices: Mapping[str, str]) -> None:
        self.done.append(("kept", number, *choices))

    async def recall(self, number: str, digits: str) -> str | None:
        return None

    async def failed(self, text_id: str) -> None:
        """Nothing."""


@pytest.fixture
def sent() -> Sent:
    """What was done."""
    return Sent()


@pytest.fixture
def clock() -> PlayedClock:
    """09:00 in Shanghai."""
    return PlayedClock()


@pytest.fixture
def channel(sent: Sent, clock: PlayedClock) -> SmsChannel:
    """A channel that sends three texts a day to one number."""
    figures, urgency = Figures(), Urgency(Reader.load(), timer=lambda: 0.0)
    intake = SmsIntake(None, on_failed=sent.failed, urgency=urgency, figures=figures, timer=lambda: 0.0)
    return SmsChannel(
        sent, SmsTerms("示例医院"), daily=Daily(3, clock=clock, timezone="Asia/Shanghai"),
        remember=sent.remember, recall=sent.recall, intake=intake, figures=figures,
    )  # fmt: skip


def letter(text: str = "谢谢您。", chat: str = NUMBER, number: int = 7, *labels: str) -> Outgoing:
    rows = tuple((Choice(label, f"v:{label}"),) for label in labels)
    return Outgoing(number, chat, Reply(text, rows), "00ff00ff00ff00ff")


async def test_what_numbers_mean_is_kept_before_anybody_can_read_them(
    channel: SmsChannel, sent: Sent
) -> None:
    await channel.send(letter("您满意吗？", NUMBER, 7, "满意", "不满意"))
    assert [one[0] for one in sent.done] == ["kept", "sent"]
    assert sent.done[0] == ("kept", NUMBER, "1", "2")


async def test_a_text_without_numbers_leaves_those_of_the_question_before(
    channel: SmsChannel, sent: Sent
) -> None:
    assert await channel.send(letter()) == "ref 7-00ff00ff00ff00ff"
    assert [one[0] for one in sent.done] == ["sent"]


async def test_parts_go_in_order_and_again_under_the_same_ids(channel: SmsChannel, sent: Sent) -> None:
    long = letter("这件事我们查了。" * 1000)
    await channel.send(long)
    first = list(sent.done)
    assert [one[1] for one in first] == [f"7-00ff00ff00ff00ff{end}" for end in ("", "-2", "-3")]
    assert len(first) == PARTS
    await channel.send(long)
    assert sent.done == first * 2


async def test_an_empty_reply_sends_nothing(channel: SmsChannel, sent: Sent) -> None:
    assert await channel.send(letter(" ")) is None
    assert sent.done == []


@pytest.mark.parametrize("chat", ["", "10086", "web-session", "13800138000,13900139000"])
async def test_what_is_no_mobile_number_is_given_up(channel: SmsChannel, sent: Sent, chat: str) -> None:
    with pytest.raises(DeliveryError) as caught:
        await channel.send(letter(chat=chat))
    assert caught.value.permanent
    assert sent.done == []


async def test_two_machines_that_answer_each_other_stop_until_the_next_morning(
    channel: SmsChannel, sent: Sent, clock: PlayedClock
) -> None:
    for number in range(3):
        await channel.send(letter(number=number))
    with pytest.raises(DeliveryError) as caught:
        await channel.send(letter())
    assert caught.value.retry_after == timedelta(days=1).total_seconds()  # 09:00 to 09:00
    assert not caught.value.whole
    await channel.send(letter(chat="13900139000"))
    clock.advance(days=1)
    await channel.send(letter())
    assert len(sent.done) == 5


async def test_what_did_not_go_out_does_not_count(channel: SmsChannel, sent: Sent) -> None:
    for _ in range(5):
        sent.failures.append(DeliveryError("status 500"))
        with pytest.raises(DeliveryError):
            await channel.send(letter())
    await channel.send(letter())
    assert len(sent.done) == 1
