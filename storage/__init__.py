"""Tables and the verbs of the office: what is kept, and what may be done to it."""
