"""Numbers as JSON has them: plain, None where undefined, no digit that another machine would write otherwise."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

DIGITS = 10
"""Significant digits of every number of the findings that is not whole.

Sums and special functions differ in the last two or three of a number's 16 digits from one processor, NumPy or SciPy
to the next. No page shows more than four.
"""


def settled(value: Any) -> Any:
    """Round every float in dicts and lists to `DIGITS` significant digits, so that equal input gives equal files.

    Examples
    --------
    >>> settled({"share": 0.1 + 0.2, "ci": [2 / 3, None], "n": 12345678901234, "p": 1.0459876543210987e-18})
    {'share': 0.3, 'ci': [0.6666666667, None], 'n': 12345678901234, 'p': 1.045987654e-18}
    """
    if isinstance(value, float):
        return float(f"{value:.{DIGITS - 1}e}") + 0.0  # no minus zero
    if isinstance(value, dict):
        return {key: settled(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [settled(each) for each in value]
    return value


def plain(value: Any) -> float | None:
    """Give a number as JSON has it: NaN and infinite are None."""
    number = float(value)
    return number if math.isfinite(number) else None


def pair(ends: tuple[Any, Any]) -> list[float | None] | None:
    """Give an interval as a list; None where both ends are undefined."""
    low, high = plain(ends[0]), plain(ends[1])
    return None if low is None and high is None else [low, high]


def whole(value: Any) -> int | None:
    """Give a count; None where it is missing."""
    import pandas as pd

    return None if pd.isna(value) else int(value)


def told(victims: pd.Series) -> int | None:
    """Sum the victims of incidents; None where there are incidents and none of them tells."""
    return whole(victims.sum(min_count=1)) if len(victims) else 0


def text_or_none(value: Any) -> str | None:
    """Give a text; None where it is missing or empty."""
    return str(value) if isinstance(value, str) and value else None
