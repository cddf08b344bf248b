"""Rows of the table of attacks: somebody else's session, case, file, button, code, form, webhook."""

from collections.abc import Iterator
from datetime import timedelta

from bot.channels.telegram.webhook import SECRET_HEADER
from bot.channels.web.sessions import Sessions
from tests.e2e.attack_world import TIP, World
from tests.e2e.attacks import JSON, Attack, bearer, form, http, message
from tests.telegram.rig import SECRET

NOT_HERE = "没有查到这一件"


def sessions(world: World) -> Iterator[Attack]:
    good, now = world.officer.session, world.place.clock()
    flipped = good[:40] + ("A" if good[40] != "A" else "B") + good[41:]
    old = world.sessions.issue(now=now - timedelta(days=40))
    early = world.sessions.issue(now=now + timedelta(days=3))
    foreign = Sessions(b"another installation's key......").issue(now=now)
    for name, token in {
        "no session": "",
        "forged session": flipped,
        "expired session": old,
        "session from the future": early,
        "session of another installation": foreign,
        "session cut short": good[:-4],
        "session with more": good + "AAAA",
        "session of noughts": "A" * 88,
        "session in another alphabet": "－" * 88,
        "two sessions": f"{good}, {good}",
    }.items():
        yield Attack(name, message(token, text="在吗"), 401, never=(TIP,))
    yield Attack("session in the address", http("GET", f"/api/chat/messages?session={good}"), 401)
    yield Attack("session in a cookie", http("GET", "/api/chat/messages", f"Cookie: session={good}"), 401)
    yield Attack(
        "session by basic authorization",
        http("GET", "/api/chat/messages", f"Authorization: Basic {good}"),
        401,
    )
    yield Attack("renewing an expired session", http("POST", "/api/chat/sessions", bearer(old)), 401)
    yield Attack("renewing a forged session", http("POST", "/api/chat/sessions", bearer(flipped)), 401)


def cases(world: World) -> Iterator[Attack]:
    number, reporter, stranger = world.number, world.reporter.session, world.stranger.session
    case_id = world.accept.split(":")[2]
    hidden = (TIP, "王主任", "回扣")
    yield Attack("other office's case by number", message(stranger, text=number), 200, NOT_HERE, hidden)
    yield Attack("a case that does not exist", message(stranger, text="2026-99999"), 200, NOT_HERE, hidden)
    yield Attack(
        "other office's case by button", message(stranger, choice=f"open:{case_id}"), 200, never=hidden
    )
    yield Attack(
        "other office's text by button", message(stranger, choice=f"text:{case_id}"), 200, never=hidden
    )
    yield Attack(
        "other office's history by button", message(stranger, choice=f"history:{case_id}"), 200, never=hidden
    )
    yield Attack(
        "other office's files by button", message(stranger, choice=f"files:{case_id}"), 200, never=hidden
    )
    yield Attack("other office's step", message(stranger, choice=world.accept), 200, never=hidden)
    yield Attack(
        "an officer's button by a reporter", message(reporter, choice=world.accept), 200, never=("已受理",)
    )
    yield Attack(
        "an officer's card by a reporter", message(reporter, choice=f"open:{case_id}"), 200, never=hidden
    )
    yield Attack(
        "withdrawing the case of another",
        message(world.outsider.session, choice=f"withdraw.yes:{case_id}"),
        200,
        never=(*hidden, "已经撤回"),
    )
    yield Attack(
        "pushes for the case of another",
        message(world.outsider.session, choice=f"push.on:{case_id}"),
        200,
        never=(*hidden, "有答复会发到这里。为了"),
    )
    yield Attack(
        "reading a pushed case of another",
        message(world.outsider.session, choice=f"mine:{case_id}"),
        200,
        never=hidden,
    )
    for name, value in {
        "button with a nought in it": f"open:{case_id}\x00",
        "button with another's digits": "open:１",
        "button that is a path": "open:../../etc/passwd",
        "button that is SQL": f"open:{case_id} OR 1=1",
        "button of a number too large": "open:" + "9" * 40,
        "button with a newline": f"open:{case_id}\n",
    }.items():
        yield Attack(name, message(stranger, choice=value), 200, never=hidden)
    yield Attack("a button too long", message(stranger, choice="x" * 65), 400)
    file = f"/api/chat/files/{world.uid}"
    yield Attack("a file without session", http("GET", file), 401)
    yield Attack("other office's file", http("GET", file, bearer(stranger)), 404)
    yield Attack("the reporter's own file", http("GET", file, bearer(reporter)), 404)
    yield Attack("the file for its officer", http("GET", file, bearer(world.officer.session)), 200)
    yield Attack("a file that does not exist", http("GET", "/api/chat/files/none", bearer(stranger)), 404)


