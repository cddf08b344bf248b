"""A desk that answers like the bot would, so that the page can be looked at without one.

`python -m tests.bot.web.fake` shows the page on 127.0.0.1:8090.
"""

import asyncio
from collections import defaultdict
from collections.abc import Sequence

from aiohttp import web

from bot.channels.base import Answer, Outgoing, Sent
from bot.channels.web import Rates, WebChannel
from bot.web.app import make_app, make_runner
from storage.errors import NoSuchCase
from storage.messages import Choice, Inbound, Reply, StoredFile, Upload

WELCOME = Reply(
    "您好，这里是市人民医院的廉信。\n想反映收红包、拿回扣，或者对服务有意见，直接写下来就行。"
    "不用留姓名，我们不记录您的号码和位置，内容加密保存。",
    choices=(
        (Choice("我要反映问题", "report"),),
        (Choice("查询进度", "progress"), Choice("满意度评价", "rate")),
        (Choice("咨询", "ask"),),
    ),
)
RECEIPT = Reply(
    "谢谢您告诉我们，已经收到，直接交给纪检办。\n\n4821 0937 5560 1284\n\n"
    "接下来半小时里发的文字和照片，都会放进同一件里。"
)
QUESTION = Reply("方便的话，是在哪个科室？", choices=((Choice("骨科", "骨科"), Choice("跳过", "skip")),))
CARD_TEXT = "LX-2026-0007 · 收受红包\n牵头：纪检办\n截止：11月25日（3个工作日）"
CARD_BUTTONS = ((Choice("受理", "case:7:accept"), Choice("转办", "case:7:transfer")),)
PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c4944415408d763f8cfc000000301010018dd8db00000000049454e44ae426082"
)


class FakeDesk:
    """Remembers what came in and answers by a few fixed rules; every event is handled once."""

    def __init__(self) -> None:
        self.inbounds: list[Inbound] = []
        self.uploads: list[list[Upload]] = []
        self.files = {"pic1": StoredFile("pic1", "照片-1.png", "image/png", len(PICTURE), warning=True)}
        self.fail: Exception | None = None
        self.delay: asyncio.Event | None = None
        self.entered = asyncio.Event()
        self._last = 0
        self._kept: dict[str, list[Sent]] = defaultdict(list)
        self._answers: dict[str, Answer] = {}

    async def receive(self, inbound: Inbound, uploads: Sequence[Upload]) -> Answer:
        self.entered.set()
        if self.delay is not None:
            await self.delay.wait()
        if self.fail is not None:
            raise self.fail
        if inbound.event_id in self._answers:
            return Answer(self._answers[inbound.event_id].replies, repeated=True)
        self.inbounds.append(inbound)
        self.uploads.append(list(uploads))
        answer = Answer(tuple(self.keep(inbound.chat, reply) for reply in _replies(inbound, uploads)))
        self._answers[inbound.event_id] = answer
        return answer

    def keep(self, chat: str, reply: Reply) -> Sent:
        """Puts a message to a chat, as a push would."""
        self._last += 1
        sent = Sent(self._last, reply)
        self._kept[chat].append(sent)
        return sent

    async def read_after(self, chat: str, after: int) -> Sequence[Sent]:
        return [sent for sent in self._kept[chat] if sent.id > after]

    async def open_file(self, sender: str, uid: str) -> tuple[StoredFile, bytes]:
        if uid not in self.files:
            raise NoSuchCase
        return self.files[uid], PICTURE

    async def push(self, channel: WebChannel, chat: str, reply: Reply) -> Sent:
        """Keeps a message and wakes the pages, as delivery does."""
        sent = self.keep(chat, reply)
        await channel.send(Outgoing(id=sent.id, chat=chat, reply=reply))
        return sent


def _replies(inbound: Inbound, uploads: Sequence[Upload]) -> list[Reply]:
    match inbound.choice, inbound.text:
        case "start", _:
            return [WELCOME]
        case "report", _:
            return [Reply("请说说发生了什么。想到哪里写到哪里，也可以发照片或录音。")]
        case "case:7:accept", _:
            return [Reply(f"{CARD_TEXT}\n✅ 已受理", CARD_BUTTONS[:1], edits=inbound.pressed, card="7")]
        case str(), _:
            return [Reply("好的，记下了。")]
        case _, "/join 1234":
            files = (StoredFile("pic1", "照片-1.png", "image/png", len(PICTURE), warning=True),)
            return [
                Reply("您已登记为纪检办的工作人员。", keep=True),
                Reply(CARD_TEXT, CARD_BUTTONS, files=files, card="7"),
            ]
        case _ if uploads:
            return [Reply("文件收到了，已经放进您这件里。")]
        case _:
            return [RECEIPT, QUESTION]


def fake_channel(desk: FakeDesk, *, rates: Rates | None = None, **options: object) -> WebChannel:
    """A web channel in front of the desk; the rate budgets are off unless given."""
    return WebChannel(
        session_key=b"k" * 32,
        read_after=desk.read_after,
        open_file=desk.open_file,
        rates=rates,
        **options,  # type: ignore[arg-type]
    )


async def all_well() -> Sequence[str]:
    return []


def fake_app(channel: WebChannel) -> web.Application:
    return make_app(channel, hospital_name="市人民医院", health=all_well, metrics=lambda: b"up 1\n")


async def main() -> None:
    desk = FakeDesk()
    channel = fake_channel(desk)
    await channel.start(desk.receive)
    runner = make_runner(fake_app(channel))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 8090).start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
