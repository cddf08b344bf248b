"""Training of staff: material to read, questions, sittings and their results."""
