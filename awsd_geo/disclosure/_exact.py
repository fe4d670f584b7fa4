"""Which further cells to suppress so that least is lost: exactly, by cutting planes over the attacker's dual."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from awsd_geo.disclosure._system import INCIDENTS, MEASURE, VICTIMS, System

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]
    Marks = NDArray[np.bool_]

FREEDOM = 10  # times the width asked: how far a cell may go in the attacker's program, which loses no solution
MOST_ROUNDS, MOST_NODES, SMALL = 200, 20_000, 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """A table to be protected."""

    rules: System
    amounts: Numbers  # the true table
    orders: Marks  # which orders hold
    must: Marks  # primary cells
    may: Marks  # cells that may be suppressed, the primary ones included
    cost: Numbers  # of suppressing each cell
    width: Numbers  # of the interval of each cell, where it is suppressed; 0 where it needs none
    least: float  # smallest value that an outsider thinks a suppressed cell can have
    partner: NDArray[np.int64]  # cell that is suppressed with each (victims with incidents), itself where none


def of_incidents(problem: Problem) -> Problem | None:
    """Leave victims out of a problem that has incidents and victims: cells keep their places, costs are of both.

    Parameters
    ----------
    problem : Problem
        The table; cells of incidents stand before those of victims.

    Returns
    -------
    Problem or None
        None where there is one measure, or incidents and victims are not suppressed together.
    """
    measures = problem.rules.cells.get_level_values(MEASURE)
    if list(measures.unique()) != [INCIDENTS, VICTIMS]:
        return None
    size = int((measures == INCIDENTS).sum())
    own, beside = problem.partner[:size], problem.cost[size:]
    if (own == np.arange(size))[problem.may[:size]].any():
        return None
    equations = problem.rules.equations
    rules = System(
        problem.rules.cells[:size],
        equations[abs(equations)[:, :size].sum(axis=1) > 0][:, :size].tocsr(),
        problem.rules.orders[:0, :size],
        problem.rules.network,
    )
    return Problem(
        rules,
        problem.amounts[:size],
        np.zeros(0, dtype=bool),
        problem.must[:size],
        problem.may[:size],
        problem.cost[:size] + beside,
        problem.width[:size],
        problem.least,
        np.arange(size),
    )


def with_partners(pattern: Marks, problem: Problem) -> Marks:
    """Carry a pattern over incidents to the victims beside them."""
    whole = np.zeros(len(problem.amounts), dtype=bool)
    whole[: len(pattern)] = pattern
    whole[problem.partner[whole]] = True
    return whole


def exact(problem: Problem) -> Marks | None:
    """Find the cheapest pattern in which every suppressed cell keeps its width.

    The master program chooses cells; for each of them the attacker's two linear programs are solved, and where the
    interval is too narrow their dual solution gives an inequality that every protected pattern keeps [1]_.

    Parameters
    ----------
    problem : Problem
        The table.

    Returns
    -------
    ndarray of bool, shape (n_cells,) or None
        Suppressed cells; None where the search took too many steps (a count of steps, not of seconds, so that the
        same table gives the same answer everywhere) or no pattern protects.

    References
    ----------
    .. [1] Fischetti, M., Salazar, J. J. (2001). Solving the cell suppression problem on tabular data with linear
       constraints. Management Science 47(7), 1008-1027.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp

    size = len(problem.amounts)
    rows = [*_bridges(problem), *_pairs(problem)]
    bounds = Bounds(problem.must.astype(float), problem.may.astype(float))
    for _ in range(MOST_ROUNDS):
        rules = LinearConstraint(np.array([row for row, _ in rows]).reshape(-1, size), [low for _, low in rows], np.inf)
        options = {"node_limit": MOST_NODES, "mip_rel_gap": 0.0}
        found = milp(problem.cost, constraints=rules, bounds=bounds, integrality=np.ones(size), options=options)
        if found.status != 0:
            return None
        pattern = found.x > 0.5
        cuts = [cut for cell in np.flatnonzero(pattern) if (cut := _cut(problem, pattern, int(cell))) is not None]
        if not cuts:
            return np.asarray(pattern)
        rows.extend(cuts)
    return None


def _bridges(problem: Problem) -> Iterator[tuple[Numbers, float]]:
    """Demand that no equation has a single suppressed cell, which subtraction would give away."""
    for start, end in zip(problem.rules.equations.indptr, problem.rules.equations.indptr[1:], strict=False):
        members = problem.rules.equations.indices[start:end]
        members = members[problem.may[members]]
        for cell in members[problem.width[members] > 0]:
            row = np.zeros(len(problem.amounts))
            row[members] = 1.0
            row[cell] = -1.0
            yield row, 0.0


def _pairs(problem: Problem) -> Iterator[tuple[Numbers, float]]:
    for cell, partner in enumerate(problem.partner):
        if partner != cell:
            row = np.zeros(len(problem.amounts))
            row[partner], row[cell] = 1.0, -1.0
            yield row, 0.0


def _cut(problem: Problem, pattern: Marks, cell: int) -> tuple[Numbers, float] | None:
    """Give the inequality that a pattern breaks by leaving a cell too narrow an interval; None where it does not."""
    width = float(problem.width[cell])
    (reach_up, weights_up, slack_up), (reach_down, weights_down, slack_down) = (
        _reach(problem, pattern, cell, sign) for sign in (1, -1)
    )
    if reach_up + reach_down >= width - SMALL:
        return None
    need = width - slack_up - slack_down
    row = np.minimum(weights_up + weights_down, need)
    row[cell] -= need
    return row, 0.0


def _reach(problem: Problem, pattern: Marks, cell: int, sign: int) -> tuple[float, Numbers, float]:
    """Say how far a cell can move up or down, what each suppressed cell gives to that, and what comes of itself."""
    from scipy.optimize import linprog

    room = FREEDOM * float(problem.width.max())
    up = np.where(problem.may, room, 0.0)
    down = np.where(problem.may, np.minimum(problem.amounts - problem.least, room), 0.0)
    goal = np.zeros(len(pattern))
    goal[cell] = -sign
    orders = problem.rules.orders[problem.orders]
    slack = -(orders @ problem.amounts)
    some: dict[str, Any] = {"A_ub": orders, "b_ub": slack} if len(slack) else {}
    found = linprog(
        goal,
        A_eq=problem.rules.equations,
        b_eq=np.zeros(problem.rules.equations.shape[0]),
        bounds=np.column_stack([np.where(pattern, -down, 0.0), np.where(pattern, up, 0.0)]),
        **some,
    )
    if found.status != 0:
        raise ArithmeticError(f"The solver gave up on the attacker's program: {found.message}")
    weights = -found.upper.marginals * up + found.lower.marginals * down
    beyond = float(-(found.ineqlin.marginals @ slack)) if len(slack) else 0.0
    return float(-found.fun), np.maximum(weights, 0.0), max(beyond, 0.0)
