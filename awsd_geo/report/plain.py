"""Numbers as JSON has them: plain, and None where undefined."""

from __future__ import annotations

import math
from typing import Any


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


def text_or_none(value: Any) -> str | None:
    """Give a text; None where it is missing or empty."""
    return str(value) if isinstance(value, str) and value else None
