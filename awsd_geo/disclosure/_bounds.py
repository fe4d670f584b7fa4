"""What an outsider can derive: the least and greatest value of every unknown cell, by linear or integer programming."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    from awsd_geo.disclosure._system import System

    Numbers = NDArray[np.float64]
    Marks = NDArray[np.bool_]

WHOLE = 1e-6  # of a solver's whole numbers


@dataclass(frozen=True, slots=True, eq=False)
class Unknown:
    """The equations that are left when what is published is put in: one group of cells that hang together."""

    cells: NDArray[np.int64]  # places in the table
    equations: csr_array
    sums: Numbers
    orders: csr_array
    most: Numbers  # orders @ y <= most
    network: bool

    def extreme(self, cell: int, sign: int, least: float) -> Numbers | None:
        """Find the table with the least (sign 1) or greatest (sign -1) value of a cell; None where it has no end.

        Raises
        ------
        ArithmeticError
            If no table fits what is published, or the solver gives up.
        """
        from scipy.optimize import Bounds, LinearConstraint, milp

        goal = np.zeros(len(self.cells))
        goal[cell] = sign
        rules = [LinearConstraint(self.equations, self.sums, self.sums)]
        if self.orders.shape[0]:
            rules.append(LinearConstraint(self.orders, -np.inf, self.most))
        whole = np.full(len(goal), 0 if self.network else 1)
        exactly = {"mip_rel_gap": 0.0}  # the solver's own default stops within 1 in 10,000
        found = milp(goal, constraints=rules, bounds=Bounds(least, np.inf), integrality=whole, options=exactly)
        if found.status == 0:
            return np.asarray(found.x, dtype=np.float64)
        if sign < 0 and self._endless(goal):
            return None
        raise ArithmeticError(f"No table of counts fits what is published: {found.message}")

    def _endless(self, goal: Numbers) -> bool:
        """Say whether a cell can grow for ever: a direction in the cone of the rules raises it."""
        from scipy.optimize import linprog

        found = linprog(
            goal,
            A_eq=self.equations,
            b_eq=np.zeros(len(self.sums)),
            A_ub=self.orders if self.orders.shape[0] else None,
            b_ub=np.zeros(len(self.most)) if self.orders.shape[0] else None,
            bounds=(0, 1),
        )
        return bool(found.status == 0 and found.fun < -WHOLE)


def groups(rules: System, values: Numbers, hidden: Marks, ordered: Marks) -> Iterator[Unknown]:
    """Part the unknown cells into groups that share an equation.

    Parameters
    ----------
    rules : System
        What holds between the cells.
    values : ndarray, shape (n_cells,)
        Of published cells; those of hidden ones are not read.
    hidden : ndarray of bool, shape (n_cells,)
        The unknown cells.
    ordered : ndarray of bool, shape (n_orders,)
        The orders that hold.

    Yields
    ------
    Unknown
    """
    from scipy.sparse import vstack
    from scipy.sparse.csgraph import connected_components

    cells = np.flatnonzero(hidden)
    if not len(cells):
        return
    known = np.where(hidden, 0.0, values)
    equations, orders = rules.equations[:, cells], rules.orders[ordered][:, cells]
    sums, most = -(rules.equations @ known), -(rules.orders[ordered] @ known)
    both = vstack([equations, orders]).tocsr()
    linked = (abs(both).T @ abs(both)).tocsr()
    number, of_cell = connected_components(linked, directed=False)
    of_sum, of_order = _owner(equations, of_cell), _owner(orders, of_cell)
    for group in range(number):
        inside = np.flatnonzero(of_cell == group)
        its, theirs = np.flatnonzero(of_sum == group), np.flatnonzero(of_order == group)
        yield Unknown(
            cells[inside], equations[its][:, inside], sums[its], orders[theirs][:, inside], most[theirs], rules.network
        )


def _owner(matrix: csr_array, of_cell: NDArray[Any]) -> NDArray[np.int64]:
    """Give the group of each row, -1 for a row without an unknown cell."""
    owner = np.full(matrix.shape[0], -1)
    rows, cells = matrix.nonzero()
    owner[rows] = of_cell[cells]
    return owner


def intervals(unknown: Unknown, least: float, asked: Marks) -> tuple[Numbers, Numbers]:
    """Give the exact least and greatest value of the cells asked of a group; inf where a cell has no end."""
    low, high = np.full(len(unknown.cells), np.nan), np.full(len(unknown.cells), np.nan)
    for cell in np.flatnonzero(asked).tolist():
        lowest, highest = unknown.extreme(cell, 1, least), unknown.extreme(cell, -1, least)
        low[cell] = np.nan if lowest is None else lowest[cell]
        high[cell] = np.inf if highest is None else highest[cell]
    return np.ceil(low - WHOLE), np.floor(high + WHOLE)


def too_narrow(unknown: Unknown, width: Numbers, least: float, *, seen: Numbers) -> list[tuple[int, float]]:
    """Find the cells of a group whose interval is narrower than asked.

    Parameters
    ----------
    unknown : Unknown
        The group.
    width : ndarray, shape (n_group,)
        What is asked; 0 where nothing is.
    least : float
        Smallest value that an unknown cell can have.
    seen : ndarray, shape (n_group,)
        A table that fits, such as the true one. Every table that a solver finds widens what is known to be possible,
        so that most cells need no solver.

    Returns
    -------
    list of tuple
        Place in the group and width of the interval.
    """
    low, high, narrow = seen.copy(), seen.copy(), []
    for cell in range(len(seen)):
        for sign in (-1, 1):
            if high[cell] - low[cell] >= width[cell] - WHOLE:
                break
            table = unknown.extreme(cell, sign, least)
            if table is None:
                high[cell] = np.inf
            else:
                low, high = np.minimum(low, table), np.maximum(high, table)
        if high[cell] - low[cell] < width[cell] - WHOLE:
            narrow.append((cell, float(high[cell] - low[cell])))
    return narrow
