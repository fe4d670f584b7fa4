"""Whether incidents reach a given number in too small a neighbourhood: Besag and Newell's test."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pandas as pd

from awsd_geo.errors import RequestError
from awsd_geo.results import RegionalResult
from awsd_geo.statistics._guard import by_region, check_confidence, check_exposure, why_no_exposure, why_too_few
from awsd_geo.statistics._multiple import benjamini_hochberg
from awsd_geo.statistics._probability_map import poisson_tails
from awsd_geo.statistics._scan_where import Where, locate
from awsd_geo.statistics._scan_zones import nearest_first
from awsd_geo.statistics._words import percent

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class BesagNewell(RegionalResult):
    """Neighbourhoods that hold a given number of incidents; ``table`` has one row per unit, its centre.

    ``table`` has ``name``, ``kind``, ``incidents``, ``members`` (ids, the unit first), ``units`` (their number, with
    the unit itself), ``observed`` and ``expected`` (incidents in them), ``p_value`` (so few units hold ``size``
    incidents or more: Besag and Newell's), ``p_observed`` (as many as ``observed``: SpatialEpi's), ``q_value``,
    ``label`` ("cluster", "not significant", "undefined") and ``reason``.
    """

    SHOWN: ClassVar[str] = "p_value"
    test: ClassVar[str] = "Poisson"
    correction: ClassVar[str] = "Benjamini-Hochberg"
    size: int  # incidents that a neighbourhood is grown to
    confidence: float  # what it leaves is the level, and the false discovery rate of the labels
    family: int  # number of units tested together
    reason: str | None  # why it is undefined for every unit, if it is

    def summary(self) -> str:
        """Count the neighbourhoods before and after the correction."""
        if self.reason is not None:
            return f"Besag and Newell's test is undefined. {self.reason}"
        level = 1 - self.confidence
        alone, kept = (int((self.table[column] <= level).sum()) for column in ("p_value", "q_value"))
        return (
            f"Around {alone} of {self.family} units {self.size} incidents lie closer together than chance would "
            f"have them at {percent(level)} each, around {kept} after correction ({self.correction}); such "
            "neighbourhoods overlap."
        )


def besag_newell(
    counts: pd.Series, exposure: pd.Series, where: Any, *, size: int, confidence: float = 0.95
) -> BesagNewell:
    """Ask around each unit whether its nearest units reach a number of incidents sooner than expected.

    Units are added from the nearest on until they hold ``size`` incidents or more; units at one distance enter
    together. With E incidents expected in them under the rate of the whole, p is the chance that a Poisson count with
    mean E is ``size`` or more, which is that of needing so few units. SpatialEpi compares with the number they hold
    instead, which can be more than ``size``; that p is too small, and is given as ``p_observed``.

    Parameters
    ----------
    counts : Series of int, shape (n_regions,) or (n_regions * n_years,)
        Incidents by ``region_id``, or by ``region_id`` and ``year``, zeros written out.
    exposure : Series of float, shape (n_regions,)
        Denominator by ``region_id``, such as residents, or incidents expected by age or other strata; scaled to the
        number of incidents.
    where : GeoDataFrame, DataFrame or mapping
        Outlines or points with a CRS; a table with the columns longitude and latitude, or x and y; or for each unit
        the units nearest to it, itself first.
    size : int
        Incidents that a neighbourhood is grown to. Choose it before looking, about the smallest cluster that matters.
    confidence : float, default 0.95
        What it leaves is the false discovery rate of the labels.

    Returns
    -------
    BesagNewell
        Undefined, with a reason, for all units: fewer than 5 incidents, or than ``size``; a unit without exposure;
        for one unit: its order of neighbours ends before ``size`` is reached.

    Raises
    ------
    InputError
        If the counts, the exposure or the places are not what they should be.
    RequestError
        If ``size`` is below 1, or ``confidence`` does not lie between 0 and 1.

    References
    ----------
    .. [1] Besag, J., and Newell, J. (1991). The detection of clusters in rare diseases. Journal of the Royal
       Statistical Society A 154 (1), 143-155.
    """
    check_confidence(confidence)
    if size < 1:
        raise RequestError(f"size must be 1 incident or more; it is {size}.")
    frame = by_region(counts)
    located = locate(where, frame.counts.index)
    per = check_exposure(exposure, frame.counts.index)
    reason = why_too_few(frame.n) or why_no_exposure(per, frame.names)
    if reason is None and frame.n < size:
        reason = f"Only {frame.n} incidents: no neighbourhood can hold {size}."
    table = pd.DataFrame({"name": frame.names, "kind": frame.kinds, "incidents": frame.counts})
    number = frame.counts.to_numpy(dtype=float)
    grown = _grown(number, per * (number.sum() / per.sum()), located, size) if reason is None else None
    table = _tested(table, grown, size, 1 - confidence, reason)
    return BesagNewell(
        table=table,
        size=size,
        confidence=confidence,
        family=int(table["p_value"].notna().sum()),
        reason=reason,
    )


def _grown(number: Floats, expected: Floats, where: Where, size: int) -> dict[str, Any]:
    """Grow each neighbourhood to the size; one that cannot be has no members."""
    members: list[tuple[Any, ...]] = []
    sums = np.full((len(number), 2), np.nan)
    for unit, (line, ends) in enumerate(_lines(where)):
        held = np.cumsum(number[line])
        enough = np.flatnonzero((held >= size) & ends)
        if not len(enough):
            members.append(())
            continue
        inside = line[: enough[0] + 1]
        members.append(tuple(where.ids[inside]))
        sums[unit] = held[enough[0]], expected[inside].sum()
    return {"members": members, "observed": sums[:, 0], "expected": sums[:, 1]}


def _lines(where: Where) -> list[tuple[NDArray[np.int64], NDArray[np.bool_]]]:
    """Give the units from the nearest on, and after which of them the next is farther."""
    if where.orders is not None:
        return [(line, np.ones(len(line), dtype=bool)) for line in where.orders]
    order, last = nearest_first(where.distances())
    return list(zip(order, last, strict=True))


def _tested(
    table: pd.DataFrame, grown: dict[str, Any] | None, size: int, level: float, reason: str | None
) -> pd.DataFrame:
    nothing = np.full(len(table), np.nan)
    if grown is None:
        grown = {"members": [()] * len(table), "observed": nothing, "expected": nothing}
    observed, expected = grown["observed"], grown["expected"]
    members = pd.Series(grown["members"], index=table.index, dtype=object)
    table = table.assign(members=members, units=members.map(len).astype("int64"), observed=observed, expected=expected)
    reached = ~np.isnan(observed)
    p_value = np.where(reached, poisson_tails(np.full(len(table), float(size)), expected)[1], np.nan)
    table["p_value"] = p_value
    table["p_observed"] = np.where(reached, poisson_tails(np.where(reached, observed, 1.0), expected)[1], np.nan)
    table["q_value"] = benjamini_hochberg(table["p_value"])
    label = np.where(table["q_value"].to_numpy() <= level, "cluster", "not significant")
    why = np.full(len(table), reason, dtype=object)
    if reason is None:
        short = [f"The order of {name} ends before {size} incidents." for name in table["name"].to_numpy()[~reached]]
        why[~reached] = short
    table["label"] = np.where(reached, label, "undefined")
    return table.assign(reason=pd.Series(why, index=table.index, dtype=object))
