"""One Chromium for all tests with a browser; every test takes contexts of its own from it."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright, expect

from tests.e2e.browser import find_chromium, why_no_chromium

_PATIENCE_MS = 20_000
"""How long a busy machine may take to show what is expected; nothing waits when it is there."""


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """The browser, or a failure of one line where there is none."""
    chromium = find_chromium()
    if chromium is None:
        pytest.fail(why_no_chromium(), pytrace=False)
    expect.set_options(timeout=_PATIENCE_MS)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=str(chromium), args=["--no-sandbox"])
        yield browser
        await browser.close()
