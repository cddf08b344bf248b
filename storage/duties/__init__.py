"""What staff owe by a date: duties, their occurrences, who has answered, and how far everybody is."""
