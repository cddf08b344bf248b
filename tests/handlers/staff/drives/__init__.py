"""Drives in chat."""
