"""The findings by place under suppression: what can be computed from the published table, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from awsd_geo.disclosure import TOTAL
from awsd_geo.report import findings_where
from awsd_geo.report.plain import pair, plain
from awsd_geo.report.release import INCIDENTS, SUPPRESSED, UNPLACED, VICTIMS

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from awsd_geo.report.release import Release
    from awsd_geo.statistics import Denominators, LocalStatistic, Moran, Scan

CONFIDENCE = 0.95
NO_GI = {"z": None, "p_value": None, "q_value": None, "class": "suppressed", "reason": SUPPRESSED}


@dataclass(frozen=True, slots=True, eq=False)
class Whole:
    """The tests that need the number of every unit, as :class:`awsd_geo.report.Analysis` has them."""

    regions: gpd.GeoDataFrame
    exposures: dict[str, pd.Series]
    denominators: Denominators
    scans: dict[str, Scan]
    local: LocalStatistic
    moran: Moran
    placings: dict[str, Any]  # none: they need the incidents


def whole(made: Release, exposures: dict[str, pd.Series]) -> Whole | None:
    """Make the tests of all units where the number of each is shown; None where one is hidden."""
    import pandas as pd

    from awsd_geo.report.analysis import tested

    if not made.complete:
        return None
    counts = pd.Series({unit: made.number(unit) for unit in made.regions.index}, dtype="int64")
    counts.attrs = {"regions": described(made), "located": int(counts.sum()), "total": made.number(TOTAL)}
    counts = counts.rename_axis("region_id")
    return Whole(made.regions, exposures, **tested(counts, made.regions, exposures, made.seed), placings={})


def described(made: Release) -> dict[str, dict[str, str]]:
    """Give name and kind of each unit, as counts tables carry them."""
    given = zip(made.regions.index, made.regions["name"], made.regions["kind"], strict=True)
    return {ident: {"name": str(name), "kind": str(kind)} for ident, name, kind in given}


def base(made: Release) -> int:
    """Give what shares are of: the placed incidents, or all where the table does not tell how many were placed."""
    located = made.located()
    return int(made.number(TOTAL) or 0) if located is None else located


def presence(made: Release) -> dict[str, int]:
    """Count the units, and those with an incident; districts apart."""
    import pandas as pd

    from awsd_geo.statistics import concentration

    there = pd.Series({unit: int(made.some(unit)) for unit in made.regions.index}, dtype="int64")
    there.attrs = {"regions": described(made)}
    found = concentration(there.rename_axis("region_id"))
    return {
        "total": found.regions,
        "with_incidents": found.regions_with_incidents,
        "districts_total": found.districts,
        "districts_with_incidents": found.districts_with_incidents,
    }


def by_region(made: Release, exposures: dict[str, pd.Series], tests: Whole | None) -> list[dict[str, Any]]:
    """Give every unit: first those shown by their number, then the hidden by name, then those without an incident."""
    from awsd_geo.text import fold

    rows = [_unit(made, unit, exposures, tests) for unit in made.regions.index]
    order = {True: 0, False: 2}

    def place(row: dict[str, Any]) -> tuple[Any, ...]:
        number = row["incidents"]
        return (1, 0, fold(row["name"])) if number is None else (order[number > 0], -number, fold(row["name"]))

    return sorted(rows, key=place)


def _unit(made: Release, unit: str, exposures: dict[str, pd.Series], tests: Whole | None) -> dict[str, Any]:
    number, frame, people = made.number(unit), made.regions.loc[unit], exposures["population"]
    reason = people.attrs.get("reason") or "The number of residents is not known."
    rate, ends = (None, None) if number is None else _rate(number, plain(people[unit]))
    share, interval = (None, None) if number is None else share_of(number, base(made))
    return {
        "region_id": str(unit),
        "name": str(frame["name"]),
        "kind": str(frame["kind"]),
        "incidents": number,
        "victims": made.number(unit, measure=VICTIMS),
        "share": share,
        "share_ci": interval,
        "incidents_by_placing": None,
        "population": plain(people[unit]),
        "area_km2": plain(exposures["area"][unit]),
        "rate_per_100k": rate,
        "rate_ci": ends,
        "rate_reason": SUPPRESSED if number is None else reason if rate is None else None,
        "gi_star": dict(NO_GI) if tests is None else findings_where.gi_star(tests.local.table.loc[unit]),
        "by_year": {str(year): made.number(unit, year) for year in made.span},
        "suppressed": _hidden_of(made, unit),
    }


def _hidden_of(made: Release, unit: str) -> list[str]:
    """Name the columns of a unit that are suppressed, as ``regions.csv`` has them."""
    names = [name for name in (INCIDENTS, VICTIMS) if made.hides(unit, measure=name)]
    if INCIDENTS in names:
        names += ["share", "share_low", "share_high", "rate_per_100k", "rate_low", "rate_high"]
    names += ["incidents_lowest", "incidents_highest"]
    return names + [f"incidents_{year}" for year in made.span if made.hides(unit, year)]


def share_of(number: int, total: int) -> tuple[float | None, list[float | None] | None]:
    """Give a share and its Clopper-Pearson interval; None of nothing."""
    from scipy.special import betaincinv

    if not total:
        return None, None
    half = (1 - CONFIDENCE) / 2
    low = float(betaincinv(number, total - number + 1, half)) if number else 0.0
    high = float(betaincinv(number + 1, total - number, 1 - half)) if number < total else 1.0
    return number / total, [low, high]


def _rate(number: int, residents: float | None) -> tuple[float | None, list[float | None] | None]:
    import pandas as pd

    from awsd_geo.statistics import rates

    if not residents:
        return None, None
    row = rates(pd.Series({"unit": number}), pd.Series({"unit": residents / 100_000})).iloc[0]
    return plain(row["rate"]), pair((row["low"], row["high"]))


def unplaced(made: Release) -> dict[str, Any]:
    """Write how many incidents were placed and not."""
    return {
        "incidents": made.number(TOTAL),
        "victims": made.number(TOTAL, measure=VICTIMS),
        "located": made.located(),
        "unlocated": made.number(UNPLACED),
        "unlocated_victims": made.number(UNPLACED, measure=VICTIMS),
    }
