"""Draws of neighbours from the rest of the map: all of them where they are few, else random ones shared by all units.

A table of draws has one row per draw and one column per neighbour; its numbers are places among the n - 1 others. For
the unit at place i they mean the units r where r < i, and r + 1 where not: so one table serves every unit.
"""

from __future__ import annotations

from itertools import combinations, permutations
from math import comb, perm
from typing import TYPE_CHECKING

import numpy as np

from awsd_geo.statistics._dominance import count_dominated

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from awsd_geo.statistics._neighbours import Neighbours

    Floats = NDArray[np.float64]
    Whole = NDArray[np.int64]

TIE = 1e-11  # sums this close, relative to the largest that the weights allow, are tied
BATCH = 1 << 13  # random draws held at once
BLOCK = 1 << 21  # numbers held at once
MANY_UNITS = 300  # per neighbour; for fewer the sums are made one by one, which gives the same counts sooner
SMALLEST_BLOCK = 4  # units at once; fewer are not worth their own draws
WIDEST = 64  # neighbours; more are drawn by shuffling the whole map


def random_draws(others: int, size: int, number: int, chance: np.random.Generator) -> Whole:
    """Draw places without replacement, in random order, shape (number, size), each draw as likely.

    Column c is one of the others - c places that are left: counted up past those taken, in ascending order.
    """
    if size > WIDEST:
        rows = max(BLOCK // others, 1)
        parts = [min(rows, number - done) for done in range(0, number, rows)]
        whole = (np.broadcast_to(np.arange(others), (part, others)) for part in parts)
        return np.concatenate([chance.permuted(part, axis=1)[:, :size] for part in whole])
    drawn, taken = np.empty((2, size, number), dtype=np.int64)
    for column in range(size):
        place = drawn[column]
        place[:] = chance.integers(others - column, size=number)
        for row in taken[:column]:
            place += place >= row
        carried = place.copy()
        for row in taken[:column]:  # keep those taken in ascending order
            lower = np.minimum(row, carried)
            np.maximum(row, carried, out=carried)
            row[:] = lower
        taken[column] = carried
    return drawn.T


def all_draws(others: int, size: int, *, ordered: bool) -> Whole:
    """Give every draw once: every choice of places, and if ``ordered`` every order of them."""
    choices = permutations(range(others), size) if ordered else combinations(range(others), size)
    return np.array(list(choices), dtype=np.int64).reshape(-1, size)


def drawn_tails(values: Floats, near: Neighbours, number: int, seed: int) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """Give, for each unit, the chance of a weighted neighbour sum as low, and as high, as the one seen.

    Conditional on the unit's own value: its neighbours' places are taken by draws from the other units. Where there
    are no more than ``number`` different draws all are looked at and p = r / all; else ``number`` random ones and
    p = (r + 1) / (number + 1). Ties count in both tails.

    Parameters
    ----------
    values : ndarray of float, shape (n,)
        The map.
    near : Neighbours
        With the weights of the sum.
    number : int
        Random draws.
    seed : int
        Of the random draws, one table for all units.

    Returns
    -------
    low, high : ndarray of float, shape (n,)
        1 for a unit without neighbours.
    exact : ndarray of bool, shape (n,)
        Whether all draws were looked at.
    """
    size, others, equal = near.cardinality, len(values) - 1, near.equal
    different = {int(k): comb(others, int(k)) if equal else perm(others, int(k)) for k in np.unique(size)}
    few = [k for k, draws in different.items() if draws <= number]
    many = [k for k in different if k not in few]
    counts = np.zeros((2, len(values)), dtype=np.int64)
    for k in few:
        counts += _counted(values, near, np.flatnonzero(size == k), all_draws(others, k, ordered=not equal))
    for table in _batches(others, max(many, default=0), number, seed):
        for k in many:
            counts += _counted(values, near, np.flatnonzero(size == k), table[:, :k])
    exact = np.isin(size, few)
    looked = np.array([different[k] if k in few else number + 1 for k in size.tolist()], dtype=np.float64)
    low, high = (counts + ~exact) / looked
    return low, high, exact


def _batches(others: int, size: int, number: int, seed: int) -> Iterator[Whole]:
    chance = np.random.default_rng(seed)
    for done in range(0, number if size else 0, BATCH):
        yield random_draws(others, size, min(BATCH, number - done), chance)


def _counted(values: Floats, near: Neighbours, units: Whole, table: Whole) -> Whole:
    """Count the draws with a sum as low, and as high, as that seen at units with as many neighbours, shape (2, n)."""
    counts = np.zeros((2, len(values)), dtype=np.int64)
    if table.shape[1] == 0:
        counts[:, units] = len(table)
        return counts
    pairs = np.searchsorted(near.focal, units)[:, None] + np.arange(table.shape[1])
    weights, across = near.weight[pairs], values[near.neighbour[pairs]]
    tie = TIE * weights.sum(axis=1) * np.abs(values).max()
    if near.equal and len(units) > MANY_UNITS * table.shape[1]:
        counts[:, units] = _steps(values, units, table, across.sum(axis=1), tie / weights[:, 0])
        return counts
    counts[:, units] = _one_by_one(values, units, table, weights, (weights * across).sum(axis=1), tie)
    return counts


def _steps(values: Floats, units: Whole, table: Whole, seen: Floats, tie: Floats) -> Whole:
    """Count for equal weights: the sum of a draw is a step function of the unit's place, with a step per neighbour.

    The draw's places in ascending order r_1, ..., r_k mean r + 1 for the unit at 0; as the unit passes r_t that one
    becomes r_t. So step t starts at r_t + 1, and all counts are two questions of dominance over (start, sum).
    """
    places = np.sort(table, axis=1)
    before = np.cumsum(values[places], axis=1)
    after = np.cumsum(values[places + 1][:, ::-1], axis=1)[:, ::-1]
    none = np.zeros((len(table), 1))
    sums = np.hstack([none, before]) + np.hstack([after, none])
    starts = np.hstack([none.astype(np.int64), places + 1])
    begun, ended = (starts.ravel(), sums.ravel()), (starts[:, 1:].ravel(), sums[:, :-1].ravel())
    asked = np.tile(units, 2), np.concatenate([np.nextafter(seen + tie, np.inf), seen - tie])  # as low; lower
    as_low, lower = (count_dominated(*begun, *asked) - count_dominated(*ended, *asked)).reshape(2, -1)
    return np.array([as_low, len(table) - lower])


def _one_by_one(values: Floats, units: Whole, table: Whole, weights: Floats, seen: Floats, tie: Floats) -> Whole:
    """Count for unequal weights, some units at once: only draws that name a place between them differ by unit.

    ``drawn`` holds the values that the draws mean for the first unit of a block, and is renewed where it passes. The
    sums are made without BLAS, whose threads fight over so little work, so that their bytes do not depend on threads.
    """
    across = np.ascontiguousarray(table.T)
    short = across.astype(np.uint16) if len(values) < 1 << 16 else across  # short numbers sort sooner
    named = np.argsort(short, axis=None, kind="stable")
    places = across.ravel()[named]
    drawn = values[across + 1]
    flat, meant = drawn.ravel(), values[places]
    block = int(np.sqrt(len(units) / table.shape[1]))
    block = block if block >= SMALLEST_BLOCK else 1
    counts, passed, reached = np.zeros((2, len(units)), dtype=np.int64), 0, np.searchsorted(places, units)
    lowest, highest = seen - tie, seen + tie
    for start in range(0, len(units), block):
        part = slice(start, start + block)
        here = units[part]
        begin, end = reached[part][[0, -1]]
        flat[named[passed:begin]] = meant[passed:begin]
        passed = begin
        sums = np.einsum("uk,kd->ud", weights[part], drawn)
        if begin < end:
            between = np.unique(named[begin:end] % len(table))
            moved = table[between] + (table[between] >= here[:, None, None])
            sums[:, between] = np.einsum("uk,udk->ud", weights[part], values[moved])
        for unit, row in enumerate(sums, start):  # counting flags row by row is several times faster than by axis
            counts[0, unit] = np.count_nonzero(row <= highest[unit])
            counts[1, unit] = np.count_nonzero(row >= lowest[unit])
    return counts
