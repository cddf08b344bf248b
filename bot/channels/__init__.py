"""One adapter per messenger: its updates become plain values, a reply becomes what it can show."""
