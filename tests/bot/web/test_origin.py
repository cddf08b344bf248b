"""Whose request it is, by the words of browsers, proxies and programs."""

import pytest
from aiohttp.test_utils import make_mocked_request

from bot.channels.web.errors import Refusal
from bot.web.origin import check_sender, check_target, host_of, is_bare, proves_itself

HOST = {"Host": "report.example"}


@pytest.mark.parametrize(
    ("headers", "taken", "proven"),
    [
        ({}, True, False),
        ({"Sec-Fetch-Site": "same-origin"}, True, True),
        ({"Sec-Fetch-Site": "none"}, True, False),
        ({"Sec-Fetch-Site": "same-site"}, False, False),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "https://report.example"}, False, False),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "https://other-name.example"}, True, True),
        ({"Origin": "https://report.example"}, True, True),
        ({"Origin": "http://report.example:8443"}, True, True),
        ({"Origin": "https://evil.example"}, False, False),
        ({"Origin": "https://report.example.evil.example"}, False, False),
        ({"Origin": "https://report.example@evil.example"}, False, False),
        ({"Origin": "null"}, False, False),
        ({"Origin": ""}, False, False),
        ({"Origin": "https://["}, False, False),
        ({"Referer": "https://report.example/plain"}, True, True),
        ({"Referer": "https://evil.example/report.example"}, True, False),
        ({"Host": "report.example:8080", "Origin": "http://report.example:9090"}, False, False),
        ({"Host": "report.example:8080", "Origin": "http://report.example:8080"}, True, True),
    ],
)
def test_who_sent_it(headers: dict[str, str], taken: bool, proven: bool) -> None:
    request = make_mocked_request("POST", "/plain/say", headers=HOST | headers)
    assert proves_itself(request) is proven
    if taken:
        check_sender(request)
    else:
        with pytest.raises(Refusal, match="other_site"):
            check_sender(request)


def test_looking_is_allowed_from_everywhere() -> None:
    check_sender(make_mocked_request("GET", "/", headers=HOST | {"Sec-Fetch-Site": "cross-site"}))


@pytest.mark.parametrize(
    ("host", "name"),
    [("Report.Example", "report.example"), ("a.b:80", "a.b"), ("a.b.", "a.b"), ("[::1]:8080", "::1"),
     ("a b", None), ("a/b", None), ("a@b", None), ("", None), ("a:b", None), ("a:1:2", None),
     ("医院", None), ("[evil]", None)],
)  # fmt: skip
def test_what_a_host_is(host: str, name: str | None) -> None:
    assert host_of(make_mocked_request("GET", "/", headers={"Host": host})) == name


@pytest.mark.parametrize(
    ("host", "taken"),
    [("report.example", True), ("127.0.0.1:8080", True), ("localhost", True), ("[::1]", True),
     ("10.0.0.5", True), ("evil.example", False), ("127.0.0.1.evil.example", False),
     ("report.example.evil.example", False)],
)  # fmt: skip
def test_a_name_that_leads_here_by_trickery_is_not_answered(host: str, taken: bool) -> None:
    request = make_mocked_request("GET", "/", headers={"Host": host})
    if taken:
        check_target(request, frozenset({"report.example"}))
    else:
        with pytest.raises(Refusal, match="wrong_host"):
            check_target(request, frozenset({"report.example"}))
    check_target(request, frozenset())


@pytest.mark.parametrize("target", ["http://evil.example/", "*", "evil.example:443"])
def test_only_paths_are_targets(target: str) -> None:
    with pytest.raises(Refusal, match="malformed"):
        check_target(make_mocked_request("GET", target, headers=HOST), frozenset())


@pytest.mark.parametrize(
    ("host", "bare"), [("127.0.0.1", True), ("::1", True), ("localhost", True), ("a.b", False)]
)
def test_digits_belong_to_nobody_else(host: str, bare: bool) -> None:
    assert is_bare(host) is bare
