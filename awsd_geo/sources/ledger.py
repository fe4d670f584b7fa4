"""What reading changed or set aside, counted by reason."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypedDict

import numpy as np
import numpy.typing as npt

SHOWN_ROWS = 5


class Entry(TypedDict):
    """One reason, the number of rows, and the first of them by their number in the file (header = 1)."""

    why: str
    rows: int
    first_rows: list[int]


@dataclass(slots=True)
class Ledger:
    """Rows repaired and rows set aside, by reason; a row counts once a reason."""

    repaired: dict[str, npt.NDArray[np.int64]] = field(default_factory=dict)
    aside: dict[str, npt.NDArray[np.int64]] = field(default_factory=dict)

    def repair(self, why: str, rows: npt.NDArray[np.int64]) -> None:
        """Note that these rows of the file were read otherwise than written."""
        if rows.size:
            self.repaired[why] = np.union1d(self.repaired.get(why, np.empty(0, np.int64)), rows)

    def set_aside(self, why: str, rows: npt.NDArray[np.int64]) -> None:
        """Note that these rows of the file are no part of the table."""
        if rows.size:
            self.aside[why] = np.union1d(self.aside.get(why, np.empty(0, np.int64)), rows)

    @staticmethod
    def entries(notes: dict[str, npt.NDArray[np.int64]]) -> list[Entry]:
        """Write notes as plain values, reasons in alphabetical order."""
        return [
            {"why": why, "rows": int(rows.size), "first_rows": [int(row) for row in rows[:SHOWN_ROWS]]}
            for why, rows in sorted(notes.items())
        ]
