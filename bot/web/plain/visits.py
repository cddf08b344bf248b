"""Who a form comes from: a session in a cookie, or in the form where there are no cookies.

The cookie names nobody, ends with the browser and is sent to no other site. By TLS it is a `__Host-`
cookie, which no neighbouring site can put there. Where two cookies of the name arrive, somebody meddled,
and none counts.

A form carries a mark that only we can make, bound to its session. `KNOCK` is the mark of a session that was
only handed out with the first page, `INSIDE` of one that was let in.
"""

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from aiohttp import web

from bot.channels.web.sessions import Sessions
from bot.web.origin import is_private, proves_itself

KNOCK, INSIDE = "plain knock", "plain inside"
_TRIED = "-ok"


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody's session; `by_cookie` where the cookie brought it; what came after `since` is new."""

    sender: str
    token: str
    inside: bool = False
    by_cookie: bool = False
    since: int = 0


class Visits:
    """Reads and writes sessions for the page without scripts; `public_scheme` as in origin.is_private."""

    def __init__(
        self, sessions: Sessions, *, now: Callable[[], datetime], public_scheme: str | None = None
    ) -> None:
        self._sessions, self._now, self._scheme = sessions, now, public_scheme

    def fresh(self) -> Visit:
        """A visit of nobody yet; its token opens no session before it is let in."""
        token = self._sessions.knock(now=self._now())
        return Visit(self._sessions.knocker(token, now=self._now()) or "", token)

    def let_in(self, visit: Visit) -> Visit:
        """The same visit with a session of its own."""
        if visit.inside:
            return visit
        return replace(visit, token=self._sessions.renew(visit.sender, now=self._now()), inside=True)

    def remembered(self, request: web.Request) -> Visit | None:
        """The visit in the cookie, if there is a good one."""
        token, _, since = (_cookie(request, self._name(request)) or "").partition(".")
        sender = self._sessions.sender(token, now=self._now())
        if sender is None:
            return None
        known = int(since) if since.isascii() and since.isdigit() and len(since) <= 18 else 0
        return Visit(sender, token, inside=True, by_cookie=True, since=known)

    def of_form(self, request: web.Request, slips: Mapping[str, str]) -> Visit | None:
        """The visit a form belongs to; None where its mark fits neither the cookie nor its own session."""
        mark, remembered = slips.get("csrf", ""), self.remembered(request)
        if remembered is not None and self._fits(mark, remembered, INSIDE):
            return remembered
        token = slips.get("session", "")
        if sender := self._sessions.sender(token, now=self._now()):
            visit, kind = Visit(sender, token, inside=True), INSIDE
        elif sender := self._sessions.knocker(token, now=self._now()):
            visit, kind = Visit(sender, token), KNOCK
        else:
            return None
        return visit if self._fits(mark, visit, kind) else None

    def mark(self, visit: Visit) -> str:
        """The mark for the forms of this visit."""
        return self._sessions.mark(visit.sender, INSIDE if visit.inside else KNOCK)

    def keeps_cookies(self, request: web.Request) -> bool:
        """Whether the browser brought back a cookie, and our own page sent this."""
        name = self._name(request)
        return any(_cookie(request, one) is not None for one in (name, name + _TRIED)) and proves_itself(
            request
        )

    def remember(self, request: web.Request, response: web.StreamResponse, visit: Visit) -> None:
        """Sets the cookie of this visit."""
        self._set(request, response, self._name(request), f"{visit.token}.{visit.since}")

    def try_cookies(self, request: web.Request, response: web.StreamResponse) -> None:
        """Sets a cookie that only shows, when it comes back, that cookies are kept.

        It is one of its own: who comes by a link of another site shows no cookie, but may have a visit.
        """
        self._set(request, response, self._name(request) + _TRIED, "1")

    def forget(self, request: web.Request, response: web.StreamResponse) -> None:
        """Takes the cookies away."""
        name = self._name(request)
        for one in (name, name + _TRIED):
            self._set(request, response, one, "", max_age=0)

    def _set(
        self,
        request: web.Request,
        response: web.StreamResponse,
        name: str,
        value: str,
        max_age: int | None = None,
    ) -> None:
        private = is_private(request, self._scheme)
        path = "/" if private else "/plain"  # a __Host- cookie has no narrower one
        response.set_cookie(
            name, value, path=path, secure=private, httponly=True, samesite="Strict", max_age=max_age
        )

    def _fits(self, mark: str, visit: Visit, kind: str) -> bool:
        expected = self._sessions.mark(visit.sender, kind)
        return hmac.compare_digest(mark.encode("utf-8", "replace"), expected.encode())

    def _name(self, request: web.Request) -> str:
        return "__Host-plain" if is_private(request, self._scheme) else "plain"


def _cookie(request: web.Request, name: str) -> str | None:
    pieces = (piece.strip() for header in request.headers.getall("Cookie", ()) for piece in header.split(";"))
    found = {value for key, _, value in (piece.partition("=") for piece in pieces) if key == name}
    return found.pop() if len(found) == 1 else None
