"""The page without scripts over HTTP: what is sent arrives once, and belongs to who sent it."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import FormData

from bot.channels.web import Rates
from bot.channels.web.entrance import Signals
from storage.errors import StorageFull
from storage.messages import Choice, Reply, StoredFile
from tests.bot.web.plain.visitor import PlainVisitor
from tests.bot.web.site import Site, site
from tests.stage import MONDAY, PlayedClock

CODE = "<span>4821</span> <span>0937</span> <span>5560</span> <span>1284</span>"


def _form(fields: dict[str, str]) -> FormData:
    form = FormData(quote_fields=False, default_to_multipart=True)
    for name, value in fields.items():
        form.add_field(name, value)
    return form


@pytest.fixture
async def served() -> AsyncIterator[Site]:
    async with site() as running:
        yield running


@pytest.fixture(params=[True, False], ids=["cookies", "no cookies"])
async def visitor(served: Site, request: pytest.FixtureRequest) -> PlainVisitor:
    return await PlainVisitor(served, keeps_cookies=request.param).opens()


async def test_a_report_is_taken_and_the_code_shown_large(visitor: PlainVisitor) -> None:
    await visitor.presses("我要反映问题")
    assert "请说说发生了什么" in visitor.page
    await visitor.says("医生收了我两千块", ("", b""))
    assert CODE in visitor.page
    assert "请抄在纸上" in visitor.page
    said = visitor.site.desk.inbounds
    assert [(one.channel, one.choice, one.text) for one in said] == [
        ("web", "report", ""), ("web", None, "医生收了我两千块"),
    ]  # fmt: skip
    assert said[0].sender == said[1].sender == said[1].chat
    await visitor.presses("骨科")
    assert (said[2].choice, said[2].pressed) == ("骨科", "3")
    await visitor.says("", ("照片.jpg", b"\xff\xd8"), ("录音.m4a", b"x"))
    assert "文件收到了" in visitor.page
    assert [upload.name for upload in visitor.site.desk.uploads[3]] == ["照片.jpg", "录音.m4a"]


async def test_with_cookies_every_answer_is_a_redirect_and_the_session_is_in_no_page(served: Site) -> None:
    visitor = await (await PlainVisitor(served).opens()).presses("我要反映问题")
    assert visitor.redirected
    token = visitor.cookies["plain"].partition(".")[0]
    assert served.channel.sessions.sender(token, now=served.channel.now()) == served.desk.inbounds[0].sender
    await visitor.says("收红包")
    assert token not in visitor.page
    assert 'name="session"' not in visitor.page


async def test_without_cookies_the_session_travels_in_the_forms(served: Site) -> None:
    visitor = await (await PlainVisitor(served, keeps_cookies=False).opens()).presses("我要反映问题")
    assert not visitor.redirected
    assert 'name="session"' in visitor.page
    assert "/plain/talk" not in visitor.page
    await visitor.says("收红包")
    assert len({one.sender for one in served.desk.inbounds}) == 1


async def test_the_same_form_twice_is_done_once(visitor: PlainVisitor) -> None:
    await visitor.presses("我要反映问题")
    form = {**visitor.slips(), "text": "收红包"}
    for _ in range(3):
        await visitor.posts(form)
        assert CODE in visitor.page
    assert [one.text for one in visitor.site.desk.inbounds] == ["", "收红包"]


async def test_new_words_in_a_page_of_before_are_not_lost(visitor: PlainVisitor) -> None:
    await visitor.presses("我要反映问题")
    form = visitor.slips()
    for text in ("收红包", "还有回扣"):
        await visitor.posts({**form, "text": text})
    assert [one.text for one in visitor.site.desk.inbounds] == ["", "收红包", "还有回扣"]


async def test_another_file_of_the_same_name_is_not_lost(visitor: PlainVisitor) -> None:
    await visitor.presses("我要反映问题")
    form = {**visitor.slips(), "text": ""}
    for content in (b"one", b"two", b"two"):
        await visitor.posts(form, ("a.jpg", content))
    assert len(visitor.site.desk.inbounds) == 3


async def test_an_answer_that_came_later_is_found(served: Site) -> None:
    visitor = await (await PlainVisitor(served).opens()).presses("我要反映问题")
    reply = Reply("您的反映已受理。", ((Choice("查看并回复", "mine:1"),),))
    served.desk.keep(served.desk.inbounds[0].chat, reply)
    await visitor.opens("/plain/talk")
    assert "您的反映已受理。" in visitor.page
    await visitor.presses("查看并回复")
    assert served.desk.inbounds[-1].choice == "mine:1"


async def test_who_has_no_visit_is_led_to_the_first_page(served: Site) -> None:
    visitor = await PlainVisitor(served).opens("/plain/talk")
    assert visitor.redirected
    assert "您想做什么" in visitor.page


async def test_coming_back_goes_on_with_the_visit(served: Site) -> None:
    visitor = await (await PlainVisitor(served).opens()).presses("我要反映问题")
    await visitor.opens()
    assert "接着上次的对话" in visitor.page
    await visitor.presses("用查询码看答复")
    assert len({one.sender for one in served.desk.inbounds}) == 1


async def test_words_and_buttons_are_never_markup(visitor: PlainVisitor) -> None:
    nasty = "</p><script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
    await visitor.presses("我要反映问题")
    chat = visitor.site.desk.inbounds[0].chat
    visitor.site.desk.keep(chat, Reply(nasty, ((Choice(nasty, nasty),),)))
    await visitor.says("看看")
    assert "<script" not in visitor.page
    assert "<img" not in visitor.page
    assert "&lt;script&gt;" in visitor.page


async def test_files_of_a_message_are_named_but_not_handed_out(served: Site) -> None:
    visitor = await (await PlainVisitor(served).opens()).presses("我要反映问题")
    stored = StoredFile("pic1", "照片-1.png", "image/png", 10)
    served.desk.keep(served.desk.inbounds[0].chat, Reply("附件", files=(stored,)))
    await visitor.opens("/plain/talk")
    assert "请在聊天页面里打开" in visitor.page
    assert "pic1" not in visitor.page


async def test_leaving_takes_the_cookies_and_shows_something_else(served: Site) -> None:
    visitor = await (await PlainVisitor(served).opens()).presses("我要反映问题")
    assert set(visitor.cookies) == {"plain", "plain-ok"}
    await visitor.opens("/plain/leave")
    assert visitor.cookies == {}
    assert "<title>七步洗手法</title>" in visitor.page
    assert "廉信" not in visitor.page
    await visitor.opens("/plain/talk")
    assert "您想做什么" in visitor.page


async def test_leaving_leads_where_the_hospital_says() -> None:
    async with site(exit_url="https://www.example.com/") as served:
        async with served.client.get("/plain/leave", allow_redirects=False) as response:
            assert response.headers["Location"] == "https://www.example.com/"
            assert response.headers["Clear-Site-Data"] == '"cache", "storage"'
        async with served.client.get("/") as response:
            assert "https://www.example.com/" in await response.text()


async def test_a_link_of_another_site_cannot_make_anybody_leave(served: Site) -> None:
    visitor = await (await PlainVisitor(served).opens()).presses("我要反映问题")
    await visitor.opens("/plain/leave", **{"Sec-Fetch-Site": "cross-site"})
    assert "plain" in visitor.cookies


@pytest.mark.parametrize("changed", [{"csrf": ""}, {"csrf": "0" * 48}, {"csrf": "码"}])
async def test_a_form_without_our_mark_is_not_taken_but_its_words_are_kept(
    visitor: PlainVisitor, changed: dict[str, str]
) -> None:
    await visitor.presses("我要反映问题")
    await visitor.says("收<红>包", **changed)
    assert visitor.status == 409
    assert "收&lt;红&gt;包" in visitor.page
    assert len(visitor.site.desk.inbounds) == 1
    await visitor.says("收<红>包")
    assert CODE in visitor.page


async def test_the_mark_of_one_is_no_mark_for_another(served: Site) -> None:
    one, other = [await (await PlainVisitor(served).opens()).presses("我要反映问题") for _ in range(2)]
    await one.says("收红包", csrf=other.slips()["csrf"])
    assert one.status == 409
    assert len(served.desk.inbounds) == 2


async def test_two_cookies_of_the_name_count_as_none(served: Site) -> None:
    mine, tossed = [await (await PlainVisitor(served).opens()).presses("我要反映问题") for _ in range(2)]
    both = f"plain={mine.cookies['plain']}; plain={tossed.cookies['plain']}"
    async with served.client.get("/plain/talk", headers={"Cookie": both}, allow_redirects=False) as response:
        assert response.status == 303


async def test_what_another_site_sends_sets_no_cookie(served: Site) -> None:
    visitor = await PlainVisitor(served).opens()
    form = {**visitor.slips(), "text": "别人的话"}
    for headers in ({"Origin": "null"}, {"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "same-site"}):
        await visitor.posts(form, **headers)
        assert visitor.status == 403
        assert visitor.set_cookies == []
    assert served.desk.inbounds == []


async def test_who_sent_it_is_unknown_so_the_answer_leaves_no_cookie(served: Site) -> None:
    visitor = await PlainVisitor(served).opens()
    form = visitor.slips() | {"text": "收红包"}
    async with served.client.post(
        "/plain/say", data=_form(form), headers={"Cookie": "plain-ok=1"}, allow_redirects=False
    ) as response:
        assert response.status == 200
        assert "Set-Cookie" not in response.headers


async def test_by_tls_the_cookie_belongs_to_this_host_alone() -> None:
    async with site(public_url="https://report.example") as served:
        visitor = PlainVisitor(served, sends={"Host": "report.example", "Sec-Fetch-Site": "same-origin"})
        await (await visitor.opens()).presses("我要反映问题")
        assert set(visitor.cookies) == {"__Host-plain", "__Host-plain-ok"}
        await visitor.opens("/plain/leave")
        for cookie in visitor.set_cookies:
            assert "Secure" in cookie
        assert visitor.cookies == {}


async def test_a_proxy_on_this_machine_tells_of_tls(served: Site) -> None:
    visitor = PlainVisitor(served, sends={"X-Forwarded-Proto": "https", "Sec-Fetch-Site": "same-origin"})
    await (await visitor.opens()).presses("我要反映问题")
    assert "__Host-plain" in visitor.cookies


async def test_the_cookie_names_nobody_and_ends_with_the_browser(served: Site) -> None:
    visitor = await PlainVisitor(served).opens()
    async with served.client.post(
        "/plain/say", data=_form(visitor.slips() | {"choice": "report"}), allow_redirects=False,
        headers=visitor.origin | {"Cookie": "plain-ok=1"},
    ) as response:  # fmt: skip
        (cookie,) = response.headers.getall("Set-Cookie")
    assert cookie.endswith("; HttpOnly; Path=/plain; SameSite=Strict")
    assert "Max-Age" not in cookie
    assert "expires" not in cookie.lower()


async def test_what_could_not_be_kept_stays_in_the_form(visitor: PlainVisitor) -> None:
    await visitor.presses("我要反映问题")
    visitor.site.desk.fail = StorageFull("x")
    await visitor.says("写了很久的话", ("a.jpg", b"x"))
    assert visitor.status == 503
    assert "写了很久的话</textarea>" in visitor.page
    assert "请重新选一次" in visitor.page
    visitor.site.desk.fail = None
    await visitor.says("写了很久的话")
    assert CODE in visitor.page


async def test_too_fast_is_said_and_the_words_stay() -> None:
    async with site(rates=Rates(messages=1)) as served:
        visitor = await (await PlainVisitor(served).opens()).presses("我要反映问题")
        await visitor.says("第二句")
        assert visitor.status == 429
        assert "第二句</textarea>" in visitor.page


async def test_when_busy_one_waits_and_loses_nothing() -> None:
    clock = PlayedClock(MONDAY)
    async with site(rates=Rates(sessions=0), channel={"now": clock}) as served:
        visitor = await PlainVisitor(served).opens()
        await visitor.presses("我要反映问题")
        assert visitor.status == 429
        assert "请等 5 秒" in visitor.page
        assert "after-5" in visitor.page
        await visitor.presses("点这里继续")
        assert visitor.status == 429
        assert served.desk.inbounds == []
        clock.advance(seconds=6)
        await visitor.presses("点这里继续")
        assert "请说说发生了什么" in visitor.page
        await visitor.says("收红包")
        assert CODE in visitor.page


@pytest.mark.parametrize(
    ("text", "in_danger"), [("我老公打我", True), ("我不想活了", True), ("收红包", False)]
)
async def test_whoever_has_to_wait_in_danger_sees_whom_to_call(text: str, in_danger: bool) -> None:
    async with site(rates=Rates(sessions=0), calls={"12356", "110", "120"}) as served:
        visitor = await PlainVisitor(served).opens()
        await visitor.posts(visitor.slips() | {"text": text})
        assert visitor.status == 429
        assert served.desk.inbounds == []
        for number in ("110", "120", "12356"):
            assert (f'href="tel:{number}"' in visitor.page) is in_danger
        assert f"{text}</textarea>" in visitor.page


async def test_while_codes_are_guessed_a_code_waits_and_words_do_not() -> None:
    async def guessed() -> int:
        return 2

    clock = PlayedClock(MONDAY)
    options = {"now": clock, "signals": Signals(guess_level=guessed)}
    async with site(rates=Rates(), channel=options) as served:
        visitor = await (await PlainVisitor(served).opens()).presses("用查询码看答复")
        await visitor.says("4821 0937 5560 1284")
        assert visitor.status == 429
        assert "4821 0937 5560 1284</textarea>" in visitor.page
        assert len(served.desk.inbounds) == 1
        clock.advance(seconds=60)
        await visitor.says("4821 0937 5560 1284")
        assert [one.text for one in served.desk.inbounds] == ["", "4821 0937 5560 1284"]
        await visitor.says("医生收红包")
        assert served.desk.inbounds[-1].text == "医生收红包"


@pytest.mark.parametrize("said", [{"text": "1234 5678 9012"}, {"choice": "ticket:123456789012"}])
async def test_while_codes_are_guessed_a_ticket_waits_too(said: dict[str, str]) -> None:
    async def guessed() -> int:
        return 2

    async with site(rates=Rates(), channel={"signals": Signals(guess_level=guessed)}) as served:
        visitor = await (await PlainVisitor(served).opens()).presses("用查询码看答复")
        await visitor.posts(visitor.slips() | said)
        assert visitor.status == 429
        assert len(served.desk.inbounds) == 1


async def test_urgent_words_come_in_at_once() -> None:
    signals = Signals(urgent=lambda _sender, text: "救命" in text)
    async with site(rates=Rates(sessions=0), channel={"signals": signals}) as served:
        visitor = await PlainVisitor(served).opens()
        await visitor.posts(visitor.slips() | {"text": "救命"})
        assert [one.text for one in served.desk.inbounds] == ["救命"]


async def test_nothing_that_was_said_stands_in_an_address(served: Site) -> None:
    visitor = await (await PlainVisitor(served).opens()).presses("我要反映问题")
    async with served.client.post(
        "/plain/say", data=_form(visitor.slips() | {"text": "收红包"}), allow_redirects=False,
        headers=visitor.origin | {"Cookie": "; ".join(f"{k}={v}" for k, v in visitor.cookies.items())},
    ) as response:  # fmt: skip
        assert response.headers["Location"] == "/plain/talk"


async def test_words_in_another_encoding_are_refused_not_spoilt(served: Site) -> None:
    visitor = await PlainVisitor(served).opens()
    body = (
        b"".join(
            b'--b\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (name.encode(), value)
            for name, value in [
                *((k, v.encode()) for k, v in visitor.slips().items()),
                ("text", "收红包".encode("gbk")),
            ]
        )
        + b"--b--\r\n"
    )
    headers = visitor.origin | {"Content-Type": "multipart/form-data; boundary=b"}
    async with served.client.post("/plain/say", data=body, headers=headers) as response:
        assert response.status == 400
        assert "不是文字" in await response.text()
    assert served.desk.inbounds == []
