"""How a column type reads in a revision: a revision must not change when our own types do."""

from typing import Any, Literal

from sqlalchemy import String, TypeDecorator
from sqlmodel.sql.sqltypes import AutoString

from storage.columns import UtcTime


def render_plainly(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """The plain SQLAlchemy type behind one of ours, in the way alembic's `render_item` asks for it."""
    if kind != "type" or not isinstance(item, TypeDecorator):
        return False
    if isinstance(item, UtcTime):
        return "sa.BigInteger()"
    if isinstance(item, AutoString):
        return "sa.String()" if item.length is None else f"sa.String({item.length})"
    if isinstance(item.impl_instance, String):
        return f"sa.String({item.impl_instance.length})"
    raise TypeError(f"say in {__name__} how {type(item).__name__} reads in a revision")
