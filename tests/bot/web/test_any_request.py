"""Requests of every shape, to the page with and without scripts and to the contract: a known answer."""

import asyncio
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from aiohttp import ClientError, FormData
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.web import Rates
from bot.channels.web.errors import STATUS
from tests.bot.web.plain.visitor import PlainVisitor
from tests.bot.web.site import Site, site
from tests.strategies import CHOICES, TEXTS, bounded

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")
"""aiohttp warns of headers it cannot read; elsewhere in the tests a warning is an error."""
MARK = "记号翡翠琉璃"
LATIN = st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"), max_size=100)
TOKENS = st.one_of(
    LATIN, st.text("ABCDefgh-_=", min_size=88, max_size=88), st.text("0123456789.", max_size=90)
)
"""Nearly sessions, tickets and proofs."""
CHANGES = st.sampled_from(["as it is", "cut", "longer", "turned", "other case", "twice"])
REFUSED = set(STATUS.values()) - {500}


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[asyncio.Runner, Site]]:
    """A site for all of it; the budgets are off, or the flood would be refused and nothing tried."""
    with asyncio.Runner() as runner:
        running = site()
        yield runner, runner.run(running.__aenter__())
        runner.run(running.__aexit__(None, None, None))


def changed(token: str, how: str) -> str:
    """A good value, spoiled a little."""
    match how:
        case "cut":
            return token[:-1]
        case "longer":
            return token + "A"
        case "turned":
            return token[::-1]
        case "other case":
            return token.swapcase()
        case "twice":
            return f"{token} {token}"
    return token


async def ask(one: Site, method: str, path: str, **options: Any) -> tuple[int, str]:
    """Status and body; what aiohttp's client would not send is no request."""
    try:
        async with one.client.request(method, path, allow_redirects=False, **options) as response:
            return response.status, await response.text()
    except (ClientError, ValueError):
        return 400, ""


@bounded(100)
@given(
    token=TOKENS, how=CHANGES, scheme=st.sampled_from(["Bearer ", "bearer ", "Basic ", "", "Bearer  "]),
    query=st.sampled_from(["", "?after=", "?after=0&after=x"]), after=TOKENS, good=st.booleans(),
)  # fmt: skip
def test_only_a_session_of_ours_is_one(
    served: tuple[asyncio.Runner, Site], token: str, how: str, scheme: str, query: str, after: str, good: bool
) -> None:
    runner, one = served
    sound = one.channel.sessions.issue(now=one.channel.now())
    shown = changed(sound, how) if good else token
    headers = {"Authorization": scheme + shown, "Last-Event-ID": after, "Lianxin-Work": token}
    status, body = runner.run(ask(one, "GET", f"/api/chat/messages{query}{after}", headers=headers))
    ours = good and shown == sound and scheme.strip().lower() == "bearer"
    assert status in ({200, 400, 404} if ours else {400, 401, 404})
    assert status != 401 or json.loads(body)["error"]["code"] == "bad_session"
    assert not body or sound not in body


NAMES = st.sampled_from(
    ["Host", "Origin", "Referer", "Sec-Fetch-Site", "Cookie", "Accept", "Accept-Encoding", "Range", "Expect",
     "Content-Type", "Content-Encoding", "If-None-Match", "X-Forwarded-Proto", "X-Forwarded-For", "Upgrade",
     "X-HTTP-Method-Override", "Forwarded", "Connection", "TE", "Lianxin-Work", "Last-Event-ID"]
)  # fmt: skip
ECHO = "Qz7Kj0Wv"
VALUES = LATIN | st.sampled_from(
    [ECHO, f"http://{ECHO}.example", f"plain={ECHO}", f"<b>{ECHO}",
     "null", "http://[::1", "http://evil.example", "same-origin", "bytes=0-1,5-", "100-continue", "gzip",
    "a" * 7000,
     "plain=x; plain=y", "__Host-plain=" + "A" * 88, "https://ex\u00e4mple", "127.0.0.1:99999", "[::1]",
     "*/*"]
)  # fmt: skip
PATHS = st.sampled_from(
    ["/", "/plain", "/plain/talk", "/plain/leave", "/plain/say", "/tips", "/healthz", "/api/chat/messages",
     "/api/chat/sessions", "/api/chat/files/pic1", "/api/chat/files/..%2f..", "/static/chat.js", "/%00",
     "/%ff",
     "/plain/%2e%2e/x", "//evil", "/plain?x=" + "a" * 500]
)  # fmt: skip


