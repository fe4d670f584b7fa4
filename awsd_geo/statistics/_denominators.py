"""Share is not risk: the same counts against several denominators, and whether they agree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from awsd_geo.errors import RequestError
from awsd_geo.results import Result
from awsd_geo.statistics._concentration import FOUND_AT, Concentration, concentration
from awsd_geo.statistics._words import one_of_many, probability

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, eq=False)
class Denominators(Result):
    """One concentration per denominator; ``table`` has one row each.

    ``table`` has the index ``denominator`` and ``epicentre``, ``highest_ratio`` (region_ids), ``ratio`` (of the
    epicentre), ``p_value``, ``rival`` (region_id of a higher ratio that is itself more than chance), ``gini`` and
    ``reason``.
    """

    results: dict[str, Concentration]
    agree: bool | None  # all that are defined find the same region, and no rival; None if fewer than two are defined
    reason: str | None  # which denominators are undefined and why

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
        first = [unit for unit in result.ties or (result.epicentre,) if unit is not None]
        text = f"{by} {one_of_many(names[first])} ({ratios[first[0]]:.1f} times the expected, "
        text += f"p {probability(result.p_value)})"
        if result.highest_ratio is not None and result.highest_ratio not in first:
            higher = result.table.loc[result.highest_ratio]
            text += f", though {higher['name']} has the higher ratio, {higher['ratio']:.1f} by {higher['incidents']} "
            text += "incident" if higher["incidents"] == 1 else "incidents"
        return text


def by_denominator(counts: pd.Series, exposures: Mapping[str, pd.Series | None]) -> Denominators:
    """Test where incidents gather against each of several denominators.

    The denominators agree if against every one that is defined (at least two) the same region has the strongest
    excess with p < 0.05, and none has a rival: a region with a higher ratio of observed to expected incidents whose
    own tail is below 0.05 too, corrected for the number of regions (Bonferroni). A higher ratio from one stray
    incident is named in the summary, but is no rival.

    Parameters
    ----------
    counts : Series of int, shape (n_regions,) or (n_regions * n_years,)
        Incidents by ``region_id``, or by ``region_id`` and ``year``, zeros written out.
    exposures : mapping of str to Series of float or None
        Denominators by name; None or the name "equal" with None means that every unit counts the same.

    Returns
    -------
    Denominators
        ``results`` by name; ``reason`` says which of them are undefined.

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
    table = pd.DataFrame([_row(found) for found in results.values()], index=pd.Index(results, name="denominator"))
    defined = [found for found in results.values() if found.reason is None]
    leaders = {found.epicentre for found in defined}
    found_in_all = all(found.p_value < FOUND_AT and _rival(found) is None for found in defined)
    agree = found_in_all and len(leaders) == 1 and None not in leaders
    return Denominators(
        table=table, results=results, agree=agree if len(defined) > 1 else None, reason=" ".join(reasons) or None
    )


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
        "rival": _rival(found),
        "gini": found.gini,
        "reason": found.reason,
    }


def _rival(found: Concentration) -> str | None:
    if found.epicentre is None:
        return None
    table = found.table
    higher = table[table["ratio"] > table["ratio"][found.epicentre]]
    more_than_chance = higher[higher["p"] * len(table) < FOUND_AT]
    return None if more_than_chance.empty else more_than_chance["ratio"].idxmax()
