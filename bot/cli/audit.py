"""audit verify: whether the trail is whole."""

import typer

from bot.cli.opening import Data, opened

audit_app = typer.Typer(help="Look after the trail of what was done.", rich_markup_mode=None)


def add_to(app: typer.Typer) -> None:
    """Adds the commands."""
    app.add_typer(
        audit_app,
        name="audit",
        short_help="Check the trail of what was done.",
        epilog="Example: lianxin audit verify",
    )


@audit_app.callback(invoke_without_command=True)
def _alone(context: typer.Context) -> None:
    """Look after the trail of what was done."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@audit_app.command(epilog="Example: lianxin audit verify --data /srv/lianxin")
def verify(data: Data = None) -> None:
    """Check that no event of the trail was changed, swapped or taken out of the middle."""
    from sqlmodel import Session, col, func, select

    from storage.errors import LianxinError
    from storage.events import Event, broken_link

    def look(session: Session) -> tuple[int, int | None]:
        return session.exec(select(func.count(col(Event.id)))).one(), broken_link(session)

    with opened(data) as folder:
        count, broken = folder.database.run_now(look)
    if broken is not None:
        raise LianxinError(
            f"the trail is broken at event {broken}: it or the one before was changed or removed"
        )
    typer.echo(f"The trail is whole: {count} events.")