@bounded(120)
@given(
    method=st.sampled_from(["GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH"]), path=PATHS,
    headers=st.dictionaries(NAMES, VALUES, max_size=4),
)  # fmt: skip
def test_no_header_and_no_path_breaks_a_page(
    served: tuple[asyncio.Runner, Site], method: str, path: str, headers: dict[str, str]
) -> None:
    runner, one = served
    lines = [
        f"{method} {path} HTTP/1.1",
        "Connection: close",
        *(f"{name}: {headers[name]}" for name in headers),
    ]
    if "Host" not in headers:
        lines.append("Host: 127.0.0.1")
    raw = "\r\n".join([*lines, "Content-Length: 0", "", ""]).encode("latin-1", "replace")
    said = runner.run(one.raw(raw))
    status = int(said.split(b" ", 2)[1])
    assert status < 500
    assert status in {
        100,
        200,
        201,
        206,
        303,
        304,
        400,
        401,
        403,
        404,
        405,
        408,
        411,
        413,
        415,
        416,
        417,
        421,
        431,
    }
    # The library repeats an Expect that it does not know, as plain text.
    assert ECHO.encode() not in said or b"Unknown Expect" in said


SLIPS = st.dictionaries(
    st.sampled_from(["csrf", "session", "ticket", "id", "text", "choice", "pressed", "other"]),
    TOKENS | TEXTS | CHOICES, max_size=4,
)  # fmt: skip


@bounded(120)
@given(
    fields=SLIPS, cookies=st.booleans(), spoil=st.sampled_from(["", "csrf", "session", "id"]), how=CHANGES,
    files=st.lists(st.tuples(TEXTS, st.binary(max_size=40)), max_size=2), drops=st.booleans(),
)  # fmt: skip
def test_any_form_of_the_page_without_scripts_is_answered(
    served: tuple[asyncio.Runner, Site], fields: dict[str, str], cookies: bool, spoil: str, how: str,
    files: list[tuple[str, bytes]], drops: bool,
) -> None:  # fmt: skip
    """A mark that was spoiled takes nothing; what is taken is taken once however often it is sent."""
    runner, one = served

    async def post() -> tuple[PlainVisitor, int, int]:
        visitor = await PlainVisitor(one, keeps_cookies=cookies).opens()
        sent = {**visitor.slips(), "text": MARK, **fields}
        if spoil in sent and spoil not in fields:
            sent[spoil] = changed(sent[spoil], how)
        if drops:
            sent.pop("csrf")
        before = len(one.desk.inbounds)
        await visitor.posts(sent, *files)
        once = len(one.desk.inbounds)
        await visitor.posts(sent, *files)
        return visitor, once - before, len(one.desk.inbounds) - once

    try:
        visitor, first, again = runner.run(post())
    except (UnicodeEncodeError, TypeError, ValueError):  # what the test's own client cannot say
        return
    assert visitor.status in {200, 303, *REFUSED}
    forged = "csrf" in fields or drops or (spoil == "csrf" and how != "as it is")
    assert first == 0 if forged else first <= 1
    assert again == 0
    assert "<script" not in visitor.page.lower().replace("&lt;script", "")


COOKIES = st.lists(
    st.tuples(st.sampled_from(["plain", "plain-ok", "__Host-plain", "other"]), TOKENS), max_size=4
)


@bounded(60)
@given(cookies=COOKIES, how=CHANGES, since=st.sampled_from(["", ".", ".-1", ".9999999999999999999", ".²"]))
def test_any_cookie_is_a_visit_of_ours_or_none(
    served: tuple[asyncio.Runner, Site], cookies: list[tuple[str, str]], how: str, since: str
) -> None:
    runner, one = served
    sound = one.channel.sessions.issue(now=one.channel.now())
    mine = ("plain", changed(sound, how) + since.encode().decode("latin-1"))
    for shown in (cookies, [mine], [*cookies, mine]):
        header = "; ".join(f"{name}={value}" for name, value in shown)
        status, _ = runner.run(ask(one, "GET", "/plain/talk", headers={"Cookie": header}))
        known = shown == [mine] and how == "as it is"
        assert status in ({200} if known else {200, 303, 400})
        assert status != 200 or known or mine in shown


