"""Somebody in front of the chat page, as they see it and as they use it."""

import re
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import Browser, BrowserContext, Download, Locator, Page, expect

PHONE = {"width": 360, "height": 740}
_CODE = re.compile(r"\d{4} \d{4} \d{4} \d{4}")


@dataclass
class Visitor:
    """A page in a browser context of its own; `errors` is what its console complained of."""

    context: BrowserContext
    page: Page
    errors: list[str] = field(default_factory=list)

    async def says(self, text: str, *files: tuple[str, str, bytes]) -> None:
        """Types and sends, perhaps with files (name, media type, content), and waits for the answer."""
        chosen: Any = [dict(zip(("name", "mimeType", "buffer"), one, strict=True)) for one in files]
        if chosen:
            await self.page.set_input_files("#files", chosen)
        await self.page.get_by_label("想说的话").fill(text)
        await self._acts(lambda: self.page.locator("#send").click())

    async def presses(self, label: str) -> None:
        """Presses the newest button of this name that can be pressed, and waits for the answer."""
        button = self.button(label)
        await self._acts(button.click)

    def button(self, label: str) -> Locator:
        """The newest enabled button with this name below a message."""
        return self.page.locator(".choice:enabled").filter(has_text=re.compile(f"^{re.escape(label)}")).last

    async def hears(self, text: str) -> Locator:
        """Waits until a message of the bot with these words is in the page; returns the newest."""
        said = self.page.locator(".bot", has_text=text).last
        await expect(said).to_be_visible()
        return said

    async def code(self) -> str:
        """The code as it stands large on the page."""
        digits = await self.page.locator(".receipt .digits").last.inner_text()
        code = " ".join(digits.split())
        assert _CODE.fullmatch(code)
        return code

    async def saves(self, name: str) -> bytes:
        """Opens a file of the newest message with files and saves it."""
        await self.page.locator(".file").last.click()
        button = self.page.get_by_role("button", name=f"保存 {name}")
        async with self.page.expect_download() as waiting:
            await button.click()
        download: Download = await waiting.value
        return (await download.path()).read_bytes()

    async def _acts(self, act: Any) -> None:
        async with self.page.expect_response(
            lambda response: response.url.endswith("/api/chat/messages") and response.request.method == "POST"
        ):
            await act()
        await expect(self.page.locator(".mine.sending")).to_have_count(0)
        await expect(self.page.locator("#typing")).to_be_hidden()


async def visit(browser: Browser, url: str, **options: Any) -> Visitor:
    """Opens the page on a phone (or what `options` say) and waits for the welcome."""
    settings: dict[str, Any] = {"viewport": PHONE, "locale": "zh-CN", "reduced_motion": "reduce"} | options
    context = await browser.new_context(**settings)
    return await open_page(context, url)


async def open_page(context: BrowserContext, url: str) -> Visitor:
    """Another tab of the same person."""
    page = await context.new_page()
    visitor = Visitor(context, page)
    page.on("console", lambda line: visitor.errors.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: visitor.errors.append(str(error)))
    await page.goto(url)
    await expect(page.locator(".bot").first).to_be_visible()
    return visitor
