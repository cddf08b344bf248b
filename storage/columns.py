"""Column types that every table shares: aware UTC time, enums as their words."""

from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, Dialect, String, TypeDecorator

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def as_number(moment: datetime) -> int:
    """Microseconds since 1970, as times are kept; raises ValueError for a time without a zone."""
    if moment.tzinfo is None:
        raise ValueError("a time without a zone cannot be stored")
    passed = moment - _EPOCH
    return (passed.days * 86_400 + passed.seconds) * 1_000_000 + passed.microseconds


def _number_or_none(moment: datetime | None) -> int | None:
    return None if moment is None else as_number(moment)


class UtcTime(TypeDecorator[datetime]):
    """An aware UTC datetime kept as whole microseconds since 1970: it sorts, and nothing is lost."""

    impl = BigInteger
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], int | None]:
        """Straight to the number: every message writes two dozen times."""
        return _number_or_none

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        return None if value is None else datetime.fromtimestamp(value / 1_000_000, UTC)


class Word(TypeDecorator[StrEnum]):
    """A member of a StrEnum kept as its word, so that the table reads without the code."""

    impl = String(24)
    cache_ok = True

    def __init__(self, words: type[StrEnum]) -> None:
        super().__init__()
        self.words = words

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:
        return None if value is None else self.words(value)
