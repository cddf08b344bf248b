"""Removes the oldest backups of a folder: only finished ones of this installation, by name and by seal."""

import shutil
from pathlib import Path

from bot.backup.manifest import read_manifest
from bot.backup.places import PART, is_folder_name, is_part_name
from storage.errors import BackupError
from storage.vault import Vault


def own_backups(folder: Path, *, vault: Vault) -> list[Path]:
    """The finished backups of this installation in a folder, oldest first."""
    return sorted(path for path in folder.iterdir() if is_folder_name(path.name) and _is_ours(path, vault))


def drop_old(folder: Path, keep: int, *, vault: Vault) -> list[Path]:
    """Removes all but the newest `keep` of them (at least one); returns what was removed."""
    old = own_backups(folder, vault=vault)[: -max(keep, 1)]
    for path in old:
        going = path.rename(path.with_name(path.name + PART))  # half removed, it must not look like a backup
        shutil.rmtree(going)
    return old


def unfinished_in(folder: Path) -> list[Path]:
    """What backups that were killed, or are being made by others, left in a folder: nobody removes it."""
    return sorted(path for path in folder.iterdir() if is_part_name(path.name))


def _is_ours(path: Path, vault: Vault) -> bool:
    if path.is_symlink() or not path.is_dir():
        return False
    try:
        read_manifest(path, vault=vault)
    except (BackupError, OSError, TypeError, AttributeError):
        return False
    return True
