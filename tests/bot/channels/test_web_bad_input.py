"""Bad input of every kind gets a short answer with a code, and never reaches the desk half."""

import json
from typing import Any

import pytest

from bot.channels.web.errors import STATUS, wording
from storage.errors import CaseMoved
from tests.bot.channels.conftest import SMALL_UPLOAD, Served, form

JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "malformed"),
        (b"{", "malformed"),
        (b"[]", "malformed"),
        (b'"text"', "malformed"),
        (b"null", "malformed"),
        (b"\xff\xfe\xfa", "malformed"),
        (b'{"id":"1","text":"\xe4\xb8"}', "malformed"),
        (b"[" * 200_000, "malformed"),
        (b'{"a":' * 150_000, "malformed"),
        (b"1" * 5000, "malformed"),
        (b'{"text":"x"}', "bad_id"),
        (b'{"id":"","text":"x"}', "bad_id"),
        (b'{"id":7,"text":"x"}', "bad_id"),
        (b'{"id":"a\\u0000b","text":"x"}', "bad_id"),
        (b'{"id":"\\ud800","text":"x"}', "bad_id"),
        (json.dumps({"id": "x" * 65, "text": "x"}).encode(), "bad_id"),
        (b'{"id":"1"}', "no_content"),
        (b'{"id":"1","text":null,"choice":null}', "no_content"),
        (b'{"id":"1","text":7}', "bad_text"),
        (b'{"id":"1","text":["x"]}', "bad_text"),
        (b'{"id":"1","choice":{}}', "bad_choice"),
        (b'{"id":"1","choice":"c","pressed":5}', "bad_choice"),
        (json.dumps({"id": "1", "choice": "x" * 65}).encode(), "bad_choice"),
        (b'{"id":"1","text":"x","choice":"y"}', "two_contents"),
        (json.dumps({"id": "1", "text": "字" * 100_001}, ensure_ascii=False).encode(), "text_too_long"),
        (b'{"id":"1","text":"' + b"x" * 1_000_000 + b'"}', "too_large"),
    ],
    ids=lambda value: repr(value)[:40],
)
async def test_a_body_that_is_not_a_message_is_answered(served: Served, body: bytes, code: str) -> None:
    status, answer = await served.post(await served.session(), data=body, headers=JSON)
    assert (status, answer["error"]["code"]) == (STATUS[code], code)
    assert answer["error"]["message"] == wording()[code]
    assert served.desk.inbounds == []


@pytest.mark.parametrize(
    ("sent", "heard"),
    [
        ("", ""),
        ("😀🧧", "😀🧧"),
        ("前\x00后\x1b[31m\x7f\x85", "前后[31m"),
        ("行一\n行二\t列\r\n", "行一\n行二\t列\r\n"),
        ("\ud800半个", "\ufffd半个"),
        ("半个\udfff", "半个\ufffd"),
        ("字" * 100_000, "字" * 100_000),
    ],
    ids=["empty", "emoji", "controls", "lines", "lone high", "lone low", "very long"],
)
async def test_strange_texts_arrive_clean(served: Served, sent: str, heard: str) -> None:
    body = json.dumps({"id": "1", "text": sent}).encode()
    status, _ = await served.post(await served.session(), data=body, headers=JSON)
    assert status == 200
    assert served.desk.inbounds[0].text == heard


async def test_an_unknown_button_is_left_to_the_desk(served: Served) -> None:
    status, _ = await served.post(await served.session(), json={"id": "1", "choice": "不存在的按钮"})
    assert status == 200


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Bearer x", "Basic abc", "Bearer " + "A" * 88, "bearer \u00e9"]
)
async def test_without_a_good_session_nothing_is_taken(served: Served, header: str) -> None:
    for method, path in (("POST", "messages"), ("GET", "messages"), ("GET", "files/pic1")):
        url = f"{served.url}/api/chat/{path}"
        async with served.client.request(method, url, headers={"Authorization": header}) as response:
            assert response.status == 401
            assert response.headers["WWW-Authenticate"] == "Bearer"
    assert served.desk.inbounds == []


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/mixed; boundary=x", "nonsense"]
)
async def test_other_formats_are_refused(served: Served, kind: str) -> None:
    status, answer = await served.post(
        await served.session(), data=b'{"id":"1","text":"x"}', headers={"Content-Type": kind}
    )
    assert (status, answer["error"]["code"]) == (415, "wrong_type")


