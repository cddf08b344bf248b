"""What the forms of the page without scripts carry with them, unseen."""

import secrets

from bot.web.plain.visits import Visit, Visits


def fresh_slips(visits: Visits, visit: Visit, *, id: str | None = None) -> dict[str, str]:  # noqa: A002
    """The hidden fields of a form: its own id (the same twice is done once), the mark, and the session.

    The session is left out where a cookie carries it.
    """
    slips = {"csrf": visits.mark(visit), "id": id or secrets.token_hex(8)}
    return slips if visit.by_cookie else slips | {"session": visit.token}
