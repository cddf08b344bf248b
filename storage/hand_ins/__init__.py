"""Envelopes that could not be refused and were given up: by name or anonymously, and what became of them."""
