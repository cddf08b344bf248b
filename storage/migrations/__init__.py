"""The history of the tables, one revision a file, in the order of their numbers."""
