"""Whatever the code records has a name in the enum, a line about it, and words for officers."""

import ast
import inspect
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage import event_names
from storage.event_names import NAMES, EventName

ROOT = Path(__file__).parents[2]
PARTS = ("bot", "handlers", "scheduler", "storage")
ACTION_AT = {"record_event": 2, "tell_reporter": 3, "note_item": 1}
"""Functions that take the name of an event, and the place of it among their arguments."""
PASSED_ON = {
    "storage/moves.py": {"step"},
    "storage/drives/item_changes.py": {"name"},
    "handlers/staff/duties/excusing.py": {"what"},
    "handlers/staff/duties/handing_in.py": {"what"},
    "storage/tallies.py": {"tally.kind"},
    "storage/following.py": {"step.facts['step']"},
    "storage/duties/extending.py": {"what"},
    "bot/trail_keeper.py": {"name"},
}
"""Variables that carry a name given elsewhere, by file."""


def recorded() -> Iterator[tuple[str, ast.expr]]:
    """File and name of every call that records something; for a variable, all that it is set to there."""
    for part in PARTS:
        for path in sorted((ROOT / part).rglob("*.py")):
            tree, file = ast.parse(path.read_text("utf-8")), str(path.relative_to(ROOT))
            for node in ast.walk(tree):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                    place = ACTION_AT.get(node.func.id)
                    for name in set_to(tree, node.args[place]) if place is not None else []:
                        yield file, name


def set_to(tree: ast.Module, node: ast.expr) -> list[ast.expr]:
    """The values that a variable is set to anywhere in its file; anything else stands for itself."""
    if not isinstance(node, ast.Name):
        return [node]
    sets = (one for one in ast.walk(tree) if isinstance(one, ast.Assign))
    values = [
        one.value for one in sets if any(isinstance(to, ast.Name) and to.id == node.id for to in one.targets)
    ]
    return values or [node]


def names_in(file: str, node: ast.expr) -> set[str]:
    """What an argument may stand for; fails where that cannot be told from the code."""
    match node:
        case ast.Constant(value=str(name)):
            return {name}
        case ast.Attribute(value=ast.Name(id="EventName"), attr=name):
            return {EventName[name].value}
        case ast.IfExp(body=one, orelse=other):
            return names_in(file, one) | names_in(file, other)
        case ast.Name(id="RECATEGORISED" | "UNDONE" as name):
            return {EventName[name].value}
        case ast.Name() | ast.Attribute() | ast.Subscript() if ast.unparse(node) in PASSED_ON.get(file, ()):
            return set()
    pytest.fail(f"{file}:{node.lineno}: record EventName.X or a plain word, so that this test can see it")


def test_every_recorded_event_has_a_name() -> None:
    found = {name: file for file, node in recorded() for name in names_in(file, node)}
    assert {name: file for name, file in found.items() if name not in NAMES} == {}
    assert len(found) > 20


def test_every_name_has_words_for_officers() -> None:
    words = tomllib.loads((ROOT / "handlers/texts/zh/history.toml").read_text("utf-8"))
    assert [name for name in sorted(NAMES) if name not in words] == []


def test_every_name_has_a_line_about_it() -> None:
    source = inspect.getsource(event_names)
    for name in EventName:
        assert re.search(rf'    {name.name} = "{name.value}"\n    """[A-Z`].+\."""\n', source), name.name
