"""An XLSX workbook's sheet as rows of text cells; sizes are checked before anything is unpacked."""

from __future__ import annotations

import datetime as dt
import io
import warnings
import zipfile
import zlib
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import ParseError

import numpy as np

from awsd_geo.errors import InputError
from awsd_geo.sources.cells import MOST_COLUMNS, Cells
from awsd_geo.sources.columns import fold, known_columns
from awsd_geo.sources.facts import forms
from awsd_geo.sources.opening import ADVICE, Raw, is_ole, shown

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

LARGEST_UNPACKED = 256 * 1024 * 1024  # bytes of all members; AWSD's workbook of 2024 has 7 MB
HIGHEST_RATIO = 200  # unpacked to packed bytes of one member; real sheets reach about 10
MOST_ROWS = 1_048_576  # Excel's own limit
_MOST_CELLS = 50_000_000
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    ParseError,
    AttributeError,
    EOFError,
    IndexError,
    KeyError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    TypeError,
    ValueError,
)
"""What openpyxl and zipfile raise on damaged workbooks."""


def workbook_cells(raw: Raw, sheet: str | int | None) -> Cells:
    """Read one sheet of a workbook as text.

    Parameters
    ----------
    raw : Raw
        The file.
    sheet : str, int or None
        Name or number (from 0) of the sheet. None: the first whose first filled row has AWSD's column names.

    Returns
    -------
    Cells
        Typed numbers are written as text again (5.0 as ``5``), so that one set of rules reads every form.

    Raises
    ------
    InputError
        Not a workbook, locked, damaged, too large unpacked, or without such a sheet.
    """
    _check_archive(raw)
    import openpyxl

    try:
        with warnings.catch_warnings():  # openpyxl warns of styles and extensions that do not concern the cells
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(io.BytesIO(raw.data), read_only=True, data_only=True, keep_links=False)
            try:
                return _sheet_cells(raw.name, book, sheet)
            finally:
                book.close()
    except InputError:
        raise
    except _DAMAGE as error:
        raise InputError(
            f"{raw.name} is a damaged workbook ({type(error).__name__}). Open it in a spreadsheet program and save "
            "it as CSV."
        ) from None


def _check_archive(raw: Raw) -> None:
    """Refuse what is no XLSX, or would unpack to an unreasonable size."""
    if is_ole(raw):
        raise InputError(
            f"{raw.name} is a workbook locked with a password, or in the old XLS form. Save it as CSV, or as XLSX "
            "without password."
        )
    try:
        members = zipfile.ZipFile(io.BytesIO(raw.data)).infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise InputError(f"{raw.name} is a damaged or cut-off XLSX or zip file. Download it again.") from None
    names = {member.filename for member in members}
    if "xl/workbook.xml" not in names:
        found = ", ".join(shown(name, 30) for name in sorted(names)[:3]) or "nothing"
        raise InputError(f"{raw.name} is an archive ({found}), not an XLSX workbook. Unpack it and name the CSV in it.")
    if any(member.flag_bits & 1 for member in members):
        raise InputError(f"{raw.name} is locked with a password. Save it as CSV or as XLSX without password.")
    unpacked = sum(member.file_size for member in members)
    ratio = max(member.file_size / max(member.compress_size, 1) for member in members)
    if unpacked > LARGEST_UNPACKED or ratio > HIGHEST_RATIO:
        raise InputError(
            f"{raw.name} would unpack to {unpacked / 2**20:,.0f} MiB ({ratio:,.0f} times its size at most); refused as "
            f"unsafe. {ADVICE}"
        )


def _sheet_cells(name: str, book: Workbook, sheet: str | int | None) -> Cells:
    titles = book.sheetnames
    if isinstance(sheet, int) and not isinstance(sheet, bool):
        wanted = titles[sheet : sheet + 1] if sheet >= 0 else []
    else:
        wanted = [title for title in titles if sheet in (None, title)]
    if not wanted:
        raise InputError(f"{name} has no sheet {sheet!r}. It has: {', '.join(shown(title) for title in titles)}.")
    for title in wanted:
        rows = _rows(name, book[title])
        first = next((number for number, row in enumerate(rows) if any(row)), None)
        if first is None:
            continue
        header = rows[first]
        if sheet is not None or len(wanted) == 1 or known_columns() & {fold(cell) for cell in header} >= needed():
            return _as_cells(header, rows[first + 1 :], title)
    listed = ", ".join(shown(title) for title in wanted)
    words = ", ".join(column.replace("_", " ") for column in sorted(needed()))
    raise InputError(f"{name} has no sheet whose first row names the columns {words} (looked in: {listed}). {ADVICE}")


def needed() -> frozenset[str]:
    """Give the columns without which a table is no AWSD table."""
    return frozenset(forms()["needed"])


def _rows(name: str, sheet: Any) -> list[list[str]]:
    """Read a sheet's rows as text, within limits; the size that the sheet claims for itself is not believed."""
    if not hasattr(sheet, "reset_dimensions"):  # a chart sheet
        return []
    sheet.reset_dimensions()
    rows: list[list[str]] = []
    cells = 0
    for values in sheet.iter_rows(values_only=True):
        row = [written(value) for value in values]
        while row and not row[-1]:
            row.pop()
        cells += len(row)
        if len(row) > MOST_COLUMNS or cells > _MOST_CELLS or len(rows) >= MOST_ROWS:
            raise InputError(f"{name} has a sheet far larger than the AWSD. {ADVICE}")
        rows.append(row)
    while rows and not any(rows[-1]):
        rows.pop()
    return rows


def written(value: object) -> str:
    """Write a typed cell as text.

    Examples
    --------
    >>> written(5.0), written(16.25), written(None), written(True), written(dt.date(2022, 1, 2))
    ('5', '16.25', '', 'TRUE', '2022-01-02')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value)


def _as_cells(header: list[str], rows: list[list[str]], title: str) -> Cells:
    width = max(len(row) for row in [header, *rows])
    filled = [row + [""] * (width - len(row)) for row in rows]
    columns = []
    for place in range(width):
        column = np.empty(len(filled), dtype=object)
        column[:] = [row[place] for row in filled]
        columns.append(column)
    return Cells(
        header + [""] * (width - len(header)),
        columns,
        np.arange(2, len(filled) + 2, dtype=np.int64),
        f"xlsx sheet {title}",
        crlf=False,
    )
