"""Everybody who works here: the roster, leave, and what is kept about a person."""
