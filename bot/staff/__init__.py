"""The roster of staff: reading tables, join codes on paper."""