async def test_a_packed_body_is_refused_unopened(served: Served) -> None:
    headers = JSON | {"Content-Encoding": "gzip"}
    status, _ = await served.post(await served.session(), data=b"\x1f\x8b", headers=headers)
    assert status == 415


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no boundary at all",
        b"--b\r\n\r\n",
        b'--b\r\nContent-Disposition: form-data; name="id"\r\n\r\n1',
        b"--b\r\nbroken header\r\n\r\nx\r\n--b--\r\n",
        b"--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\n\r\nx\r\n--c--\r\n--b--\r\n",
        b"--b\r\nX: " + b"y" * 20_000 + b"\r\n\r\nx\r\n--b--\r\n",
    ],
    ids=["empty", "no boundary", "cut head", "cut body", "bad header", "nested", "huge header"],
)
async def test_a_broken_form_is_answered(served: Served, body: bytes) -> None:
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    status, answer = await served.post(await served.session(), data=body, headers=headers)
    assert (status, answer["error"]["code"]) in ((400, "malformed"), (400, "bad_id"))
    assert served.desk.inbounds == []


async def test_a_form_without_boundary_is_answered(served: Served) -> None:
    headers = {"Content-Type": "multipart/form-data"}
    status, _ = await served.post(await served.session(), data=b"x", headers=headers)
    assert status == 400


async def test_too_large_an_upload_is_refused_by_its_length(served: Served) -> None:
    data = form("f", ("film.mp4", b"x" * (SMALL_UPLOAD + 1)))
    status, answer = await served.post(await served.session(), data=data)
    assert (status, answer["error"]["code"]) == (413, "too_large")
    assert served.desk.uploads == []


async def test_too_large_an_upload_without_a_length_is_refused_while_reading(served: Served) -> None:
    async def body() -> Any:
        yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="x"\r\n\r\n'
        for _ in range(40):
            yield b"x" * 65_536
        yield b"\r\n--b--\r\n"

    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    status, answer = await served.post(await served.session(), data=body(), headers=headers)
    assert (status, answer["error"]["code"]) == (413, "too_large")


async def test_what_an_upload_held_is_given_back(served: Served) -> None:
    session = await served.session()
    await served.post(session, data=form("1", ("a", b"x" * 1000)))
    await served.post(session, data=form("2", ("a", b"x" * (SMALL_UPLOAD + 1))))
    await served.post(session, data=b"{", headers=JSON)
    assert served.channel.held._held == 0


async def test_very_many_files_at_once_are_refused(served: Served) -> None:
    data = form("f", *((f"{number}.txt", b"x") for number in range(41)))
    status, answer = await served.post(await served.session(), data=data)
    assert (status, answer["error"]["code"]) == (413, "too_many_files")


async def test_a_form_checks_its_fields_like_json_does(served: Served) -> None:
    session = await served.session()
    both = form("1", ("a", b"x"))
    both.add_field("choice", "c")
    assert (await served.post(session, data=both))[1]["error"]["code"] == "two_contents"
    assert (await served.post(session, data=form("")))[1]["error"]["code"] == "bad_id"
    assert (await served.post(session, data=form("1")))[1]["error"]["code"] == "no_content"
    long = form("1", text="x" * 100_001)
    assert (await served.post(session, data=long))[1]["error"]["code"] == "text_too_long"


async def test_a_strange_file_name_is_cleaned(served: Served) -> None:
    name = "../../etc/" + "长" * 300 + "\t图\x85.jpg"
    body = (
        '--b\r\nContent-Disposition: form-data; name="id"\r\n\r\n1\r\n'
        f'--b\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\nx\r\n--b--\r\n'
    )
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    status, _ = await served.post(await served.session(), data=body.encode(), headers=headers)
    assert status == 200
    received = served.desk.uploads[0][0].name
    assert received.endswith("长 图.jpg")
    assert len(received) == 200


@pytest.mark.parametrize("after", ["x", "-1", "1.5", "٣", "9" * 19, "%00"])
async def test_a_strange_after_is_answered(served: Served, after: str) -> None:
    response = await served.get(f"/api/chat/messages?after={after}", await served.session())
    assert response.status == 400


@pytest.mark.parametrize("uid", ["..%2f..%2fetc%2fpasswd", "%00", "a.b", "x" * 65, "文"])
async def test_a_strange_file_id_is_not_found(served: Served, uid: str) -> None:
    response = await served.get(f"/api/chat/files/{uid}", await served.session())
    assert response.status == 404


@pytest.mark.parametrize("error", [RuntimeError("病人说的话"), CaseMoved("x"), TimeoutError()])
async def test_a_failure_inside_is_a_short_answer_and_a_log_line_without_words(
    served: Served, error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    served.desk.fail = error
    session = await served.session()
    status, answer = await served.post(session, json={"id": "1", "text": "张医生收钱"})
    assert (status, answer["error"]["code"]) == (500, "internal")
    assert f"POST /api/chat/messages failed: {type(error).__name__}" in caplog.text
    for secret in ("病人说的话", "张医生", session, "127.0.0.1", "Traceback"):
        assert secret not in caplog.text + json.dumps(answer, ensure_ascii=False)
