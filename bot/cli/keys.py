"""keys: which seal keys there are, a new one in place of the old, and whether everything opens."""

from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.opening import Data, opened, utc_now

if TYPE_CHECKING:
    from bot.data_folder import DataFolder
    from bot.rotation import Resealed

keys_app = typer.Typer(help="Look after the keys that seal texts and files.", rich_markup_mode=None)

New = Annotated[bool, typer.Option("--new", help="Add another key though the last rotation is not done.")]
Retire = Annotated[bool, typer.Option("--retire", help="Afterwards take the older keys out as well.")]


def add_to(app: typer.Typer) -> None:
    """Adds the commands."""
    app.add_typer(
        keys_app, name="keys", short_help="Change the keys that seal.", epilog="Example: lianxin keys rotate"
    )


@keys_app.callback(invoke_without_command=True)
def _alone(context: typer.Context) -> None:
    """Look after the keys that seal texts and files."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@keys_app.command(name="list", epilog="Example: lianxin keys list --data /srv/lianxin")
def list_keys(data: Data = None) -> None:
    """List the seal keys by number, and how many values and files each of them sealed. Shows no key."""
    from rich.console import Console
    from rich.table import Table

    from bot.rotation import uses_of

    with opened(data) as folder:
        uses, newest, known = uses_of(folder), folder.vault.newest, set(folder.vault.numbers)
        table = Table(box=None, pad_edge=False)
        for title in ("key", "state", "values", "files"):
            table.add_column(title)
        for number in sorted(known | set(uses.values) | set(uses.files)):
            state = "seals" if number == newest else "opens" if number in known else "is missing"
            name = str(number) if number else "none"
            table.add_row(name, state, str(uses.values[number]), str(uses.files[number]))
        Console().print(table, markup=False)
        typer.echo(f"They lie in {folder.key_file}.")


@keys_app.command(epilog="Example: lianxin keys rotate --data /srv/lianxin")
def rotate(new: New = False, retire: Retire = False, data: Data = None) -> None:
    """Add a fresh seal key, and seal with it everything that older ones sealed. May run beside serve.

    Stopped at any moment, it goes on where it was when it is run again.
    """
    from bot.cli.progress import bar
    from bot.data_folder import changing_keys
    from bot.rotation import begin_rotation, reseal_all, uses_of

    with opened(data) as folder, changing_keys(folder.path):
        number = begin_rotation(folder, new=new, now=utc_now())
        _tell_begin(folder, number)
        total = sum(uses_of(folder).by_other_than(folder.vault.newest))
        try:
            with bar("Sealing anew", total) as advance:
                done = reseal_all(folder, advance=advance, now=utc_now())
        except KeyboardInterrupt:
            typer.echo("Stopped. Run it again to go on: lianxin keys rotate", err=True)
            raise
        _tell_end(done)
        if retire:
            _retire(folder)
        elif not done.broken:
            typer.echo("Older keys are needed no more. Take them out with: lianxin keys retire")


@keys_app.command(epilog="Example: lianxin keys retire --data /srv/lianxin")
def retire(data: Data = None) -> None:
    """Take older keys out of the key file, once nothing is sealed with them any more."""
    from bot.data_folder import changing_keys

    with opened(data) as folder, changing_keys(folder.path):
        _retire(folder)


@keys_app.command(epilog="Example: lianxin keys verify --data /srv/lianxin")
def verify(data: Data = None) -> None:
    """Open every sealed value and file, and tell how many were damaged, changed or moved. Shows none.

    What was removed is looked for by `lianxin audit verify`.
    """
    from bot.cli.progress import bar
    from bot.rotation import find_broken, uses_of
    from storage.errors import SealError

    with opened(data) as folder:
        uses = uses_of(folder)
        with bar("Opening", uses.values.total() + uses.files.total()) as advance:
            broken = find_broken(folder, advance=advance)
    if broken:
        raise SealError(f"damaged, changed or moved, and does not open: {_counts(dict(broken))}")
    typer.echo("Everything opens.")


def _tell_begin(folder: "DataFolder", number: int | None) -> None:
    if number is None:
        typer.echo(f"An earlier rotation goes on: key {folder.vault.newest} seals.")
        return
    typer.echo(f"Key {number} was added to {folder.key_file} and seals from now on.")
    typer.echo("Put a copy of that file into your safe now: the copy there does not open what comes.")


def _tell_end(done: "Resealed") -> None:
    typer.echo(f"{done.values} values and {done.files} files were sealed anew.")
    if done.broken:
        typer.echo(
            f"These do not open and stay as they are; compare with a backup: {_counts(dict(done.broken))}.",
            err=True,
        )


def _retire(folder: "DataFolder") -> None:
    from bot.rotation import retire_keys

    numbers = retire_keys(folder, now=utc_now())
    if not numbers:
        typer.echo("There is no older key.")
        return
    typer.echo(f"Taken out of {folder.key_file}: key {', '.join(map(str, numbers))}.")
    typer.echo("Backups made before need them: keep the old copy of the key file in your safe with them.")


def _counts(found: dict[str, int]) -> str:
    return ", ".join(f"{count} in {name}" for name, count in sorted(found.items()))
