"""Suppress small cells, and so many others that the small ones cannot be worked out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from awsd_geo.disclosure._exact import Problem
from awsd_geo.disclosure._pattern import protect
from awsd_geo.disclosure._suppression import Suppression
from awsd_geo.disclosure._system import INCIDENTS, VICTIMS, System, cells_of, ordered, system, trees
from awsd_geo.errors import InputError, RequestError

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd
    from numpy.typing import NDArray

    from awsd_geo.disclosure._system import Hierarchy, Tree

    Numbers = NDArray[np.float64]
    Marks = NDArray[np.bool_]

SPARED = 0.01  # cost of leaving out a cell that nobody needs
ZEROS, LOSSES = ("shown", "suppressed"), ("incidents", "cells")


def suppress(
    counts: pd.Series | pd.DataFrame,
    *,
    below: int = 5,
    width: int | None = None,
    hierarchy: Hierarchy | None = None,
    zeros: str = "shown",
    lose: str = "incidents",
    keep: Iterable[tuple[Any, ...]] = (),
    spare: Iterable[tuple[Any, ...]] = (),
) -> Suppression:
    """Suppress small cells of a table that is shown with all its totals.

    Primary suppression hides the cells with fewer than ``below``. Complementary suppression then hides others, so that
    from all that is shown together - rows, columns, totals of each level and of all, victims beside incidents - the
    interval in which an outsider can enclose a hidden cell is at least ``width`` wide [1]_, [2]_. The result was
    attacked before it is returned.

    Parameters
    ----------
    counts : Series or DataFrame of int
        Complete: zeros written out; index of one or more levels, such as ``region_id`` and ``year``. Of a table the
        columns are measures (``incidents``, ``victims``); a cell of both is hidden in both. A missing number of
        victims is unknown, is shown as that, and counts as 0 in the totals. Leave no rows out: what is in no region
        is a row of its own, if it is in the totals that are shown.
    below : int, default 5
        Smallest number that is shown.
    width : int, optional
        Greatest less least possible value of each hidden cell; by default ``below - 1``, so that as many values
        remain possible as the threshold says.
    hierarchy : mapping of str to mapping, optional
        For a level of the index the unit above each label (``{"region_id": parent_id, "year": half}``); the totals of
        these units are shown too, and so on upward.
    zeros : {"shown", "suppressed"}, default "shown"
        Whether a zero is a small cell. Where zeros are shown, an outsider knows that a hidden cell is at least 1.
    lose : {"incidents", "cells"}, default "incidents"
        What to lose least of: the sum of what is hidden (margins then are hidden last), or the number of cells.
    keep : iterable of tuple, optional
        Cells, in the index of ``table``, that are needed and may not be hidden to protect others.
    spare : iterable of tuple, optional
        Totals that nobody needs: left out wherever they are small or in the way, and shown where they cost nothing.
        One that is left out may be worked out where it is no small number.

    Returns
    -------
    Suppression

    Raises
    ------
    InputError
        If the counts are not complete, not whole or negative, or the hierarchy is none.
    RequestError
        If a choice does not exist, a kept cell is itself too small, or kept cells leave no way to protect.

    References
    ----------
    .. [1] Fischetti, M., Salazar, J. J. (2001). Solving the cell suppression problem on tabular data with linear
       constraints. Management Science 47(7), 1008-1027.
    .. [2] Hundepool, A. et al. (2012). Statistical Disclosure Control, chapter 4. Wiley.

    Examples
    --------
    >>> import pandas as pd
    >>> from awsd_geo.disclosure import suppress
    >>> index = pd.MultiIndex.from_product([["Gao", "Mopti"], [2021, 2022]], names=["region_id", "year"])
    >>> made = suppress(pd.Series([1, 9, 8, 31], index, name="incidents"), below=3)
    >>> made.primary, made.complementary, made.method
    (1, 3, 'exact')
    """
    width = _asked(below, width, zeros, lose)
    values = _whole(counts)
    levels = trees(values.index, hierarchy)  # type: ignore[arg-type]
    rules = system(cells_of(levels, list(values.columns)), levels)
    totals, unknown = _summed(levels, values)
    kept, spared = _named(rules, keep, "keep"), _named(rules, spare, "spare")
    problem, linked = _problem(rules, totals, unknown, (below, width, zeros, lose), (kept, spared))
    pattern, method = protect(problem)
    table, secret = _result(problem, pattern, unknown, below)
    return Suppression(table, secret, below, width, zeros, method, linked, hierarchy)


def _asked(below: int, width: int | None, zeros: str, lose: str) -> int:
    for name, given, choices in (("zeros", zeros, ZEROS), ("lose", lose, LOSSES)):
        if given not in choices:
            raise RequestError(f"{name}={given!r} does not exist. Choose one of {', '.join(choices)}.")
    if below < 2:
        raise RequestError(f"below={below} hides nothing. Choose 2 or more, such as 5.")
    width = below - 1 if width is None else width
    if width < 1:
        raise RequestError(f"width={width} protects nothing. Choose 1 or more.")
    return width


def _whole(counts: pd.Series | pd.DataFrame) -> pd.DataFrame:
    """Give the measures as floats in the order of the index's labels, NaN where victims are unknown."""
    import pandas as pd

    table = pd.DataFrame(counts) if isinstance(counts, pd.DataFrame) else counts.to_frame(counts.name or INCIDENTS)
    names = [str(name) for name in table.index.names]
    labels = [table.index.get_level_values(place).unique() for place in range(table.index.nlevels)]
    complete = pd.MultiIndex.from_product(labels, names=names)
    single = table.index.nlevels == 1
    index = pd.MultiIndex.from_arrays([table.index], names=names) if single else table.index
    if not index.is_unique or len(index) != len(complete):
        raise InputError(
            f"The counts have {len(index)} rows, which is not one for each of {' x '.join(names)}. "
            "Write zeros out, as awsd_geo.count does."
        )
    values = pd.DataFrame(table.astype("Float64").astype("float64")).set_axis(index).reindex(complete)
    if (((values < 0) | (values % 1 != 0)) & values.notna()).to_numpy().any():
        raise InputError("The counts hold a number that is negative or not whole. Give counts of incidents or victims.")
    if values.drop(columns=VICTIMS, errors="ignore").isna().to_numpy().any():
        raise InputError("The counts hold a missing number. Write zeros out; only victims may be unknown.")
    return values


