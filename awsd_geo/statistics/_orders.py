"""Orders of a map: all of them where they are few, else random ones."""

from __future__ import annotations

from math import factorial, prod
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

BATCH = 1 << 21  # numbers held at once


def number_of_orders(values: Floats) -> int:
    """Count the orders that can be told apart."""
    return factorial(len(values)) // prod(map(factorial, np.unique(values, return_counts=True)[1].tolist()))


def all_orders(values: Floats) -> Iterator[Floats]:
    """Give every order that can be told apart once, as one array of shape (number_of_orders, n).

    Orders are grown by one place at a time: each is followed by every value of which some are left.
    """
    distinct, repeats = np.unique(values, return_counts=True)
    places, left = np.zeros((1, 0), dtype=np.int16), repeats[None, :]
    for _ in range(len(values)):
        order, value = np.nonzero(left)
        places = np.column_stack([places[order], value.astype(np.int16)])
        left = left[order]
        left[np.arange(len(order)), value] -= 1
    yield distinct[places]


def random_orders(values: Floats, number: int, seed: int) -> Iterator[Floats]:
    """Give random orders in batches of shape (batch, n); the numbers do not depend on the size of a batch."""
    chance = np.random.default_rng(seed)
    most = max(BATCH // len(values), 1)
    for done in range(0, number, most):
        yield np.array([chance.permutation(values) for _ in range(min(most, number - done))])
