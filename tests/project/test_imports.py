"""Imports go down only, and whatever is imported is a declared dependency."""

import ast
import sys
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.project.conftest import ROOT

MAY_IMPORT = {
    "bot": {"bot", "handlers", "scheduler", "storage", "nlp"},
    "handlers": {"handlers", "storage", "nlp"},
    "scheduler": {"scheduler", "storage", "nlp"},
    "storage": {"storage", "nlp"},
    "nlp": {"nlp"},
}
OURS = {*MAY_IMPORT, "tests", "benchmarks", "tools"}


@cache
def imports_of(package: str) -> list[tuple[str, str]]:
    """Every file of a package with the first part of each module it imports."""
    return [
        (path.relative_to(ROOT).as_posix(), name.partition(".")[0])
        for path in sorted((ROOT / package).rglob("*.py"))
        for name in imported(path)
    ]


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_imports_go_down_only(package: str) -> None:
    upward = [(file, name) for file, name in imports_of(package) if name in OURS - MAY_IMPORT[package]]
    assert upward == []


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_every_import_is_declared(package: str, pyproject: dict[str, Any]) -> None:
    declared = {canonicalize_name(Requirement(line).name) for line in pyproject["project"]["dependencies"]}
    providers = packages_distributions()
    undeclared = [
        (file, name)
        for file, name in imports_of(package)
        if name not in sys.stdlib_module_names | OURS
        and not declared & {canonicalize_name(provider) for provider in providers.get(name, [])}
    ]
    assert undeclared == []
