"""How a column type reads in a revision: a revision must not change when our own types do."""

from collections.abc import Iterable
from typing import Any, Literal

from alembic.autogenerate import renderers
from alembic.operations.ops import CreateTableOp, MigrateOperation, MigrationScript
from sqlalchemy import String, TypeDecorator
from sqlmodel.sql.sqltypes import AutoString

from storage.columns import UtcTime
from storage.events import Event
from storage.trail_guards import GUARDS


class GuardOp(MigrateOperation):
    """The guards of the trail, made after its table."""


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


def add_guards(_context: Any, _revision: Any, scripts: Iterable[MigrationScript]) -> None:
    """Puts the guards behind the table they stand at, where a revision makes it."""
    for script in scripts:
        steps = script.upgrade_ops.ops if script.upgrade_ops else []
        for step in list(steps):
            if isinstance(step, CreateTableOp) and step.table_name == Event.__tablename__:
                steps.insert(steps.index(step) + 1, GuardOp())


@renderers.dispatch_for(GuardOp)
def _render_guards(_context: Any, _step: GuardOp) -> list[str]:
    """A statement for each guard, a piece a line; those of another dialect are passed over."""
    lines = []
    for dialect, pieces in GUARDS:
        lines += [f"if op.get_context().dialect.name == {dialect!r}: op.execute(", *map(repr, pieces), ")"]
    return lines
