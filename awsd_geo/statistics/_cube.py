"""Counts of every region in every year as a cube of bins, and Gi* of each bin."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from awsd_geo.errors import InputError
from awsd_geo.statistics._gi_star import gi_star
from awsd_geo.statistics._guard import by_year, check_counts
from awsd_geo.statistics._multiple import benjamini_hochberg

if TYPE_CHECKING:
    from awsd_geo.statistics._neighbours import Neighbours


def take_cube(counts: pd.Series) -> pd.DataFrame:
    """Check counts and give them with a row per region and a column per year."""
    checked = check_counts(counts)
    if checked.index.nlevels != 2 or list(checked.index.names)[1] != "year":
        raise InputError("Emerging hot spots need counts by region_id and year. Use awsd_geo.count.")
    years = by_year(checked).index
    regions = checked.index.get_level_values(0).unique()
    if len(checked) != len(regions) * len(years):
        raise InputError("A region lacks a year. Write a zero if nothing happened there in that year.")
    levels = [checked.index.get_level_values(level) for level in (0, 1)]
    values = np.zeros((len(regions), len(years)), dtype=np.int64)
    values[regions.get_indexer(levels[0]), years.get_indexer(levels[1])] = checked.to_numpy()
    return pd.DataFrame(values, index=regions.rename("region_id"), columns=years)


def bins_tested(cube: pd.DataFrame, near: Neighbours, window: str, lag: int) -> tuple[pd.DataFrame, int]:
    """Give Gi*, p and q of every bin, by region and within it by year, and the size of the family."""
    counts = cube.to_numpy()
    sums = counts.copy()  # of the unit and its neighbours in one year
    np.add.at(sums, near.focal, counts[near.neighbour])
    size = np.where(near.cardinality > 0, near.cardinality + 1, 0)[:, None] * np.ones(counts.shape, dtype=np.int64)
    of_year, of_size = sums.copy(), size.copy()
    for back in range(1, min(lag, counts.shape[1] - 1) + 1):
        sums[:, back:] += of_year[:, :-back]
        size[:, back:] += of_size[:, :-back]
    if window == "cube":
        value, p_value = (found.reshape(counts.shape) for found in gi_star(counts.ravel(), size.ravel(), sums.ravel()))
    else:
        by_step = [gi_star(*(array[:, step] for array in (counts, size, sums))) for step in range(counts.shape[1])]
        value, p_value = (np.column_stack(found) for found in zip(*by_step, strict=True))
    bins = empty_bins(cube).assign(value=value.ravel(), p_value=p_value.ravel())
    if window == "cube":
        bins["q_value"] = benjamini_hochberg(bins["p_value"])
    else:
        bins["q_value"] = pd.DataFrame(p_value).apply(benjamini_hochberg).to_numpy().ravel()
    tested = (~np.isnan(p_value)).sum(axis=None if window == "cube" else 0)
    return bins, int(np.max(tested))


def empty_bins(cube: pd.DataFrame) -> pd.DataFrame:
    """Give the bins before any test."""
    index = pd.MultiIndex.from_product([cube.index, cube.columns], names=["region_id", "year"])
    bins = pd.DataFrame({"incidents": cube.to_numpy().ravel()}, index=index)
    return bins.assign(value=np.nan, p_value=np.nan, q_value=np.nan)
