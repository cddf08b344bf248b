"""What the documents name exists: targets, commands, options, variables, files, settings, figures, errors."""

import re
from functools import cache
from pathlib import PurePosixPath
from typing import Any

import pytest
import typer

from bot.cli.entry import app
from bot.cli.mishaps import NAME as ERRORS
from bot.data_folder import DATABASE, FILES, KEYS
from bot.settings import Settings
from bot.trail_keeper import FILE as HEADS
from storage.hospital import Hospital
from tests.project.conftest import ROOT
from tests.project.documents import NAMES, anchors, calls, code, fenced_lines, links, read, spans

EDITED = {"hospital.toml", "holidays.toml", "duties.toml", "questions.toml", "words.csv"}
IN_DATA_FOLDER = {DATABASE, f"{FILES}/", KEYS, ERRORS, HEADS, *EDITED}
ELSEWHERE = re.compile(r"^/|^https?:|^\.venv/")
OUR_PATH = re.compile(
    r"(?<![\w/.-])(?:bot|handlers|nlp|storage|scheduler|tests|benchmarks|tools|docs)/[\w./-]*"
)
FILE_NAME = re.compile(r"^[\w-]+\.(?:py|toml|csv|md|txt|db|log)$")
VARIABLE = re.compile(r"\b(?:LIANXIN|TELEGRAM)_[A-Z_]+\b")
FIGURE = re.compile(r"\blianxin_[a-z_]+")

in_every_document = pytest.mark.parametrize("name", NAMES)


@cache
def sources() -> str:
    """All our code and wording."""
    folders = ("bot", "storage", "handlers", "scheduler")
    paths = [
        path for folder in folders for path in (ROOT / folder).rglob("*") if path.suffix in (".py", ".toml")
    ]
    return "\n".join(path.read_text("utf-8") for path in paths)


def unknown_in(words: list[str]) -> str | None:
    """The first word of a call that is no command or option of ours."""
    here: Any = typer.main.get_command(app)
    for word in words:
        option = word.partition("=")[0]
        known = {"-h", "--help", *(one for each in here.params for one in each.opts)}
        below = getattr(here, "commands", {})
        if option.startswith("-") and option != "-":
            if option not in known:
                return word
        elif word in below:
            here = below[word]
        elif below:
            return word
    return None


@in_every_document
def test_every_make_target_exists(name: str) -> None:
    targets = set(re.findall(r"^([a-z]+):", read("Makefile"), re.MULTILINE))
    named = {line.split()[1] for line in code(read(name)) if line.startswith("make ")}
    assert named - targets == set()


@in_every_document
def test_every_command_and_option_exists(name: str) -> None:
    found = [words for line in code(read(name)) for words in calls(line)]
    assert [words for words in found if unknown_in(words)] == []


@in_every_document
def test_every_variable_is_read_by_the_application(name: str) -> None:
    settings = {str(field.validation_alias) for field in Settings.model_fields.values()}
    named = set(VARIABLE.findall(read(name)))
    assert {one for one in named - settings if f'"{one}"' not in sources()} == set()


@in_every_document
def test_every_link_leads_somewhere(name: str) -> None:
    for link in links(read(name)):
        if ELSEWHERE.search(link):
            continue
        place, _, anchor = link.partition("#")
        target = (ROOT / name).parent / place if place else ROOT / name
        assert target.exists(), link
        assert not anchor or anchor in anchors(target.read_text("utf-8")), link


@in_every_document
def test_every_file_named_exists(name: str) -> None:
    paths = {path.rstrip(".") for line in code(read(name)) for path in OUR_PATH.findall(line)}
    assert {path for path in paths if not (ROOT / path).exists()} == set()
    names = {span for span in spans(read(name)) if FILE_NAME.match(span)} - IN_DATA_FOLDER
    assert {one for one in names if not (ROOT / PurePosixPath(one)).exists()} == set()


@in_every_document
def test_every_setting_of_the_hospital_exists(name: str) -> None:
    for section in ("clocks", "files", "retention"):
        known = type(Hospital.model_fields[section].default).model_fields
        for span in spans(read(name)):
            for key in re.findall(rf"(?<![\w/]){section}\.(\w+)", span):
                assert key in known, span


@in_every_document
def test_every_figure_is_counted(name: str) -> None:
    named = {figure.removesuffix("_total") for line in code(read(name)) for figure in FIGURE.findall(line)}
    assert {figure for figure in named if f'"{figure}"' not in sources()} == set()


@in_every_document
def test_every_error_explained_is_one_we_tell(name: str) -> None:
    _, heading, explained = read(name).partition("## What the one-line errors mean")
    told = [span for span in spans(explained) if re.match(r"[a-z ']{12,}$", span) and " " in span]
    assert bool(heading) == bool(told)
    assert [line for line in told if line not in sources()] == []


def test_the_readmes_say_the_same_in_both_languages() -> None:
    english, chinese = read("README.md"), read("README.zh-CN.md")
    assert fenced_lines(chinese) == fenced_lines(english)
    assert set(spans(chinese)) == set(spans(english))
    assert set(links(chinese)) - {"README.md"} == set(links(english)) - {"README.zh-CN.md"}


@pytest.mark.parametrize(
    ("line", "unknown"),
    [
        ("lianxin serve --host 0.0.0.0 --port=80 --data d", None),
        ("lianxin explain 医生收红包", None),
        (".venv/bin/lianxin members off 3 --data d", None),
        ("docker exec box lianxin invite --data /data --group", None),
        ("lianxin fly", "fly"),
        ("lianxin serve --fly", "--fly"),
        (".venv/bin/lianxin members away 3", "away"),
        ("docker exec box lianxin invite --fly", "--fly"),
    ],
)
def test_a_command_or_option_that_does_not_exist_is_noticed(line: str, unknown: str | None) -> None:
    assert [unknown_in(words) for words in calls(line)] == [unknown]
