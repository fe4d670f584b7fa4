"""Denominators: what a count is compared with. A share of incidents is no risk until one is chosen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from awsd_geo.boundaries.census import residents
from awsd_geo.errors import InputError, RequestError

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

KINDS = ("equal", "population", "area")
SAID = ("unit", "source", "source_fr", "note", "note_fr", "reason")  # what a census says of itself
FRAME = ("country", "vintage", "level")  # what attrs must say for a census to be summed


def denominator(regions: gpd.GeoDataFrame, kind: str | Mapping[str, float] | pd.Series = "equal") -> pd.Series:
    """Give the exposure of each region.

    Parameters
    ----------
    regions : GeoDataFrame, shape (n_regions,)
        From `awsd_geo.load_regions`; for "equal" and "area" any table of polygons will do.
    kind : {"equal", "population", "area"} or Series or mapping
        Every region alike; residents by the census of the country's folder; square kilometres on the WGS84
        ellipsoid (geodesic); or values of your own by ``region_id``, such as aid workers present.

    Returns
    -------
    Series of float, shape (n_regions,)
        Named ``exposure``, in the order of the regions; missing where undefined. ``attrs``: denominator ("equal",
        "population", "area" or "given"), unit, source, note and note_fr where there is something to be said, and
        reason where a value is missing.

    Raises
    ------
    RequestError
        If the kind is not known, or population is asked of regions that do not say which frame they are.
    InputError
        If values of your own lack a region, name an unknown one, or are negative, not finite or all zero; or the
        regions have no CRS when their area is asked.

    References
    ----------
    .. [1] Karney, C. F. F. (2013). Algorithms for geodesics. Journal of Geodesy 87, 43-55 (area, through PROJ).

    Examples
    --------
    >>> from awsd_geo.boundaries import load_regions
    >>> people = denominator(load_regions("MLI", vintage="2016"), "population")
    >>> int(people["MLI-2016-mopti"]), people.attrs["unit"]
    (1974684, 'residents')
    """
    if not isinstance(kind, str):
        return _given(regions, kind)
    if kind not in KINDS:
        raise RequestError(f"Unknown denominator {kind!r}. Choose from: {', '.join(KINDS)}, or give values by region.")
    return {"equal": _equal, "population": _population, "area": _area}[kind](regions)


def _equal(regions: gpd.GeoDataFrame) -> pd.Series:
    return _named(regions, 1.0, {"denominator": "equal", "unit": "regions", "source": "none: every region counts 1"})


def _population(regions: gpd.GeoDataFrame) -> pd.Series:
    """Look the census up for the frame that the regions say they are."""
    if absent := [name for name in FRAME if name not in regions.attrs]:
        raise RequestError(
            f"The regions do not say their {', '.join(absent)} (attrs), so no census can be summed into them. "
            "Use load_regions(), or give the residents by region_id yourself."
        )
    country, vintage, level = (regions.attrs[name] for name in FRAME)
    census = residents(country, level=level, vintage=vintage)
    said: dict[Any, Any] = {name: census.attrs[name] for name in SAID if name in census.attrs}
    return _named(regions, census.reindex(regions.index), {"denominator": "population"} | said)


def _area(regions: gpd.GeoDataFrame) -> pd.Series:
    """Measure each polygon on the ellipsoid."""
    from pyproj import Geod

    if regions.crs is None:
        raise InputError("The regions have no CRS, so their area is unknown. Use set_crs().")
    ellipsoid = Geod(ellps="WGS84")
    km2 = [abs(ellipsoid.geometry_area_perimeter(shape)[0]) / 1e6 for shape in regions.geometry.to_crs("EPSG:4326")]
    said = {"denominator": "area", "unit": "km2", "source": "geodesic area of the boundaries on WGS84"}
    return _named(regions, km2, said)


def _given(regions: gpd.GeoDataFrame, values: Mapping[str, float] | pd.Series) -> pd.Series:
    """Check values of the user's own."""
    import numpy as np
    import pandas as pd

    given = pd.Series(values, dtype=float)
    if given.index.duplicated().any():
        raise InputError(f"The exposure names {given.index[given.index.duplicated()][0]!r} twice. Give one value each.")
    if len(absent := regions.index.difference(given.index)):
        raise InputError(f"The exposure lacks {_some(absent)}. Give a value for each region_id.")
    if len(unknown := given.index.difference(regions.index)):
        raise InputError(f"The exposure names {_some(unknown)}, not among the regions. They are keyed by region_id.")
    if len(wrong := given.index[~np.isfinite(given) | (given < 0)]):
        raise InputError(f"The exposure of {_some(wrong)} is negative or not a number. Give finite values from 0 up.")
    if len(given) and not given.sum() > 0:
        raise InputError("The exposure is 0 everywhere. Give at least one region a value over 0.")
    own: Mapping[Any, Any] = getattr(values, "attrs", {})
    said = {"denominator": "given", "unit": own.get("unit", "units"), "source": own.get("source", "the user")}
    return _named(regions, given.reindex(regions.index), said)


def _some(ids: pd.Index) -> str:
    """Name up to three ids and how many more there are."""
    more = f" and {len(ids) - 3} more" if len(ids) > 3 else ""
    return ", ".join(map(str, ids[:3])) + more


def _named(regions: gpd.GeoDataFrame, values: Any, attributes: Mapping[Any, Any]) -> pd.Series:
    import pandas as pd

    exposure = pd.Series(values, index=regions.index, name="exposure", dtype=float)
    exposure.attrs = dict(attributes)
    return exposure
