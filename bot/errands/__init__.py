"""Errands: pictures and files that a member asked for, made one by one and brought to their chat."""
