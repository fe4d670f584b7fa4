"""One frame in terms of another: what share of each unit went where, and counts carried over with their doubt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from awsd_geo.errors import InputError, RequestError
from awsd_geo.results import Result

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

BY = ("area", "population")
SLIVER = 0.005
"""Share of a unit below which an overlap of two drawings is a difference of drawing, not a piece of the unit."""
FRAME = ("country", "vintage", "level")


@dataclass(frozen=True, slots=True, eq=False)
class Crosswalk(Result):
    """Which share of each unit of one frame lies in which unit of another.

    ``table`` has one row a pair of units that share ground, index (``from_id``, ``to_id``): ``from_name``, ``to_name``,
    ``share`` of the first unit's area, residents or weight in the second (sums to 1 by first unit; missing where
    undefined), and ``relation``: "same" (one unit, two frames), "whole" (the first lies in the second) or "part".
    """

    by: str  # "area", "population" or "given"
    old: str  # the frames, in words
    new: str
    exact: bool  # every unit of the first frame lies in one unit of the second
    approximate: tuple[str, ...]  # frames whose lines are not those of the law
    slivers: int  # overlaps that were set aside as differences of drawing
    reason: str | None  # why a share is missing

    def summary(self) -> str:
        """State the finding in words: which units are split, and whether counts can be carried over exactly."""
        split = self.table[self.table["relation"] == "part"].groupby("from_name", sort=False)["to_name"].agg(", ".join)
        lines = f" The lines of {' and '.join(self.approximate)} are approximate." if self.approximate else ""
        if self.exact:
            return f"Every unit of {self.old} lies in one unit of {self.new}: counts carry over exactly.{lines}"
        parts = "; ".join(f"{name} into {into}" for name, into in split.items())
        every, are = self.table.index.get_level_values(0).nunique(), "is" if len(split) == 1 else "are"
        how = "weights of your own" if self.by == "given" else self.by
        missing = f" {self.reason}" if self.reason else ""
        return (
            f"From {self.old} to {self.new} {len(split)} of {every} units {are} split: {parts}. "
            f"Their counts are shared out by {how}, approximately.{lines}{missing}"
        )

    def apply(self, counts: pd.Series) -> pd.DataFrame:
        """Carry counts over to the second frame.

        Where the incidents themselves are at hand, placing them in the other frame (`awsd_geo.geocode`) is better.

        Parameters
        ----------
        counts : Series of int, shape (n_units,) or (n_units * n_years,)
            Incidents by ``region_id`` of the first frame, or by ``region_id`` and ``year``.

        Returns
        -------
        DataFrame
            By ``region_id`` of the second frame (and ``year``): ``incidents`` (float: what the shares give; missing
            where a share is), ``lowest`` and ``highest`` (int: what is certain, and what is possible, wherever the
            incidents of split units fell), ``exact``. The incidents sum to those given.

        Raises
        ------
        InputError
            If a unit that was counted is not in the first frame.
        """
        keys = ["region_id", *counts.index.names[1:]]
        by_unit = counts.rename("highest").rename_axis(["from_id", *keys[1:]]).reset_index()
        strange = by_unit.loc[~by_unit["from_id"].isin(self.table.index.get_level_values("from_id")), "from_id"]
        if len(strange):
            raise InputError(f"{strange.iloc[0]!r} is not in {self.old}, the frame that this starts from.")
        rows = self.table[["share", "relation"]].rename_axis(["from_id", "region_id"]).reset_index()
        rows = rows.merge(by_unit, on="from_id")
        rows["lowest"] = rows["highest"].where(rows["relation"] != "part", 0)
        rows["incidents"] = (rows["highest"] * rows["share"]).where(rows["highest"] > 0, 0.0)
        table = rows.groupby(keys, sort=False)[["incidents", "lowest", "highest"]].sum(skipna=False)
        table["exact"] = table["lowest"] == table["highest"]
        table.attrs = {"crosswalk": self.summary()}
        return table


def crosswalk(old: gpd.GeoDataFrame, new: gpd.GeoDataFrame, *, by: str | pd.Series = "area") -> Crosswalk:
    """Say which share of each unit of one frame lies in which unit of another.

    Two frames of one country's folder are compared by the finest units that both are made of: exact, without any
    geometry. Other frames are laid over each other, and overlaps below 0.5 % of either unit are set aside as
    differences of drawing.

    Parameters
    ----------
    old, new : GeoDataFrame
        Two frames, as `awsd_geo.load_regions` gives them, of any levels.
    by : {"area", "population"} or Series of float
        What is shared out: square kilometres (geodesic, WGS84), residents by the census of the country's folder, or
        weights of your own by finest unit (``cell`` of `awsd_geo.boundaries.membership`), such as incidents.

    Returns
    -------
    Crosswalk

    Raises
    ------
    RequestError
        If ``by`` is unknown, or population or weights are asked of frames without common finest units.
    InputError
        If a frame has no CRS, or weights lack a cell or are negative.

    Examples
    --------
    >>> from awsd_geo import frames, load_regions
    >>> walk = frames.crosswalk(load_regions("MLI", vintage="1991"), load_regions("MLI", vintage="2016"))
    >>> walk.table.loc["MLI-1991-gao", "share"].round(2).to_dict()
    {'MLI-2016-gao': 0.56, 'MLI-2016-menaka': 0.44}
    """
    if isinstance(by, str) and by not in BY:
        raise RequestError(f"Unknown weight {by!r}. Choose from: {', '.join(BY)}, or give weights by finest unit.")
    cells = _common_cells(old, new)
    if cells is None and not (isinstance(by, str) and by == "area"):
        raise RequestError(
            "These frames are not made of the same finest units, so only area can be shared out. Take by='area'."
        )
    slivers, reason = 0, None
    if cells is None:
        weighed, slivers = _overlaid(old, new)
    else:
        weighed, reason = _by_cell(cells, old, by)
    table = _related(weighed, old, new)
    return Crosswalk(
        table=table,
        by=by if isinstance(by, str) else "given",
        old=_said(old),
        new=_said(new),
        exact=not (table["relation"] == "part").any(),
        approximate=tuple(dict.fromkeys(_said(frame) for frame in (old, new) if frame.attrs.get("approximate"))),
        slivers=slivers,
        reason=reason,
    )


def _said(frame: gpd.GeoDataFrame) -> str:
    """Name a frame."""
    known = frame.attrs
    if not set(FRAME) <= known.keys():
        return f"a frame of {len(frame)} units"
    level = "" if known["level"] == 1 else f", level {known['level']}"
    return f"{known['country']} {known['vintage']}{level}"


def _common_cells(old: gpd.GeoDataFrame, new: gpd.GeoDataFrame) -> pd.DataFrame | None:
    """Give the unit of each finest unit in both frames, if one table of membership knows both."""
    from awsd_geo import boundaries

    if (
        not all(set(FRAME) <= frame.attrs.keys() for frame in (old, new))
        or old.attrs["country"] != new.attrs["country"]
    ):
        return None
    member = boundaries.membership(old.attrs["country"])
    columns = [f"level_{frame.attrs['level']}_{frame.attrs['vintage']}" for frame in (old, new)]
    if not set(columns) <= set(member.columns):
        return None
    pairs = member[columns].set_axis(["from_id", "to_id"], axis=1)
    return pairs[pairs["from_id"].isin(old.index) & pairs["to_id"].isin(new.index)]


def _by_cell(cells: pd.DataFrame, old: gpd.GeoDataFrame, by: str | pd.Series) -> tuple[pd.Series, str | None]:
    """Sum what is shared out over the finest units of each pair; a reason where a sum is missing."""
    import pandas as pd

    groups = [cells["from_id"], cells["to_id"]]
    if isinstance(by, pd.Series):
        return _given(cells, by).groupby(groups, sort=False).sum(), None
    country, vintage = old.attrs["country"], old.attrs["vintage"]
    if by == "population":
        return _residents(cells, country)
    from awsd_geo import boundaries, exposure

    finest = boundaries.find_country(country).levels[-1].number
    km2 = exposure.denominator(boundaries.load_regions(country, level=finest, vintage=vintage), "area")
    unit = boundaries.membership(country).loc[cells.index, f"level_{finest}_{vintage}"]
    return unit.map(km2).groupby(groups, sort=False).sum(), None


def _given(cells: pd.DataFrame, weights: pd.Series) -> pd.Series:
    """Check weights of the user's own."""
    absent = cells.index.difference(weights.index)
    if len(absent) or not (weights.reindex(cells.index) >= 0).all():
        first = f"lack {absent[0]!r}" if len(absent) else "are negative or missing somewhere"
        raise InputError(f"The weights {first}. Give a number of 0 or more for each cell of membership().")
    return weights.reindex(cells.index).astype(float)


