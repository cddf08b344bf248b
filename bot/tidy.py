"""Makes text from outside fit to be kept: no broken characters, no controls, a bound on its length."""

MOST = 100_000
"""Characters of one message that are kept; a novel is long, but not longer than this."""

_CONTROLS = dict.fromkeys(
    [*(code for code in range(32) if chr(code) not in "\n\t"), *range(0x7F, 0xA0),
     0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
)  # fmt: skip
"""Controls, and the marks that make a text read in another order than it was written."""


def tidy_text(text: str) -> str:
    """The text without NUL and controls, lone surrogates as U+FFFD, trimmed, at most MOST characters."""
    whole = text[:MOST].encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return whole.replace("\r\n", "\n").translate(_CONTROLS).strip()
