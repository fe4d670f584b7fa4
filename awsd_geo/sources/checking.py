"""What reading a file found, repaired and set aside, for a person to read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from awsd_geo.display import Shown
from awsd_geo.errors import InputError
from awsd_geo.schema import COORDINATE_ISSUES, INCIDENTS, check

if TYPE_CHECKING:
    import pandas as pd

_FORMS = {
    "S1": "AWSD download of 2016 (letter codes, 35 columns)",
    "S2": "AWSD download of 2020 (39 columns)",
    "S3": "AWSD download of 2021 to 2022 (40 columns)",
    "S4": "AWSD download of 2022 to early 2025 (41 columns)",
    "S5": "AWSD download since 2025 (44 columns)",
    "hdx": "AWSD as the Humanitarian Data Exchange gives it (44 columns)",
    "snake_case": "table with AWSD's columns in snake_case",
    "other": "table with some of AWSD's columns",
}
_POINTS = {
    "none": "nothing wrong with the point",
    "missing": "no point",
    "unreadable": "point cannot be read, left missing",
    "lat_equals_lon": "latitude equals longitude, surely a slip",
    "country_centroid": "no place named: the point is the country's centre",
    "outside_country": "point outside its country",
    "coarse": "point given to one decimal (about 11 km) at most",
}


@dataclass(frozen=True, slots=True, eq=False)
class ReadReport(Shown):
    """What is in a file, and what reading it changed; every number counts rows unless it says otherwise."""

    name: str
    form: str
    sha256: str
    status: str | None  # "example" for the built-in example
    rows_read: int
    incidents: int
    data_to: dt.date | None
    data_to_from: str | None
    years: dict[int, int]  # year → incidents
    without_year: int
    countries: dict[str, int]  # AWSD's country name → incidents, most first
    without_country: int
    without_iso3: int
    coordinate_issues: dict[str, int]
    duplicate_ids: dict[int, int]  # Incident ID → rows that have it, where more than one
    identical_rows: int  # rows equal to an earlier one in every column
    future: tuple[int, ...]  # Incident IDs dated after data_to, so far as that is known from the file's name or clock
    repairs: dict[str, int]
    set_aside: dict[str, int]
    columns_missing: tuple[str, ...]
    columns_unknown: tuple[str, ...]

    def to_frame(self) -> pd.DataFrame:
        """Give every count as a row.

        Returns
        -------
        DataFrame
            Columns ``about`` ("rows", "year", "country", "coordinates", "repair", "set aside", "duplicate id",
            "future date", "column missing", "column unknown"), ``what``, ``rows``.
        """
        import pandas as pd

        return pd.DataFrame(list(self._counts()), columns=["about", "what", "rows"])

    def _counts(self) -> Iterator[tuple[str, str, int]]:
        yield "rows", "read", self.rows_read
        yield "rows", "incidents", self.incidents
        yield "rows", "without a year", self.without_year
        yield "rows", "without a country", self.without_country
        yield "rows", "equal to an earlier row", self.identical_rows
        for about, counts in (
            ("year", self.years),
            ("country", self.countries),
            ("coordinates", self.coordinate_issues),
            ("repair", self.repairs),
            ("set aside", self.set_aside),
            ("duplicate id", self.duplicate_ids),
            ("future date", dict.fromkeys(self.future, 1)),
            ("column missing", dict.fromkeys(self.columns_missing, self.incidents)),
            ("column unknown", dict.fromkeys(self.columns_unknown, self.incidents)),
        ):
            yield from ((about, str(what), rows) for what, rows in counts.items())

    def summary(self) -> str:
        """Say in plain words what the file holds, what was repaired, and what was set aside."""
        blocks = [
            "\n".join(self._opening()),
            _block("Set aside (no incident)", self.set_aside) or "Set aside: no row.",
            _block("Read otherwise than written", self.repairs) or "Read otherwise than written: nothing.",
            _block("Points", {_POINTS.get(issue, issue): rows for issue, rows in self.coordinate_issues.items()}),
            "\n".join(self._doubts()),
        ]
        return "\n\n".join(block for block in blocks if block)

    def _opening(self) -> Iterator[str]:
        if self.status == "example":
            yield "EXAMPLE DATA: simulated, no real incidents."
        yield f"{self.name}: {_FORMS.get(self.form, self.form)}"
        span = f", {min(self.years)} to {max(self.years)}" if self.years else ""
        countries = len(self.countries)
        yield (
            f"{_rows(self.rows_read)} read, {_rows(self.incidents, 'incident')} in "
            f"{countries} countr{'y' if countries == 1 else 'ies'}{span}."
        )
        if self.data_to:
            yield f"Data to {self.data_to} (known from: {self.data_to_from})."
        else:
            yield "Up to which date the data reach is not known."
        most = [f"{country} {rows:,}" for country, rows in list(self.countries.items())[:5]]
        yield f"Most incidents: {', '.join(most) or 'no country named'}."

    def _doubts(self) -> Iterator[str]:
        for incident_id, rows in self.duplicate_ids.items():
            yield f"Incident ID {incident_id} stands on {rows} rows; all are kept and flagged (duplicate_id)."
        if self.identical_rows:
            yield f"{_rows(self.identical_rows)} equal to an earlier row in every column; kept."
        if self.future:
            ids = ", ".join(map(str, self.future[:10]))
            yield f"{_rows(len(self.future), 'incident')} dated after {self.data_to}: ID {ids}."
        if self.without_year or self.without_country:
            yield f"Without a year: {self.without_year}; without a country: {self.without_country}."
        if unknown := self.without_iso3 - self.without_country:
            yield f"{_rows(unknown, 'incident')} in a place that has no country code (such as Kashmir)."
        if self.columns_missing:
            yield f"Columns that this form does not have: {', '.join(self.columns_missing)}."
        if self.columns_unknown:
            yield f"Columns unknown to AWSD, kept as text: {', '.join(self.columns_unknown)}."


def _rows(number: int, noun: str = "row") -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _block(title: str, counts: dict[str, int]) -> str:
    if not counts:
        return ""
    wide = max(len(f"{rows:,}") for rows in counts.values())
    return "\n".join([f"{title}:", *(f"  {rows:>{wide},}  {what}" for what, rows in counts.items())])


def check_report(incidents: pd.DataFrame) -> ReadReport:
    """Say what a file holds, and what reading it repaired and set aside.

    Parameters
    ----------
    incidents : DataFrame
        As from `awsd_geo.read_incidents`, whole (before any selection).

    Returns
    -------
    ReadReport
        Counts by reason, with ``summary()`` and ``to_frame()``.

    Raises
    ------
    InputError
        If the table is not an incidents table, or does not say where it was read from.
    """
    check(incidents, INCIDENTS)
    source = incidents.attrs.get("source")
    if not isinstance(source, dict) or "rows_read" not in source:
        raise InputError("This table does not say which file it was read from. Read the file with read_incidents().")
    known: dict[str, Any] = {key: source.get(key) for key in ("name", "form", "sha256", "status", "rows_read")}
    ids = incidents.index[incidents["duplicate_id"].to_numpy(dtype=bool)]
    issues = _tally(incidents["coordinate_issue"])
    date = dt.date.fromisoformat(source["data_to"]) if source.get("data_to") else None
    return ReadReport(
        **known,
        incidents=len(incidents),
        data_to=date,
        data_to_from=source.get("data_to_from"),
        years=dict(sorted(_tally(incidents["year"].astype("Int64")).items())),
        without_year=int(incidents["year"].isna().sum()),
        countries=_tally(incidents["country"]),
        without_country=int(incidents["country"].isna().sum()),
        without_iso3=int(incidents["iso3"].isna().sum()),
        coordinate_issues={issue: issues[issue] for issue in COORDINATE_ISSUES if issue in issues},
        duplicate_ids=_tally(ids.to_series()),
        identical_rows=int(incidents.drop(columns="source_row").reset_index().duplicated().sum()),
        future=_future(incidents, date, source.get("data_to_from")),
        repairs={entry["why"]: entry["rows"] for entry in source["repairs"]},
        set_aside={entry["why"]: entry["rows"] for entry in source["rows_set_aside"]},
        columns_missing=tuple(source["columns_missing"]),
        columns_unknown=tuple(source["columns_unknown"]),
    )


def _tally(values: pd.Series[Any]) -> dict[Any, int]:
    """Count rows by value, most first, missing left out."""
    counts = values.value_counts(sort=False).sort_index().sort_values(ascending=False, kind="stable")
    return {key if isinstance(key, str) else int(str(key)): int(rows) for key, rows in counts.items()}


def _future(incidents: pd.DataFrame, date: dt.date | None, known_from: str | None) -> tuple[int, ...]:
    """Find the IDs of incidents dated after the file; nothing can be after a date taken from the latest incident."""
    from awsd_geo.sources.vintage import after

    if date is None or known_from == "latest incident":
        return ()
    return tuple(int(number) for number in incidents.index[after(incidents, date)].dropna())
