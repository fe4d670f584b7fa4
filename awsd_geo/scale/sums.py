"""What is left of the rows of a chunk: sums by region and year, and by the reasons why rows are in none."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from awsd_geo import schema
from awsd_geo.errors import InputError

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

MOST_REASONS = 1000
"""Sentences that are counted apart; the rarest beyond are counted together."""
OTHER = "other reasons"


@dataclass(frozen=True, slots=True, eq=False)
class Sums:
    """Counts of some rows; those of other rows can be added, in any order."""

    first: int  # year of the first column
    incidents: Any  # shape (n_units, n_years)
    told: Any  # whether some incident there tells its victims
    victims: Any
    unlocated: Any  # shape (n_years,)
    read: int = 0
    withheld: int = 0
    kind_known: bool = False  # whether some row had a number of victims of the kind
    aside: Counter[str] = field(default_factory=Counter)  # reason → rows
    why: Counter[str] = field(default_factory=Counter)  # sentence → incidents in no unit
    matched_by: Counter[str] = field(default_factory=Counter)
    conflicts: int = 0

    @classmethod
    def of(cls, counts: pd.DataFrame, **more: Any) -> Sums:
        """Take a counts table of one chunk apart."""
        years = counts.attrs["unlocated_by_year"]
        shape = (len(counts) // len(years), len(years))
        incidents = counts["incidents"].to_numpy(dtype=np.int64).reshape(shape)
        known = counts["victims"].notna().to_numpy().reshape(shape)
        victims = counts["victims"].to_numpy(dtype=np.float64, na_value=0).astype(np.int64).reshape(shape)
        unlocated = np.array(list(years.values()), dtype=np.int64)
        return cls(min(years), incidents, known & (incidents > 0), victims, unlocated, **more)

    @classmethod
    def nothing(cls, units: int, **more: Any) -> Sums:
        """Make sums of no year."""
        zeros = np.zeros((units, 0), dtype=np.int64)
        return cls(0, zeros, zeros.astype(bool), zeros, np.zeros(0, dtype=np.int64), **more)

    def __add__(self, other: Sums) -> Sums:
        """Sum two chunks, whatever their years."""
        spans = [one for one in (self, other) if len(one.unlocated)]
        first = min((one.first for one in spans), default=0)
        last = max((one.first + len(one.unlocated) for one in spans), default=0)
        mine, theirs = self._over(first, last), other._over(first, last)
        return Sums(
            first,
            mine.incidents + theirs.incidents,
            mine.told | theirs.told,
            mine.victims + theirs.victims,
            mine.unlocated + theirs.unlocated,
            self.read + other.read,
            self.withheld + other.withheld,
            self.kind_known or other.kind_known,
            self.aside + other.aside,
            _fewer(self.why + other.why),
            self.matched_by + other.matched_by,
            self.conflicts + other.conflicts,
        )

    def _over(self, first: int, last: int) -> Sums:
        """Write zeros around."""
        if not len(self.unlocated):
            return Sums.nothing(len(self.incidents))._wider(first, 0, last - first)
        return self._wider(first, self.first - first, last - self.first - len(self.unlocated))

    def _wider(self, first: int, before: int, after: int) -> Sums:
        wide = ((0, 0), (before, after))
        incidents, told, victims = (np.pad(values, wide) for values in (self.incidents, self.told, self.victims))
        return Sums(first, incidents, told, victims, np.pad(self.unlocated, (before, after)))

    def table(self, regions: gpd.GeoDataFrame, years: tuple[int, int] | None, kind: str, name: str) -> pd.DataFrame:
        """Write the counts table, as `awsd_geo.count` does.

        Parameters
        ----------
        regions : GeoDataFrame
            The frame.
        years : tuple of int or None
            First and last year; those that occur where left out.
        kind : str
            Kind of incident.
        name : str
            What was read.

        Returns
        -------
        DataFrame

        Raises
        ------
        InputError
            If no row has a year.
        """
        import pandas as pd

        if years is None and not len(self.unlocated):
            raise InputError(f"No incident in {name} has a year. Name the column of years or dates: columns={{...}}.")
        first, last = years or (self.first, self.first + len(self.unlocated) - 1)
        sums = self._over(first, last + 1)
        index = pd.MultiIndex.from_product([regions.index, range(first, last + 1)], names=schema.COUNTS.index)
        victims = pd.array(sums.victims.ravel(), dtype="Int64")
        victims[((sums.incidents > 0) & ~sums.told).ravel()] = pd.NA
        table = pd.DataFrame({"incidents": sums.incidents.ravel(), "victims": victims}, index=index)
        table.attrs.update(self._attrs(regions, (first, last), kind, name))
        return table

    def _attrs(self, regions: gpd.GeoDataFrame, years: tuple[int, int], kind: str, name: str) -> dict[str, Any]:
        unlocated, located = int(self.unlocated.sum()), int(self.incidents.sum())
        named = zip(regions.index, regions["name"], regions["kind"], strict=True)
        return {
            "source": {"name": name, "rows_read": self.read},
            "selection": {
                "years": list(years),
                "kind": kind,
                "rows": located + unlocated,
                "withheld": self.withheld,
                "rows_set_aside": [{"why": why, "rows": rows} for why, rows in self.aside.items() if rows],
            },
            "frame": dict(regions.attrs),
            "regions": {region_id: {"name": name, "kind": kind} for region_id, name, kind in named},
            "located": located,
            "total": located + unlocated,
            "unlocated_by_year": dict(enumerate(self._over(years[0], years[1] + 1).unlocated.tolist(), start=years[0])),
            "unlocated_why": [{"why": why, "rows": rows} for why, rows in self.why.most_common()],
            "matched_by": dict(sorted(self.matched_by.items())),
            "conflicts": self.conflicts,
        }


def _fewer(why: Counter[str]) -> Counter[str]:
    """Count the rarest reasons together where there are too many to be kept."""
    if len(why) <= MOST_REASONS:
        return why
    ranked = sorted(((-rows, text) for text, rows in why.items() if text != OTHER))
    kept = Counter({text: -rows for rows, text in ranked[: MOST_REASONS - 1]})
    kept[OTHER] = why.total() - kept.total()
    return kept
