"""The headers that keep a page closed: what it may load, who may frame it, what is kept of it."""

from aiohttp import web
from multidict import istr

CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' blob:; media-src blob:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types lianxin"
)
PLAIN_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
"""For pages without scripts."""

_OFF = (
    "accelerometer", "camera", "clipboard-read", "display-capture", "fullscreen", "geolocation",
    "gyroscope", "hid", "idle-detection", "magnetometer", "midi", "payment", "publickey-credentials-get",
    "screen-wake-lock", "serial", "usb", "xr-spatial-tracking",
)  # fmt: skip
_ALL_OFF = ", ".join(f"{feature}=()" for feature in _OFF)

HEADERS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cache-Control": "no-store",
    "Permissions-Policy": f"microphone=(self), {_ALL_OFF}",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
    "X-DNS-Prefetch-Control": "off",
}
_PREPARED = [(istr(name), value) for name, value in HEADERS.items()]
"""Names that need no folding again with every answer."""

PLAIN_HEADERS = {
    "Content-Security-Policy": PLAIN_POLICY,
    # Forms tell their origin only where the policy lets a page of ours know another page of ours.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": f"microphone=(), {_ALL_OFF}",
}


async def add_headers(_request: web.BaseRequest, response: web.StreamResponse) -> None:
    """Adds the headers of a closed page wherever a route did not set its own."""
    close(response)


def close(response: web.StreamResponse) -> None:
    """The same, for answers that never came to a route."""
    headers = response.headers
    for name, value in _PREPARED:
        if name not in headers:
            headers.add(name, value)
    headers["Server"] = "lianxin"
