"""Training of staff: questions, sittings, what is known of each rule, and material to read."""
