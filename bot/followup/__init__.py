"""Follow-up at the edges: discharges come in, sheets to hand out go out."""
