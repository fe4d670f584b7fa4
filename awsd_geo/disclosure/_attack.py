"""Try to undo suppression, with nothing but what is published."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from awsd_geo.disclosure._bounds import groups, intervals
from awsd_geo.disclosure._system import MEASURE, TOTAL, cells_of, ordered, plain, system, trees
from awsd_geo.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from awsd_geo.disclosure._system import Hierarchy


def attack(
    table: pd.DataFrame,
    *,
    hierarchy: Hierarchy | None = None,
    zeros: str = "shown",
    linked: bool = True,
    cells: Iterable[tuple[Any, ...]] | None = None,
) -> pd.DataFrame:
    """Derive the interval in which each suppressed cell must lie.

    All totals that are published, non-negativity and the whole numbers are put to a solver [1]_, which gives the least
    and the greatest value of each cell: exact bounds, not estimates. What an outsider knows from elsewhere is not in
    them.

    Parameters
    ----------
    table : DataFrame
        As ``Suppression.table``: index ``measure`` and the levels of the counts, totals included; ``value`` (missing
        where suppressed) and ``status`` ("published", "suppressed", "left out", "unknown").
    hierarchy : mapping of str to mapping, optional
        As for :func:`suppress`.
    zeros : {"shown", "suppressed"}, default "shown"
        Where zeros are shown, a suppressed cell is at least 1.
    linked : bool, default True
        Whether each incident is known to have at least one victim, so that a cell of incidents is at most the one of
        victims.
    cells : iterable of tuple, optional
        Bound these suppressed cells only, which is faster; by default all.

    Returns
    -------
    DataFrame
        Index of the suppressed cells (of those asked for); ``low``, ``high`` (inf where there is no end) and ``width``.

    Raises
    ------
    InputError
        If cells are absent, or no table of counts fits what is published.

    References
    ----------
    .. [1] Fischetti, M., Salazar, J. J. (2001). Solving the cell suppression problem on tabular data with linear
       constraints. Management Science 47(7), section 2: the attacker's programs.
    """
    import pandas as pd

    hidden = table["status"].isin(["suppressed", "left out"]).to_numpy(bool)
    told = (table["status"] == "suppressed").to_numpy(bool)
    unknown = (table["status"] == "unknown").to_numpy(bool)
    index = table.index
    levels = trees(_leaves(index, hierarchy), hierarchy)
    every = cells_of(levels, index.get_level_values(MEASURE).unique().tolist())
    if len(every) != len(index) or not every.isin(index).all():
        raise InputError("The table lacks cells or totals. Give all that is published, suppressed cells as missing.")
    order = index.get_indexer(every)
    hidden, unknown = hidden[order], unknown[order]
    values = table["value"].astype("Float64").fillna(0).to_numpy().astype(np.float64)[order]
    rules, least = system(every, levels), 1.0 if zeros == "shown" else 0.0
    low, high = np.full(len(every), np.nan), np.full(len(every), np.nan)
    asked = told[order] if cells is None else told[order] & every.isin(list(cells))
    whole = abs(rules.equations) @ hidden.astype(float) == 0
    if (rules.equations @ values)[whole].any():
        raise InputError("A total that is published is not the sum of its parts. Give the totals of these cells.")
    try:
        for group in groups(rules, values, hidden, ordered(rules, unknown) & linked):
            low[group.cells], high[group.cells] = intervals(group, least, asked[group.cells])
    except ArithmeticError as error:
        raise InputError(f"{error}. Check that the totals are those of these cells.") from None
    found = pd.DataFrame({"low": low, "high": high, "width": high - low}, index=every)
    return found[asked]


def _leaves(index: pd.Index[Any], hierarchy: Hierarchy | None) -> pd.MultiIndex:
    """Give the index of the cells that are no totals, without the measure."""
    import pandas as pd

    names = [str(name) for name in index.names[1:]]
    sums = {name: {TOTAL, *above.values()} for name, above in plain(hierarchy).items()}
    keep = np.ones(len(index), dtype=bool)
    for name in names:
        keep &= ~index.get_level_values(name).isin(sums.get(name, {TOTAL}))
    return pd.MultiIndex.from_arrays([index[keep].get_level_values(name) for name in names], names=names)
