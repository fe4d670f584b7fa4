"""Share is not risk: the same counts against several denominators, and whether they agree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from awsd_geo.errors import RequestError
from awsd_geo.results import Result
from awsd_geo.statistics._concentration import Concentration, concentration
from awsd_geo.statistics._words import one_of_many, probability

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, eq=False)
class Denominators(Result):
    """One concentration per denominator; ``table`` has one row each.

    ``table`` has the index ``denominator`` and ``epicentre``, ``highest_ratio`` (region_ids), ``ratio`` (of the
    epicentre), ``p_value``, ``gini`` and ``reason``.
    """

    results: dict[str, Concentration]
    agree: bool | None  # one region leads in evidence and in ratio against every denominator; None if one is undefined
    reason: str | None  # why it cannot be said, if it cannot

    def summary(self) -> str:
        """Say who leads against each denominator and whether they agree."""
        start = {True: "The denominators agree: ", False: "The denominators do not agree: ", None: ""}[self.agree]
        return start + "; ".join(self._part(name) for name in self.results) + "."

    def _part(self, denominator: str) -> str:
        result = self.results[denominator]
        by = "by equal shares" if denominator == "equal" else f"by {denominator}"
        if result.reason is not None:
            return f"{by} undefined ({result.reason.rstrip('.')})"
        names, ratios = result.table["name"], result.table["ratio"]
        first = result.ties or (str(result.epicentre),)
        text = f"{by} {one_of_many(names[list(first)])} ({ratios[first[0]]:.1f} times the expected, "
        text += f"p {probability(result.p_value)})"
        if result.highest_ratio is not None and result.highest_ratio not in first:
            text += f", though {names[result.highest_ratio]} has the higher ratio ({ratios[result.highest_ratio]:.1f})"
        return text


def by_denominator(counts: pd.Series, exposures: Mapping[str, pd.Series | None]) -> Denominators:
    """Test where incidents gather against each of several denominators.

    The denominators agree if one and the same region has the strongest evidence (smallest p) and the highest ratio
    of observed to expected incidents against every one of them.

    Parameters
    ----------
    counts : Series of int, shape (n_regions,) or (n_regions * n_years,)
        Incidents by ``region_id``, or by ``region_id`` and ``year``, zeros written out.
    exposures : mapping of str to Series of float or None
        Denominators by name; None or the name "equal" with None means that every unit counts the same.

    Returns
    -------
    Denominators
        ``results`` by name; ``agree`` is None, with a ``reason``, where one of them is undefined.

    Raises
    ------
    InputError
        If the counts or an exposure are not what they should be.
    RequestError
        If no denominator is given.
    """
    if not exposures:
        raise RequestError('No denominator is given. Give at least one, for example {"equal": None}.')
    results = {name: concentration(counts, exposure=_named(name, given)) for name, given in exposures.items()}
    reasons = [f"By {name}: {found.reason}" for name, found in results.items() if found.reason is not None]
    leaders = {leader for found in results.values() for leader in (found.epicentre, found.highest_ratio)}
    agree = None if reasons else len(leaders) == 1 and None not in leaders
    table = pd.DataFrame([_row(found) for found in results.values()], index=pd.Index(results, name="denominator"))
    return Denominators(table=table, results=results, agree=agree, reason=" ".join(reasons) or None)


def _named(name: str, exposure: pd.Series | None) -> pd.Series | None:
    if exposure is None:
        return None
    named = exposure.copy()
    named.attrs = {**exposure.attrs, "denominator": name}
    return named


def _row(found: Concentration) -> dict[str, object]:
    ratio = found.table["ratio"].get(found.epicentre, float("nan"))
    return {
        "epicentre": found.epicentre,
        "highest_ratio": found.highest_ratio,
        "ratio": ratio,
        "p_value": found.p_value,
        "gini": found.gini,
        "reason": found.reason,
    }
