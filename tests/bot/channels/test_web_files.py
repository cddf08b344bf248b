"""Files go out so that no browser runs, shows or guesses what is in them."""

import pytest

from bot.channels.web.files import file_response
from storage.file_kinds import KINDS
from storage.messages import StoredFile

_RUN = ("html", "svg", "xml", "javascript", "pdf", "text/")


@pytest.mark.parametrize("code", KINDS)
def test_every_kind_is_a_download_that_nothing_runs(code: str) -> None:
    kind = KINDS[code]
    response = file_response(StoredFile("a" * 32, kind.name, kind.media_type, 3), b"abc")
    assert response.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''")
    assert response.headers["Content-Security-Policy"].startswith("sandbox;")
    assert not any(word in response.headers["Content-Type"] for word in _RUN)


@pytest.mark.parametrize(
    "media_type", ["text/html", "image/svg+xml", "application/xml", "application/pdf", ""]
)
def test_what_a_browser_could_run_is_only_bytes(media_type: str) -> None:
    response = file_response(StoredFile("a" * 32, "x", media_type, 3), b"abc")
    assert response.headers["Content-Type"] == "application/octet-stream"


def test_a_name_cannot_add_a_header() -> None:
    name = 'a"\r\nSet-Cookie: x=1;\u202egpj.exe'
    header = file_response(StoredFile("a" * 32, name, "image/png", 3), b"abc").headers["Content-Disposition"]
    assert not set('"\r\n\u202e ;') & set(header.removeprefix("attachment; filename*=UTF-8''"))
