"""Which further cells to suppress in a large table: cell by cell, by the cheapest way to let it move."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from awsd_geo.disclosure._exact import Problem

    Numbers = NDArray[np.float64]
    Marks = NDArray[np.bool_]

SMALL = 1e-6
FREE = 1e-4  # cost of moving a cell that is suppressed anyway: the shortest way is taken


def with_room(problem: Problem, pattern: Marks, cell: int) -> Marks | None:
    """Add to a pattern what lets one cell grow by its width, at least cost.

    The change to the true table that moves the cell and costs least is a linear program, in which each cell that is
    not yet suppressed costs what it is worth for each unit that it moves; all cells that move are suppressed [1]_.

    Parameters
    ----------
    problem : Problem
        The table.
    pattern : ndarray of bool, shape (n_cells,)
        Suppressed so far.
    cell : int
        Place of the cell to be protected.

    Returns
    -------
    ndarray of bool, shape (n_cells,) or None
        The pattern with what was added; None where the cells that may be suppressed do not suffice.

    References
    ----------
    .. [1] Kelly, J. P., Golden, B. L., Assad, A. A. (1992). Cell suppression: disclosure protection for sensitive
       tabular data. Networks 22(4), 397-417.
    """
    from scipy.optimize import linprog
    from scipy.sparse import hstack

    free = np.flatnonzero(problem.may)
    cost = np.where(pattern[free], FREE, problem.cost[free])
    equations, orders = problem.rules.equations[:, free], problem.rules.orders[problem.orders][:, free]
    slack = -(problem.rules.orders[problem.orders] @ problem.amounts)
    some: dict[str, Any] = {"A_ub": hstack([orders, -orders]).tocsr(), "b_ub": slack} if len(slack) else {}
    up, down = np.full(len(free), np.inf), problem.amounts[free] - problem.least
    low = np.zeros(2 * len(free))
    place = int(np.flatnonzero(free == cell)[0])
    low[place], up[place], down[place] = problem.width[cell], problem.width[cell], 0.0
    found = linprog(
        np.concatenate([cost, cost]),
        A_eq=hstack([equations, -equations]).tocsr(),
        b_eq=np.zeros(equations.shape[0]),
        bounds=np.column_stack([low, np.concatenate([up, down])]),
        **some,
    )
    if found.status != 0:
        return None
    moved = np.abs(found.x[: len(free)] - found.x[len(free) :]) > SMALL
    grown = pattern.copy()
    grown[free[moved]] = True
    grown[problem.partner[grown]] = True
    return np.asarray(grown)
