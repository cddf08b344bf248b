"""Reads the project's documents: their code, links and headings."""

import re
from collections.abc import Iterator

from tests.project.conftest import ROOT

NAMES = (
    "README.md",
    "README.zh-CN.md",
    "CHANGELOG.md",
    *(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md")),
)

_FENCED = re.compile(r"^```\w*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
_LINK = re.compile(r"\]\(([^)\s]+)\)|<img src=\"([^\"]+)\"")
_COMMENT = re.compile(r"(?:^|\s+)#.*$")


def read(name: str) -> str:
    """The text of a document."""
    return (ROOT / name).read_text("utf-8")


def spans(text: str) -> list[str]:
    """Code within sentences."""
    return _SPAN.findall(_FENCED.sub("", text))


def fenced_lines(text: str) -> list[str]:
    """Lines of code blocks, without comments and empty ones."""
    lines = (_COMMENT.sub("", line).strip() for block in _FENCED.findall(text) for line in block.splitlines())
    return [line for line in lines if line]


def code(text: str) -> list[str]:
    """All code, spans and lines alike."""
    return [*spans(text), *fenced_lines(text)]


def links(text: str) -> list[str]:
    """Where links and pictures lead."""
    return [target or picture for target, picture in _LINK.findall(_FENCED.sub("", text))]


def anchors(text: str) -> set[str]:
    """The headings as they are linked to."""
    headings = re.findall(r"^#+ (.+)$", _FENCED.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def calls(line: str) -> Iterator[list[str]]:
    """The words behind each call of lianxin in a line of code: as a program, or inside a container."""
    words = line.split()
    for place, word in enumerate(words):
        in_container = word == "lianxin" and words[max(place - 2, 0) : place - 1] == ["exec"]
        if (word == "lianxin" and place == 0) or word.endswith("bin/lianxin") or in_container:
            yield [one for one in words[place + 1 :] if one not in ("|", ">", "…")]
