"""Whose request it is: a plain target, a host that is ours, and nothing sent by another site."""

import ipaddress
import re
from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import urlsplit

from aiohttp import web

from bot.channels.web.errors import Refusal

_HOST = re.compile(r"(?:\[(?P<six>[0-9a-f:.]{2,45})\]|(?P<name>[a-z0-9_.-]{1,253}))(?::[0-9]{1,5})?", re.I)
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_OURS = frozenset({"same-origin", "none"})
_FORWARDED = (
    "x-forwarded-",
    "forwarded",
    "x-real-ip",
    "x-client-ip",
    "via",
    "cf-connecting-ip",
    "true-client-ip",
)


def check_target(request: web.Request, hosts: frozenset[str]) -> None:
    """Raises Refusal for HTTP/0.9, targets that are no path, and hosts that are not ours.

    With `hosts` given, only these names are ours; addresses in digits and localhost always are, since no
    other site can be called so. Without any, every well-formed name is taken: a page of another site that
    rebinds its name to us finds nothing here that a stranger could not ask for as well.
    """
    if request.version < (1, 0) or not request.raw_path.startswith("/"):
        raise Refusal("malformed")
    host = host_of(request)
    if host is None:
        raise Refusal("malformed")
    if hosts and host not in hosts and not is_bare(host):
        raise Refusal("wrong_host")


def check_sender(request: web.Request) -> None:
    """Raises Refusal where a request that changes something was sent by a page of another site."""
    if request.method in _SAFE_METHODS:
        return
    if from_elsewhere(request):
        raise Refusal("other_site")


def from_elsewhere(request: web.Request) -> bool:
    """Whether the browser says that another site sent this; programs say nothing.

    No page can write Sec-Fetch-Site itself; browsers leave it out where there is no TLS, and then the
    Origin tells. An Origin of `null` hides who it was and counts as another site.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site not in _OURS
    origin = request.headers.get("Origin")
    return origin is not None and not _is_ours(origin, request)


def proves_itself(request: web.Request) -> bool:
    """Whether the browser says that our own page sent this."""
    if from_elsewhere(request):
        return False
    if request.headers.get("Sec-Fetch-Site") == "same-origin" or "Origin" in request.headers:
        return True
    return _is_ours(request.headers.get("Referer", ""), request)


def host_of(request: web.Request) -> str | None:
    """The name or address in the Host header, lower case, without port; None for what is no host."""
    return _host_in(request.headers.get("Host", ""))


def is_bare(host: str) -> bool:
    """Whether a host is an address in digits or localhost: no other site's name can lead here."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return host == "localhost"
    return True


def is_forwarded(headers: Mapping[str, str]) -> bool:
    """Whether a proxy has passed this on."""
    return any(name.lower().startswith(_FORWARDED) for name in headers)


def from_loopback(request: web.Request) -> bool:
    """Whether the other end of the connection is on this machine: a person, or a proxy."""
    peer = request.transport.get_extra_info("peername") if request.transport is not None else None
    if not isinstance(peer, tuple):
        return False
    address = ipaddress.ip_address(str(peer[0]).partition("%")[0])
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return (mapped or address).is_loopback


def is_private(request: web.Request, public_scheme: str | None) -> bool:
    """Whether the browser came by TLS: as configured, else as a proxy on this machine says."""
    if public_scheme is not None:
        return public_scheme == "https"
    return from_loopback(request) and request.headers.get("X-Forwarded-Proto", "").lower() == "https"


@lru_cache(maxsize=64)
def _host_in(header: str) -> str | None:
    match = _HOST.fullmatch(header)
    return (match["six"] or match["name"]).lower().rstrip(".") if match else None


def _is_ours(address: str, request: web.Request) -> bool:
    """A proxy may have taken the port out of the Host header; a port that is there has to fit."""
    try:
        netloc, name = urlsplit(address).netloc.lower(), urlsplit(address).hostname
    except ValueError:
        return False
    host = request.headers.get("Host", "").lower()
    return bool(netloc) and (netloc == host or (name == host and ":" not in host))
