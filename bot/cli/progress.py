"""A bar on stderr where a person looks on."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def bar(title: str, total: float) -> Iterator[Callable[[float], None]]:
    """Gives a function that moves the bar on by so much of `total`; nothing is drawn into a file or pipe."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(title, total=total)
        yield lambda count: progress.advance(task, count)
