"""Files that are made of what staff owe and answer."""
