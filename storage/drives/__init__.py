"""Drives: campaigns with phases, what is to be handed in, and a ledger of problems that are struck off."""
