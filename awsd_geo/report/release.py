"""What is published of the incidents of an alert where small numbers are suppressed: the table, and nothing beside it.

Findings, pages and maps under suppression are made from a :class:`Release` alone, so that they cannot tell more than
its table does, whatever is computed or written later.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from awsd_geo.disclosure import TOTAL, Policy
from awsd_geo.errors import RequestError
from awsd_geo.report.periods import half_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd
    import pandas as pd

    from awsd_geo.report.analysis import Question

    When = int | str

UNPLACED = "(no unit)"
"""Label of the row of incidents that are in no unit of the frame."""
INCIDENTS, VICTIMS = "incidents", "victims"
SUPPRESSED = "Suppressed: it could give away a number that is not shown."
COARSER = "Ask for more years, another kind, or an audience that may see more."
FROM_ROWS = ("latest incident", "incident id clock")  # ways to know the date of the data that tell of single incidents


@dataclass(frozen=True, eq=False)
class Release:
    """A published table of incidents and victims by unit and year, with what does not depend on hidden cells.

    ``table`` is that of :func:`awsd_geo.disclosure.suppress`: index ``measure``, ``region_id``, ``year``; ``value``
    and ``status``. Units have the row :data:`UNPLACED` and the total beside them, years the halves of the period.
    """

    table: pd.DataFrame = field(repr=False)
    regions: gpd.GeoDataFrame = field(repr=False)
    years: tuple[int, int]
    policy: Policy
    selection: Mapping[str, Any]  # country, kind, means, as_of, as_of_known
    reach: dt.date  # to which the data reach, for what is partial and provisional
    data_to: str  # the same as it may be said: a year where the date is that of an incident
    data_to_from: str
    example: bool  # simulated data
    default_frame: bool
    seed: int

    @cached_property
    def values(self) -> dict[tuple[Any, ...], int | None]:
        """Value of every cell of the table; None where it is hidden or unknown."""
        known = self.table["value"].notna()
        given = zip(self.table.index.tolist(), self.table["value"].fillna(0), known, strict=True)
        return {tuple(cell): int(value) if there else None for cell, value, there in given}

    @cached_property
    def hidden(self) -> frozenset[tuple[Any, ...]]:
        """The cells of the table that are suppressed or left out."""
        return frozenset(self.table.index[self.table["status"].isin(["suppressed", "left out"])])

    @property
    def split(self) -> int:
        """First year of the second half of the period."""
        return half_of(self.years)

    @property
    def span(self) -> range:
        """The years."""
        return range(self.years[0], self.years[1] + 1)

    @property
    def halves(self) -> list[tuple[tuple[int, int], When]]:
        """First and last year of each half, and its label in the table; none of a period of one year."""
        return [(years, label_of(years)) for years in halves_of(self.years)]

    def number(self, unit: str, when: When = TOTAL, measure: str = INCIDENTS) -> int | None:
        """Give a number of the table; None where it is hidden or unknown."""
        return self.values.get((measure, unit, when))

    def hides(self, unit: str, when: When = TOTAL, measure: str = INCIDENTS) -> bool:
        """Say whether a number of the table is suppressed."""
        return (measure, unit, when) in self.hidden

    def located(self, when: When = TOTAL) -> int | None:
        """Give the incidents in all units; None where the table does not tell."""
        whole, lost = self.number(TOTAL, when), self.number(UNPLACED, when)
        return None if whole is None or lost is None else whole - lost

    def some(self, unit: str) -> bool:
        """Say whether a unit has an incident: zeros are shown, so that what is hidden is at least one."""
        return self.number(unit) != 0

    @property
    def complete(self) -> bool:
        """Whether the number of every unit over the whole period is shown."""
        return not any(self.hides(unit) for unit in self.regions.index)


def halves_of(years: tuple[int, int]) -> list[tuple[int, int]]:
    """Give first and last year of the halves of a period; none of a period of one year."""
    if years[0] == years[1]:
        return []
    split = half_of(years)
    return [(years[0], split - 1), (split, years[1])]


def label_of(half: tuple[int, int]) -> When:
    """Name a half in the table: a single year is itself."""
    return half[0] if half[0] == half[1] else f"{half[0]}-{half[1]}"


def old_enough(incidents: pd.DataFrame, days: int, as_of: str | dt.date | None) -> tuple[pd.DataFrame, str]:
    """Hold back the last days before the date to which the data reach; say how that date was known before."""
    from awsd_geo.completeness import data_to
    from awsd_geo.disclosure import embargo

    day, how = data_to(incidents, as_of)
    if not days:
        return incidents, how
    made = embargo(incidents, days, on=day)
    if "source" not in made.incidents.attrs:  # a table in memory reaches as far as it did, not to its last row now
        made.incidents.attrs["source"] = {"data_to": made.last_day.isoformat(), "data_to_from": "embargo"}
    return made.incidents, how


def release(incidents: pd.DataFrame, asked: Question, given: Policy, known_from: str | None = None) -> Release:
    """Select, place, count and suppress the incidents of a question.

    Parameters
    ----------
    incidents : DataFrame
        The incidents table, without what is under embargo.
    asked : Question
        What is asked.
    given : Policy
        Of the audience; ``suppress_below`` is at least 2.
    known_from : str, optional
        How the date of the data was known before an embargo.

    Returns
    -------
    Release

    Raises
    ------
    RequestError
        If so few incidents are there that no number of them may be shown.
    """
    from awsd_geo.completeness import data_to
    from awsd_geo.report.analysis import place

    located, regions, years = place(incidents, asked)
    table = _suppressed(_counted(located, regions, years), years, given.suppress_below)
    day, how = data_to(incidents, asked.as_of)
    tells = how != "as of" and (known_from or how) in FROM_ROWS
    names = ("country", "kind", "means", "as_of", "as_of_known")
    return Release(
        table=table,
        regions=regions,
        years=years,
        policy=given,
        selection={name: located.attrs["selection"][name] for name in names},
        reach=dt.date(day.year, 12, 30) if tells else day,  # the year, taken as not covered to its end
        data_to=str(day.year) if tells else day.isoformat(),
        data_to_from=how,
        example=incidents.attrs.get("source", {}).get("status") == "example",
        default_frame=asked.vintage is None,
        seed=asked.seed,
    )


def _counted(located: pd.DataFrame, regions: gpd.GeoDataFrame, years: tuple[int, int]) -> pd.DataFrame:
    """Count by unit and year, those in no unit as a unit of their own."""
    import pandas as pd

    from awsd_geo.counts import count

    units = pd.Index([*regions.index, UNPLACED], name=regions.index.name)
    kinds = pd.DataFrame({"name": units, "kind": "unit"}, index=units)
    everywhere = located.assign(region_id=located["region_id"].astype(object).fillna(UNPLACED))
    counts = count(everywhere, kinds, years=years)  # it needs names and kinds alone
    known = not len(located) or located["victims"].notna().any()
    return counts if known else counts[[INCIDENTS]]  # the file cannot say how many victims


def _suppressed(counts: pd.DataFrame, years: tuple[int, int], below: int) -> pd.DataFrame:
    """Suppress small numbers; the total and that of the first unit are kept, units need no halves of the period."""
    from awsd_geo.disclosure import suppress

    by_unit = counts["incidents"].groupby(level="region_id").sum()
    whole, lost = int(by_unit.sum()), int(by_unit[UNPLACED])
    few = f"There are fewer than {below} incidents"
    if 0 < whole < below:
        raise RequestError(f"{few}, so that no number may be shown. {COARSER}")
    if 0 < whole - lost < below:
        raise RequestError(f"{few} in all units together, so that nothing may be shown by place. {COARSER}")
    above = {year: label for half in halves_of(years) if isinstance(label := label_of(half), str)
             for year in range(half[0], half[1] + 1)}  # fmt: skip
    spare = [(measure, unit, half) for measure in counts for unit in by_unit.index for half in set(above.values())]
    first = by_unit.drop(UNPLACED).sort_values().index[-1:]
    grand, leader = (INCIDENTS, TOTAL, TOTAL), [(INCIDENTS, unit, TOTAL) for unit in first if by_unit[unit] >= below]
    for keep in ([grand, *leader], [grand]):
        try:
            return suppress(counts, below=below, hierarchy={"year": above}, keep=keep, spare=spare).to_frame()
        except RequestError:
            continue
    raise RequestError(f"So few incidents cannot be shown without giving small numbers away. {COARSER}")
