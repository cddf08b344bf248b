"""What alembic runs: the connection comes with the configuration, see storage.migrate."""

from alembic import context

from storage.migrations.rendering import add_guards, render_plainly
from storage.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_item=render_plainly,
    process_revision_directives=add_guards,
)
with context.begin_transaction():
    context.run_migrations()
