"""Which units cover the cells of a grid, found by counting crossings along the middle lines of its rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from awsd_geo.geocoding.grid import Frame
    from awsd_geo.geocoding.grid_build import Edges

SEVERAL = -2
"""More than one unit: they overlap."""


@dataclass(frozen=True, slots=True)
class Cover:
    """Units along the middle lines of the rows, from left to right.

    Each unit has a random number of 64 bits; the exclusive-or of the numbers of all edges crossed so far is the one of
    the unit that one is in, as every unit entered and left again drops out.
    """

    geometries: Any
    frame: Frame
    edges: Edges  # in units of cells
    cells: Any  # of the crossings, sorted
    state: Any  # after so many crossings
    marks: Any  # the numbers of the units
    order: Any  # the units sorted by their number

    @classmethod
    def of(cls, geometries: Any, edges: Edges, crossed: tuple[Any, Any], frame: Frame) -> Cover:
        """Go along the crossings once."""
        marks = np.random.default_rng(0).integers(1, 2**63, size=frame.units, dtype=np.uint64)
        state = np.concatenate([np.zeros(1, np.uint64), np.bitwise_xor.accumulate(marks[crossed[1]])])
        return cls(geometries, frame, edges, crossed[0], state, marks, np.argsort(marks))

    def after(self, touched: Any) -> Any:
        """Give the first unit that covers the cells after each touched one; -1 none."""
        unit = self._decode(self.state[np.searchsorted(self.cells, touched, side="right")])
        for run in np.flatnonzero(unit == SEVERAL):
            unit[run] = min(self._at(touched[run] + 1), default=-1)
        return unit

    def whole(self, touched: Any) -> tuple[Any, Any]:
        """Give the units that may cover touched cells as a whole: positions in ``touched``, units."""
        unit = self._decode(self._before(touched))
        single = np.flatnonzero(unit >= 0)
        several = [(cell, found) for cell in np.flatnonzero(unit == SEVERAL) for found in self._at(touched[cell])]
        more = np.array(several, dtype=np.int64).reshape(-1, 2)
        return np.concatenate([single, more[:, 0]]), np.concatenate([unit[single], more[:, 1]])

    def sides(self, touched: Any, edge: Any, crossed: Any) -> tuple[Any, Any]:
        """Give the unit to the left and to the right of the only edge of touched cells.

        Parameters
        ----------
        touched : array of int64, shape (n,)
            Cells that one edge passes through.
        edge : array of int64, shape (n,)
            That edge.
        crossed : array of uint64, shape (n,)
            The exclusive-or of the numbers of the units that it bounds.

        Returns
        -------
        left, right : array of int64, shape (n,)
            -1 none; `SEVERAL` where it cannot be said.
        """
        here = self._before(touched)
        x1, y1, x2, y2 = (values[edge] for values in self.edges[:4])
        row, column = np.divmod(touched, self.frame.width)
        across, along = x2 - x1, y2 - y1
        aside = across * (row + 0.5 - y1) - along * (column - x1)  # of the middle of the cell's left side
        unclear = np.abs(aside) < 1e-3 * np.hypot(across, along)
        near, far = self._decode(here), self._decode(here ^ crossed)
        left, right = np.where(aside > 0, near, far), np.where(aside > 0, far, near)
        return np.where(unclear, SEVERAL, left), np.where(unclear, SEVERAL, right)

    def _before(self, touched: Any) -> Any:
        return self.state[np.searchsorted(self.cells, touched, side="left")]

    def _decode(self, state: Any) -> Any:
        numbers = self.marks[self.order]
        place = np.minimum(np.searchsorted(numbers, state), len(numbers) - 1)
        unit = np.where(numbers[place] == state, self.order[place], SEVERAL)
        return np.where(state == 0, -1, unit)

    def _at(self, cell: Any) -> list[int]:
        """Test all units at the middle of a cell: only where units overlap."""
        import shapely

        frame = self.frame
        x = (cell % frame.width + 0.5 - frame.left) / frame.per_degree
        y = (cell // frame.width + 0.5 - frame.below) / frame.per_degree
        return [int(unit) for unit in np.flatnonzero(shapely.intersects_xy(self.geometries, x, y))]
