"""What officers do in chat: read a case, decide on it, find it in a list."""

from handlers.triage.cards import case_card, moved_card
from handlers.triage.menu import officer_menu
from handlers.triage.presses import on_officer_choice
from handlers.triage.typed import on_officer_text
from handlers.triage.views import case_view

__all__ = ["case_card", "case_view", "moved_card", "officer_menu", "on_officer_choice", "on_officer_text"]