def _summed(levels: list[Tree], values: pd.DataFrame) -> tuple[Numbers, Marks]:
    """Give every cell its value, totals included, and mark those whose value is unknown."""
    shape = (values.shape[1], *(len(tree.nodes) - len(tree.children) for tree in levels))
    order = values.to_numpy().T.reshape(shape)
    sums, blank = np.nan_to_num(order), np.isnan(order).astype(np.float64)
    alone = [
        np.vstack([np.eye(size), np.zeros((len(tree.children), size))])
        for size, tree in zip(shape[1:], levels, strict=True)
    ]
    for axis, (tree, only) in enumerate(zip(levels, alone, strict=True), start=1):
        sums = np.moveaxis(np.tensordot(tree.sums(), sums, axes=(1, axis)), 0, axis)
        blank = np.moveaxis(np.tensordot(only, blank, axes=(1, axis)), 0, axis)
    return sums.ravel(), blank.ravel() > 0


def _named(rules: System, named: Iterable[tuple[Any, ...]], option: str) -> Marks:
    cells = list(named)
    if strange := [cell for cell in cells if cell not in rules.cells]:
        raise RequestError(
            f"{option} names {strange[0]!r}, which is no cell: write {', '.join(map(str, rules.cells.names))}."
        )
    return np.asarray(rules.cells.isin(cells))


def _problem(
    rules: System, values: Numbers, unknown: Marks, asked: tuple[int, int, str, str], named: tuple[Marks, Marks]
) -> tuple[Problem, bool]:
    """Say which cells are small, which may be hidden and what each costs; and whether victims reach incidents."""
    (below, width, zeros, lose), (kept, spared) = asked, named
    least = 1.0 if zeros == "shown" else 0.0
    orders = ordered(rules, unknown)
    linked = bool((rules.orders[orders] @ values <= 0).all())
    may = (values >= least) & ~unknown
    partner = np.arange(len(values))
    if rules.orders.shape[0]:
        first, second = (rules.orders > 0).nonzero()[1], (rules.orders < 0).nonzero()[1]
        both = may[first] & may[second]
        partner[first[both]], partner[second[both]] = second[both], first[both]
    must = may & (values < below)
    must |= must[partner]
    if (must & kept).any():
        cell = rules.cells[int(np.flatnonzero(must & kept)[0])]
        raise RequestError(f"The cell {cell!r} is to be kept but is below {below}. Keep larger cells only.")
    cost = np.maximum(values, 1.0) if lose == "incidents" else np.ones(len(values))
    wide = np.where(spared, 0.0, float(width))
    cost = np.where(spared, SPARED, cost)
    may &= ~kept & ~kept[partner]
    return Problem(rules, values, orders & linked, must, may, cost, wide, least, partner), linked


def _result(problem: Problem, pattern: Marks, unknown: Marks, below: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Write the table that may be shown, and beside it what is behind."""
    import pandas as pd

    spared = pattern & (problem.width == 0)
    status = np.select([unknown, spared, pattern], ["unknown", "left out", "suppressed"], "published")
    role = np.select([spared, pattern & problem.must, pattern], ["", "primary", "complementary"], "")
    true, index = problem.amounts.round().astype(np.int64), problem.rules.cells
    hidden = unknown | pattern
    shown = pd.array(np.where(hidden, 0, true), dtype="Int64")  # a masked array keeps what is under its mask
    shown[hidden] = pd.NA
    why = {
        "primary": f"fewer than {below}" + (", or beside a cell that has" if problem.rules.orders.shape[0] else ""),
        "complementary": "a suppressed cell could be worked out from it",
        "": "",
    }
    table = pd.DataFrame({"value": shown, "status": pd.array(status, dtype="string")}, index=index)
    return table, pd.DataFrame({"value": true, "role": role, "why": [why[each] for each in role]}, index=index)
