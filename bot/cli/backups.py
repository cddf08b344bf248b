"""backup and restore: a copy of everything while it is in use, and back."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.opening import Data, opened, utc_now

if TYPE_CHECKING:
    from bot.backup.manifest import Manifest
    from bot.backup.restoring import Task

Into = Annotated[Path, typer.Argument(metavar="DIR", help="Where backups lie; each is a folder in it.")]
Backup = Annotated[Path, typer.Argument(metavar="BACKUP", help="The folder lianxin-… of one backup.")]
WithKeys = Annotated[
    bool, typer.Option("--with-keys", help="Put the keys inside, too: whoever has the backup reads it all.")
]
Keep = Annotated[
    int | None, typer.Option("--keep", min=1, metavar="N", help="Remove older backups but the newest N.")
]
KeyFile = Annotated[
    Path | None, typer.Option("--key-file", metavar="FILE", help="The keys the backup was made with.")
]


def add_to(app: typer.Typer) -> None:
    """Adds the commands."""
    app.command(
        epilog="Example: lianxin backup /mnt/backup --keep 30", short_help="Copy everything while it runs."
    )(backup)
    app.command(
        epilog="Example: lianxin restore /mnt/backup/lianxin-20261122-014500 --data /srv/new --key-file keys",
        short_help="Put a backup into a new folder.",
    )(restore)


def backup(into: Into, with_keys: WithKeys = False, keep: Keep = None, data: Data = None) -> None:
    """Copy database, files and settings, as of one moment, while `lianxin serve` goes on.

    The keys stay out: keep them in a safe, apart. Without them nobody can read the backup, nor can you.
    """
    from bot.backup.keeping import drop_old, unfinished_in
    from bot.backup.making import expected_bytes, make_backup
    from bot.cli.progress import bar

    with opened(data) as folder:
        with bar("Copying", expected_bytes(folder)) as advance:
            made = make_backup(folder, into, with_keys=with_keys, now=utc_now(), advance=advance)
        dropped = drop_old(into, keep, vault=folder.vault) if keep is not None else []
    typer.echo(f"{made.folder}: {_counted(made.manifest)}, {made.bytes / 2**20:.1f} MB")
    typer.echo(f"Head of the trail within: {made.manifest.head}")
    for path in dropped:
        typer.echo(f"Removed: {path.name}")
    for path in unfinished_in(into):
        typer.echo(f"Unfinished, remove it unless it is being made: {path}", err=True)
    if made.manifest.missing:
        typer.echo(f"MISSING: {_lost(made.manifest)}", err=True)
    if with_keys:
        told = "THE KEYS ARE INSIDE: whoever gets this folder can read every report. Lock it away."
        typer.secho(told, err=True, fg=typer.colors.RED, bold=True)


def restore(backup: Backup, key_file: KeyFile = None, data: Data = None) -> None:
    """Check a backup and put it into a new, empty folder: all of it, or nothing.

    Messages that were waiting when the backup was made go out again; what came after it is lost, also who was
    taken off, and what was destroyed meanwhile is there again until its turn comes. Patients whose questions
    were due by now are not asked again; who wanted no more since the backup is asked what is due later.
    """
    from bot.backup.restoring import checked_manifest, restore_backup, work_of
    from bot.cli.progress import bar

    task = _task(backup, key_file, data)
    manifest = checked_manifest(task)
    with bar("Restoring", work_of(manifest)) as advance:
        broken = restore_backup(task, manifest, now=utc_now(), advance=advance)
    typer.echo(f"{task.target}: {_counted(manifest)}, as of {manifest.made_at}")
    opens = "Everything opens, the trail is whole." if not broken else "The trail is whole."
    typer.echo(f"{opens} Reports that came later are not in it.")
    if broken:
        told = ", ".join(f"{count} of {name}" for name, count in sorted(broken.items()))
        typer.echo(f"DAMAGED before the backup was made: {told}; compare with an older one.", err=True)
    waiting = manifest.counts["letters_waiting"]
    if waiting:
        typer.echo(f"{waiting} messages waited when the backup was made; they go out again.")
    if manifest.missing:
        typer.echo(f"MISSING: {_lost(manifest)}", err=True)
    typer.echo(f"Who was taken off since is in again; look at: lianxin members --data {task.target}")
    typer.echo("Patients are not asked again what was due by now; who opted out since is forgotten.")
    typer.echo(f"Next: lianxin serve --data {task.target}")


def _task(backup: Path, key_file: Path | None, data: Path | None) -> "Task":
    """Which keys open it: those named, else those of LIANXIN_KEY_FILE, else those inside."""
    from bot.backup.restoring import Task
    from bot.data_folder import KEYS
    from bot.settings import load_settings
    from storage.errors import BackupError
    from storage.vault import Vault, load_keys

    settings = load_settings(data=data)
    inside = backup / KEYS if (backup / KEYS).exists() else None
    keys = key_file or settings.key_file or inside
    if keys is None:
        raise BackupError(f"{backup}: the keys are not inside; name their file with --key-file")
    # Where the environment names a key file, `serve` reads that one: no second copy is laid beside the data.
    return Task(backup, settings.data, Vault(load_keys(keys)), None if settings.key_file else keys)


def _counted(manifest: "Manifest") -> str:
    counts = manifest.counts
    return f"{counts['cases']} cases, {counts['files']} files, {counts['events']} events"


def _lost(manifest: "Manifest") -> str:
    count = len(manifest.missing)
    return f"{count} files of cases were gone already when the backup was made"
