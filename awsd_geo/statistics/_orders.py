"""Orders of a map: all of them where they are few, else random ones."""

from __future__ import annotations

from dataclasses import dataclass
from math import factorial, prod
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

BATCH = 1 << 21  # numbers held at once
MOST_ORDERS = factorial(9)  # orders of a map that are all looked at; a map with more is permuted at random


@dataclass(frozen=True, slots=True)
class OrderTails:
    """How often orders of a map give a statistic as low, and as high, as the one seen."""

    low: float
    high: float
    exact: bool  # all orders looked at
    orders: int  # number of orders looked at

    @property
    def two_sided(self) -> float:
        """Twice the smaller, at most 1."""
        return min(2 * min(self.low, self.high), 1.0)

    def test(self, seed: int) -> str:
        """Say how p was made."""
        return "exact permutation" if self.exact else f"permutation, {self.orders} replicates, seed {seed}"


def order_tails(
    values: Floats, statistic: Callable[[Floats], Floats], *, tie: float, permutations: int, seed: int
) -> OrderTails:
    """Compare a statistic of a map with what it is for other orders of the map.

    Parameters
    ----------
    values : ndarray of float, shape (n,)
        The map.
    statistic : callable
        From maps, shape (m, n), to numbers, shape (m,).
    tie : float
        Numbers this close are tied, and ties count in both tails.
    permutations : int
        Random orders where there are more than 9! = 362,880 orders; else all are looked at.
    seed : int
        Of the random orders.
    """
    number = number_of_orders(values)
    exact = number <= MOST_ORDERS
    seen = statistic(values[None, :])[0]
    as_low = as_high = 0
    for batch in all_orders(values) if exact else random_orders(values, permutations, seed):
        numbers = statistic(batch)
        as_low += int((numbers <= seen + tie).sum())
        as_high += int((numbers >= seen - tie).sum())
    looked, one = (number, 0) if exact else (permutations, 1)
    return OrderTails((as_low + one) / (looked + one), (as_high + one) / (looked + one), exact, looked)


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
