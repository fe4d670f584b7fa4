"""What a scan is asked: cases, exposures and places of the units, checked and in one order."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from awsd_geo.errors import RequestError
from awsd_geo.statistics._guard import check_counts, check_exposure, why_no_exposure, why_not_concentrated
from awsd_geo.statistics._scan_chance import Null
from awsd_geo.statistics._scan_likelihood import Likelihood

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from awsd_geo.statistics._guard import Frame
    from awsd_geo.statistics._scan_where import Where

    Floats = NDArray[np.float64]
    Whole = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Problem:
    """Cases and exposures by unit, in the order of ``where``."""

    where: Where
    names: NDArray[Any]
    counts: Whole
    expected: Floats  # in any scale
    exposure: Floats  # what limits the size of a zone
    sizes: Whole | None  # cases and controls, Bernoulli only
    denominator: str

    def null(self, direction: str, fewest: int) -> Null:
        """Give the null hypothesis: the expectations, scaled to the number of cases."""
        cases = int(self.counts.sum())
        population = None if self.sizes is None else int(self.sizes.sum())
        scaled = self.expected * (cases / self.expected.sum())
        return Null(Likelihood(cases, population, direction, fewest), scaled, self.sizes)

    def without(self, members: Whole) -> Problem:
        """Leave some units out."""
        kept = np.setdiff1d(np.arange(len(self.counts)), members)
        return replace(
            self,
            where=self.where.only(kept),
            names=self.names[kept],
            counts=self.counts[kept],
            expected=self.expected[kept],
            exposure=self.exposure[kept],
            sizes=None if self.sizes is None else self.sizes[kept],
        )

    def why_undefined(self) -> str | None:
        """Say why no scan can be made, if so."""
        names = pd.Series(self.names)
        for values in (self.expected, self.exposure):
            lacking = np.isnan(values) | ((values == 0) & (self.counts > 0))
            if lacking.any():
                return why_no_exposure(np.where(lacking, np.nan, 1.0), names)
        if self.sizes is not None and self.counts.sum() == self.sizes.sum():
            return "There is no control: every unit has the same share of cases."
        at_risk = self.expected > 0
        return why_not_concentrated(self.counts[at_risk], self.expected[at_risk])


def pose(
    frame: Frame,
    where: Where,
    exposure: pd.Series | None,
    expected: pd.Series | None,
    controls: pd.Series | None,
) -> Problem:
    """Bring cases, exposures, expectations and controls into one order.

    Raises
    ------
    InputError
        If one of them is not what it should be.
    RequestError
        If controls are given together with an exposure or expected counts.
    """
    ids, counts = frame.counts.index, frame.counts.to_numpy()
    names = frame.names.to_numpy()
    if controls is not None:
        if exposure is not None or expected is not None:
            raise RequestError("Cases and controls have no exposure. Give either controls, or exposure and expected.")
        rest = check_exposure(check_counts(controls), ids)
        total = rest + counts
        sizes = total.astype(np.int64) if not np.isnan(total).any() else None
        return Problem(where, names, counts, total, total, sizes, "controls")
    at_risk = np.ones(len(counts)) if exposure is None else check_exposure(exposure, ids)
    if expected is None:
        known = "equal" if exposure is None else str(exposure.attrs.get("denominator", "given"))
        return Problem(where, names, counts, at_risk, at_risk, None, known)
    adjusted = check_exposure(expected, ids)
    return Problem(where, names, counts, adjusted, adjusted if exposure is None else at_risk, None, "expected counts")
