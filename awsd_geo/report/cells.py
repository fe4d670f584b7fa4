"""Cells of tables for a spreadsheet: no text of the data runs as a formula."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def safe_cell(value: object) -> object:
    """Neutralise a text that a spreadsheet would run as a formula; numbers stay numbers.

    References
    ----------
    .. [1] OWASP, CSV Injection: prefix cells that begin with = + - @ TAB CR by an apostrophe.

    Examples
    --------
    >>> safe_cell("=1+1"), safe_cell("Mopti"), safe_cell(-0.1), safe_cell(None)
    ("'=1+1", 'Mopti', -0.1, '')
    """
    if value is None:
        return ""
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return f"'{value}"
    return value


def csv_text(table: pd.DataFrame) -> str:
    """Write any table as CSV, texts that a spreadsheet would run neutralised and missing cells empty.

    Parameters
    ----------
    table : DataFrame
        Its index is not written; reset it first where it matters.

    Returns
    -------
    str
        By RFC 4180.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(safe_cell(str(name)) for name in table.columns)
    for row in table.astype(object).where(table.notna(), None).itertuples(index=False, name=None):
        writer.writerow(safe_cell(value) for value in row)
    return text.getvalue()
