"""The words of bot/data/discharges.toml: headings, values, and what is said about mistakes."""

from bot.sheets_in.wording import TableError, Wording

__all__ = ["WORDING", "TableError", "say", "wording"]

WORDING = Wording("discharges.toml")
say = WORDING.say


def wording() -> Wording:
    """The tables of the file."""
    return WORDING