def _residents(cells: pd.DataFrame, country: str) -> tuple[pd.Series, str | None]:
    """Sum residents over the units of the census, where these lie in one pair each."""
    from awsd_geo import boundaries
    from awsd_geo.boundaries.census import residents

    for vintage in reversed(boundaries.find_country(country).vintages):
        counted = residents(country, vintage=vintage.name)
        if counted.notna().any():
            break
    unit = boundaries.membership(country).loc[cells.index, f"level_1_{vintage.name}"]
    pairs = cells.assign(unit=unit).drop_duplicates()
    pairs["people"] = pairs["unit"].map(counted).mask(pairs["unit"].duplicated(keep=False))
    summed = pairs.groupby(["from_id", "to_id"], sort=False)["people"].sum(skipna=False)
    reason = counted.attrs.get("reason") or "A unit of the census lies in several of these units."
    return summed, reason if summed.isna().any() else None


def _overlaid(old: gpd.GeoDataFrame, new: gpd.GeoDataFrame) -> tuple[pd.Series, int]:
    """Give the square kilometres that each pair shares, and how many overlaps were set aside as slivers."""
    import pandas as pd
    import shapely

    from awsd_geo import exposure

    shapes, others = old.geometry.to_crs("EPSG:4326").to_numpy(), new.geometry.to_crs("EPSG:4326").to_numpy()
    one, other = shapely.STRtree(others).query(shapes, predicate="intersects")
    index = pd.MultiIndex.from_arrays([old.index[one], new.index[other]], names=["from_id", "to_id"])
    common = old.iloc[one].set_geometry(shapely.intersection(shapes[one], others[other]), crs="EPSG:4326")
    shared = pd.Series(exposure.denominator(common, "area").to_numpy(), index=index)
    sizes = [exposure.denominator(frame, "area").iloc[place].to_numpy() for frame, place in ((old, one), (new, other))]
    kept = (shared >= SLIVER * sizes[0]) | (shared >= SLIVER * sizes[1])
    return shared[kept], int((~kept & (shared > 0)).sum())


def _related(weighed: pd.Series, old: gpd.GeoDataFrame, new: gpd.GeoDataFrame) -> pd.DataFrame:
    """Make the table of a crosswalk from what each pair shares."""
    first, second = weighed.index.get_level_values(0), weighed.index.get_level_values(1)
    whole = ~first.duplicated(keep=False)
    share = weighed / weighed.groupby(level=0).transform("sum", skipna=False)
    table = share.mask(whole, 1.0).to_frame("share")
    table.insert(0, "to_name", new["name"].loc[second].to_numpy())
    table.insert(0, "from_name", old["name"].loc[first].to_numpy())
    table["relation"] = "part"
    table.loc[whole, "relation"] = "whole"
    table.loc[whole & ~second.duplicated(keep=False), "relation"] = "same"
    places = [ids.get_indexer(level) for ids, level in ((old.index, first), (new.index, second))]
    return table.iloc[sorted(range(len(table)), key=lambda row: (places[0][row], places[1][row]))]
