"""How numbers are written in the sentences of the results."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def percent(share: float) -> str:
    """Write a share as a whole percentage."""
    return f"{100 * share:.0f}%"


def probability(p: float) -> str:
    """Write a p-value with two figures, and what is very small in powers of ten."""
    if p >= 0.995:
        return "1.0"
    return f"{p:.2g}" if p >= 1e-4 else f"{p:.1e}".replace("e-0", "e-")


def one_of_many(names: Iterable[object]) -> str:
    """Write names as a list with "and", the first five of them."""
    known = [str(name) for name in names]
    shown = known if len(known) <= 5 else [*known[:4], f"{len(known) - 4} more"]
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)


def plural(noun: str, number: int) -> str:
    """Write an English noun for a number of things."""
    if number == 1:
        return noun
    return f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
