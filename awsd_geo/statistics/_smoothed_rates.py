"""Rates that can be put on a map: empirical Bayes draws those of small populations to the mean, and says how far."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pandas as pd
from scipy.special import gammaincinv

from awsd_geo.errors import RequestError
from awsd_geo.results import RegionalResult
from awsd_geo.statistics._gamma_poisson import fit_gamma_poisson
from awsd_geo.statistics._guard import DESCRIPTIVE_BELOW, by_region, check_confidence, check_exposure, why_too_few
from awsd_geo.statistics._neighbours import align
from awsd_geo.statistics._rates import rates
from awsd_geo.statistics._words import percent

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from awsd_geo.statistics._neighbours import Neighbours

    Floats = NDArray[np.float64]

METHODS = ("global", "local", "gamma")


@dataclass(frozen=True, slots=True, eq=False)
class SmoothedRates(RegionalResult):
    """Rates drawn towards a mean, those of small populations most; ``table`` has one row per unit.

    ``table`` has ``name``, ``kind``, ``incidents``, ``exposure``, ``raw`` (incidents per exposure) with its exact
    interval ``low`` and ``high``, ``mean`` (what it is drawn to), ``shrinkage`` (0: the raw rate stands; 1: it is the
    mean), ``smoothed``, by "gamma" its interval ``smoothed_low`` and ``smoothed_high``, and ``reason``.
    """

    SHOWN: ClassVar[str] = "smoothed"
    method: str  # "global", "local" or "gamma"
    rate: float  # mean of the rates: all incidents per all exposure, by "gamma" its maximum likelihood estimate
    between: float  # variance of the true rates between units; NaN by "local", 0 if they need not differ
    shape: float  # of the gamma law, infinite if the true rates need not differ; NaN by other methods
    confidence: float  # of the intervals
    descriptive: bool  # fewer than 30 units: the variance between them is known badly
    reason: str | None  # why it is undefined for every unit, if it is

    def summary(self) -> str:
        """Say how far the rates were drawn to the mean, and which stand out before and after."""
        if self.reason is not None:
            return f"No rates are smoothed. {self.reason}"
        known = self.table[self.table["smoothed"].notna()]
        shrunk = known["shrinkage"]
        text = (
            f"Rates of {len(known)} units were drawn to the mean by {percent(shrunk.min())} to {percent(shrunk.max())} "
            f"({self.method} empirical Bayes)"
        )
        if self.method != "local" and self.between == 0:
            return f"{text}: they differ no more than chance would have them differ."
        first, after = (known["name"].iloc[int(known[column].argmax())] for column in ("raw", "smoothed"))
        stands = f"{first} is highest before and after" if first == after else f"highest is {after}, before {first}"
        return f"{text}; {stands}."


def smoothed_rates(
    counts: pd.Series,
    exposure: pd.Series,
    *,
    method: str = "global",
    neighbours: Any = None,
    confidence: float = 0.95,
) -> SmoothedRates:
    r"""Estimate the rate of every unit, borrowing from the others what its own small number cannot tell.

    The raw rate r of few residents is mostly chance. With m the mean, a the variance of the true rates between units
    and n the unit's exposure, the estimate is

    .. math:: m + \frac{a}{a + m / n} (r - m)

    "global" (Marshall): m is all incidents over all exposure, a by moments, 0 where the rates differ no more than
    chance. "local" (Marshall): m and a from the unit and its neighbours, squared deviations each from the mean of its
    own neighbourhood, as spdep has it (GeoDa and esda take them from the mean of the unit's). "gamma" (Clayton and
    Kaldor): rates follow a gamma law fitted by maximum likelihood; the estimate is the posterior mean and has an
    interval, which takes the law as known and is a little too short for few units.

    Parameters
    ----------
    counts : Series of int, shape (n_regions,) or (n_regions * n_years,)
        Incidents by ``region_id``, or by ``region_id`` and ``year``, zeros written out.
    exposure : Series of float, shape (n_regions,)
        Denominator by ``region_id``, in any unit, such as residents; or expected incidents, which makes the rates
        ratios (SMR).
    method : {"global", "local", "gamma"}
        See above.
    neighbours : Series or libpysal.graph.Graph, optional
        Adjacency of the same units, for "local"; every weight over 0 counts as 1.
    confidence : float, default 0.95
        Of the intervals.

    Returns
    -------
    SmoothedRates
        Undefined, with a reason, for all units: fewer than 5 incidents, fewer than two units with an exposure; for one
        unit: its exposure missing or 0; by "local" no neighbour with an exposure, for it would keep its raw rate.

    Raises
    ------
    InputError
        If the counts, the exposure or the neighbours are not what they should be.
    RequestError
        If ``method`` is unknown, "local" has no neighbours, or ``confidence`` does not lie between 0 and 1.

    References
    ----------
    .. [1] Marshall, R. J. (1991). Mapping disease and mortality rates using empirical Bayes estimators. Applied
       Statistics 40 (2), 283-294.
    .. [2] Clayton, D., and Kaldor, J. (1987). Empirical Bayes estimates of age-standardized relative risks for use in
       disease mapping. Biometrics 43 (3), 671-681.

    Examples
    --------
    >>> import pandas as pd
    >>> from awsd_geo.statistics import smoothed_rates
    >>> found = smoothed_rates(pd.Series({"a": 30, "b": 2, "c": 9}), pd.Series({"a": 9.0, "b": 0.2, "c": 6.0}))
    >>> found.to_frame()[["raw", "shrinkage", "smoothed"]].round(2).loc["b"].tolist()
    [10.0, 0.93, 3.19]
    """
    check_confidence(confidence)
    if method not in METHODS:
        raise RequestError(f"method must be one of {', '.join(METHODS)}; it is {method!r}.")
    if method == "local" and neighbours is None:
        raise RequestError("Local smoothing needs neighbours. Give awsd_geo.weights.adjacency(regions).")
    frame = by_region(counts)
    near = align(neighbours, frame.counts.index).weighted("binary") if method == "local" else None
    per = check_exposure(exposure, frame.counts.index)
    per[~(per > 0)] = np.nan
    number = frame.counts.to_numpy(dtype=float)
    raw = rates(frame.counts, exposure, confidence=confidence).rename(columns={"rate": "raw"})
    table = pd.DataFrame({"name": frame.names, "kind": frame.kinds, "incidents": frame.counts})
    table = table.assign(exposure=per).join(raw)
    known = ~np.isnan(per)
    reason = why_too_few(int(number[known].sum()))
    if reason is None and known.sum() < 2:
        reason = "Fewer than two units have an exposure: there is no mean to draw to."
    fit = _fit(number, per, near, method, confidence) if reason is None else _nothing(number, method)
    why = _why(frame.names, known, near, reason)
    for column, values in fit.columns.items():
        table[column] = np.where(pd.isna(why), values, np.nan)
    return SmoothedRates(
        table=table.assign(reason=pd.Series(why, index=table.index, dtype=object)),
        method=method,
        rate=fit.rate,
        between=fit.between,
        shape=fit.shape,
        confidence=confidence,
        descriptive=len(table) < DESCRIPTIVE_BELOW,
        reason=reason,
    )


@dataclass(frozen=True, slots=True)
class _Fit:
    rate: float
    between: float
    shape: float
    columns: dict[str, Floats]


def _fit(number: Floats, per: Floats, near: Neighbours | None, method: str, confidence: float) -> _Fit:
    known = ~np.isnan(per)
    if method == "gamma":
        return _gamma(number, per, known, confidence)
    if near is not None:
        mean, between = _neighbourhoods(np.where(known, number, 0.0), np.where(known, per, 0.0), near)
        rate, one = float(number[known].sum() / per[known].sum()), np.nan
    else:
        rate, one = _whole_map(number[known], per[known])
        mean, between = np.full(len(per), rate), np.full(len(per), one)
    own = between + mean / per
    weight = np.divide(between, own, out=np.zeros(len(per)), where=own > 0)
    smoothed = mean + weight * (number / per - mean)
    return _Fit(rate, one, np.nan, {"mean": mean, "shrinkage": 1 - weight, "smoothed": smoothed})


def _whole_map(number: Floats, per: Floats) -> tuple[float, float]:
    """Give mean and variance between units (Marshall 1991, section 3.1)."""
    rate = number.sum() / per.sum()
    spread = (per * np.square(number / per - rate)).sum() / per.sum()
    return float(rate), max(float(spread - rate / per.mean()), 0.0)


def _neighbourhoods(number: Floats, per: Floats, near: Neighbours) -> tuple[Floats, Floats]:
    """Give mean and variance in the neighbourhood of each unit, itself counted; exposure 0 is left out."""

    def around(values: Floats) -> Floats:
        summed: Floats = values + near.total(values[near.neighbour])
        return summed

    exposed = around(per)
    mean = np.divide(around(number), exposed, out=np.zeros(len(per)), where=exposed > 0)
    raw = np.divide(number, per, out=np.zeros(len(per)), where=per > 0)
    spread = np.divide(around(per * np.square(raw - mean)), exposed, out=np.zeros(len(per)), where=exposed > 0)
    units = around((per > 0).astype(float))
    chance = np.divide(mean * units, exposed, out=np.zeros(len(per)), where=exposed > 0)
    return mean, np.maximum(spread - chance, 0.0)


def _gamma(number: Floats, per: Floats, known: NDArray[np.bool_], confidence: float) -> _Fit:
    mean, shape = fit_gamma_poisson(number[known], per[known])
    if np.isinf(shape):
        flat = {name: np.full(len(per), mean) for name in ("mean", "smoothed", "smoothed_low", "smoothed_high")}
        return _Fit(mean, 0.0, shape, {**flat, "shrinkage": np.ones(len(per))})
    after, scale, half = number + shape, per + shape / mean, (1 - confidence) / 2
    columns = {
        "mean": np.full(len(per), mean),
        "shrinkage": shape / mean / scale,
        "smoothed": after / scale,
        "smoothed_low": gammaincinv(after, half) / scale,
        "smoothed_high": gammaincinv(after, 1 - half) / scale,
    }
    return _Fit(mean, mean**2 / shape, shape, columns)


def _nothing(number: Floats, method: str) -> _Fit:
    names = ["mean", "shrinkage", "smoothed"] + ["smoothed_low", "smoothed_high"] * (method == "gamma")
    return _Fit(np.nan, np.nan, np.nan, {name: np.full(len(number), np.nan) for name in names})


def _why(
    names: pd.Series, known: NDArray[np.bool_], near: Neighbours | None, reason: str | None
) -> NDArray[np.object_]:
    why = np.full(len(names), reason, dtype=object)
    if reason is not None:
        return why
    why[~known] = [f"No exposure is known for {name}: it has no rate." for name in names[~known]]
    if near is not None:
        alone = known & (near.total(known[near.neighbour].astype(float)) == 0)
        why[alone] = [f"{name} has no neighbour with an exposure: nothing to borrow from." for name in names[alone]]
    return why
