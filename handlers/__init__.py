"""What is said and done: one file per conversation; no channel, no clock, no framework."""
