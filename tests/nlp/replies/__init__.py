"""Replies of our own, in tables."""

from pathlib import Path


def table(name: str) -> list[tuple[str, ...]]:
    """The rows of `name`.tsv without its comment and header."""
    lines = Path(__file__).with_name(f"{name}.tsv").read_text("utf-8").splitlines()
    return [tuple(line.split("\t")) for line in lines[2:]]
