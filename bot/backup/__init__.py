"""Backups of a data folder while it is in use, and putting one back."""
