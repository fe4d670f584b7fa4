"""Placed incidents as numbers: the unit and the year of each, checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from awsd_geo import schema
from awsd_geo.counts.tally import Tally
from awsd_geo.errors import InputError, RequestError

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

    Whole = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """The unit and year of each incident."""

    located: pd.DataFrame
    regions: gpd.GeoDataFrame
    unit: Whole  # place in the frame; -1 where not placed
    year: Whole
    victims: NDArray[np.float64]  # NaN where not known
    first: int  # year
    n_years: int

    @classmethod
    def of(cls, located: pd.DataFrame, regions: gpd.GeoDataFrame, years: tuple[int, int] | None) -> Rows:
        """Check a table of placed incidents, and number its units.

        Parameters
        ----------
        located : DataFrame
            With ``region_id`` and ``year``.
        regions : GeoDataFrame
            The frame.
        years : tuple of int or None
            First and last year.

        Returns
        -------
        Rows

        Raises
        ------
        InputError
            If a placed incident is in a region that the frame does not have, or has no year.
        RequestError
            If the years are the wrong way round or incidents lie outside them.
        """
        schema.need(located, "region_id", "year")
        first, last = period(located, years)
        refuse_other_years(located, first, last)
        return cls(
            located,
            regions,
            _units(located["region_id"], regions),
            located["year"].to_numpy(dtype=np.int64),
            _victims(located),
            first,
            last - first + 1,
        )

    @property
    def index(self) -> pd.MultiIndex:
        """Every region and year, in the frame's order."""
        import pandas as pd

        years = range(self.first, self.first + self.n_years)
        return pd.MultiIndex.from_product([self.regions.index, years], names=schema.COUNTS.index)

    def tally(self, rows: Whole | None = None, units: Whole | None = None) -> Tally:
        """Sum the placed rows by region and year, or some rows in units given for them."""
        if rows is None or units is None:
            rows = np.flatnonzero(self.unit >= 0)
            units = self.unit[rows]
        cells = units * self.n_years + self.year[rows] - self.first
        return Tally.of(cells, self.victims[rows], len(self.regions) * self.n_years)

    def attrs(self) -> dict[str, Any]:
        """Give what a counts table says of itself: source, frame, regions, how many are located of how many."""
        unlocated = np.bincount(self.year[self.unit < 0] - self.first, minlength=self.n_years)
        kept = {name: self.located.attrs[name] for name in ("source", "selection") if name in self.located.attrs}
        regions = self.regions
        return kept | {
            "frame": dict(regions.attrs),
            "regions": {
                region_id: {"name": name, "kind": kind}
                for region_id, name, kind in zip(regions.index, regions["name"], regions["kind"], strict=True)
            },
            "located": int((self.unit >= 0).sum()),
            "total": len(self.located),
            "unlocated_by_year": dict(enumerate(unlocated.tolist(), start=self.first)),
        }


def period(located: pd.DataFrame, years: tuple[int, int] | None) -> tuple[int, int]:
    """Give the years asked for, else those that were selected, else those that occur."""
    chosen = years or located.attrs.get("selection", {}).get("years")
    if chosen is None:
        if not located["year"].notna().any():
            raise RequestError("No incident has a year. Say which years to count: years=(2017, 2022).")
        chosen = (located["year"].min(), located["year"].max())
    first, last = (int(year) for year in chosen)
    if first > last:
        raise RequestError(f"The years {first}:{last} are the wrong way round. Write {last}:{first}.")
    return first, last


def refuse_other_years(located: pd.DataFrame, first: int, last: int) -> None:
    """Refuse incidents of other years: they would drop out unseen."""
    outside = ~located["year"].between(first, last).fillna(value=False).astype(bool)
    if outside.any():
        raise RequestError(
            f"{int(outside.sum())} incidents lie outside {first} to {last} or have no year. Select the years first."
        )


def _units(region_ids: pd.Series, regions: gpd.GeoDataFrame) -> Whole:
    """Give each incident's place in the frame; refuse a region that it does not have."""
    import pandas as pd

    code, found = pd.factorize(region_ids)
    place = np.append(regions.index.get_indexer(pd.Index(found, dtype=object)), -1)
    unit: Whole = place[code].astype(np.int64)
    strangers = np.flatnonzero((unit < 0) & (code >= 0))
    if len(strangers):
        raise InputError(
            f"{len(strangers)} incidents are in regions that the frame does not have, such as "
            f"{region_ids.iloc[strangers[0]]!r}. Count with the frame that they were geocoded in."
        )
    return unit


def _victims(located: pd.DataFrame) -> NDArray[np.float64]:
    for name in ("victims", "total_affected"):
        if name in located.columns:
            known = located[name].astype("Int64").to_numpy(dtype=np.float64, na_value=np.nan)
            return np.asarray(known, dtype=np.float64)
    return np.full(len(located), np.nan, dtype=np.float64)
