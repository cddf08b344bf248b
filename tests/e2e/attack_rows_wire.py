"""Rows of the table of attacks: strange paths, lengths, chunks, bodies, encodings, methods, sites."""

import json
from collections.abc import Iterator

from tests.e2e.attack_world import TIP, World
from tests.e2e.attacks import JSON, Attack, bearer, form, http, message


def paths(world: World) -> Iterator[Attack]:
    mine = bearer(world.officer.session)
    for target in (
        "/static/../../storage/vault.py",
        "/static/%2e%2e/app.py",
        "/static/..%2f..%2fapp.py",
        "/static/..\\app.py",
        "/static/%5c..%5capp.py",
        "/static/chat.js%00",
        "/static/chat.js%00.css",
        "/static/%c0%ae%c0%ae/app.py",
        "/static//etc/passwd",
        "/static/%252e%252e/app.py",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/static/CHAT.JS",
        "/static/",
        "/.env",
        "/keys",
        "/lianxin.db",
        "/.git/config",
        "/plain/../metrics",
        "/static/index.html",
        "/plain/%2e%2e/",
    ):
        yield Attack(f"path {target}", http("GET", target), 404)
    for uid in ("..%2f..%2fkeys", "%2e%2e", "x%00", "a" * 65, "%ff%fe", "..%5ckeys"):
        yield Attack(f"file {uid[:16]}", http("GET", f"/api/chat/files/{uid}", mine), 404)
    yield Attack("bytes that are no text in the path", b"GET /\xff\xfe HTTP/1.1\r\nHost: a\r\n\r\n", 400)
    yield Attack("a whole address for a target", http("GET", "http://evil.example/healthz"), 400)
    yield Attack("a tunnel", http("CONNECT", "evil.example:443"), 400)
    yield Attack("a very long address", http("GET", "/" + "a" * 9000), 400)


def framing(world: World) -> Iterator[Attack]:
    head = (bearer(world.outsider.session), JSON)
    body = b'{"id":"1","text":"x"}'
    hidden = b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"
    lengths = {
        "length and chunks": ("Content-Length: 21", "Transfer-Encoding: chunked"),
        "two lengths": ("Content-Length: 21", "Content-Length: 22"),
        "the same length twice": ("Content-Length: 21", "Content-Length: 21"),
        "a list of lengths": ("Content-Length: 21, 21",),
        "a length with a sign": ("Content-Length: +21",),
        "a negative length": ("Content-Length: -1",),
        "a length beyond numbers": ("Content-Length: " + "9" * 30,),
        "an unknown coding": ("Transfer-Encoding: xchunked",),
        "chunks that are not last": ("Transfer-Encoding: chunked, identity",),
        "two codings": ("Transfer-Encoding: chunked", "Transfer-Encoding: chunked"),
        "a blank before the colon": ("Transfer-Encoding : chunked",),
        "a folded line": ("X: a\r\n b",),
        "a bare CR in a value": ("X: a\rSet-Cookie: b=c",),
        "a nought in a value": ("X: a\0b",),
        "two hosts": ("Host: evil.example",),
        "a header name with a blank": ("Bad Header: x",),
    }
    for name, lines in lengths.items():
        yield Attack(name, http("POST", "/api/chat/messages", *head, *lines) + body + hidden, 400)
    chunked = http("POST", "/api/chat/messages", *head, "Transfer-Encoding: chunked")
    for name, chunk in {
        "a chunk size that is none": b"zz\r\n",
        "a negative chunk": b"-5\r\nab\r\n",
        "a chunk beyond numbers": b"f" * 20 + b"\r\n",
    }.items():
        yield Attack(name, chunked + chunk, 400)
    yield Attack("lines without CR", b"GET /healthz HTTP/1.1\nHost: a\n\n", 400)
    yield Attack("no host", b"GET /healthz HTTP/1.1\r\n\r\n", 400)
    yield Attack("a host with a path", http("GET", "/", host="a/../b"), 400)
    yield Attack("a host with a name in it", http("GET", "/", host="a@b"), 400)
    yield Attack("TLS to a plain port", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400)
    yield Attack("HTTP/2 by guess", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400)
    yield Attack("many headers", http("GET", "/", *(f"X-{n}: a" for n in range(300))), 400)
    yield Attack("a long header", http("GET", "/", "X: " + "a" * 9000), 400)
    yield Attack(
        "a websocket",
        http(
            "GET",
            "/api/chat/messages",
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        ),
        401,
    )


