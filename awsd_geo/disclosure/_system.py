"""A published table as an attacker writes it down: one unknown a cell, one equation a total."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from awsd_geo.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence

    import pandas as pd
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    Hierarchy = Mapping[str, Mapping[Any, Any]]

TOTAL = "total"
"""Label of the total of a level of the index."""

MEASURE, INCIDENTS, VICTIMS = "measure", "incidents", "victims"


@dataclass(frozen=True, slots=True, eq=False)
class System:
    """What holds between the cells of a table, whatever their values.

    ``equations @ y == 0`` (a total less its parts) and ``orders @ y <= 0`` (incidents less victims).
    """

    cells: pd.MultiIndex
    equations: csr_array  # shape (n_equations, n_cells), of -1, 0 and 1
    orders: csr_array  # shape (n_orders, n_cells)
    network: bool  # extreme points of the equations are whole numbers: no integer programming is needed


@dataclass(frozen=True, slots=True)
class Tree:
    """One level of an index with its totals: leaves, units above them, the total of all."""

    name: str
    children: dict[Hashable, list[Hashable]]  # of each label that is a sum
    nodes: list[Hashable]

    @classmethod
    def of(cls, name: str, leaves: Sequence[Hashable], above: Mapping[Any, Any]) -> Tree:
        """Put leaves under the units above them, and what has none above under the total.

        Raises
        ------
        InputError
            If a label is the word for the total, or is both counted and a sum.
        """
        if TOTAL in leaves:
            raise InputError(f"{name} has the label {TOTAL!r}, which names the total. Rename it.")
        counted, nodes = set(leaves), list(leaves)
        children: dict[Hashable, list[Hashable]] = {}
        for node in nodes:  # grows while it is read: units above are looked up too
            parent = above.get(node, TOTAL)
            if parent in counted:
                raise InputError(
                    f"{name} {parent!r} is counted itself and stands above {node!r}. Give it another name."
                )
            if parent != TOTAL and parent not in children:
                nodes.append(parent)
            children.setdefault(parent, []).append(node)
        return cls(name, children, [*nodes, TOTAL])

    def sums(self) -> NDArray[np.float64]:
        """Give the matrix from leaves to nodes, shape (n_nodes, n_leaves), of 0 and 1."""
        place = {node: number for number, node in enumerate(self.nodes)}
        leaves = len(self.nodes) - len(self.children)
        rows = np.vstack([np.eye(leaves), np.zeros((len(self.children), leaves))])
        for _ in self.children:  # each pass carries the sums at least one step upward
            for node, parts in self.children.items():
                rows[place[node]] = rows[[place[part] for part in parts]].sum(axis=0)
        return rows


def trees(leaves: pd.MultiIndex, hierarchy: Hierarchy | None) -> list[Tree]:
    """Make the tree of each level of an index.

    Parameters
    ----------
    leaves : MultiIndex
        Of the counts.
    hierarchy : mapping of str to mapping, optional
        For a level of the index, the unit above each label.

    Returns
    -------
    list of Tree

    Raises
    ------
    InputError
        If the hierarchy names a level that the index lacks, or a tree is none.
    """
    above = plain(hierarchy)
    if strange := [name for name in above if name not in leaves.names]:
        raise InputError(
            f"The hierarchy names {', '.join(map(repr, strange))}, but the counts are indexed by "
            f"{', '.join(map(repr, leaves.names))}. Name one of these."
        )
    return [
        Tree.of(name, leaves.get_level_values(name).unique().tolist(), _loops_refused(name, above.get(name, {})))
        for name in map(str, leaves.names)
    ]


def plain(hierarchy: Hierarchy | None) -> dict[str, dict[Any, Any]]:
    """Give a hierarchy as dicts, whatever mapping or Series it came as, without labels that have none above."""
    import pandas as pd

    return {
        name: {label: parent for label, parent in dict(above).items() if not pd.isna(parent)}
        for name, above in (hierarchy or {}).items()
    }


def _loops_refused(name: str, above: Mapping[Any, Any]) -> Mapping[Any, Any]:
    for first in above:
        seen, node = {first}, above[first]
        while node in above:
            if node in seen:
                raise InputError(f"{name} {node!r} stands above itself. Mend the hierarchy.")
            seen.add(node)
            node = above[node]
    return above


def cells_of(levels: list[Tree], measures: Sequence[str]) -> pd.MultiIndex:
    """Give every cell of a table with its totals, measure by measure."""
    import pandas as pd

    names = [MEASURE, *(tree.name for tree in levels)]
    return pd.MultiIndex.from_tuples(list(product(measures, *(tree.nodes for tree in levels))), names=names)


def system(cells: pd.MultiIndex, levels: list[Tree]) -> System:
    """Write down what holds between the cells of a table.

    Parameters
    ----------
    cells : MultiIndex
        Of :func:`cells_of`.
    levels : list of Tree
        Of :func:`trees`.

    Returns
    -------
    System
    """
    place = {cell: number for number, cell in enumerate(cells)}
    rows = [
        [(place[cell], 1), *((place[_at(cell, axis, part)], -1) for part in tree.children[cell[axis]])]
        for axis, tree in enumerate(levels, start=1)
        for cell in cells
        if cell[axis] in tree.children
    ]
    measures = cells.get_level_values(MEASURE).unique()
    both = INCIDENTS in measures and VICTIMS in measures
    pairs = [[(place[cell], 1), (place[_at(cell, 0, VICTIMS)], -1)] for cell in cells if both and cell[0] == INCIDENTS]
    deep = sum(len(tree.children) > 1 for tree in levels)
    network = len(levels) <= 2 and deep <= 1 and not both
    return System(cells, _sparse(rows, len(cells)), _sparse(pairs, len(cells)), network)


def ordered(rules: System, unknown: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Mark the orders between cells of which no part is unknown."""
    spread, parts = unknown.copy(), (rules.equations < 0).astype(np.int64)
    totals = (rules.equations > 0).astype(np.int64)
    while True:
        more = spread | (totals.T @ (parts @ spread.astype(np.int64) > 0).astype(np.int64) > 0)
        if (more == spread).all():
            return np.asarray(abs(rules.orders) @ spread.astype(np.float64) == 0)
        spread = more


def _at(cell: tuple[Any, ...], axis: int, label: Any) -> tuple[Any, ...]:
    return (*cell[:axis], label, *cell[axis + 1 :])


def _sparse(rows: list[list[tuple[int, int]]], width: int) -> csr_array:
    from scipy.sparse import csr_array

    where = [number for number, row in enumerate(rows) for _ in row]
    entries = [entry for row in rows for entry in row]
    values = [float(value) for _, value in entries]
    return csr_array((values, (where, [cell for cell, _ in entries])), shape=(len(rows), width))
