"""A bar on stderr for work that takes more than a moment."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

PATIENCE = 2.0
"""Seconds before a bar is drawn."""


@contextmanager
def bar(wanted: bool | Callable[[float], None]) -> Iterator[Callable[[float], None]]:  # noqa: FBT001 - as the user gave it
    """Give a function that is told the share that is done.

    Parameters
    ----------
    wanted : bool or callable
        False for nothing; True for a bar on stderr, once two seconds have passed and where stderr is a terminal; a
        function is told itself.
    """
    if callable(wanted):
        yield wanted
        return
    if not wanted:
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import Progress

    drawn = Progress(console=Console(stderr=True), transient=True)
    task, begun = drawn.add_task("Counting", total=1.0), time.monotonic()

    def tell(done: float) -> None:
        drawn.update(task, completed=done)
        if not drawn.live.is_started and drawn.console.is_terminal and time.monotonic() - begun > PATIENCE:
            drawn.start()

    try:
        yield tell
    finally:
        if drawn.live.is_started:
            drawn.stop()
