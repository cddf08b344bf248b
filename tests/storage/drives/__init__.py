"""Drives: what stands in files, what is counted, what is done with items."""
