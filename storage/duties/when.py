"""When a duty is due: one of several ways to say it."""

from datetime import date

from storage.hospital_types import Section


class When(Section):
    """Exactly one of these says when something is due."""

    dates: tuple[date, ...] = ()
    on_request: bool = False
