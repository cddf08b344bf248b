"""What becomes due as time passes; the clock is an argument."""
