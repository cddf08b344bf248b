"""What a backup says of itself: every file with size and hash, under a seal that only our keys can make.

The seal is keyed BLAKE2b under a key derived from the hash key. Whoever has the backup but not the keys can
neither change a file of it nor put together a backup of pieces without `lianxin restore` noticing. An older
backup put in place of a newer one is whole by itself: its folder and manifest tell of when it is.
"""

import hmac
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple

from bot.backup.places import MANIFEST, is_known_path
from storage.errors import BackupError
from storage.vault import Vault

FORMAT = 1
_LARGEST = 1 << 30


class Content(NamedTuple):
    """Size in bytes and SHA-256 of one file."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """`made_at` is UTC, `revision` that of the tables, `head` that of the trail within.

    `missing` are uids the database knows and whose file was gone already when the backup was made.
    """

    version: str
    revision: str
    made_at: str
    head: str
    with_keys: bool
    counts: dict[str, int]
    files: dict[str, Content]
    missing: list[str] = field(default_factory=list)
    format: int = FORMAT


def write_manifest(folder: Path, manifest: Manifest, *, vault: Vault) -> None:
    """Writes and seals it as the last file of a backup; not synced to the disk."""
    body = asdict(manifest) | {"files": {path: list(one) for path, one in manifest.files.items()}}
    whole = body | {"owner": _owner(vault), "seal": _seal(body, vault)}
    text = json.dumps(whole, ensure_ascii=False, indent=1, sort_keys=True)
    handle = os.open(folder / MANIFEST, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text + "\n")


def read_manifest(folder: Path, *, vault: Vault) -> Manifest:
    """The manifest of a finished backup of this installation.

    Raises BackupError with one line: no backup, of another installation, changed, of a newer Lianxin.
    """
    body = _read(folder)
    owner, seal = body.pop("owner", None), body.pop("seal", None)
    if not _is_same(owner, _owner(vault)):
        raise BackupError(f"{folder}: the key file does not belong to this backup")
    if not _is_same(seal, _seal(body, vault)):
        raise BackupError(f"{folder / MANIFEST}: was changed after the backup was made")
    files = {path: Content(*one) for path, one in body.pop("files").items()}
    strange = [path for path in files if not is_known_path(path)]
    if strange:
        raise BackupError(f"{folder / MANIFEST}: names a file that belongs into no backup")
    return Manifest(**body, files=files)


def _read(folder: Path) -> dict[str, Any]:
    path = folder / MANIFEST
    try:
        if path.stat().st_size > _LARGEST:
            raise ValueError
        body = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise BackupError(f"{folder}: is no backup: there is no {MANIFEST} in it") from None
    except (OSError, ValueError, RecursionError):
        raise BackupError(f"{path}: cannot be read; it is damaged") from None
    if not isinstance(body, dict) or not isinstance(body.get("format"), int):
        raise BackupError(f"{path}: cannot be read; it is damaged")
    if body["format"] > FORMAT:
        raise BackupError(f"{folder}: the backup was made by a newer Lianxin; install that version")
    return body


def _is_same(told: object, expected: str) -> bool:
    """Compares without telling by its time how much fits; JSON may hold what no encoding takes."""
    given = told.encode("utf-8", "replace") if isinstance(told, str) else b""
    return hmac.compare_digest(given, expected.encode())


def _owner(vault: Vault) -> str:
    """Tells another installation's backup from a changed one."""
    return vault.keyed_hash("backup", "lianxin")


def _seal(body: Mapping[str, Any], vault: Vault) -> str:
    plain = json.dumps(body, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return blake2b(plain.encode(), digest_size=32, key=vault.derived_key("backup")).hexdigest()
