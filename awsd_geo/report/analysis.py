"""The steps of an alert in a row, each usable alone: select, place, count, compare, test."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from awsd_geo.report.periods import frame, half_of, period

if TYPE_CHECKING:
    import datetime as dt

    import geopandas as gpd
    import pandas as pd

    from awsd_geo.statistics import (
        Denominators,
        LocalStatistic,
        Moran,
        PlacingSensitivity,
        Scan,
        Spread,
        Trend,
        TwoShares,
    )

SCANNED = ("equal", "population")  # denominators under which clusters are sought
MANY_UNITS, REPLICATES, REPLICATES_OF_MANY = 100, 9999, 999
WAYS, WAYS_OF_MANY = 250, 20  # in which the unplaced fall, for which clusters are sought again


@dataclass(frozen=True, slots=True, eq=False)
class Analysis:
    """All that an alert is made from, as the steps gave it."""

    incidents: pd.DataFrame  # the whole file
    located: pd.DataFrame  # the chosen incidents with their region
    regions: gpd.GeoDataFrame
    default_frame: bool  # the frame was not named by the user
    counts: pd.DataFrame  # region and year
    by_year: pd.Series  # incidents, with those in no region
    exposures: dict[str, pd.Series]  # equal, population, area
    denominators: Denominators
    trend: Trend  # of the full years
    scans: dict[str, Scan]  # equal, population
    placings: dict[str, PlacingSensitivity]  # equal, population: whichever way the unplaced fall
    shares: TwoShares | None  # of the leading unit in the halves of the period; None for one year
    spread: Spread | None
    local: LocalStatistic
    moran: Moran
    as_of: str | dt.date | None
    seed: int

    @property
    def split(self) -> int:
        """First year of the second half of the period."""
        return half_of(self.years)

    @property
    def years(self) -> tuple[int, int]:
        """First and last year, both included."""
        return int(self.by_year.index[0]), int(self.by_year.index[-1])


@dataclass(frozen=True, slots=True)
class Question:
    """What an alert is asked: as for :func:`awsd_geo.select` and :func:`awsd_geo.load_regions`."""

    country: str
    years: tuple[int, int] | None = None  # the last six full years
    kind: str = "kidnapped"
    means: str | None = None
    vintage: str | None = None  # in force on the last day of the period
    level: int = 1
    as_of: str | dt.date | None = None
    seed: int = 0


def place(incidents: pd.DataFrame, asked: Question) -> tuple[pd.DataFrame, gpd.GeoDataFrame, tuple[int, int]]:
    """Select the incidents of a question and place them.

    Parameters
    ----------
    incidents : DataFrame
        The incidents table.
    asked : Question
        What is asked.

    Returns
    -------
    located : DataFrame
    regions : GeoDataFrame
    years : tuple of int
    """
    from awsd_geo.geocoding import geocode
    from awsd_geo.incidents import select

    years = period(incidents, asked.country, asked.years, asked.as_of)
    chosen = select(
        incidents, country=asked.country, years=years, kind=asked.kind, means=asked.means, as_of=asked.as_of
    )
    regions = frame(asked.country, level=asked.level, vintage=asked.vintage, years=years)
    return geocode(chosen, regions), regions, years


def analyse(incidents: pd.DataFrame, asked: Question) -> Analysis:
    """Run the steps of an alert.

    Parameters
    ----------
    incidents : DataFrame
        The incidents table.
    asked : Question
        What is asked.

    Returns
    -------
    Analysis
    """
    from awsd_geo.completeness import full_years
    from awsd_geo.counts import count, count_by_year
    from awsd_geo.statistics import compare_shares, spread, trend

    located, regions, years = place(incidents, asked)
    counts, by_year = count(located, regions, years=years), count_by_year(located, years=years)
    exposures, incidents_by_unit = exposures_of(regions), counts["incidents"]
    more_years = years[1] > years[0]
    return Analysis(
        incidents=incidents,
        located=located,
        regions=regions,
        default_frame=asked.vintage is None,
        counts=counts,
        by_year=by_year,
        exposures=exposures,
        trend=trend(full_years(by_year, incidents, asked.as_of)),
        placings=_placings(located, regions, incidents_by_unit, exposures, asked.seed),
        shares=compare_shares(incidents_by_unit, split=half_of(years)) if more_years else None,
        spread=spread(incidents_by_unit, split=half_of(years), seed=asked.seed) if more_years else None,
        as_of=asked.as_of,
        seed=asked.seed,
        **tested(incidents_by_unit, regions, exposures, asked.seed),
    )


def exposures_of(regions: gpd.GeoDataFrame) -> dict[str, pd.Series]:
    """Give the denominators: every unit alike, residents, area."""
    from awsd_geo import exposure

    return {name: exposure.denominator(regions, name) for name in ("equal", "population", "area")}


def tested(counts: pd.Series, regions: gpd.GeoDataFrame, exposures: dict[str, pd.Series], seed: int) -> dict[str, Any]:
    """Make the tests that need the number of every unit: fields of :class:`Analysis`, by name.

    Parameters
    ----------
    counts : Series of int
        By ``region_id``, or by ``region_id`` and ``year``.
    regions : GeoDataFrame
        The frame.
    exposures : dict of str to Series
        Of :func:`exposures_of`.
    seed : int
        Of the Monte Carlo p-values.

    Returns
    -------
    dict
        ``denominators``, ``scans``, ``local`` and ``moran``.
    """
    from awsd_geo import weights
    from awsd_geo.statistics import by_denominator, getis_ord, moran, scan

    neighbours = weights.adjacency(regions)
    maps = REPLICATES if len(regions) <= MANY_UNITS else REPLICATES_OF_MANY
    return {
        "denominators": by_denominator(counts, exposures),
        "scans": {
            name: scan(counts, regions, exposure=exposures[name], replicates=maps, seed=seed) for name in SCANNED
        },
        "local": getis_ord(counts, neighbours),
        "moran": moran(counts, neighbours, seed=seed),
    }


def _placings(
    located: pd.DataFrame,
    regions: gpd.GeoDataFrame,
    counts: pd.Series,
    exposures: dict[str, pd.Series],
    seed: int,
) -> dict[str, PlacingSensitivity]:
    """Say for each scan how far it and the largest share depend on where the unplaced fell."""
    from awsd_geo.counts import unplaced
    from awsd_geo.statistics import placing_sensitivity

    lost, sets = unplaced(located, regions), WAYS if len(regions) <= MANY_UNITS else WAYS_OF_MANY
    return {
        name: placing_sensitivity(
            counts, lost, where=regions, exposure=exposures[name], sets=sets, replicates=REPLICATES_OF_MANY, seed=seed
        )
        for name in SCANNED
    }
