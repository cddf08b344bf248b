"""What staff owe: its card, its list, and every way to answer it or to be let off."""
