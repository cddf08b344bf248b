"""How often the interpreter looks for memory to give back: seldom, since most of what is loaded stays."""

import gc


def look_seldom() -> None:
    """For a start, before anything large is loaded: a tenth of the time that it takes."""
    gc.set_threshold(50_000, 20, 100)


def settle_memory() -> None:
    """Once everything is loaded: it stays, nobody looks at it again; a tenth of a busy hour."""
    gc.collect()
    gc.freeze()
    look_seldom()