PARTS = st.lists(
    st.tuples(
        st.sampled_from(["id", "text", "choice", "file", "pressed", "", "csrf"]) | st.text("ab\"';=\r\n",
        max_size=6),
        st.none() | TEXTS, st.binary(max_size=60) | TEXTS.map(lambda text: text.encode("utf-8",
        "surrogatepass")),
        st.sampled_from(["", "Content-Transfer-Encoding: base64", "Content-Encoding: gzip",
        "Content-Length: 9" * 3,
                         "Content-Type: multipart/mixed; boundary=b",
                         "Content-Type: text/plain; charset=utf-7"]),
    ),
    max_size=4,
)  # fmt: skip
ENDS = st.sampled_from([b"\r\n--b--\r\n", b"\r\n--b", b"", b"--b--", b"\r\n--b--\r\n" * 2])


@bounded(100)
@given(parts=PARTS, end=ENDS, boundary=st.sampled_from(["b", "", '"b"', "x" * 80, "b; charset=utf-8"]))
def test_any_multipart_of_the_contract_is_answered(
    served: tuple[asyncio.Runner, Site], caplog: pytest.LogCaptureFixture, parts: list[Any], end: bytes,
    boundary: str,
) -> None:  # fmt: skip
    runner, one = served
    body = b""
    for name, file, content, more in parts:
        named = f'; filename="{file}"' if file is not None else ""
        head = f'--b\r\nContent-Disposition: form-data; name="{name}"{named}\r\n{more}\r\n\r\n'
        body += head.encode("utf-8", "surrogatepass") + content + b"\r\n"
    session = one.channel.sessions.issue(now=one.channel.now())
    headers = {
        "Authorization": f"Bearer {session}",
        "Content-Type": f"multipart/form-data; boundary={boundary}",
    }
    caplog.clear()
    with caplog.at_level(logging.DEBUG):
        status, told = runner.run(
            ask(one, "POST", "/api/chat/messages", data=body + end.removeprefix(b"\r\n"), headers=headers)
        )
    assert status in {200, *REFUSED}
    assert status == 200 or not told or json.loads(told)["error"]["message"]
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert one.channel.held._held == 0


@pytest.mark.parametrize("name", ["照片;1;2.jpg", ";;", "a;b=c;d", 'a"b;c.jpg'])
def test_a_file_whose_name_cannot_be_read_is_a_file_still(
    served: tuple[asyncio.Runner, Site], name: str
) -> None:
    runner, one = served
    form = FormData(quote_fields=False, default_to_multipart=True)
    form.add_field("id", name)
    form.add_field("file", b"\x89PNG\xff", filename=name, content_type="image/png")
    session = one.channel.sessions.issue(now=one.channel.now())
    headers = {"Authorization": f"Bearer {session}"}
    status, told = runner.run(ask(one, "POST", "/api/chat/messages", data=form, headers=headers))
    assert status == 200, told
    assert [upload.content for upload in one.desk.uploads[-1]] == [b"\x89PNG\xff"]


WORK = st.tuples(TOKENS, CHANGES, st.sampled_from(["", ".", ".0", ".²", ".-1", "." + "9" * 90]))


@bounded(60)
@given(tries=st.lists(WORK, min_size=1, max_size=3))
def test_no_proof_but_a_good_one_opens_a_session_when_it_is_busy(
    busy: tuple[asyncio.Runner, Site], tries: list[tuple[str, str, str]]
) -> None:
    runner, one = busy
    for token, how, answer in tries:
        status, told = runner.run(ask(one, "POST", "/api/chat/sessions"))
        assert status == 429
        challenge = json.loads(told)["work"]["challenge"]
        for proof in (token, token + answer, changed(challenge, how) + answer):
            status, told = runner.run(ask(one, "POST", "/api/chat/sessions", headers={"Lianxin-Work": proof}))
            assert status in {429, 400}
        ticket = changed(challenge, how) + answer
        form = FormData(quote_fields=False, default_to_multipart=True)
        for name, value in {"id": "1", "text": MARK, "ticket": ticket}.items():
            form.add_field(name, value)
        assert runner.run(ask(one, "POST", "/plain/say", data=form))[0] in REFUSED
    assert one.desk.inbounds == []


@pytest.fixture(scope="module")
def busy() -> Iterator[tuple[asyncio.Runner, Site]]:
    """A site where everybody has to work."""
    with asyncio.Runner() as runner:
        running = site(rates=Rates(sessions=0, messages=10**6, reads=10**6))
        yield runner, runner.run(running.__aenter__())
        runner.run(running.__aexit__(None, None, None))
