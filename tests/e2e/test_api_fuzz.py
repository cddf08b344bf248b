"""Whatever a program posts to the running application: an answer with words, never a failure of ours."""

import asyncio
import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import aiohttp
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.e2e.place import running

WORDS = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        ["1234 5678 9012 3456", "/join ABCDEFGHJK", "/bind x", "/start", "撤回", "医生收了我两千块",
         "我不想活了", "5", "\ud83d", "\x00\x1b[2J", "\u202e", "①" * 16, "/join " + "9" * 500, "收红包" * 300]
    ),
)  # fmt: skip
CHOICES = st.one_of(
    WORDS,
    st.builds(
        "{}:{}".format,
        st.sampled_from(["open", "do:accept", "mine", "withdraw", "withdraw.yes", "score", "faq", "skip",
                         "push.on", "text", "files", "form", "restore", "case.refresh", "duty"]),
        st.one_of(st.integers(-1, 10**20).map(str), st.text(max_size=20)),
    ),
)  # fmt: skip
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**30), 10**30) | st.floats() | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
MESSAGES = st.fixed_dictionaries(
    {"id": st.text("abc123:-", min_size=1, max_size=70) | ANYTHING},
    optional={"text": WORDS | ANYTHING, "choice": CHOICES | ANYTHING, "pressed": WORDS, "extra": ANYTHING},
)
BODIES = st.one_of(
    MESSAGES.map(lambda value: json.dumps(value).encode("utf-8", "surrogatepass")),
    ANYTHING.map(lambda value: json.dumps(value).encode("utf-8", "surrogatepass")),
    st.binary(max_size=200),
)
LARGE = (
    b"[" * 50_000,
    b'{"id":"1","text":' + b"9" * 5000 + b"}",
    b'{"id":"2","text":"' + b"9" * 99_999 + b'"}',
)
HEADERS = st.fixed_dictionaries(
    {"Content-Type": st.sampled_from(["application/json", "application/json; charset=utf-16",
                                      "multipart/form-data; boundary=x", "text/plain"])},
    optional={"Lianxin-Work": st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=90),
              "Content-Encoding": st.sampled_from(["gzip", "identity"])},
)  # fmt: skip


@settings(
    max_examples=5,
    deadline=None,
    phases=[Phase.reuse, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(
    st.lists(
        st.tuples(BODIES, st.just({"Content-Type": "application/json"}) | HEADERS), min_size=25, max_size=40
    )
)
def test_every_body_gets_an_answer(posts: list[tuple[bytes, dict[str, str]]]) -> None:
    with TemporaryDirectory() as folder:
        asyncio.run(_post_all(Path(folder), posts))


async def _post_all(folder: Path, posts: list[tuple[bytes, dict[str, str]]]) -> None:
    async with running(folder) as place, aiohttp.ClientSession() as http:
        url = f"{place.url.rstrip('/')}/api/chat"
        async with http.post(f"{url}/sessions") as response:
            session = (await response.json())["session"]
        for body, headers in posts + [(body, {"Content-Type": "application/json"}) for body in LARGE]:
            signed = headers | {"Authorization": f"Bearer {session}"}
            async with http.post(f"{url}/messages", data=body, headers=signed) as response:
                answer: dict[str, Any] = await response.json()
                assert response.status < 500, (body, headers)
                assert "replies" in answer or answer["error"]["message"]
        assert place.app.figures.failures._value.get() == 0
