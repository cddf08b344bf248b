"""Drives on disk: the hospital's files, samples to begin from, tables and papers that come of them."""
