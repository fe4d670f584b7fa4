"""Which columns of a file are ours, by their names or by the user's word."""

from __future__ import annotations

from typing import TYPE_CHECKING

from awsd_geo import schema
from awsd_geo.errors import InputError, RequestError
from awsd_geo.geocoding.names import FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

ALSO = {
    "longitude": ("longitude", "lon", "lng", "long"),
    "latitude": ("latitude", "lat"),
    "date": ("date", "event_date"),
}
"""What a column may be called besides our own name; case, spaces and slashes do not matter."""
COUNTED = tuple(dict.fromkeys(name for names in schema.KINDS.values() for name in names))
NUMBERS = ("longitude", "latitude", "year", *COUNTED)
KNOWN = (*NUMBERS, "date", *FIELDS, "iso3", "coordinate_issue")
"""Everything that is read of a file."""


def find_columns(there: Iterable[str], given: Mapping[str, str] | None, kind: str, name: str) -> dict[str, str]:
    """Find our columns in a file.

    Parameters
    ----------
    there : iterable of str
        The columns that the file has.
    given : mapping or None
        Our name → the file's name, for those that are not found by their name.
    kind : str
        Kind of incident: only its columns of victims are read.
    name : str
        What is read, for the messages.

    Returns
    -------
    dict
        The file's name → our name.

    Raises
    ------
    RequestError
        If a column named is not one of ours.
    InputError
        If the file lacks what is needed, or two columns would do.
    """
    there, given = list(there), dict(given or {})
    for ours, theirs in given.items():
        if ours not in KNOWN:
            raise RequestError(f"There is no column {ours!r} to name. Choose among {', '.join(KNOWN)}.")
        if theirs not in there:
            raise InputError(f"{name} has no column {theirs!r}. It has: {', '.join(there)}.")
    wanted = [ours for ours in KNOWN if ours not in COUNTED or ours in schema.KINDS[kind]]
    found = {ours: [given[ours]] if ours in given else _alike(ours, there, given) for ours in wanted}
    for ours, names in found.items():
        if len(names) > 1:
            raise InputError(
                f"{name} has the columns {' and '.join(names)}; either may be the {ours}. "
                f"Say which: columns={{{ours!r}: {names[0]!r}}}."
            )
    chosen = {names[0]: ours for ours, names in found.items() if names}
    _refuse_poor(set(chosen.values()), there, kind, name)
    return chosen


def _alike(ours: str, there: list[str], given: dict[str, str]) -> list[str]:
    names = ALSO.get(ours, (ours,))
    plain = {column: column.strip().lower().replace(" ", "_").replace("/", "_") for column in there}
    return [column for column in there if plain[column] in names and column not in given.values()]


def _refuse_poor(ours: set[str], there: list[str], kind: str, name: str) -> None:
    if not {"year", "date"} & ours:
        lacking = "neither a year nor a date"
    elif not {"longitude", "latitude"} <= ours and not set(FIELDS) & ours:
        lacking = f"neither a point (longitude and latitude) nor a place text ({', '.join(FIELDS)})"
    elif kind != "any" and not set(schema.KINDS[kind]) & ours:
        lacking = f"no number of victims who were {kind} ({' or '.join(schema.KINDS[kind])})"
    else:
        return
    raise InputError(
        f"{name} has {lacking}. It has: {', '.join(there)}. Say which column is which, such as "
        "columns={'date': 'day of event'}."
    )
