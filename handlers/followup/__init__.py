"""Asking discharged patients, and what becomes of their answers."""
