"""The sets of units in which incidents without a region can be, each once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from awsd_geo.errors import InputError

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

    Whole = NDArray[np.int64]

OFF = 1e-6  # by which given weights may miss 1


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """Distinct sets of candidate units with their weights, and the set of each row."""

    group: Whole  # set of each row, shape (n_rows,)
    units: list[tuple[str, ...]] = field(default_factory=list)  # of each set: region_ids
    codes: list[Whole] = field(default_factory=list)  # of each set: places in the frame
    weights: list[tuple[float, ...]] = field(default_factory=list)

    @classmethod
    def of(cls, lost: pd.DataFrame, regions: gpd.GeoDataFrame) -> Candidates:
        """Gather the candidates of rows without a region.

        Parameters
        ----------
        lost : DataFrame
            Rows without a region; ``candidates`` and ``candidate_weights`` where they are known.
        regions : GeoDataFrame
            The frame.

        Returns
        -------
        Candidates

        Raises
        ------
        InputError
            If a candidate is not in the frame, or the weights do not fit.
        """
        blank = [None] * len(lost)
        units = lost["candidates"].tolist() if "candidates" in lost.columns else blank
        weights = lost["candidate_weights"].tolist() if "candidate_weights" in lost.columns else blank
        made = cls(np.zeros(len(lost), np.int64))
        seen: dict[tuple[int, int], int] = {}  # geocode gives alike rows the same object: a glance is enough
        alike: dict[tuple[Any, Any], int] = {}
        for row, pair in enumerate(zip(units, weights, strict=True)):
            glance = (id(pair[0]), id(pair[1]))
            if glance not in seen:
                some = _some(*pair, regions)
                seen[glance] = alike.setdefault(some, len(alike))
                if len(alike) > len(made.units):
                    made.units.append(some[0])
                    made.codes.append(_codes(some[0], regions))
                    made.weights.append(some[1])
            made.group[row] = seen[glance]
        return made

    @property
    def outside(self) -> int:
        """Number of rows that lie in no unit of the frame."""
        return int((self.group_size() == 0).sum())

    def group_size(self) -> Whole:
        """Give the number of candidates of each row."""
        sizes = np.array([len(units) for units in self.units], dtype=np.int64)
        return sizes[self.group] if len(sizes) else np.zeros(len(self.group), np.int64)

    def number_by_year(self, year: Whole, n_years: int) -> Whole:
        """Count the rows of each set and year, years being numbered from 0."""
        flat = np.bincount(self.group * n_years + year, minlength=len(self.units) * n_years)
        return flat.reshape(len(self.units), n_years)

    def draw(self, chance: np.random.Generator) -> Whole:
        """Draw a unit for each row that has candidates, by their weights; give its place in the frame."""
        rows = self.group[self.group_size() > 0]
        if not len(rows):
            return rows
        ends = [group + _ends(weights) for group, weights in enumerate(self.weights)]
        places = np.searchsorted(np.concatenate(ends), rows + chance.random(len(rows)), side="right")
        drawn: Whole = np.concatenate(self.codes)[places]
        return drawn


def _ends(weights: tuple[float, ...]) -> NDArray[np.float64]:
    """Give the upper ends of stretches of the line from 0 to 1, one a unit, as long as its weight."""
    ends = np.cumsum(weights)
    if len(ends):
        ends[np.flatnonzero(weights)[-1] :] = 1.0
    return ends


def _some(units: Any, weights: Any, regions: gpd.GeoDataFrame) -> tuple[tuple[str, ...], tuple[float, ...]]:
    """Give the candidates and weights of a row; any unit where they are missing, equal where weights are."""
    if units is None or isinstance(units, float):
        units, weights = tuple(regions.index), None
    if isinstance(units, str):
        raise InputError(f"The candidates {units!r} are text. Give a tuple of region_ids, as geocode does.")
    some = tuple(units)
    if weights is None or isinstance(weights, float):
        return some, (1.0 / len(some),) * len(some) if some else ()
    shares = tuple(float(weight) for weight in weights)
    if len(shares) != len(some) or any(not weight >= 0 for weight in shares):
        raise InputError(
            f"The {len(some)} candidates {some[:3]} have the weights {shares[:3]}. Give one of 0 or more each."
        )
    if some and abs(sum(shares) - 1) > OFF:
        raise InputError(f"The weights of the candidates {some[:3]} sum to {sum(shares):g}. Let them sum to 1.")
    return some, shares


def _codes(units: tuple[str, ...], regions: gpd.GeoDataFrame) -> Whole:
    codes = regions.index.get_indexer(list(units)) if units else np.zeros(0, np.int64)
    if (codes < 0).any():
        stranger = units[int(np.flatnonzero(codes < 0)[0])]
        raise InputError(
            f"The candidate {stranger!r} is no region of the frame. Count with the frame that they were geocoded in."
        )
    if len(np.unique(codes)) < len(codes):
        raise InputError(f"The candidates {units[:3]} name a region twice. Name each once.")
    return np.asarray(codes, dtype=np.int64)
