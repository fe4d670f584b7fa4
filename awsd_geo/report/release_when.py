"""The findings by year under suppression: what can be computed from the published table, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsd_geo.completeness import is_partial, is_provisional
from awsd_geo.disclosure import TOTAL
from awsd_geo.report import findings_when
from awsd_geo.report.plain import plain
from awsd_geo.report.release import INCIDENTS, UNPLACED, VICTIMS

if TYPE_CHECKING:
    from awsd_geo.report.release import Release
    from awsd_geo.statistics import Trend, TwoShares

SOME_YEARS = "Suppressed: the numbers of some years are not shown."
SOME_HALVES = "Suppressed: the numbers of the halves of the period are not shown."


def by_year_detail(made: Release) -> list[dict[str, Any]]:
    """Write each year; what is hidden is null and named."""
    return [
        {
            "year": year,
            "incidents": made.number(TOTAL, year),
            "victims": made.number(TOTAL, year, VICTIMS),
            "unlocated": made.number(UNPLACED, year),
            "provisional": is_provisional(year, made.reach),
            "partial": is_partial(year, made.reach),
            "suppressed": [
                name
                for name, unit, measure in (
                    ("incidents", TOTAL, INCIDENTS),
                    ("victims", TOTAL, VICTIMS),
                    ("unlocated", UNPLACED, INCIDENTS),
                )
                if made.hides(unit, year, measure)
            ],
        }
        for year in made.span
    ]


def halves(made: Release) -> list[dict[str, Any]]:
    """Write the incidents of the halves of the period, those in no unit included; none of a period of one year."""
    return [
        {"years": list(years), "incidents": made.number(TOTAL, label), "victims": made.number(TOTAL, label, VICTIMS)}
        for years, label in made.halves
    ]


def halves_p_value(made: Release) -> float | None:
    """Test whether the halves of the period differ, where both are shown and the data reach to their end."""
    from awsd_geo.statistics import two_rates

    if not made.halves or is_partial(made.years[1], made.reach):
        return None
    (early, first), (late, second) = made.halves
    before, after = made.number(TOTAL, first), made.number(TOTAL, second)
    if before is None or after is None or not before + after:
        return None
    return plain(two_rates(after, late[1] - late[0] + 1, before, early[1] - early[0] + 1).p_value)


def found_trend(made: Release) -> Trend | None:
    """Test the trend of the full years, where all of them are shown."""
    import pandas as pd

    from awsd_geo.statistics import trend

    full = [year for year in made.span if not is_partial(year, made.reach)] or list(made.span)
    numbers = [made.number(TOTAL, year) for year in full]
    if None in numbers:
        return None
    return trend(pd.Series(numbers, pd.Index(full, name="year"), dtype="int64", name="incidents"))


def trend(found: Trend | None) -> dict[str, Any]:
    """Write a trend as the contract has it."""
    from awsd_geo.statistics import Trend as Result

    if found is not None:
        return findings_when.trend(found)
    robust = ("quasi_poisson_p", "quasi_poisson_df", "quasi_poisson_ci", "mann_kendall_p", "mann_kendall_s")
    return {
        "years": None,
        "rate_ratio_per_year": None,
        "ci": None,
        "p_value": None,
        "test": Result.test,
        "interval": "exact conditional, 95%",
        "robust": dict.fromkeys((*robust, "dispersion")),
        "verdict": "suppressed",
        "smallest_detectable": None,
        "power": 0.8,
        "reason": SOME_YEARS,
    }


def found_shares(made: Release, first: str | None) -> TwoShares | None:
    """Compare the leading unit's share in the halves, where its numbers and those of all are shown."""
    import pandas as pd

    from awsd_geo.statistics import compare_shares

    if first is None or not made.halves:
        return None
    years = [half[0] for half, _ in made.halves]
    own = [made.number(first, label) for _, label in made.halves]
    totals = [made.located(label) for _, label in made.halves]
    if None in totals or made.located() is None:
        totals = [made.number(TOTAL, label) for _, label in made.halves]
    if None in own or None in totals:
        return None
    others = [total - number for total, number in zip(totals, own, strict=True) if total is not None
              and number is not None]  # fmt: skip
    index = pd.MultiIndex.from_product([[first, "others"], years], names=["region_id", "year"])
    counts = pd.Series([*own, *others], index, dtype="int64")
    counts.attrs = {"regions": {first: {"name": str(made.regions.loc[first, "name"]), "kind": "region"}}}
    return compare_shares(counts, split=made.split, region=first)


def change(made: Release, found: TwoShares | None) -> dict[str, Any]:
    """Write whether the share of the leading unit changed; how all units changed is not told."""
    from awsd_geo.statistics import Spread, TwoShares

    reason = SOME_HALVES if made.halves else "Only one year: it has no halves."
    nothing = dict.fromkeys(findings_when.CHANGE) | {
        "test": TwoShares.test, "verdict": "suppressed" if made.halves else "undefined", "spread_test": Spread.test,
        "new_regions": [], "reason": reason,
    }  # fmt: skip
    if found is None:
        return nothing
    return nothing | findings_when.of_shares(found, made.years, made.split)
