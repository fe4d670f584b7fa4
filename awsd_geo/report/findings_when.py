"""The part of the findings that says when: years and trend."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsd_geo.completeness import data_to, is_partial, is_provisional
from awsd_geo.report.plain import pair, plain, told

if TYPE_CHECKING:
    from awsd_geo.report.analysis import Analysis
    from awsd_geo.statistics import Trend, TwoShares

CHANGE = (
    "region_id",
    "name",
    "earlier",
    "later",
    "difference",
    "difference_ci",
    "p_value",
    "test",
    "verdict",
    "spread_p_value",
    "spread_test",
    "new_regions",
    "reason",
)
VERDICTS = {
    "increase": "rise",
    "increase, not confirmed by all tests": "possible rise",
    "decrease": "fall",
    "decrease, not confirmed by all tests": "possible fall",
    "no clear change": "no clear change",
    "undefined": "undefined",
}


def by_year_detail(made: Analysis) -> list[dict[str, Any]]:
    """Write each year with its victims, its incidents without a unit, and whether it is complete."""
    reach, _ = data_to(made.incidents, made.as_of)
    unlocated = made.counts.attrs["unlocated_by_year"]
    return [
        {
            "year": year,
            "incidents": number,
            "victims": told(made.located.loc[made.located["year"].eq(year).fillna(value=False), "victims"]),
            "unlocated": unlocated[year],
            "provisional": is_provisional(year, reach),
            "partial": is_partial(year, reach),
        }
        for year, number in zip(made.by_year.index.tolist(), made.by_year.tolist(), strict=True)
    ]


def trend(found: Trend) -> dict[str, Any]:
    """Write a trend as the contract has it."""
    from awsd_geo.statistics import Trend as Result

    tested = found.table.index
    return {
        "years": [int(tested[0]), int(tested[-1])] if found.verdict != "undefined" else None,
        "rate_ratio_per_year": plain(found.rate_ratio),
        "ci": pair(found.interval),
        "p_value": plain(found.p_value),
        "test": Result.test,
        "interval": f"exact conditional, {found.confidence:.0%}",
        "robust": {
            "quasi_poisson_p": plain(found.quasi_poisson_p),
            "quasi_poisson_df": None if plain(found.quasi_poisson_p) is None else len(found.table) - 2,
            "quasi_poisson_ci": pair(found.quasi_poisson_interval),
            "mann_kendall_p": plain(found.mann_kendall_p),
            "mann_kendall_s": _kendall_s(found),
            "dispersion": plain(found.dispersion),
        },
        "verdict": VERDICTS[found.verdict],
        "smallest_detectable": plain(found.smallest_detectable),
        "power": 0.8,
        "reason": found.reason,
    }


def _kendall_s(found: Trend) -> float | None:
    """Mann-Kendall's S: pairs of years that rise less pairs that fall."""
    if plain(found.mann_kendall_p) is None:
        return None
    counts = found.table["incidents"].tolist()
    return float(sum((b > a) - (b < a) for i, a in enumerate(counts) for b in counts[i + 1 :]))


def change(made: Analysis) -> dict[str, Any]:
    """Write whether the share of the leading unit changed between the halves of the period."""
    from awsd_geo.statistics import Spread, TwoShares

    shares, spread = made.shares, made.spread
    if shares is None or spread is None:
        return dict.fromkeys(CHANGE) | {"test": TwoShares.test, "verdict": "undefined", "spread_test": Spread.test} | {
            "new_regions": [], "reason": "Only one year: it has no halves.",
        }  # fmt: skip
    written = of_shares(shares, made.years, made.split) | {
        "spread_p_value": plain(spread.p_value),
        "spread_test": spread.test,
        "new_regions": [str(spread.table["name"][ident]) for ident in spread.new_regions],
    }
    return {name: written[name] for name in CHANGE}


def of_shares(shares: TwoShares, years: tuple[int, int], split: int) -> dict[str, Any]:
    """Write what was found of the share of the leading unit in the halves of the period."""
    undefined = shares.region_id is None
    earlier, later = shares.table.to_dict("records")
    return {
        "region_id": shares.region_id,
        "name": None if undefined else shares.region,
        "earlier": None if undefined else _half((years[0], split - 1), earlier),
        "later": None if undefined else _half((split, years[1]), later),
        "difference": plain(shares.difference),
        "difference_ci": pair(shares.difference_interval),
        "p_value": plain(shares.p_value),
        "test": shares.test,
        "verdict": shares.verdict,
        "reason": shares.reason,
    }


def _half(years: tuple[int, int], row: dict[Any, Any]) -> dict[str, Any]:
    return {
        "years": list(years),
        "incidents": int(row["incidents"]),
        "total": int(row["total"]),
        "share": plain(row["share"]),
    }
