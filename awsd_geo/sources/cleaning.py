"""Cells of text into typed values, one distinct cell at a time, with the reason wherever a value was changed."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import numpy.typing as npt

from awsd_geo.sources.facts import labels

if TYPE_CHECKING:
    import pandas as pd

    from awsd_geo.sources.ledger import Ledger

Cleaned: TypeAlias = tuple[Any, tuple[str, ...]]
"""A value (None where missing) and the reasons why it is not what was written."""
Rule: TypeAlias = Callable[[str], Cleaned]
Column: TypeAlias = npt.NDArray[np.object_]
Numbers: TypeAlias = npt.NDArray[np.int64]

TRIMMED = "blanks around a cell taken off"
TRIMMED_DETAILS = "blanks or empty lines around Details taken off"
ENTITIES = "HTML left-overs in Details written out"
CODED = "letter code of 2016 written out"
RESPELLED = "label spelled otherwise, read as AWSD's usual label"
NOT_A_COUNT = "count is not a whole number from 0, left missing"
NOT_A_YEAR = "year is not a year from 1900 to 2100, left missing"
NOT_AN_ID = "Incident ID is not a whole number, left missing"
NOT_A_MONTH = "month is not a month, left missing"
NOT_A_DAY = "day is not a day, left missing"
NO_SUCH_DATE = "no such date: the day is left missing"

NOT_GIVEN = frozenset({"", "nan", "none", "null", "n/a", "<na>"})
"""What stands for a missing number (never for a missing text: there are places called Nan, and `NA` is Namibia)."""

_WHOLE = re.compile(r"\+?(\d{1,9})(?:\.0*)?")
_NAMES = (
    ("jan", "january"),
    ("feb", "february"),
    ("mar", "march"),
    ("apr", "april"),
    ("may",),
    ("jun", "june"),
    ("jul", "july"),
    ("aug", "august"),
    ("sep", "sept", "september"),
    ("oct", "october"),
    ("nov", "november"),
    ("dec", "december"),
)
_MONTHS = {name: number for number, names in enumerate(_NAMES, start=1) for name in names}


def clean_column(cells: Column, rule: Rule, numbers: Numbers, ledger: Ledger) -> tuple[npt.NDArray[np.intp], list[Any]]:
    """Apply a rule to every distinct cell of a column and note what it changed.

    Parameters
    ----------
    cells : array of str, shape (n,)
        Cells as written.
    rule : callable
        From a cell to its value (None where missing) and the reasons of any change.
    numbers : array of int, shape (n,)
        The rows' numbers in the file.
    ledger : Ledger
        Takes the reasons.

    Returns
    -------
    codes : array of int, shape (n,)
        Place of each row's value.
    values : list
        The distinct values.
    """
    import pandas as pd

    codes, distinct = pd.factorize(cells)
    cleaned = [rule(cell) for cell in distinct]
    by_reason: dict[str, list[int]] = {}
    for code, (_, reasons) in enumerate(cleaned):
        for why in reasons:
            by_reason.setdefault(why, []).append(code)
    for why, changed in by_reason.items():
        ledger.repair(why, numbers[np.isin(codes, changed)])
    return codes, [value for value, _ in cleaned]


def text_array(codes: npt.NDArray[np.intp], values: list[Any]) -> pd.api.extensions.ExtensionArray:
    """Make a nullable text array of distinct values and their places."""
    import pandas as pd

    distinct = np.empty(len(values), dtype=object)
    distinct[:] = [pd.NA if value is None else value for value in values]
    return pd.array(distinct[codes], dtype="string")


def whole_array(codes: npt.NDArray[np.intp], values: list[Any]) -> pd.api.extensions.ExtensionArray:
    """Make a nullable whole-number array of distinct values and their places."""
    import pandas as pd

    absent = np.array([value is None for value in values], dtype=bool)
    distinct = np.array([value or 0 for value in values], dtype=np.int64)
    return pd.arrays.IntegerArray(distinct[codes], absent[codes])


def text(cell: str) -> Cleaned:
    """Trim a text; blank is missing.

    Examples
    --------
    >>> text("Gao "), text("  "), text("nan")
    (('Gao', ('blanks around a cell taken off',)), (None, ()), ('nan', ()))
    """
    trimmed = cell.strip()
    return trimmed or None, (TRIMMED,) if trimmed and trimmed != cell else ()


def details(cell: str) -> Cleaned:
    """Trim a long text, write out HTML entities (``&nbsp;``, ``&amp;``), and make every line end LF."""
    lines = cell.replace("\r\n", "\n").replace("\r", "\n")
    plain = html.unescape(lines).replace("\xa0", " ") if "&" in lines else lines
    value, trimmed = text(plain)
    reasons = (TRIMMED_DETAILS,) * bool(trimmed)
    return value, (*reasons, ENTITIES) if "&" in lines and plain != lines else reasons


def label_of(column: str) -> Rule:
    """Give the rule of a column of labels: codes written out, variants and other capitals read as AWSD's label."""
    known = labels()[column]

    def label(cell: str) -> Cleaned:
        value, reasons = text(cell)
        if value is None:
            return value, reasons
        if value in known.exact:
            name, why = known.exact[value]
            return name, (*reasons, *({"code": (CODED,), "variant": (RESPELLED,)}.get(why, ())))
        if folded := known.folded.get(value.casefold()):
            return folded, (*reasons, RESPELLED)
        return value, reasons

    return label


def whole(low: int, high: int, why: str) -> Rule:
    """Give the rule of a column of whole numbers from ``low`` to ``high``; others are missing, with the reason."""

    def number(cell: str) -> Cleaned:
        trimmed = cell.strip()
        if trimmed.lower() in NOT_GIVEN:
            return None, ()
        match = _WHOLE.fullmatch(trimmed)
        value = int(match[1]) if match else -1
        return (value, ()) if low <= value <= high else (None, (why,))

    return number


def month(cell: str) -> Cleaned:
    """Read a month as a number or an English name.

    Examples
    --------
    >>> month("Jan"), month("12"), month("13")
    ((1, ()), (12, ()), (None, ('month is not a month, left missing',)))
    """
    named = _MONTHS.get(cell.strip().rstrip(".").lower())
    return (named, ()) if named else whole(1, 12, NOT_A_MONTH)(cell)


def days_of_dates(
    year: pd.Series[int], months: pd.Series[int], day: pd.Series[int], numbers: Numbers, ledger: Ledger
) -> pd.Series[int]:
    """Leave out the days that their month does not have (30 February); year unknown counts as a leap year."""
    import pandas as pd

    of_month = months.astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    in_year = year.astype("Float64").fillna(2000.0).to_numpy(dtype=float)
    leap = (in_year % 4 == 0) & ((in_year % 100 != 0) | (in_year % 400 == 0))
    longest = np.where(np.isin(of_month, (4, 6, 9, 11)), 30, np.where(of_month == 2, np.where(leap, 29, 28), 31))
    wrong = day.fillna(0).to_numpy(dtype=np.int64) > longest
    ledger.repair(NO_SUCH_DATE, numbers[wrong])
    return day.mask(pd.Series(wrong, index=day.index))
