"""Cells of a spreadsheet: what is text stays text, also after the table was saved as CSV and opened again."""

_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""As text it is harmless here, but not any more once the table is saved as CSV and opened again."""
PLAIN_STRINGS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
"""What a workbook is told, so that it takes no words for anything else."""


def as_text(cell: str) -> str:
    """The words of a cell so that no spreadsheet takes them for a formula."""
    return f"'{cell}" if cell.startswith(_STARTS_A_FORMULA) else cell
