"""Whether anything of single incidents stands in a page: its words, names, dates, points and IDs beside a table's."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from awsd_geo import schema
from awsd_geo.maps.audit_finders import dates, ids_said, known_dates, own_words, points, spoken

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pandas as pd

RUN = 8
"""Words in a row that, found in the page and in a text of a row, are no coincidence."""
SHORTEST = 4
"""Words of the shortest details that are looked for as a whole."""
LETTERS = 3
"""Letters of the shortest actor name; one of a single word must stand in the page in the same case."""
FIRST_ID = 1000
"""IDs below are no different from counts."""
_DECIMALS = (3, 4, 5, 6)
_NAMED = 5  # of what was found, named one by one


@dataclass(frozen=True, slots=True)
class Compared:
    """What was looked for in a page, and what was found.

    Texts (every text column): any eight words in a row; details of four to seven words as a whole. Actor names: as
    whole words, without those that are words of our pages or names of their places. Dates with a day: in figures and
    in words, in both languages, without those to which the page says its data reach and those of the boundaries.
    Coordinates: two decimal numbers in a row that are the point of a row at three to six decimals. IDs: four or more
    digits without a separator that are no year. Case, accents and punctuation do not matter.

    Parameters
    ----------
    rows : int
        Of the table.
    problems : tuple of str
        One for each kind of thing that was found.
    not_compared : tuple of str
        What was too short or too common to be looked for, with numbers.
    """

    rows: int
    problems: tuple[str, ...]
    not_compared: tuple[str, ...]

    def summary(self) -> str:
        """Say what was compared."""
        left = f" Not looked for: {'; '.join(self.not_compared)}." if self.not_compared else ""
        return (
            f"Compared with {self.rows} incidents: runs of {RUN} words of every text column, short details, actor "
            f"names, dates with a day, coordinates, IDs from {FIRST_ID}.{left}"
        )


@dataclass(frozen=True, slots=True)
class _Page:
    """What a page says, as texts, as one row of plain words, and as data."""

    texts: list[str]
    words: str
    places: str  # names of regions, towns, countries
    data: list[Any]


def compare(texts: Sequence[str], data: list[Any], incidents: pd.DataFrame) -> Compared:
    """Look for the rows of an incidents table in a page.

    Parameters
    ----------
    texts : sequence of str
        What its markup says: text, attributes, comments.
    data : list
        Its JSON, as read.
    incidents : DataFrame
        The incidents table of :func:`awsd_geo.read_incidents`.

    Returns
    -------
    Compared

    Raises
    ------
    InputError
        If the table does not keep its schema.
    """
    schema.check(incidents, schema.INCIDENTS)
    said = [*_joined(texts), *_strings(data)]
    page = _Page(said, f" {' | '.join(map(spoken, said))} ", f" {' | '.join(map(spoken, _names(data)))} ", data)
    left: list[str] = []
    problems = [
        *_texts(page, incidents, left),
        *_actors(page, incidents, left),
        *_dates(page, incidents),
        *_points(page, incidents),
        *_ids(page, incidents, left),
    ]
    return Compared(len(incidents), tuple(problems), tuple(left))


def _joined(texts: Sequence[str]) -> list[str]:
    """Give each text, and all together: a sentence may be spread over several elements."""
    return [*texts, " ".join(texts)]


def _strings(data: Any) -> Iterator[str]:
    from awsd_geo.maps.audit_rows import all_texts

    return (text for one in data for text in all_texts(one))


def _names(data: Any) -> Iterator[str]:
    if isinstance(data, dict):
        yield from ([data["name"]] if isinstance(data.get("name"), str) else [])
    for value in data.values() if isinstance(data, dict) else data if isinstance(data, list) else ():
        yield from _names(value)


def _found(what: str, rows: Sequence[Any], incidents: pd.DataFrame) -> Iterator[str]:
    """Say what was found and of which rows."""
    if rows:
        lines = incidents["source_row"].iloc[list(rows[:_NAMED])].tolist()
        more = f" and {len(rows) - _NAMED} more" if len(rows) > _NAMED else ""
        yield f"The page has {what} of the incidents in line{'s' * (len(rows) > 1)} {', '.join(map(str, lines))}{more}."


def _texts(page: _Page, incidents: pd.DataFrame, left: list[str]) -> Iterator[str]:
    listed = [part.split() for part in page.words.split(" | ")]
    runs = {" ".join(part[at : at + RUN]) for part in listed for at in range(len(part) - RUN + 1)}
    known = own_words() + page.places
    runs = {run for run in runs if f" {run} " not in known}
    short = 0
    for column in [name for name in incidents.columns if _is_text(incidents[name])]:
        rows = []
        for row, text in enumerate(incidents[column].tolist()):
            told = spoken(text).split() if isinstance(text, str) else []
            whole = column == "details" and SHORTEST <= len(told) < RUN
            short += column == "details" and 0 < len(told) < SHORTEST
            if (whole and f" {' '.join(told)} " in page.words) or _shares(told, runs):
                rows.append(row)
        yield from _found(f"words of {column}", rows, incidents)
    left += [f"details of under {SHORTEST} words ({short})"] * bool(short)


def _shares(told: list[str], runs: set[str]) -> bool:
    return any(" ".join(told[at : at + RUN]) in runs for at in range(len(told) - RUN + 1))


def _is_text(values: pd.Series) -> bool:
    return values.dtype == object or str(values.dtype).startswith(("str", "category"))


def _actors(page: _Page, incidents: pd.DataFrame, left: list[str]) -> Iterator[str]:
    if "actor_name" not in incidents.columns:
        return
    names = incidents["actor_name"].astype(object).where(incidents["actor_name"].notna(), "").map(str)
    counted = Counter(name for name in names if spoken(name))
    common = {name for name in counted if len(name) < LETTERS or f" {spoken(name)} " in own_words() + page.places}
    hit = {name for name in counted.keys() - common if _says(page, name)}
    rows = [row for row, name in enumerate(names) if name in hit]
    yield from _found(f"{len(hit)} actor name{'s' * (len(hit) > 1)}", rows, incidents)
    left += [f"actor names that are short, words of our pages or places ({len(common)})"] * bool(common)


def _says(page: _Page, name: str) -> bool:
    if " " in spoken(name):
        return f" {spoken(name)} " in page.words
    return any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) for text in page.texts)


def _dates(page: _Page, incidents: pd.DataFrame) -> Iterator[str]:
    if not {"month", "day"} <= set(incidents.columns):
        return
    said = {day for text in page.texts for day in dates(text)} - known_dates(page.texts)
    parts = zip(*(incidents[name].tolist() for name in ("year", "month", "day")), strict=True)
    rows = [row for row, part in enumerate(parts) if part in said]
    yield from _found("the day", rows, incidents)


def _points(page: _Page, incidents: pd.DataFrame) -> Iterator[str]:
    if not {"latitude", "longitude"} <= set(incidents.columns):
        return
    said = {pair for text in page.texts for pair in points(text)} | set(points(page.data))
    degrees = incidents[["latitude", "longitude"]].astype(float)
    rows = []
    for row, (north, east) in enumerate(degrees.itertuples(index=False, name=None)):
        forms = [(round(north, decimals), round(east, decimals)) for decimals in _DECIMALS]
        if any(form in said or form[::-1] in said for form in forms):
            rows.append(row)
    yield from _found("the coordinates", rows, incidents)


def _ids(page: _Page, incidents: pd.DataFrame, left: list[str]) -> Iterator[str]:
    said = {number for text in page.texts for number in ids_said(text)}
    idents = incidents.index.tolist()
    yield from _found("the ID", [row for row, one in enumerate(idents) if one in said], incidents)
    low = sum(isinstance(one, int) and one < FIRST_ID for one in idents)
    left += [f"IDs below {FIRST_ID} ({low})"] * bool(low)
