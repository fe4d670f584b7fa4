"""Which column a header means, which rows are no data, and which form of the AWSD's file it is."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from awsd_geo.errors import InputError
from awsd_geo.schema import INCIDENTS
from awsd_geo.sources.facts import forms
from awsd_geo.sources.opening import ADVICE, shown

if TYPE_CHECKING:
    from collections.abc import Callable

    from awsd_geo.sources.cells import Cells
    from awsd_geo.sources.ledger import Ledger

COMPUTED = ("coordinate_issue", "duplicate_id", "source_row")
"""Columns that reading always works out itself; in a file they are read only where they say more."""

Column = npt.NDArray[np.object_]


class Named(NamedTuple):
    """A file's cells by column name, rows that are no data left out."""

    columns: dict[str, Column]  # by canonical name, unknown columns under a snake_case name
    numbers: npt.NDArray[np.int64]  # row numbers in the file
    rows_read: int
    form: str
    missing: list[str]  # AWSD columns that the file does not have
    unknown: list[str]  # columns of the file that AWSD does not have


def fold(header: str) -> str:
    """Write a header in snake_case and give AWSD's name where the header is an alias.

    Examples
    --------
    >>> fold(" Means of attack"), fold("LNGO/NRCS"), fold("Total victims")
    ('means_of_attack', 'lngo_nrcs', 'total_affected')
    """
    name = re.sub(r"[\W_]+", "_", header.strip().lower()).strip("_")
    return str(forms()["aliases"].get(name, name))


@cache
def known_columns() -> frozenset[str]:
    """Give the names of AWSD's columns and the index."""
    return frozenset({*INCIDENTS.index, *(column.name for column in INCIDENTS.columns if column.source_name)})


def name_columns(name: str, cells: Cells, ledger: Ledger) -> Named:
    """Name the columns and set aside the rows that are no incident.

    Parameters
    ----------
    name : str
        What messages call the file.
    cells : Cells
        The file's cells.
    ledger : Ledger
        Takes the rows set aside.

    Returns
    -------
    Named
        At least one row.

    Raises
    ------
    InputError
        A needed column is absent, a column occurs twice, or there is no row below the header.
    """
    by_name = _by_name(name, cells)
    hxl = _looks_like_hxl(by_name)
    rows_read = len(cells.numbers) - int(hxl[:1].sum())
    keep = ~_no_data(cells, by_name, hxl, ledger)
    if not rows_read:
        raise InputError(f"{name} has a header but no incident below it. {ADVICE}")
    columns = {key: column[keep] for key, column in by_name.items()}
    known = [column.name for column in INCIDENTS.columns if column.source_name]
    return Named(
        columns,
        cells.numbers[keep],
        rows_read,
        _form(set(columns), cells, has_hxl=bool(hxl.any())),
        [column for column in known if column not in columns],
        [column for column in columns if column not in {*known, *INCIDENTS.index, *COMPUTED, "iso3"}],
    )


def _by_name(name: str, cells: Cells) -> dict[str, Column]:
    by_name: dict[str, Column] = {}
    for number, (header, column) in enumerate(zip(cells.header, cells.rows, strict=False), start=1):
        key = fold(header)
        if not key:
            if not np.any(column != ""):
                continue
            key = f"column_{number}"
        if key in by_name and key in known_columns():
            raise InputError(
                f"{name} has two columns for {key}. Take one of them out, so that it is clear which counts."
            )
        while key in by_name:
            key += "_again"
        by_name[key] = column
    lacking = [needed for needed in forms()["needed"] if needed not in by_name]
    if lacking:
        raise InputError(_lacks(name, lacking, cells.header))
    return by_name


def _lacks(name: str, lacking: list[str], header: list[str]) -> str:
    words = {column.name: column.source_name for column in INCIDENTS.columns} | {"incident_id": "Incident ID"}
    wanted = ", ".join(str(words[column]) for column in lacking)
    found = ", ".join(shown(cell, 30) for cell in header[:8] if cell.strip()) or "nothing"
    more = f" and {len(header) - 8} more" if len(header) > 8 else ""
    return f"{name} lacks the column{'s' * (len(lacking) > 1)} {wanted}; its first row has {found}{more}. {ADVICE}"


def _rows_where(columns: list[Column], test: Callable[[str], bool]) -> npt.NDArray[np.bool_]:
    """Mark the rows whose cells pass a test in every one of the columns."""
    places = np.arange(len(columns[0]))
    for column in columns:  # few rows are left after the first column
        places = places[[test(cell) for cell in column[places]]]
    marked = np.zeros(len(columns[0]), dtype=bool)
    marked[places] = True
    return marked


def _looks_like_hxl(by_name: dict[str, Column]) -> npt.NDArray[np.bool_]:
    """Tell the rows of HXL tags (https://hxlstandard.org): cells such as ``#date+year``."""
    return _rows_where([by_name["year"], by_name["incident_id"]], lambda cell: cell.lstrip().startswith("#"))


def _no_data(
    cells: Cells, by_name: dict[str, Column], hxl: npt.NDArray[np.bool_], ledger: Ledger
) -> npt.NDArray[np.bool_]:
    """Mark the rows that are no incident and note each with its reason (an HXL row right below the header is none)."""
    needed = [by_name[key] for key in ("year", "country", "incident_id")]
    surplus = cells.rows[len(cells.header) :]
    repeated = _rows_where(needed, lambda cell: not cell[:1].isdigit() and fold(cell) in forms()["needed"])
    later_hxl, first_hxl = hxl.copy(), hxl.copy()
    later_hxl[:1], first_hxl[1:] = False, False
    reasons = {
        "wholly blank row": _rows_where([*needed, *cells.rows], _is_blank),
        "header row repeated": repeated,
        "row of HXL tags below the data's first row": later_hxl,
        "more cells than the header has columns": ~_rows_where(surplus, _is_blank) if surplus else np.zeros_like(hxl),
        "no incident: Incident ID, Year and Country are all blank": _rows_where(needed, _is_blank),
    }
    taken = first_hxl
    for why, rows in reasons.items():
        ledger.set_aside(why, cells.numbers[rows & ~taken])
        taken |= rows
    return taken


def _is_blank(cell: str) -> bool:
    return not cell or cell.isspace()


def _form(columns: set[str], cells: Cells, *, has_hxl: bool) -> str:
    """Name the form by the columns that mark it (``forms.toml``)."""
    if "means_of_attack" in cells.header:
        return "snake_case"
    for form in forms()["form"]:
        if columns.issuperset(form["has"]) and columns.isdisjoint(form.get("lacks", [])):
            as_hdx = form["name"] == "S5" and cells.crlf and not has_hxl and cells.container == "csv"
            return "hdx" if as_hdx else str(form["name"])
    return "other"
