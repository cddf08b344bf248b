"""承诺书 and self-checks: read, answered and signed by staff; who has signed, for heads."""
