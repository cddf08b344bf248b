"""Tables of staff as hospitals send them."""

import csv
import io
from collections.abc import Sequence

HEADINGS = ["工号", "姓名", "科室", "岗位", "分组", "状态", "离职日期"]
GOOD = ["1001", "赵敏", "药剂科", "职工", "", "在职", ""]


def row_with(**changes: str) -> list[str]:
    """The good row with other cells, by heading."""
    return [changes.get(heading, cell) for heading, cell in zip(HEADINGS, GOOD, strict=True)]


def csv_of(*rows: Sequence[str], headings: Sequence[str] = HEADINGS, encoding: str = "utf-8") -> bytes:
    """A CSV of these rows."""
    content = io.StringIO(newline="")
    csv.writer(content).writerows([headings, *rows])
    return content.getvalue().encode(encoding)
