"""The page as it is sent: its words, no inline code, files from memory."""

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import ClientSession, web

from bot.web.app import make_runner
from bot.web.pages import MEDIA_TYPES, SURVEY, render
from tests.bot.web.fake import FakeDesk, fake_app, fake_channel

STATIC = Path(__file__).parents[3] / "bot" / "web" / "static"


@pytest.fixture
async def client() -> AsyncIterator[ClientSession]:
    runner = make_runner(fake_app(fake_channel(FakeDesk())))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    async with ClientSession(f"http://127.0.0.1:{runner.addresses[0][1]}") as session:
        yield session
    await runner.cleanup()


def page(name: str = "市人民医院", purpose: str = "") -> str:
    return render(hospital_name=name, max_upload_bytes=21_000_000, language="zh", purpose=purpose)


def test_every_place_is_filled() -> None:
    assert "{{" not in page()


def test_the_name_of_the_hospital_is_escaped() -> None:
    text = page("<script>alert(1)</script>&")
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;&amp;" in text


def test_there_is_no_inline_code_or_style_and_nothing_from_outside() -> None:
    text = page()
    assert not re.search(r"\son\w+=|\sstyle=|<style|javascript:", text)
    assert all("src=" in tag or "application/json" in tag for tag in re.findall(r"<script[^>]*>", text))
    for file in [*STATIC.iterdir()]:
        content = file.read_text("utf-8").replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"(https?:)?//[a-z]", re.sub(r"^\s*//.*$| // .*$", "", content, flags=re.M)), (
            file
        )


def _colours(scheme: str) -> dict[str, str]:
    css = (STATIC / "chat.css").read_text("utf-8")
    light, dark = css.split("@media (prefers-color-scheme: dark)", 1)
    found = re.findall(r"--([\w-]+): (#[0-9a-f]{6});", light if scheme == "light" else dark.split("* {")[0])
    return dict(found)


def _luminance(colour: str) -> float:
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("ink", "ground"),
    [
        ("ink", "ground"),
        ("ink", "raised"),
        ("ink", "accent-soft"),
        ("quiet", "ground"),
        ("quiet", "surface"),
        ("quiet", "accent-soft"),
        ("accent", "surface"),
        ("accent", "accent-soft"),
        ("on-accent", "accent"),
        ("on-accent", "accent-deep"),
        ("on-mine", "mine"),
        ("warn", "warn-soft"),
        ("bad", "ground"),
        ("bad", "surface"),
    ],
)
def test_every_pair_of_colours_can_be_read(scheme: str, ink: str, ground: str) -> None:
    """WCAG 2.1, 1.4.3: at least 4.5 to 1."""
    colours = _colours(scheme)
    low, high = sorted((_luminance(colours[ink]), _luminance(colours[ground])))
    assert (high + 0.05) / (low + 0.05) >= 4.5


def test_the_title_says_nothing_about_what_the_page_is_for() -> None:
    title = re.search(r"<title>(.*)</title>", page())
    assert title is not None
    assert not set("廉举报纪检红包") & set(title[1])


def test_scripts_find_every_word_they_ask_for() -> None:
    found = re.search(r'id="words">(.*)</script>', page())
    assert found is not None
    words = json.loads(found[1])
    for file in STATIC.glob("*.js"):
        for name in re.findall(r'\bsay\("(\w+)"', file.read_text("utf-8")):
            assert name in words, (file.name, name)
    assert {"sending", "sent", "failed", "refused"} <= set(words)
    assert words["max_upload_bytes"] == 21_000_000


def test_who_has_no_scripts_is_told_another_way() -> None:
    moved, told = re.findall(r"<noscript>(.*)</noscript>", page())
    assert moved == '<meta http-equiv="refresh" content="0; url=/plain">'
    assert '<a href="/plain">' in told
    assert "意见箱" in told


def words_of(text: str) -> dict[str, str]:
    found = re.search(r'id="words">(.*)</script>', text)
    assert found is not None
    words: dict[str, str] = json.loads(found[1])
    return words


def test_the_page_of_discharged_patients_says_what_it_is_for() -> None:
    text, usual = page(purpose=SURVEY), page()
    assert "{{" not in text
    assert "出院随访" in text
    assert "出院随访" not in usual
    assert (words_of(text)["purpose"], words_of(usual)["purpose"]) == (SURVEY, "")
    assert re.search("<title>(.*)</title>", text)[0] == re.search("<title>(.*)</title>", usual)[0]  # type: ignore[index]


def test_without_scripts_discharged_patients_read_where_to_type_their_digits() -> None:
    text = page(purpose=SURVEY)
    assert 'http-equiv="refresh"' not in text
    (told,) = re.findall(r"<noscript>(.*)</noscript>", text)
    assert '<a href="/plain#ticket-code">' in told
    assert "12 个数字" in told


async def test_both_pages_are_as_closed_as_each_other(client: ClientSession) -> None:
    kept = ("Date", "Content-Length")
    async with client.get("/f") as survey, client.get("/") as usual:
        assert survey.status == 200
        assert "出院随访" in await survey.text()
        closed = {name: value for name, value in usual.headers.items() if name not in kept}
        assert {name: value for name, value in survey.headers.items() if name not in kept} == closed
        assert closed["Referrer-Policy"] == "no-referrer"
    async with client.get("/f/123456789012") as response:
        assert response.status == 404


async def test_every_file_is_served_with_its_type(client: ClientSession) -> None:
    for file in STATIC.iterdir():
        if file.suffix in MEDIA_TYPES:
            async with client.get(f"/static/{file.name}") as response:
                assert response.status == 200
                assert response.content_type == MEDIA_TYPES[file.suffix]
                assert await response.read() == file.read_bytes()


async def test_a_known_file_is_not_sent_twice(client: ClientSession) -> None:
    async with client.get("/static/chat.css") as response:
        etag = response.headers["ETag"]
    async with client.get("/static/chat.css", headers={"If-None-Match": etag}) as response:
        assert (response.status, await response.read()) == (304, b"")


async def test_the_template_itself_is_not_served(client: ClientSession) -> None:
    async with client.get("/static/index.html") as response:
        assert response.status == 404