def codes(world: World) -> Iterator[Attack]:
    wide = world.code.translate({ord("0") + n: chr(0xFF10 + n) for n in range(10)})
    arabic = world.code.translate({ord("0") + n: chr(0x0660 + n) for n in range(10)})
    for name, said in {
        "plain": world.code,
        "full-width": wide,
        "with signs of no width": world.code.replace(" ", "\u200b"),
    }.items():
        yield Attack(f"the code, {name}", message(_fresh(world), text=said), 200, world.number)
    for name, said in {
        "in Arabic digits": arabic,
        "one digit wrong": world.code[:-1] + str((int(world.code[-1]) + 1) % 10),
        "as a pattern": "____ ____ ____ ____",
        "of noughts": "0000 0000 0000 0000",
        "with a wildcard": world.code[:-1] + "%",
    }.items():
        yield Attack(f"a code {name}", message(_fresh(world), text=said), 200, never=(world.number, TIP))
    yield Attack(
        "the code in the address", http("GET", f"/api/chat/messages?after={world.code.replace(' ', '')}"), 401
    )


def plain(world: World) -> Iterator[Attack]:
    now, marks = world.place.clock(), world.sessions
    token = marks.issue(now=now)
    sender = marks.sender(token, now=now) or ""
    said = {"id": "1", "text": TIP, "session": token}
    tossed = f"Cookie: plain={token}.0; plain={world.reporter.session}.0"
    other = marks.mark(marks.sender(world.reporter.session, now=now) or "", "plain inside")
    yield Attack("a form without mark", form("/plain/say", said), 409)
    yield Attack("a form with a made-up mark", form("/plain/say", said | {"csrf": "0" * 48}), 409)
    yield Attack("a form with another's mark", form("/plain/say", said | {"csrf": other}), 409)
    yield Attack("a cookie without mark", form("/plain/say", said, f"Cookie: plain={token}.0"), 409)
    yield Attack(
        "a mark for another purpose", form("/plain/say", said | {"csrf": marks.mark(sender, "else")}), 409
    )
    yield Attack("tossed cookies", http("GET", "/plain/talk", tossed), 303)
    yield Attack("a forged cookie", http("GET", "/plain/talk", f"Cookie: plain={'A' * 88}.0"), 303)
    yield Attack(
        "a cookie without TLS's name",
        http("GET", "/plain/talk", "X-Forwarded-Proto: https", f"Cookie: plain={token}.0"),
        303,
    )
    yield Attack(
        "markup as a mark",
        form("/plain/say", said | {"csrf": '"><script>x</script>'}),
        409,
        never=("<script>",),
    )


def webhook(_world: World) -> Iterator[Attack]:
    secret, wrong = f"{SECRET_HEADER}: {SECRET}", f"{SECRET_HEADER}: {SECRET[:-1]}x"
    update = b'{"update_id": 1}'
    yield Attack("a webhook without the secret", http("POST", "/telegram/updates", JSON, body=update), 403)
    yield Attack(
        "a webhook with a wrong secret", http("POST", "/telegram/updates", JSON, wrong, body=update), 403
    )
    yield Attack(
        "a webhook with the secret in the address",
        http("POST", f"/telegram/updates?secret={SECRET}", JSON, body=update),
        403,
    )
    yield Attack(
        "a webhook of another kind",
        http("POST", "/telegram/updates", secret, "Content-Type: text/plain", body=update),
        415,
    )
    yield Attack(
        "a webhook that is no update", http("POST", "/telegram/updates", JSON, secret, body=b"[]"), 400
    )
    yield Attack(
        "a webhook too large", http("POST", "/telegram/updates", JSON, secret, body=b" " * 1_100_000), 413
    )
    yield Attack("a webhook by GET", http("GET", "/telegram/updates", secret), 405)


def _fresh(world: World) -> str:
    return world.sessions.issue(now=world.place.clock())
