"""How many people live in the units of a country."""

from __future__ import annotations

from typing import TYPE_CHECKING

from awsd_geo.boundaries.country import Country, Vintage, find_country, rows
from awsd_geo.text import slug

if TYPE_CHECKING:
    import pandas as pd

OTHER_FRAME = "There is no census for these boundaries; give the residents of each unit yourself to have rates."


def residents(country: str | Country, *, level: int = 1, vintage: str) -> pd.Series:
    """Sum a census into the units of a frame.

    Parameters
    ----------
    country : str or Country
        As in `find_country`.
    level : int
        Level of the units.
    vintage : str
        Name of the frame.

    Returns
    -------
    Series of float, shape (n_units,)
        Residents by ``region_id``, named ``residents``; missing where the census cannot say: below level 1, and
        where a unit of the census lies in several units of the frame. ``attrs``: unit, year, source, note,
        note_fr, estimated (how many of them were not counted, by ``region_id``), and ``reason`` where some
        value is missing.

    Raises
    ------
    RequestError
        If the country, the level or the frame is not known.

    Examples
    --------
    >>> int(residents("MLI", vintage="1991")["MLI-1991-mopti"])
    1974684
    """
    import pandas as pd

    found = find_country(country)
    frame = found.vintage(vintage)
    census, target, finest = found.facts["population"], found.level(level, frame), found.levels[-1]
    if frame.folder != found.folder or not (cells := rows(found, "membership")):
        return _unknown(found, frame, level)
    column = target.column.format(vintage=frame.name)
    names = [row["key"] if target is finest else slug(row[column]) for row in cells]
    places = pd.DataFrame({"unit": [slug(row[census["column"]]) for row in cells], "region": names}).drop_duplicates()
    columns = ["population", "estimated_not_enumerated"]
    counted = pd.DataFrame(rows(found, "population"), columns=["key", *columns]).set_index("key")
    summed = places.join(counted[columns].astype(float), on="unit").groupby("region")[columns].sum(min_count=1)
    split = places.loc[places["unit"].duplicated(keep=False), "region"]
    undefined = summed.index.isin(split) | (level > found.levels[0].number) | summed["population"].isna().to_numpy()
    summed.index = pd.Index([found.unit_id(frame.name, level, key) for key in summed.index], name="region_id")
    result = summed["population"].mask(undefined).rename("residents")
    result.attrs = {
        name: census[name] for name in ("unit", "year", "source", "source_fr", "note", "note_fr") if name in census
    }
    result.attrs["estimated"] = summed["estimated_not_enumerated"][~undefined].astype(int).to_dict()
    if undefined.any():
        result.attrs["reason"] = census["undefined"]
    return result


def _unknown(country: Country, frame: Vintage, level: int) -> pd.Series:
    """Give a frame that no census fits missing values, with the reason."""
    import pandas as pd

    from awsd_geo.boundaries.regions import load_regions

    units = load_regions(country, level=level, vintage=frame.name).index
    result = pd.Series(float("nan"), index=units, name="residents")
    census = country.facts["population"]
    reason = census["undefined"] if frame.folder == country.folder else OTHER_FRAME
    result.attrs = {name: census[name] for name in ("unit", "source", "note", "note_fr") if name in census}
    result.attrs |= {"year": census.get("year"), "estimated": {}, "reason": reason}
    return result
