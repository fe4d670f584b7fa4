"""Counts with their doubt: the range that is possible whichever way the unplaced fall, and imputed counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from awsd_geo.counts.candidates import Candidates
from awsd_geo.counts.rows import Rows
from awsd_geo.errors import RequestError

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd


def unplaced(located: pd.DataFrame, regions: gpd.GeoDataFrame) -> pd.DataFrame:
    """Gather the incidents without a region by where they can be.

    Parameters
    ----------
    located : DataFrame
        Incidents with ``region_id`` and ``year``. ``candidates`` and ``candidate_weights`` of
        :func:`awsd_geo.geocode` are used where they are there; without them, or where they are missing, any unit is
        possible, with equal weights.
    regions : GeoDataFrame
        The frame that the incidents were placed in.

    Returns
    -------
    DataFrame
        One row per year and set of candidates: ``year``, ``candidates`` (tuple of region_ids), ``candidate_weights``
        (tuple, sums to 1) and ``incidents``. Those that lie in no unit of the frame have no candidate.

    Raises
    ------
    InputError
        If a candidate is not in the frame, or weights are not as many as candidates, negative or all zero.
    """
    import pandas as pd

    rows = Rows.of(located, regions, None)
    lost = rows.unit < 0
    some = Candidates.of(located[lost], regions)
    keys = pd.DataFrame({"year": rows.year[lost], "group": some.group})
    counted = keys.groupby(["year", "group"]).size().reset_index(name="incidents")
    columns = {
        "year": counted["year"],
        "candidates": pd.Series([some.units[group] for group in counted["group"]], dtype=object),
        "candidate_weights": pd.Series([some.weights[group] for group in counted["group"]], dtype=object),
        "incidents": counted["incidents"].astype("int64"),
    }
    return pd.DataFrame(columns)


def count_range(
    located: pd.DataFrame, regions: gpd.GeoDataFrame, *, years: tuple[int, int] | None = None
) -> pd.DataFrame:
    """Count incidents in every region and year, with the range that is possible whichever way the unplaced fall.

    Parameters
    ----------
    located : DataFrame
        As for :func:`unplaced`.
    regions : GeoDataFrame
        The frame that the incidents were placed in.
    years : tuple of int, optional
        First and last year, both included; where left out, those that were selected, else the years that occur.

    Returns
    -------
    DataFrame
        Index (``region_id``, ``year``), complete. ``firm``: incidents placed there, as :func:`count` gives them;
        ``lowest``: firm and those that can be nowhere else; ``highest``: all that can be there; ``expected``: firm
        and the weights of those that can be there. Each column may be summed over years: the year of an incident is
        known. The highest of several regions cannot all come true at once. ``attrs`` as of :func:`count`, and
        ``outside``: incidents in no unit of the frame, which are in no column.

    Raises
    ------
    InputError, RequestError
        As for :func:`unplaced` and :func:`count`.

    Examples
    --------
    >>> import awsd_geo as ag
    >>> regions = ag.load_regions("MLI", vintage="2016")
    >>> located = ag.geocode(ag.select(ag.example(), country="MLI", years=(2017, 2022)), regions)
    >>> ag.count_range(located, regions).groupby("region_id").sum().loc["MLI-2016-mopti"].round(2).to_dict()
    {'firm': 31.0, 'lowest': 31.0, 'highest': 33.0, 'expected': 31.18}
    """
    import pandas as pd

    rows = Rows.of(located, regions, years)
    lost = rows.unit < 0
    some = Candidates.of(located[lost], regions)
    firm = rows.tally().incidents
    number = some.number_by_year(rows.year[lost] - rows.first, rows.n_years)
    only = np.array([len(units) == 1 for units in some.units], dtype=bool)
    added = {name: np.zeros((len(regions), rows.n_years)) for name in ("lowest", "highest", "expected")}
    for group, (units, weights) in enumerate(zip(some.codes, some.weights, strict=True)):
        added["lowest"][units] += number[group] * only[group]
        added["highest"][units] += number[group]
        added["expected"][units] += np.outer(weights, number[group])
    table = pd.DataFrame({"firm": firm}, index=rows.index)
    for name, more in added.items():
        whole = firm + more.ravel()
        table[name] = whole if name == "expected" else whole.round().astype(np.int64)
    table.attrs.update(rows.attrs() | {"outside": some.outside})
    return table


def impute(
    located: pd.DataFrame,
    regions: gpd.GeoDataFrame,
    *,
    sets: int = 20,
    years: tuple[int, int] | None = None,
    seed: int = 0,
) -> list[pd.DataFrame]:
    """Give several counts tables in each of which the unplaced are placed by lot, by the weights of their candidates.

    Parameters
    ----------
    located : DataFrame
        As for :func:`unplaced`.
    regions : GeoDataFrame
        The frame that the incidents were placed in.
    sets : int, default 20
        Number of tables.
    years : tuple of int, optional
        First and last year, both included; where left out, those that were selected, else the years that occur.
    seed : int, default 0
        Of the lots. The same seed gives the same tables, and more sets begin with the same ones.

    Returns
    -------
    list of DataFrame
        Tables as :func:`count` gives them. ``attrs``: ``imputed`` (set, sets, seed) and, as located, all incidents
        but those in no unit of the frame.

    Raises
    ------
    InputError, RequestError
        As for :func:`unplaced` and :func:`count`, or if ``sets`` is below 1.

    References
    ----------
    .. [1] Rubin, D. B. (1987). Multiple Imputation for Nonresponse in Surveys. New York: Wiley. Here the weights are
       given by rule, not estimated, so that the tables differ by the doubt of the placing and by nothing else.
    """
    if sets < 1:
        raise RequestError(f"sets must be a whole number of 1 or more, for example 20; it is {sets!r}.")
    rows = Rows.of(located, regions, years)
    lost = np.flatnonzero(rows.unit < 0)
    some = Candidates.of(located.iloc[lost], regions)
    free = lost[some.group_size() > 0]
    firm, attrs = rows.tally(), _attrs(rows, some, located.iloc[lost])
    chance = np.random.default_rng(seed)
    tables = []
    for number in range(sets):
        drawn = some.draw(chance)
        table = (firm + rows.tally(free, drawn)).table(rows.index)
        table.attrs.update(attrs | {"imputed": {"set": number, "sets": sets, "seed": seed}})
        tables.append(table)
    return tables


def _attrs(rows: Rows, some: Candidates, lost: pd.DataFrame) -> dict[str, Any]:
    outside = lost.loc[some.group_size() == 0, "year"].value_counts()
    by_year = {year: int(outside.get(year, 0)) for year in range(rows.first, rows.first + rows.n_years)}
    attrs = rows.attrs()
    return attrs | {"located": attrs["total"] - some.outside, "unlocated_by_year": by_year}
