"""Drives on disk and in a whole bot."""
