"""From a problem to a verified pattern: the exact search where the table is small, else the heuristic."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from awsd_geo.disclosure._bounds import groups, too_narrow
from awsd_geo.disclosure._exact import exact, of_incidents, with_partners
from awsd_geo.disclosure._heuristic import with_room
from awsd_geo.errors import RequestError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from awsd_geo.disclosure._exact import Problem

    Marks = NDArray[np.bool_]

EXACT_CELLS = 200  # cells that may be suppressed, up to which the cheapest pattern is sought
WIDENED = 20  # times that widths are raised where whole numbers leave less room than fractions
EASY = 6  # the same, while the search leaves victims out
CLEANED = 60  # complementary cells, up to which each is tried to be published after all


def protect(problem: Problem) -> tuple[Marks, str]:
    """Find which cells to suppress.

    Parameters
    ----------
    problem : Problem
        The table.

    Returns
    -------
    pattern : ndarray of bool, shape (n_cells,)
    method : {"none needed", "exact", "exact, widened", "heuristic"}

    Raises
    ------
    RequestError
        If the cells that may be suppressed do not suffice.
    """
    if not problem.must.any():
        return problem.must, "none needed"
    return _cheapest(problem) or (_cleaned(problem, _grown(problem)), "heuristic")


def _cheapest(problem: Problem) -> tuple[Marks, str] | None:
    """Seek the cheapest pattern; None where the table is too large, or the search takes too many steps.

    Of incidents and victims, which are suppressed together, incidents alone are sought first: a pattern that costs
    least while victims need no protection, and protects them too, costs least of all.
    """
    for part, times in ((of_incidents(problem), EASY), (problem, WIDENED)):
        if part is None or part.may.sum() > EXACT_CELLS:
            continue
        wanted = part
        for time in range(times):
            found = exact(wanted)
            if found is None:
                break
            whole = with_partners(found, problem)
            if not (narrow := exposed(problem, whole)):
                return whole, "exact, widened" if time else "exact"
            cells = [cell if cell < len(found) else problem.partner[cell] for cell in narrow]
            wider = wanted.width.copy()
            wider[cells] += 1
            wanted = replace(wanted, width=wider)
    return None


def exposed(problem: Problem, pattern: Marks) -> dict[int, float]:
    """Attack a pattern: give the cells whose interval is narrower than asked, and its width.

    Parameters
    ----------
    problem : Problem
        The table.
    pattern : ndarray of bool, shape (n_cells,)
        Suppressed cells.

    Returns
    -------
    dict
        Place of a cell → width of its interval.
    """
    found: dict[int, float] = {}
    for unknown in groups(problem.rules, problem.amounts, pattern, problem.orders):
        width, seen = problem.width[unknown.cells], problem.amounts[unknown.cells]
        found |= {int(unknown.cells[cell]): wide for cell, wide in too_narrow(unknown, width, problem.least, seen=seen)}
    return found


def _grown(problem: Problem) -> Marks:
    """Add cells until none is exposed, the largest exposed cell first."""
    pattern, wanted = problem.must | problem.must[problem.partner], problem
    while narrow := exposed(problem, pattern):
        before = pattern
        for cell in sorted(narrow, key=lambda place: (-problem.amounts[place], place)):
            more = with_room(wanted, pattern, cell)
            if more is None:
                raise RequestError(
                    f"{int(problem.must.sum())} cells are too small to be shown and cannot be protected while the "
                    "cells asked to be kept are. Keep fewer of them, ask for less width, or show a coarser level."
                )
            pattern = more
        if (pattern == before).all():
            wider = wanted.width.copy()
            wider[list(narrow)] += 1
            wanted = replace(wanted, width=wider)
            if wider.max() > problem.width.max() + WIDENED:
                pattern = problem.may.copy()
    return pattern


def _cleaned(problem: Problem, pattern: Marks) -> Marks:
    """Publish again what need not be suppressed, the costliest first."""
    added = np.flatnonzero(pattern & ~problem.must)
    if len(added) > CLEANED:
        return pattern
    for cell in sorted(added, key=lambda place: (-problem.cost[place], place)):
        fewer = pattern.copy()
        fewer[[cell, problem.partner[cell]]] = False
        if (fewer >= problem.must).all() and not exposed(problem, fewer):
            pattern = fewer
    return pattern
