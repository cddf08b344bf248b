"""Finds the line of a key in a TOML text, which the standard reader does not tell."""

import re
import tomllib

Place = tuple[str | int, ...]

_TEXT = re.compile(r'"(?:\\.|[^"\\])*"|\'[^\']*\'')
_HEADER = re.compile(r"\s*(\[\[?)(.+?)\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""\s*((?:"[^"]*"|'[^']*'|[\w.\- ])+?)\s*=""")


class KeyLines:
    """The lines (from 1) on which the sections and keys of a valid TOML text start."""

    def __init__(self, text: str) -> None:
        self._lines: dict[Place, int] = {(): 1}
        self._section: Place = ()
        self._counts: dict[Place, int] = {}
        self._read(text)

    def line_of(self, place: Place) -> int:
        """The line of the key, or of the nearest section or list that it stands in."""
        while place not in self._lines:
            place = place[:-1]
        return self._lines[place]

    def _read(self, text: str) -> None:
        long_text, depth = "", 0
        for number, line in enumerate(text.splitlines(), start=1):
            if long_text:
                if long_text in line:
                    line, long_text = line.split(long_text, 1)[1], ""
                else:
                    continue
            elif depth == 0:
                self._note(number, line)
            bare = _TEXT.sub("", re.sub(r'"""(?:.*?)"""|\'\'\'(?:.*?)\'\'\'', "", line))
            opened = (
                re.search(r'"""|\'\'\'', line) if line.count('"""') % 2 or line.count("'''") % 2 else None
            )
            if opened:
                long_text, bare = opened.group(), line[: opened.start()]
            bare = bare.split("#", 1)[0]
            if not _HEADER.fullmatch(bare) or depth:
                depth += sum(map(bare.count, "[{")) - sum(map(bare.count, "]}"))

    def _note(self, number: int, line: str) -> None:
        if header := _HEADER.match(line):
            self._section = self._enter(_path(header[2]), many=header[1] == "[[")
            self._lines.setdefault(self._section, number)
        elif key := _KEY.match(line):
            self._lines.setdefault(self._section + _path(key[1]), number)

    def _enter(self, path: Place, *, many: bool) -> Place:
        """The section's place, with positions where a list of sections is meant."""
        place: Place = ()
        for part in path[:-1]:
            place += (part,)
            if place in self._counts:
                place += (self._counts[place],)
        place += path[-1:]
        if many:
            self._counts[place] = self._counts.get(place, -1) + 1
            place += (self._counts[place],)
        return place


def _path(written: str) -> Place:
    """The parts of a key as TOML reads it: a."b.c" has two."""
    try:
        found: object = tomllib.loads(f"{written} = 0")
    except ValueError:
        return (written,)
    parts: Place = ()
    while isinstance(found, dict):
        ((part, found),) = found.items()
        parts += (part,)
    return parts
