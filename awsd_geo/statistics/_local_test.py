"""What all local statistics share: the null law of the neighbour sum, given the unit's own value, and the labels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from awsd_geo.errors import InputError, RequestError
from awsd_geo.statistics._draws import drawn_tails
from awsd_geo.statistics._guard import by_region
from awsd_geo.statistics._multiple import benjamini_hochberg
from awsd_geo.statistics._saddlepoint import saddlepoint_tails
from awsd_geo.statistics._subset_sums import neighbour_sum_tails

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from awsd_geo.statistics._neighbours import Neighbours

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]

EXACT = "exact conditional permutation"
METHODS = ("auto", "permutation", "saddlepoint")


@dataclass(frozen=True, slots=True)
class Map:
    """Values by unit after the check: counts as counts, other numbers as they are."""

    index: pd.Index  # region_id
    columns: dict[str, Any]  # name, kind, and incidents (counts) or observed (other numbers)
    numbers: Floats
    whole: bool  # counts of incidents

    @property
    def names(self) -> pd.Series:
        """Names by unit."""
        return pd.Series(self.columns["name"], index=self.index, dtype=object)

    def with_value(self, **columns: Any) -> pd.DataFrame:
        """Give ``name`` and ``value``, the latter whole if counted, and more columns."""
        value = self.columns["incidents" if self.whole else "observed"]
        return pd.DataFrame({"name": self.names, "value": value, **columns}, index=self.index)


def take_map(values: pd.Series) -> Map:
    """Take counts by region (and year) as counts, and other numbers once per unit.

    Raises
    ------
    InputError
        If a value is missing, or values that are no counts are not given once per unit.
    """
    numbers = pd.to_numeric(values, errors="coerce").to_numpy(dtype=float, na_value=np.nan) if len(values) else None
    if numbers is None or bool(((numbers == np.floor(numbers)) & (numbers >= 0)).all()):
        frame = by_region(values)
        columns = {"name": frame.names, "kind": frame.kinds, "incidents": frame.counts}
        plain = {name: column.to_numpy() for name, column in columns.items()}
        return Map(frame.counts.index, plain, plain["incidents"].astype(float), whole=True)
    if not np.isfinite(numbers).all():
        raise InputError(f"The values are missing at {values.index[~np.isfinite(numbers)][0]!r}. Drop it or fill it.")
    if values.index.nlevels != 1 or not values.index.is_unique:
        raise InputError("Values that are not counts must be given once per unit, by region_id.")
    index = values.index.rename("region_id")
    names = np.array([*map(str, index), None], dtype=object)[:-1]
    return Map(index, {"name": names, "kind": "region", "observed": numbers}, numbers, whole=False)


@dataclass(frozen=True, slots=True)
class Tails:
    """One-sided p-values of the neighbour sums, and how they were made."""

    low: Floats
    high: Floats
    test: str

    def columns(self, value: Floats) -> dict[str, Floats]:
        """Give the statistic, both tails and the two-sided p: twice the smaller, at most 1."""
        p_value = np.minimum(2 * np.minimum(self.low, self.high), 1.0)
        return {"value": value, "p_low": self.low, "p_high": self.high, "p_value": p_value}


def check_choices(method: str, permutations: int) -> None:
    """Refuse an unknown method and a number of permutations below 1."""
    if method not in METHODS:
        raise RequestError(f"method must be one of {', '.join(METHODS)}; it is {method!r}.")
    if permutations < 1:
        raise RequestError(f"permutations must be at least 1, for example 9999; it is {permutations}.")


def tested(
    given: Map, near: Neighbours, value: Floats, reason: str | None, *, method: str, permutations: int, seed: int
) -> Tails:
    """Test the neighbour sum of every unit with a value; NaN for the others, and for all if there is a reason."""
    if reason is not None:
        value[:] = np.nan
        return Tails(value.copy(), value.copy(), EXACT)
    tails = local_tails(given.numbers, near, method=method, permutations=permutations, seed=seed)
    low, high = (np.where(np.isnan(value), np.nan, tail) for tail in (tails.low, tails.high))
    return Tails(low, high, tails.test)


def local_tails(numbers: Floats, near: Neighbours, *, method: str, permutations: int, seed: int) -> Tails:
    """Give the chance of a neighbour sum as low, and as high, as the one seen, given the unit's own value.

    "auto": a generating function for whole numbers and equal weights, else permutations. The generating function
    also serves values that are whole after a shift, for a shift moves all sums of k neighbours alike.
    """
    lowest = numbers.min()
    counts = numbers - lowest
    if method == "auto" and near.equal and (counts == np.floor(counts)).all() and counts.max() < 2**53:
        whole = counts.astype(np.int64)
        sums = near.total(counts[near.neighbour]).astype(np.int64)
        if (law := neighbour_sum_tails(whole, near.cardinality, sums)) is not None:
            return Tails(*law, EXACT)
    centred = numbers - numbers.mean()
    if method == "saddlepoint":
        return Tails(*saddlepoint_tails(centred, near), "conditional saddlepoint approximation")
    low, high, exact = drawn_tails(centred, near, permutations, seed)
    random = f"conditional permutation, {permutations} replicates, seed {seed}"
    return Tails(low, high, EXACT if exact.all() else random)


def conditional_moments(numbers: Floats, near: Neighbours) -> tuple[Floats, Floats]:
    """Give mean and variance of the neighbour sum over all orders of the others; NaN where it cannot vary.

    The others are n - 1 values with mean m and variance v (divisor n - 1), the weights sum to W and their squares to
    W2: the mean is m W, the variance v ((n - 1) W2 - W^2) / (n - 2).
    """
    n = len(numbers)
    centre = numbers.mean()
    centred = numbers - centre
    mean = -centred / (n - 1)
    spread = np.maximum((centred @ centred - np.square(centred)) / (n - 1) - np.square(mean), 0.0)
    total, squares = near.total(near.weight), near.total(np.square(near.weight))
    variance = spread * np.maximum((n - 1) * squares - np.square(total), 0.0) / max(n - 2, 1)
    fixed = cannot_vary(numbers, near)
    return np.where(fixed, np.nan, (mean + centre) * total), np.where(fixed, np.nan, variance)


def cannot_vary(numbers: Floats, near: Neighbours) -> Flags:
    """Say where the neighbour sum is the same in every order: no neighbour, all others neighbours, others alike."""
    fixed: Flags = (near.cardinality == 0) | all_are_neighbours(near) | others_alike(numbers)
    return fixed


def all_are_neighbours(near: Neighbours) -> Flags:
    """Say where all other units are neighbours of one weight."""
    size = near.cardinality
    full: Flags = size == len(size) - 1
    if not full.any() or len(size) < 2:
        return full
    starts = np.searchsorted(near.focal, np.flatnonzero(full))
    weights = near.weight[starts[:, None] + np.arange(len(size) - 1)]
    full[full] = np.ptp(weights, axis=1) <= 1e-9 * weights.max(axis=1)
    return full


def others_alike(numbers: Floats) -> Flags:
    """Say where all other units have the same number."""
    lowest, highest = numbers.min(), numbers.max()
    low, high = numbers == lowest, numbers == highest
    if not (low | high).all():  # a third number: two are left whichever unit is left out
        return np.zeros(len(numbers), dtype=bool)
    alike: Flags = (low & (low.sum() == 1)) | (high & (high.sum() == 1)) | (lowest == highest)
    return alike


def labelled(
    index: pd.Index,
    columns: dict[str, Any],
    tested: str,
    words: NDArray[np.object_],
    why: Callable[[int], str],
    choice: tuple[float, str | None],
) -> pd.DataFrame:
    """Make the table: the columns, ``q_value`` of a column of p, ``label`` and ``reason``.

    The label is the word where q is at most the level. ``choice`` is the level and why all units are undefined, if
    they are; ``why`` says it of one unit by place. The table is made in one go, for pandas is slow column by column.
    """
    level, reason = choice
    q_value = benjamini_hochberg(pd.Series(columns[tested])).to_numpy()
    undefined = np.isnan(q_value)
    label = words.copy()
    label[~(q_value <= level)] = "not significant"
    label[undefined] = "undefined"
    reasons = np.full(len(index), reason, dtype=object)
    if reason is None:
        for unit in np.flatnonzero(undefined).tolist():
            reasons[unit] = why(unit)
    plain = pd.Series(reasons, index=index, dtype=object)  # else pandas takes None for a missing text
    named = columns | {"name": pd.Series(columns["name"], index=index, dtype=object)}
    return pd.DataFrame({**named, "q_value": q_value, "label": label, "reason": plain}, index=index)


def p_of(test: str) -> str:
    """Name the p-value in a summary."""
    return "exact p" if test == EXACT else f"p by {test}"
