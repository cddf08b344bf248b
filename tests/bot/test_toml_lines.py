"""Keys and sections are found on the lines they stand on."""

import pytest

from bot.toml_lines import KeyLines, Place

TEXT = '''# a comment with [brackets] and key = 1
name = "x"  # [not.a.section]
"quoted key" = 1
a.b = 2
list = [
  "one", # [two]
  { name = "inline" },
]
long = """
name = "in a text"
[clocks]
"""
short = """one line"""

[clocks]
day_starts = "09:00"

[[offices]]
name = "A"
[[offices]]
name = "B"
aliases = ["[[offices]]"]
[offices.more]
x = 1
[routing.kickback]
lead = "A"
[ "2027" ]
off = []
'''


@pytest.mark.parametrize(
    ("place", "line"),
    [
        ((), 1),
        (("name",), 2),
        (("quoted key",), 3),
        (("a", "b"), 4),
        (("list", 1, "name"), 5),
        (("long",), 9),
        (("short",), 13),
        (("clocks",), 15),
        (("clocks", "day_starts"), 16),
        (("clocks", "not_there"), 15),
        (("offices", 0, "name"), 19),
        (("offices", 1), 20),
        (("offices", 1, "name"), 21),
        (("offices", 1, "aliases", 0), 22),
        (("offices", 1, "more", "x"), 24),
        (("routing", "kickback", "lead"), 26),
        (("2027", "off"), 28),
        (("nowhere",), 1),
    ],
)
def test_line_of_a_key(place: Place, line: int) -> None:
    assert KeyLines(TEXT).line_of(place) == line
    assert KeyLines(TEXT.replace("\n", "\r\n")).line_of(place) == line
