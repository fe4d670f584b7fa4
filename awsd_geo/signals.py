"""Rules that turn results into signals, and the family that they are corrected in."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from awsd_geo.results import Result

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    import pandas as pd

    from awsd_geo.statistics import Concentration, Scan, Trend, TwoShares

ALPHA = 0.05
"""Level of every verdict, after the correction."""


@dataclass(frozen=True, slots=True)
class Signal:
    """One rule that fired."""

    rule: str
    place: str  # region_id, or the country's code
    years: tuple[int, int]
    value: float  # what was observed
    baseline: float  # what it is compared with
    p_value: float
    q_value: float  # after Benjamini-Hochberg over all rules that could be tested
    sentence: str

    def to_dict(self) -> dict[str, Any]:
        """Give the signal as ``findings.json`` has it."""
        return asdict(self) | {"years": list(self.years)}


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """What the rules look at."""

    place: str  # the country's code
    years: tuple[int, int]
    where: Concentration | None  # against equal shares
    when: Trend | None  # of the incidents by year
    cluster: Scan | None = None  # against equal shares
    shares: TwoShares | None = None  # of the leading unit in the halves of the period


def epicentre(seen: Evidence) -> Signal | None:
    """Fire where one unit holds more of the incidents than equal shares would give by chance."""
    where = seen.where
    if where is None or where.epicentre is None:
        return None
    row = where.table.loc[where.epicentre]
    part = f"{row['share']:.0%} of the located incidents ({row['incidents']} of {where.located})"
    baseline = float(row["expected"] / where.located)
    share, sentence = float(row["share"]), f"{part} are in {row['name']}."
    return Signal("epicentre", where.epicentre, seen.years, share, baseline, where.p_value, math.nan, sentence)


def cluster(seen: Evidence) -> Signal | None:
    """Fire where a zone of neighbouring units holds more incidents than chance gives anywhere."""
    if seen.cluster is None or seen.cluster.reason is not None or seen.cluster.clusters.empty:
        return None
    row = seen.cluster.clusters.iloc[0]
    place = row["regions"][0] if len(row["regions"]) == 1 else seen.place
    sentence = f"{row['observed']} incidents where {row['expected']:.1f} are expected: {', '.join(row['names'])}."
    observed, expected = float(row["observed"]), float(row["expected"])
    return Signal("cluster", place, seen.years, observed, expected, float(row["p_value"]), math.nan, sentence)


def growth(seen: Evidence) -> Signal | None:
    """Fire where incidents rise or fall from year to year; the p-value is the largest of the three tests."""
    if seen.when is None:
        return None
    (first, last), ratio = seen.years, seen.when.rate_ratio
    sentence = f"Incidents changed by a factor of {ratio:.2f} a year from {first} to {last}."
    return Signal("trend", seen.place, seen.years, ratio, 1.0, _surest(seen.when), math.nan, sentence)


def spread(seen: Evidence) -> Signal | None:
    """Fire where the leading unit's share changed between the halves of the period."""
    found = seen.shares
    if found is None or found.region_id is None:
        return None
    earlier, later = found.table.to_dict("records")
    parts = [f"{row['incidents']} of {row['total']}" for row in (earlier, later)]
    sentence = f"{found.region} had {parts[0]} incidents in the first half of the period and {parts[1]} in the second."
    return Signal(
        "spread", found.region_id, seen.years, later["share"], earlier["share"], found.p_value, math.nan, sentence
    )


RULES: tuple[Callable[[Evidence], Signal | None], ...] = (epicentre, cluster, growth, spread)
"""Every rule; those that can be tested form one family."""


def fire(seen: Evidence) -> list[Signal]:
    """Test every rule and keep the signals that stand after the correction.

    Parameters
    ----------
    seen : Evidence
        Results of one place and period.

    Returns
    -------
    list of Signal
        Those whose q-value (Benjamini-Hochberg over the rules that could be tested) is below 0.05.
    """
    import pandas as pd

    from awsd_geo.statistics import benjamini_hochberg

    looked = [signal for rule in RULES if (signal := rule(seen)) is not None]
    tested = [signal for signal in looked if not math.isnan(signal.p_value)]
    if not tested:
        return []
    corrected = benjamini_hochberg(pd.Series([signal.p_value for signal in tested]))
    signals = [replace(signal, q_value=float(q)) for signal, q in zip(tested, corrected, strict=True)]
    return [signal for signal in signals if signal.q_value < ALPHA]


