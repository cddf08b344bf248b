"""Looks every locked package up in the advisories: a known vulnerability fails, what nobody knew is said."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

LOCK = Path(__file__).resolve().parent.parent / "requirements-dev.txt"
"""Holds the packages of the other locks as well."""
OSV_URL = "LIANXIN_OSV_URL"
"""The variable that names an advisory service of one's own, such as a mirror inside the hospital."""
ACCEPTED: dict[str, str] = {}
"""Advisories that do not concern us: identifier → reason."""

Row = dict[str, Any]


def main() -> int:
    """0 if nothing is known against any package, 1 with a line for each advisory."""
    rows = look_up(services())
    found = [line for row in rows for line in advisories(row)]
    unknown = [row["name"] for row in rows if "vulns" not in row]
    print(*found, sep="\n", end="\n" if found else "", file=sys.stderr)
    if unknown or not rows:
        print(
            f"NOT AUDITED: no advisory service answers from here for {len(unknown) or 'all'} packages; "
            f"run this where one does, or name one in {OSV_URL}",
            file=sys.stderr,
        )
    return 1 if found else 0


def services() -> list[list[str]]:
    """Whom pip-audit may ask, in this order."""
    if own := os.environ.get(OSV_URL):
        return [["osv", "--osv-url", own]]
    return [["pypi"], ["osv"]]


def look_up(asked: list[list[str]]) -> list[Row]:
    """What the first service says that knows any of the packages; none if no service can be reached."""
    rows: list[Row] = []
    for service in asked:
        rows = ask(service) or rows
        if any("vulns" in row for row in rows):
            break
    return rows


def ask(service: list[str]) -> list[Row]:
    """A row for each package, with `vulns` if it was looked up; none if the service cannot be reached."""
    command = [
        sys.executable,
        "-m",
        "pip_audit",
        "--requirement",
        str(LOCK),
        "--require-hashes",
        "--disable-pip",
    ]
    command += ["--format", "json", "--progress-spinner", "off", "--timeout", "10"]
    done = subprocess.run(
        [*command, "--vulnerability-service", *service], capture_output=True, text=True, check=False
    )
    try:
        rows: list[Row] = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        return []
    return rows


def advisories(row: Row) -> list[str]:
    """A line for each advisory against a package that is not accepted."""
    return [
        f"vulnerable: {row['name']} {row['version']}: {one['id']}, fixed in "
        f"{', '.join(one['fix_versions']) or 'no version yet'}"
        for one in row.get("vulns", ())
        if one["id"] not in ACCEPTED
    ]


if __name__ == "__main__":
    raise SystemExit(main())
