"""Somebody with a browser without scripts: follows forms by their hidden fields, keeps cookies or not."""

import re
from dataclasses import dataclass, field
from html import unescape
from http.cookies import SimpleCookie

from aiohttp import FormData

from tests.bot.web.site import Site

_FORM = re.compile(r"<form.*?</form>", re.S)
_HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')
_BUTTON = re.compile(r'<button class="[^"]*" name="choice" value="([^"]*)">(.*?)</button>', re.S)


@dataclass
class PlainVisitor:
    """`page` is what is on the screen, `status` and `headers` of the last answer (after a redirect)."""

    site: Site
    keeps_cookies: bool = True
    sends: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)
    page: str = ""
    status: int = 0
    redirected: bool = False
    set_cookies: list[str] = field(default_factory=list)

    @property
    def origin(self) -> dict[str, str]:
        return {"Origin": f"http://127.0.0.1:{self.site.port}"}

    async def opens(self, path: str = "/plain", **headers: str) -> "PlainVisitor":
        """Goes to an address, and on to where it leads on this site."""
        await self._request("GET", path, None, headers)
        return self

    async def says(self, text: str, *files: tuple[str, bytes], **changed: str) -> "PlainVisitor":
        """Writes into the field of the page and sends; `changed` are hidden fields with other values."""
        return await self.posts({**self.slips(), "text": text, **changed}, *files)

    async def presses(self, label: str, **changed: str) -> "PlainVisitor":
        """Presses a button of the page."""
        for form in _FORM.findall(self.page):
            if (found := _BUTTON.search(form)) and found[2].strip() == label:
                return await self.posts({**_hidden(form), "choice": unescape(found[1]), **changed})
        raise AssertionError(f"no button {label!r}")

    async def posts(
        self, fields: dict[str, str], *files: tuple[str, bytes], **headers: str
    ) -> "PlainVisitor":
        """Sends a form as it is."""
        form = FormData(quote_fields=False, default_to_multipart=True)
        for name, value in fields.items():
            form.add_field(name, value)
        for name, content in files:
            form.add_field("file", content, filename=name)
        await self._request("POST", "/plain/say", form, self.origin | headers)
        return self

    def slips(self) -> dict[str, str]:
        """The hidden fields of the last form on the page."""
        return _hidden(_FORM.findall(self.page)[-1])

    async def _request(self, method: str, path: str, body: FormData | None, headers: dict[str, str]) -> None:
        sent = self.sends | headers
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        async with self.site.client.request(
            method, path, data=body, headers=sent, allow_redirects=False
        ) as response:
            self.status, self.page = response.status, await response.text()
            self.set_cookies = response.headers.getall("Set-Cookie", [])
            self._keep()
            self.redirected = response.status == 303
            location = response.headers.get("Location", "")
        if self.redirected and location.startswith("/"):
            await self._request("GET", location, None, {})
            self.redirected = True

    def _keep(self) -> None:
        for line in self.set_cookies if self.keeps_cookies else ():
            for name, morsel in SimpleCookie(line).items():
                self.cookies.pop(name, None)
                if morsel["max-age"] != "0":
                    self.cookies[name] = morsel.value


def _hidden(form: str) -> dict[str, str]:
    return {name: unescape(value) for name, value in _HIDDEN.findall(form)}
