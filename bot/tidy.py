"""Makes text from outside fit to be kept: no broken characters, no controls, a bound on its length."""

MOST = 100_000
"""Characters of one message that are kept; a novel is long, but not longer than this."""

_CONTROLS = {code: None for code in range(32) if chr(code) not in "\n\t"} | {0x7F: None}


def tidy_text(text: str) -> str:
    """The text without NUL and controls, lone surrogates as U+FFFD, trimmed, at most MOST characters."""
    whole = text[:MOST].encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return whole.replace("\r\n", "\n").translate(_CONTROLS).strip()
