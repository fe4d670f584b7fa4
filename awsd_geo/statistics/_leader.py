"""Whether the unit with the most incidents really leads the next one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import bdtrc

if TYPE_CHECKING:
    from numpy.typing import NDArray


def lead_p_value(counts: NDArray[np.int64]) -> float:
    """Test whether the unit with the most incidents has the largest chance of an incident, not just the most here.

    Given their sum, the counts of the first two units are binomial with 1/2 if both have the same chance. Twice the
    upper tail is a valid p-value although the two were found by looking at all units [1]_.

    Parameters
    ----------
    counts : array of int, shape (n_units,)
        Incidents by unit.

    Returns
    -------
    float
        ``2 * P(Bin(n1 + n2, 1/2) >= n1)``, at most 1; NaN with fewer than two units or no incident.

    References
    ----------
    .. [1] Hung, K., and Fithian, W. (2019). Rank verification for exponential families. Annals of Statistics 47 (2),
       758-782.

    Examples
    --------
    >>> round(lead_p_value(np.array([31, 11, 5])), 4), round(lead_p_value(np.array([7, 9])), 2)
    (0.0029, 0.8)
    """
    if len(counts) < 2 or not counts.any():
        return float("nan")
    second, first = (int(count) for count in np.sort(counts)[-2:])
    return min(1.0, 2 * float(bdtrc(first - 1, first + second, 0.5)))