@dataclass(frozen=True, slots=True, eq=False)
class Watch(Result):
    """Which countries rise or fall; ``table`` has one row per country with an incident, the surest first.

    ``table`` has the index ``iso3`` and ``country``, ``incidents``, ``last_year`` (incidents of the last year),
    ``rate_ratio`` per year with ``low`` and ``high``, ``p_value`` (quasi-Poisson, which allows for years that vary
    more than independent incidents do), ``q_value`` (Benjamini-Hochberg over the countries that could be tested) and
    ``verdict`` (of all three tests, for that country alone).
    """

    years: tuple[int, int]  # those that were tested
    left_out: tuple[int, ...]  # years asked for that the data do not cover to their end
    provisional: bool  # the last year is too recent to be complete
    kind: str
    tested: int  # countries in the family
    elsewhere: int  # incidents without a country code, which stand in no row

    def summary(self) -> str:
        """Name the countries whose trend stands after the correction."""
        first, last = self.years
        kind = "all kinds" if self.kind == "any" else self.kind
        countries = "country" if len(self.table) == 1 else "countries"
        start = f"{len(self.table)} {countries} with incidents ({kind}) in {first} to {last}, {self.tested} tested"
        found = self.table[self.table["q_value"] < ALPHA]
        names = [f"{row.country} ({row.rate_ratio:.2f} a year, q {row.q_value:.3f})" for row in found.itertuples()]
        lost = f" Without a country code, in no row: {self.elsewhere}." if self.elsewhere else ""
        out = f" Left out, since the data end before it does: {', '.join(map(str, self.left_out))}." * bool(
            self.left_out
        )
        soft = f" {last} is provisional and probably too low, which hides a rise." if self.provisional else ""
        return f"{start}: {'; '.join(names) or 'no trend stands after the correction'}.{lost}{out}{soft}"


def watch(
    incidents: pd.DataFrame, *, years: tuple[int, int], kind: str = "any", as_of: str | dt.date | None = None
) -> Watch:
    """Look in every country for a trend by year, corrected for looking at all of them.

    Parameters
    ----------
    incidents : DataFrame
        The incidents table of :func:`awsd_geo.read_incidents`.
    years : tuple of int
        First and last year, both included; a year that the data do not cover to its end is left out and named.
    kind, as_of
        As for :func:`awsd_geo.select`.

    Returns
    -------
    Watch
        A country with fewer than 5 incidents has no p-value.

    Raises
    ------
    InputError, RequestError
        If the table or a choice is at fault.

    References
    ----------
    .. [1] Benjamini, Y., and Hochberg, Y. (1995). Controlling the false discovery rate. Journal of the Royal
       Statistical Society B 57 (1), 289-300.
    """
    import pandas as pd

    from awsd_geo.completeness import data_to, is_partial, is_provisional
    from awsd_geo.incidents import select
    from awsd_geo.statistics import benjamini_hochberg

    reach, _ = data_to(incidents, as_of)
    left_out = tuple(year for year in range(years[0], years[1] + 1) if is_partial(year, reach))
    years = (years[0], left_out[0] - 1) if left_out else years
    chosen = select(incidents, years=years, kind=kind, as_of=as_of)
    rows = {iso3: _country(group, years) for iso3, group in chosen.groupby("iso3")}
    table = pd.DataFrame.from_dict(rows, orient="index", columns=list(_COLUMNS)).rename_axis("iso3")
    table = table.astype({"p_value": float})
    table.insert(len(_COLUMNS) - 1, "q_value", benjamini_hochberg(table["p_value"]))
    order = table.sort_values(["q_value", "p_value", "incidents"], ascending=[True, True, False], kind="stable")
    tested, elsewhere = int(table["p_value"].notna().sum()), int(chosen["iso3"].isna().sum())
    return Watch(order, years, left_out, is_provisional(years[1], reach), kind, tested, elsewhere)


_COLUMNS = ("country", "incidents", "last_year", "rate_ratio", "low", "high", "p_value", "verdict")


def _country(group: pd.DataFrame, years: tuple[int, int]) -> tuple[Any, ...]:
    from awsd_geo.counts import count_by_year
    from awsd_geo.statistics import trend

    by_year = count_by_year(group, years=years)
    found = trend(by_year)
    p_value = found.p_value if math.isnan(found.quasi_poisson_p) else found.quasi_poisson_p
    name = str(group["country"].mode().iloc[0])
    return (name, len(group), int(by_year.iloc[-1]), found.rate_ratio, *found.interval, p_value, found.verdict)


def _surest(found: Trend) -> float:
    """Give the largest p-value of the three tests: what all of them can vouch for."""
    tests = [p for p in (found.p_value, found.quasi_poisson_p, found.mann_kendall_p) if not math.isnan(p)]
    return max(tests) if tests else math.nan
