"""Pure functions, text in, verdict out; word lists are data files."""
