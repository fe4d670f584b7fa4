"""Any form of the AWSD's files in, the incidents table out."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import numpy as np

from awsd_geo.schema import INCIDENTS
from awsd_geo.sources import cleaning
from awsd_geo.sources.cells import Cells, csv_cells
from awsd_geo.sources.columns import Named, name_columns
from awsd_geo.sources.coordinates import mark_centroids, read_points
from awsd_geo.sources.facts import iso3_by_code, iso3_by_name, labels
from awsd_geo.sources.ledger import Ledger
from awsd_geo.sources.opening import Raw, Source, is_ole, is_zip, open_raw
from awsd_geo.sources.vintage import data_to

if TYPE_CHECKING:
    import pandas as pd

DISAGREE = "country code and country name disagree, the code counts"

_PLACES = ("region", "district", "city")


def read_incidents(source: Source, *, sheet: str | int | None = None) -> pd.DataFrame:
    """Read a file of the Aid Worker Security Database, in any form that it was ever published in.

    Parameters
    ----------
    source : path, bytes or file object
        A CSV (comma, semicolon or tab; UTF-8, or UTF-8 and Windows-1252 mixed) or an XLSX workbook: a download from
        aidworkersecurity.org of any year since 2016, the form of the Humanitarian Data Exchange, the site's JSON
        names as headers, or a table that this library wrote with ``to_csv``.
    sheet : str or int, optional
        The sheet of a workbook, by name or number (the first is 0). Default: the first that looks like AWSD's.

    Returns
    -------
    DataFrame
        One row an incident, index ``incident_id`` (not unique where the file has an ID twice), columns by
        `awsd_geo.schema.INCIDENTS` in AWSD's newest order, then unknown columns of the file as text. Columns that the
        file does not have are missing throughout, not 0. ``attrs["source"]`` says what the file is, what was repaired
        and what was set aside, by reason and number of rows.

    Raises
    ------
    InputError
        The file is absent, empty, damaged, not a table, not an AWSD table, or unreasonably large. The message says
        what is wrong and what to do.

    Notes
    -----
    Rows are set aside only if they hold no incident (blank, header or HXL tags repeated, more cells than columns);
    ``rows_read`` is the number of rows returned and set aside together. A label or number that cannot be read is
    missing and counted under ``repairs``. The meaning of the columns is AWSD's [1]_.

    References
    ----------
    .. [1] Humanitarian Outcomes, Aid Worker Security Database, https://www.aidworkersecurity.org/about
    """
    raw = open_raw(source)
    ledger = Ledger()
    cells = _cells(raw, sheet, ledger)
    named = name_columns(raw.name, cells, ledger)
    incidents = _table(named, ledger)
    date, known_from = data_to(raw.name, incidents)
    incidents.attrs["source"] = {
        "name": raw.name,
        "sha256": hashlib.sha256(raw.data).hexdigest(),
        "form": named.form,
        "container": cells.container,
        "rows_read": named.rows_read,
        "rows_set_aside": ledger.entries(ledger.aside),
        "repairs": ledger.entries(ledger.repaired),
        "columns_missing": named.missing,
        "columns_unknown": named.unknown,
        "data_to": date,
        "data_to_from": known_from,
    }
    return incidents


def _cells(raw: Raw, sheet: str | int | None, ledger: Ledger) -> Cells:
    if is_zip(raw) or is_ole(raw):
        from awsd_geo.sources.workbook import workbook_cells

        return workbook_cells(raw, sheet)
    return csv_cells(raw, ledger)


def _rule(column: str, dtype: str) -> cleaning.Rule:
    """Choose the rule that reads a column."""
    special: dict[str, cleaning.Rule] = {
        "year": cleaning.whole(1900, 2100, cleaning.NOT_A_YEAR),
        "month": cleaning.month,
        "day": cleaning.whole(1, 31, cleaning.NOT_A_DAY),
        "details": cleaning.details,
    }
    if column in special:
        return special[column]
    if column in labels():
        return cleaning.label_of(column)
    return cleaning.text if dtype == "text" else cleaning.whole(0, 10**6, cleaning.NOT_A_COUNT)


def _table(named: Named, ledger: Ledger) -> pd.DataFrame:
    """Clean every column and put the table together in the schema's order."""
    import pandas as pd

    blank = np.full(len(named.numbers), "", dtype=object)
    data: dict[str, Any] = {}
    for column in INCIDENTS.columns:
        if column.source_name and column.dtype != "degrees":
            cells = named.columns.get(column.name, blank)
            found = cleaning.clean_column(cells, _rule(column.name, column.dtype), named.numbers, ledger)
            data[column.name] = (cleaning.text_array if column.dtype == "text" else cleaning.whole_array)(*found)
    identity = cleaning.whole(0, 10**9, cleaning.NOT_AN_ID)
    ids = cleaning.whole_array(*cleaning.clean_column(named.columns["incident_id"], identity, named.numbers, ledger))
    table = pd.DataFrame(data, index=pd.RangeIndex(len(ids)))
    table["day"] = cleaning.days_of_dates(table["year"], table["month"], table["day"], named.numbers, ledger)
    _add_points(table, named, ledger)
    table["iso3"] = _iso3(table, named, ledger)
    index = pd.Index(ids, name="incident_id")
    table["duplicate_id"] = pd.array(index.duplicated(keep=False) & index.notna(), dtype="boolean")
    table["source_row"] = pd.array(named.numbers, dtype="Int64")
    unknown = {
        column: cleaning.text_array(*cleaning.clean_column(named.columns[column], cleaning.text, named.numbers, ledger))
        for column in named.unknown
    }
    order = [column.name for column in INCIDENTS.columns]
    return pd.concat([table[order], pd.DataFrame(unknown, index=table.index)], axis=1).set_index(index)


def _add_points(table: pd.DataFrame, named: Named, ledger: Ledger) -> None:
    """Add latitude, longitude and coordinate_issue to the table being made."""
    import pandas as pd

    blank = np.full(len(named.numbers), "", dtype=object)
    cells = [named.columns.get(column, blank) for column in ("latitude", "longitude")]
    points = read_points(cells[0], cells[1], named.numbers, ledger)
    for column, values in (("latitude", points.latitude), ("longitude", points.longitude)):
        table[column] = pd.arrays.FloatingArray(values, np.isnan(values))
    issue = mark_centroids(points.issue, table, [place for place in _PLACES if place in named.columns])
    if "coordinate_issue" in named.columns:  # our own table: what an earlier step knew is not known from the cells
        before = named.columns["coordinate_issue"]
        issue = np.where((before == "unreadable") & (issue == "missing"), "unreadable", issue)
        issue = np.where((before == "outside_country") & np.isin(issue, ("none", "coarse")), "outside_country", issue)
    table["coordinate_issue"] = pd.array(issue, dtype="string")


def _iso3(table: pd.DataFrame, named: Named, ledger: Ledger) -> pd.Series[str]:
    """Find ISO 3166-1 alpha-3 from the two-letter code, else the country's name, else the file's own iso3 column."""
    import pandas as pd

    by_code = table["country_code"].str.upper().map(iso3_by_code()).astype("string")
    by_name = table["country"].str.casefold().map(iso3_by_name()).astype("string")
    ledger.repair(DISAGREE, named.numbers[(by_code != by_name).fillna(value=False).to_numpy(dtype=bool)])
    found = by_code.fillna(by_name)
    if "iso3" in named.columns:
        known = set(iso3_by_code().values())
        given = [cell.strip() if cell.strip() in known else pd.NA for cell in named.columns["iso3"]]
        found = found.fillna(pd.Series(given, index=table.index, dtype="string"))
    return found
