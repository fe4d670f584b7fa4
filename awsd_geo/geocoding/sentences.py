"""The sentences that say how far a point lies away: one a row, for each point has its own distance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from awsd_geo.geocoding.nearest import metres_between

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    Whole = NDArray[np.int64]

    from awsd_geo.geocoding.cases import Cases
    from awsd_geo.geocoding.placing import Placement


def reasons(placements: list[Placement], cases: Cases, regions: gpd.GeoDataFrame) -> Any:
    """Give the sentence of each row, or None where there is nothing to say.

    Parameters
    ----------
    placements : list of Placement
        Of each distinct case.
    cases : Cases
        The case and the point of each row.
    regions : GeoDataFrame
        The frame.

    Returns
    -------
    array of text, shape (n_rows,)
    """
    import pandas as pd

    whys: list[Any] = [placement.why for placement in placements]
    said = pd.array(whys, dtype="string").take(cases.code)
    measured = np.array([placement.measured is not None for placement in placements], dtype=bool)
    rows = np.flatnonzero(measured[cases.code])
    if not len(rows):
        return said
    alike, first = _alike(rows, cases)
    texts = np.empty(len(first), dtype=object)
    conflict = np.array([placement.conflict for placement in placements])[cases.code[first]]
    texts[conflict] = _aways(first[conflict], placements, cases, regions)
    texts[~conflict] = [f"{metres / 1000:.1f} km outside every unit" for metres in cases.distance_m[first[~conflict]]]
    around = [placements[case].measured or ("", "") for case in cases.code[first].tolist()]
    texts[:] = [f"{before}{text}{after}" for text, (before, after) in zip(texts, around, strict=True)]
    said[rows] = texts[alike]
    return said


def _alike(rows: Whole, cases: Cases) -> tuple[Whole, Whole]:
    """Give rows of the same case and point one number, and the first row of each number."""
    import pandas as pd

    keys = [cases.code[rows], cases.longitude[rows], cases.latitude[rows]]
    alike = pd.DataFrame(dict(enumerate(keys))).groupby([0, 1, 2], sort=False).ngroup().to_numpy().astype(np.int64)
    first = np.zeros(int(alike.max()) + 1, dtype=np.int64)
    first[alike[::-1]] = rows[::-1]
    return alike, first


def _aways(rows: Whole, placements: list[Placement], cases: Cases, regions: gpd.GeoDataFrame) -> list[str]:
    """Say where each point lies, and how far from the unit that the text names."""
    named = regions.index.get_indexer([placements[case].region_id for case in cases.code[rows].tolist()])
    distance_m = metres_between(np.asarray(regions.geometry.array)[named], cases.longitude[rows], cases.latitude[rows])
    places = {unit: f"in {name}" for unit, name in zip(regions.index.tolist(), regions["name"], strict=True)}
    where = [places.get(cases.distinct[case].unit, "outside the country") for case in cases.code[rows].tolist()]
    away = [f"{km:.0f} km" if km >= 1 else "under 1 km" for km in (distance_m / 1000).tolist()]
    return [f"{place}, {distance} away" for place, distance in zip(where, away, strict=True)]