def bodies(world: World) -> Iterator[Attack]:
    me, post = bearer(world.outsider.session), "/api/chat/messages"
    multipart = "Content-Type: multipart/form-data; boundary=b"
    large = b'{"id":"1","text":"' + b"x" * 1_000_001 + b'"}'
    part = b'--b\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'
    yield Attack("a body announced too large", http("POST", post, me, multipart, length=10**9), 413)
    yield Attack(
        "the same, asking first", http("POST", post, me, multipart, "Expect: 100-continue", length=10**9), 413
    )
    yield Attack("asking for something else", http("POST", post, me, JSON, "Expect: 999-x", body=b"{}"), 400)
    yield Attack("JSON too large", http("POST", post, me, JSON, body=large), 413)
    yield Attack(
        "JSON too large in chunks",
        http("POST", post, me, JSON, "Transfer-Encoding: chunked")
        + b"".join(b"10000\r\n" + b"x" * 0x10000 + b"\r\n" for _ in range(17))
        + b"0\r\n\r\n",
        413,
    )
    yield Attack("JSON too deep", http("POST", post, me, JSON, body=b"[" * 200_000), 400)
    yield Attack(
        "a number too long", http("POST", post, me, JSON, body=b'{"id":' + b"9" * 10_000 + b"}"), 400
    )
    yield Attack(
        "too many fields",
        http("POST", post, me, multipart, body=part % (b"x", b"y") * 61 + b"--b--\r\n"),
        413,
    )
    yield Attack(
        "a part within a part",
        http(
            "POST",
            post,
            me,
            multipart,
            body=b"--b\r\nContent-Type: multipart/mixed; "
            b"boundary=c\r\n\r\n--c\r\n\r\nx\r\n--c--\r\n--b--\r\n",
        ),
        400,
    )
    yield Attack("no boundary", http("POST", post, me, "Content-Type: multipart/form-data", body=b"x"), 400)
    yield Attack("a part without an end", http("POST", post, me, multipart, body=part % (b"id", b"1")), 400)
    yield Attack("a packed body", http("POST", post, me, JSON, "Content-Encoding: gzip", body=b"{}"), 415)
    yield Attack("another kind of body", http("POST", post, me, "Content-Type: text/plain", body=b"{}"), 415)
    yield Attack("no kind of body", http("POST", post, me, body=b"{}"), 415)
    for name, raw in {
        "GBK": "红包".encode("gbk"),
        "broken UTF-8": b"\xe7\xba",
        "a lone surrogate": b"\xed\xa0\x80",
        "overlong UTF-8": b"\xc0\xbc",
    }.items():
        text = part % (b"id", b"1") + part % (b"text", raw) + b"--b--\r\n"
        yield Attack(f"{name} in a form", http("POST", post, me, multipart, body=text), 400, "不是文字")
        status = 200 if name == "a lone surrogate" else 400  # it is kept as a question mark
        text = b'{"id":"1","text":"' + raw + b'"}'
        yield Attack(f"{name} in JSON", http("POST", post, me, JSON, body=text), status)
    packed = json.dumps({"id": "utf16", "text": "在吗"}, ensure_ascii=False).encode("utf-16")
    yield Attack("UTF-16 with a mark", http("POST", post, me, JSON, body=packed), 200)
    split = message(world.outsider.session, id="a\r\nSet-Cookie: x=y", text="在吗")
    yield Attack("an id that would split a head", split, 200)


def methods(world: World) -> Iterator[Attack]:
    mine = bearer(world.officer.session)
    for method in ("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"):
        yield Attack(f"{method} messages", http(method, "/api/chat/messages", mine), 405)
    yield Attack(
        "GET with another method inside",
        http("GET", "/api/chat/sessions", "X-HTTP-Method-Override: POST"),
        405,
    )
    yield Attack("saying by GET", http("GET", "/plain/say?text=x"), 405)
    yield Attack("an unknown method", http("FROB", "/"), 400)
    yield Attack("figures through a proxy", http("GET", "/metrics", "X-Forwarded-For: 127.0.0.1"), 404)
    yield Attack("figures through another proxy", http("GET", "/metrics", "Via: 1.1 x"), 404)
    yield Attack("figures by a rebound name", http("GET", "/metrics", host="evil.example"), 404)
    yield Attack(
        "preflight of another site",
        http(
            "OPTIONS",
            "/api/chat/messages",
            "Origin: https://evil.example",
            "Access-Control-Request-Method: POST",
        ),
        405,
    )
    evil = "Origin: https://evil.example"
    yield Attack("a session for another site", http("POST", "/api/chat/sessions", evil), 403)
    yield Attack("a message from another site", message(world.reporter.session, evil, text="x"), 403)
    yield Attack(
        "a message from a hidden origin", message(world.reporter.session, "Origin: null", text="x"), 403
    )
    yield Attack("a form of another site", form("/plain/say", {"id": "1", "text": TIP}, evil), 403)
    yield Attack(
        "a form of a neighbour",
        form("/plain/say", {"id": "1", "text": TIP}, "Sec-Fetch-Site: same-site"),
        403,
    )
