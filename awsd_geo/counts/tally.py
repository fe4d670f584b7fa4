"""Sums by region and year of one number a row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    Whole = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Tally:
    """Incidents and victims by cell, the cells being numbered region by region, year by year."""

    incidents: Whole
    told: Whole  # incidents whose number of victims is known
    victims: NDArray[np.float64]

    @classmethod
    def of(cls, cells: Whole, victims: NDArray[np.float64], size: int) -> Tally:
        """Sum rows by cell.

        Parameters
        ----------
        cells : ndarray of int, shape (n_rows,)
            Cell of each row.
        victims : ndarray of float, shape (n_rows,)
            NaN where not known.
        size : int
            Number of cells.

        Returns
        -------
        Tally
        """
        known = ~np.isnan(victims)
        return cls(
            np.bincount(cells, minlength=size),
            np.bincount(cells[known], minlength=size),
            np.bincount(cells[known], weights=victims[known], minlength=size).astype(np.float64),
        )

    def __add__(self, other: Tally) -> Tally:
        """Sum two tallies of the same cells."""
        return Tally(self.incidents + other.incidents, self.told + other.told, self.victims + other.victims)

    def table(self, index: pd.MultiIndex) -> pd.DataFrame:
        """Write the sums as a counts table; victims are missing where there are incidents but none tells them.

        Parameters
        ----------
        index : MultiIndex
            (``region_id``, ``year``), complete.

        Returns
        -------
        DataFrame
            ``incidents`` and ``victims``.
        """
        import pandas as pd

        untold: Any = (self.incidents > 0) & (self.told == 0)
        victims = pd.array(self.victims.round().astype(np.int64), dtype="Int64")
        victims[untold] = pd.NA
        return pd.DataFrame({"incidents": self.incidents.astype(np.int64), "victims": victims}, index=index)
