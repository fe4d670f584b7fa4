"""Rows that are alike in all that decides where they are: each such case is decided once, however many rows it has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from awsd_geo import schema
from awsd_geo.geocoding.door import degrees
from awsd_geo.geocoding.names import FIELDS, PlaceNames, Reading, frame_of, place_names
from awsd_geo.geocoding.points import SNAP_M, unit_of_points

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

    from awsd_geo.geocoding.gazetteer import Gazetteer

    Texts = tuple[str | None, ...]
    Codes = NDArray[np.int64]

FEW = 4_000_000  # keys that are told apart by a table of them, many times faster than by hashing
PRECISION = dict(zip(FIELDS, ("region", "district", "settlement"), strict=True))


class Case(NamedTuple):
    """All that decides about an incident."""

    reading: Reading
    precision: str | None  # of the finest text that was understood; None without one
    here: bool | None  # the incident is in the country of the frame; None where frame or table does not say
    issue: str  # what is wrong with the point
    unit: str | None  # unit of the point
    snapped: bool  # ... which lies just outside of it


@dataclass(frozen=True, slots=True, eq=False)
class Cases:
    """The distinct cases of a table, and the case of each row."""

    country: str | None  # of the frame, where the table says in which country an incident is
    distinct: list[Case]
    code: Codes  # case of each row, shape (n_rows,)
    issue: Codes  # place in schema.COORDINATE_ISSUES of each row
    longitude: Any
    latitude: Any
    distance_m: Any  # from the nearest unit; 0 inside, infinite beyond the snap, NaN without a point

    @classmethod
    def of(cls, incidents: pd.DataFrame, regions: gpd.GeoDataFrame, gazetteer: Gazetteer | None = None) -> Cases:
        """Read each distinct text and look up the points, once.

        Parameters
        ----------
        incidents : DataFrame
            With ``coordinate_issue``, as :func:`awsd_geo.geocoding.door.complete` gives it.
        regions : GeoDataFrame
            The frame.
        gazetteer : Gazetteer, optional
            Places besides those that come with the frame.

        Returns
        -------
        Cases
        """
        import pandas as pd

        longitude, latitude = (degrees(incidents, name) for name in ("longitude", "latitude"))
        held, distance_m = unit_of_points(regions, longitude, latitude, farthest_m=SNAP_M)
        issue = _issues(incidents["coordinate_issue"], distance_m)
        unit, units = pd.factorize(held)
        frame = frame_of(regions)
        country = frame[0] if frame and "iso3" in incidents.columns else None
        here = np.zeros(len(incidents), np.int64) if country is None else _is(incidents["iso3"], country)
        text, readings = _readings(incidents, place_names(regions, gazetteer))
        keys = [here, issue, unit + 1, ((distance_m > 0) & (unit >= 0)).astype(np.int64)]
        sizes = [2, len(schema.COORDINATE_ISSUES), len(units) + 1, 2]
        code, parts = _distinct(text, keys, sizes)
        distinct = [
            Case(
                *readings[which],
                None if country is None else bool(inside),
                schema.COORDINATE_ISSUES[flaw],
                units[held - 1] if held else None,
                bool(snapped),
            )
            for which, inside, flaw, held, snapped in parts
        ]
        return cls(country, distinct, code, issue, longitude, latitude, distance_m)


def _issues(given: pd.Series, distance_m: Any) -> Codes:
    """Give what is wrong with each point, now that it is known whether it lies in a unit."""
    import pandas as pd

    name = {issue: place for place, issue in enumerate(schema.COORDINATE_ISSUES)}
    issue = np.array(pd.Categorical(given, categories=list(schema.COORDINATE_ISSUES)).codes, dtype=np.int64)
    issue[(distance_m > SNAP_M) & (issue != name["unreadable"])] = name["outside_country"]
    issue[np.isnan(distance_m) & (issue != name["unreadable"])] = name["missing"]
    return issue


def _is(column: pd.Series, value: str) -> Codes:
    return (column == value).fillna(value=False).to_numpy(dtype=bool).astype(np.int64)


def _readings(incidents: pd.DataFrame, names: PlaceNames) -> tuple[Codes, list[tuple[Reading, str | None]]]:
    """Read each distinct place text; texts that are read alike share one code."""
    code, texts = _texts(incidents)
    names.prepare(texts)
    alike: dict[tuple[Any, ...], int] = {}
    read: list[tuple[Reading, str | None]] = []
    as_read = np.empty(len(texts), np.int64)
    for number, text in enumerate(texts):
        reading = names.read(text)
        precision = reading.precision or _precision(text, reading)
        weights = None if reading.weights is None else tuple(sorted(reading.weights.items()))
        flags = (reading.ambiguous, bool(reading.unknown), bool(reading.against))
        key = (reading.units, weights, precision, flags, reading.instead, reading.likely, reading.read_as)
        as_read[number] = alike.setdefault(key, len(read))
        if as_read[number] == len(read):
            read.append((reading, precision))
    return as_read[code], read


def _precision(texts: Texts, reading: Reading) -> str | None:
    """Name the finest text that was understood, where the reading itself does not."""
    used = [name for name, text in zip(FIELDS, texts, strict=True) if text in reading.used]
    return PRECISION[used[-1]] if used else None


def _texts(incidents: pd.DataFrame) -> tuple[Codes, list[Texts]]:
    """Give each row the number of its place text (region, district, city), and the texts."""
    import pandas as pd

    code = np.zeros(len(incidents), np.int64)
    texts: list[Texts] = [()]
    for name in FIELDS:
        if name in incidents.columns:
            own, found = pd.factorize(incidents[name])
            words = [*map(str, found), None]
        else:
            own, words = np.full(len(incidents), -1), [None]
        own[own < 0] = len(words) - 1
        code, distinct = _numbered(code * len(words) + own, len(texts) * len(words))
        texts = [(*texts[key // len(words)], words[key % len(words)]) for key in distinct.tolist()]
    return code, texts


def _distinct(first: Codes, keys: list[Codes], sizes: list[int]) -> tuple[Codes, list[tuple[int, ...]]]:
    """Give each row the number of its combination of codes, and the combinations."""
    joined, most = first, int(first.max(initial=-1)) + 1
    for key, size in zip(keys, sizes, strict=True):
        joined, most = joined * size + key, most * size
    code, distinct = _numbered(joined, most)
    parts = []
    for size in reversed(sizes):
        distinct, part = np.divmod(distinct, size)
        parts.append(part.tolist())
    return code, list(zip(distinct.tolist(), *reversed(parts), strict=True))


def _numbered(key: Codes, most: int) -> tuple[Codes, Codes]:
    """Give each key the number of its kind, and the kinds: in order where few are possible, else as they come."""
    import pandas as pd

    if most > FEW:
        return pd.factorize(key)
    there = np.zeros(most, dtype=bool)
    there[key] = True
    return (np.cumsum(there) - 1)[key], np.flatnonzero(there)
