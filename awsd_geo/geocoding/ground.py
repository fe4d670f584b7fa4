"""Where phrases lie on the ground: units along a line, around a point, along a border."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    import geopandas as gpd

Point = tuple[float, float]  # longitude, latitude in degrees

DIRECTION = 0.4142  # tan 22.5°: how far to the side a place may lie that is said to be "north", per unit of distance
ROUNDED = 0.1  # how far off a distance may be that someone gave, per unit of distance
SEAT_KM = 5.0  # how far from its point a town may be left
CORNERS = 48


@dataclass
class Ground:
    """The polygons of a frame, looked at only when a phrase needs them."""

    regions: gpd.GeoDataFrame

    @cached_property
    def _tree(self) -> Any:
        import shapely

        return shapely.STRtree(self.regions.geometry.to_numpy())

    def along(self, start: Point, end: Point) -> frozenset[str]:
        """Give the units that the straight line between two points meets.

        Roads bend, so this is no proof; it only says which units a way between the two can hardly miss.
        """
        import shapely

        return self._meeting(shapely.LineString([start, end]))

    def around(self, point: Point, km: float) -> frozenset[str]:
        """Give the units that a disc meets."""
        import shapely
        from pyproj import Geod

        bearings = [360.0 * corner / CORNERS for corner in range(CORNERS)]
        metres = [max(km, 0.001) * 1000] * CORNERS
        east, north = [point[0]] * CORNERS, [point[1]] * CORNERS
        longitude, latitude, _ = Geod(ellps="WGS84").fwd(east, north, bearings, metres)
        return self._meeting(shapely.Polygon(zip(longitude, latitude, strict=True)))

    def away(self, point: Point, km: float, bearing: float | None) -> frozenset[str]:
        """Give the units where a place may lie that is so far from a point, in a direction of the eight or in any."""
        from pyproj import Geod

        if bearing is None:
            return self.around(point, km * (1 + ROUNDED) + SEAT_KM)
        longitude, latitude, _ = Geod(ellps="WGS84").fwd(*point, bearing, km * 1000)
        return self.around((longitude, latitude), km * max(DIRECTION, ROUNDED) + SEAT_KM)

    def spot(self, point: Point, km: float, bearing: float | None) -> frozenset[str]:
        """Give the unit in the middle of where `away` may lie; none where no direction is said."""
        from pyproj import Geod

        if bearing is None:
            return frozenset()
        longitude, latitude, _ = Geod(ellps="WGS84").fwd(*point, bearing, km * 1000)
        return self.around((longitude, latitude), 0.0)

    def touching(self, some: Iterable[str], others: Iterable[str]) -> frozenset[str]:
        """Give the units of two groups that touch one of the other group."""
        geometry, groups = self.regions.geometry, (frozenset(some), frozenset(others))
        if groups[0] & groups[1]:
            return frozenset()
        found: set[str] = set()
        for one in groups[0]:
            meeting = self._meeting(geometry[one]) & groups[1]
            if meeting:
                found |= {one, *meeting}
        return frozenset(found)

    def middle(self, units: Iterable[str]) -> Point:
        """Give a point inside some units, in the middle where that is inside."""
        import shapely

        shape = shapely.union_all(self.regions.geometry[list(units)].to_numpy())
        point = shapely.centroid(shape)
        inside = point if shapely.contains(shape, point) else shapely.point_on_surface(shape)
        return float(inside.x), float(inside.y)

    def _meeting(self, shape: Any) -> frozenset[str]:
        return frozenset(self.regions.index[self._tree.query(shape, predicate="intersects")].tolist())
