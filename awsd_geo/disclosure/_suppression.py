"""The result of suppression: a table that may be shown, and what is behind it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from awsd_geo.disclosure._attack import attack
from awsd_geo.display import Shown

if TYPE_CHECKING:
    import pandas as pd

    from awsd_geo.disclosure._system import Hierarchy


@dataclass(frozen=True, slots=True, eq=False)
class Suppression(Shown):
    """A table of counts that may be shown; ``table`` has one row a cell, its totals included."""

    table: pd.DataFrame  # index measure and levels of the counts; value (Int64), status; nothing that is secret
    secret: pd.DataFrame = field(repr=False)  # value, role (primary, complementary, ""), why: not to be passed on
    below: int
    width: int
    zeros: str
    method: str  # how the complementary cells were found
    linked: bool  # each incident has a victim, and outsiders know
    hierarchy: Hierarchy | None = field(repr=False)

    @property
    def primary(self) -> int:
        """Number of cells suppressed because they are small."""
        return int((self.secret["role"] == "primary").sum())

    @property
    def complementary(self) -> int:
        """Number of cells suppressed to protect others."""
        return int((self.secret["role"] == "complementary").sum())

    def to_frame(self) -> pd.DataFrame:
        """Give what may be shown: ``value`` and ``status``."""
        return self.table.copy()

    def attack(self) -> pd.DataFrame:
        """Derive what an outsider can from the published table alone; see :func:`attack`."""
        return attack(self.table, hierarchy=self.hierarchy, zeros=self.zeros, linked=self.linked)

    def summary(self) -> str:
        """Say what is suppressed and why, in a sentence that gives no cell away."""
        hidden = int((self.table["status"] == "suppressed").sum())
        if not hidden:
            return f"No cell of {len(self.table)} is suppressed: none is below {self.below}."
        return (
            f"{hidden} of {len(self.table)} cells are suppressed: counts below {self.below}, and others from which "
            f"these could be worked out. At least {self.width + 1} values remain possible for each."
        )
