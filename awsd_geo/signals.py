"""Rules that turn results into signals, and the family that they are corrected in."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from awsd_geo.statistics import Concentration, Trend

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


def epicentre(place: str, years: tuple[int, int], where: Concentration, when: Trend) -> Signal | None:  # noqa: ARG001
    """Fire where one unit holds more of the incidents than equal shares would give by chance."""
    if where.epicentre is None or math.isnan(where.p_value):
        return None
    row = where.table.loc[where.epicentre]
    sentence = (
        f"{row['share']:.0%} of the located incidents ({row['incidents']} of {where.located}) are in {row['name']}."
    )
    expected = float(row["expected"] / where.located)
    return Signal("epicentre", where.epicentre, years, float(row["share"]), expected, where.p_value, math.nan, sentence)


def growth(place: str, years: tuple[int, int], where: Concentration, when: Trend) -> Signal | None:  # noqa: ARG001
    """Fire where incidents rise or fall from year to year; the p-value is the largest of the three tests."""
    tests = [p for p in (when.p_value, when.quasi_poisson_p, when.mann_kendall_p) if not math.isnan(p)]
    if when.verdict == "undefined":
        return None
    sentence = f"Incidents changed by a factor of {when.rate_ratio:.2f} a year from {years[0]} to {years[1]}."
    return Signal("trend", place, years, when.rate_ratio, 1.0, max(tests), math.nan, sentence)


RULES: tuple[Callable[[str, tuple[int, int], Concentration, Trend], Signal | None], ...] = (epicentre, growth)
"""Every rule; they form one family."""


def fire(place: str, years: tuple[int, int], where: Concentration, when: Trend) -> list[Signal]:
    """Test every rule and keep the signals that stand after the correction.

    Parameters
    ----------
    place : str
        The country's code.
    years : tuple of int
        First and last year.
    where : Concentration
        Against equal shares.
    when : Trend
        Of the incidents by year.

    Returns
    -------
    list of Signal
        Those whose q-value (Benjamini-Hochberg over the rules that could be tested) is below 0.05.
    """
    import pandas as pd

    from awsd_geo.statistics import benjamini_hochberg

    tested = [signal for rule in RULES if (signal := rule(place, years, where, when)) is not None]
    if not tested:
        return []
    corrected = benjamini_hochberg(pd.Series([signal.p_value for signal in tested]))
    signals = [replace(signal, q_value=float(q)) for signal, q in zip(tested, corrected, strict=True)]
    return [signal for signal in signals if signal.q_value < ALPHA]
