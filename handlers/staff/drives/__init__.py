"""专项: which drives run, how far they are, and their ledger of problems."""

from handlers.staff.drives.conversation import on_drive_choice, on_drive_command, on_drive_words
from handlers.staff.drives.notices import drive_notice
from handlers.staff.drives.ways import FLOW

__all__ = ["FLOW", "drive_notice", "on_drive_choice", "on_drive_command", "on_drive_words"]
