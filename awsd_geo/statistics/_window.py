"""The window in which points were looked for: a rectangle or polygons, its border and how circles cross it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from awsd_geo.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Whole = NDArray[np.int64]

BATCH = 1_000_000  # numbers held at a time


@dataclass(frozen=True, slots=True, eq=False)
class Window:
    """A window with its lower left corner at (0, 0), so that no digit is lost to large coordinates."""

    shape: Any  # shapely polygon or polygons
    corner: Floats  # (2,), what was taken off
    width: float
    height: float
    area: float
    perimeter: float
    edges: Floats  # (m, 4): x1, y1, x2, y2, the inside to the left
    rectangle: bool

    @property
    def diameter(self) -> float:
        """Diagonal of the rectangle that holds the window."""
        return float(np.hypot(self.width, self.height))

    def holds(self, points: Floats) -> NDArray[np.bool_]:
        """Say which points are inside or on the border."""
        import shapely

        if self.rectangle:
            return np.asarray(((points >= 0) & (points <= [self.width, self.height])).all(axis=1))
        return np.asarray(shapely.intersects_xy(self.shape, points))

    def random(self, n: int, chance: np.random.Generator) -> Floats:
        """Draw points, each place as likely."""
        if self.rectangle:
            return chance.random((n, 2)) * [self.width, self.height]
        kept: list[Floats] = []
        share = self.area / (self.width * self.height)
        while (had := sum(map(len, kept))) < n:
            tried = chance.random((int((n - had) / share * 1.2) + 10, 2)) * [self.width, self.height]
            kept.append(tried[self.holds(tried)])
        return np.concatenate(kept)[:n]

    def to_border(self, points: Floats) -> Floats:
        """Measure from each point to the border."""
        if self.rectangle:
            return np.asarray(np.concatenate([points, [self.width, self.height] - points], axis=1).min(axis=1))
        far = [np.sqrt(_squared(points[rows], self.edges).min(axis=1)) for rows in _rows(len(points), len(self.edges))]
        return np.concatenate(far) if far else np.zeros(0)

    def overlap(self, shifts: Floats) -> Floats:
        """Give the area that the window shares with itself shifted."""
        import shapely

        if self.rectangle:
            left = np.array([self.width, self.height]) - np.abs(shifts)
            return np.asarray(np.clip(left, 0, None).prod(axis=1))
        moved = [shapely.transform(self.shape, lambda at, by=shift: at + by) for shift in shifts]
        return np.asarray(shapely.area(shapely.intersection(self.shape, moved)))

    def share_of_circles(self, points: Floats, centre: Whole, radius: Floats) -> Floats:
        """Give the share of each circle's line that lies within the window.

        Parameters
        ----------
        points : ndarray, shape (n, 2)
            Inside the window.
        centre : ndarray of int, shape (k,)
            The point that each circle is drawn round.
        radius : ndarray, shape (k,)

        Returns
        -------
        ndarray, shape (k,)
            From 0 to 1. A side that leaves the circle starts an arc inside, one that enters ends it; so the sum of
            the angles of the entries less those of the exits is the angle inside, without looking at any arc.
        """
        share, sides = np.ones(len(centre)), len(self.edges)
        order = np.argsort(centre, kind="stable")
        begin = np.searchsorted(centre[order], np.arange(len(points) + 1))
        for some in _rows(len(points), sides):
            here = points[some]
            near, far = _squared(here, self.edges), _farthest(here, self.edges)
            mine = order[begin[some.start] : begin[min(some.stop, len(points))]]
            mine = mine[np.square(radius[mine]) > near.min(axis=1)[centre[mine] - some.start]]
            for part in _rows(len(mine), sides):
                rows = mine[part]
                at, square = centre[rows] - some.start, np.square(radius[rows])[:, None]
                which, side = np.nonzero((near[at] <= square * (1 + 1e-9)) & (far[at] >= square * (1 - 1e-9)))
                share[rows] = self._shares(points[centre[rows]], radius[rows], which, side)
        return share

    def _shares(self, middle: Floats, radius: Floats, which: Whole, side: Whole) -> Floats:
        """Add up the angles at which the sides may cross their circles."""
        edges, square = self.edges[side], np.square(radius)[which]
        start, end = edges[:, :2] - middle[which], edges[:, 2:] - middle[which]
        along = edges[:, 2:] - edges[:, :2]
        a, b = np.square(along).sum(axis=1), (start * along).sum(axis=1)
        before, after = np.square(start).sum(axis=1) - square, np.square(end).sum(axis=1) - square
        outside, then_outside, under_root = before >= 0, after >= 0, b * b - a * before
        through = outside & then_outside & (b < 0) & (-b < a) & (under_root > 0)
        root = np.sqrt(np.clip(under_root, 0, None))
        angle = np.zeros(len(middle))
        ways = (
            (1, outside & (~then_outside | through), (-b - root) / a),
            (-1, then_outside & (~outside | through), (-b + root) / a),
        )
        for sign, crosses, part in ways:
            at = start[crosses] + part[crosses, None] * along[crosses]
            turn = np.arctan2(at[:, 1], at[:, 0])
            angle += sign * np.bincount(which[crosses], weights=turn, minlength=len(middle))
        share = np.mod(angle / (2 * np.pi), 1)
        doubt = (share < 1e-9) | (share > 1 - 1e-9)  # all or nothing: one place on the circle tells
        share[doubt] = self.holds(middle[doubt] + radius[doubt, None] * [np.cos(1), np.sin(1)])
        return share


def _farthest(points: Floats, edges: Floats) -> Floats:
    """Square of the distance from every point to the farther end of every side."""
    ends = (edges[None, :, :2], edges[None, :, 2:])
    first, last = (np.square(points[:, None] - end).sum(axis=-1) for end in ends)
    return np.asarray(np.maximum(first, last))


def _squared(points: Floats, edges: Floats) -> Floats:
    """Square of the distance from every point to every side."""
    start, along = edges[None, :, :2], (edges[:, 2:] - edges[:, :2])[None]
    away = points[:, None] - start
    part = np.clip((away * along).sum(axis=-1) / np.square(along).sum(axis=-1), 0, 1)
    return np.asarray(np.square(away - part[..., None] * along).sum(axis=-1))


def _rows(n: int, by: int) -> Iterator[slice]:
    step = max(BATCH // max(by, 1), 1)
    return (slice(first, first + step) for first in range(0, n, step))


def outline(window: Any) -> Any:
    """Read a window as a shapely polygon or polygons.

    Raises
    ------
    InputError
        If it is neither four numbers nor polygons, or has no area.
    """
    import shapely

    shape = window
    if hasattr(window, "geometry") and hasattr(window, "crs"):
        shape = window.geometry.union_all()
    elif isinstance(window, (tuple, list, np.ndarray)):
        if len(window) != 4:
            raise InputError("A window of numbers has four: x from, y from, x to, y to.")
        shape = shapely.box(*map(float, window))
    if getattr(shape, "geom_type", None) not in {"Polygon", "MultiPolygon"}:
        raise InputError("The window must be four numbers (x from, y from, x to, y to), a polygon, or regions.")
    if not shape.is_valid or not shape.area > 0:
        raise InputError("The window has no area or crosses itself. Repair it with shapely.make_valid.")
    return shape


def window_of(window: Any) -> Window:
    """Prepare a window: corner at (0, 0), sides in order with the inside to the left."""
    import shapely

    shape = outline(window)
    x_from, y_from, x_to, y_to = shape.bounds
    corner = np.array([x_from, y_from])
    moved = shapely.orient_polygons(shapely.transform(shape, lambda at: at - corner))
    rings = [shapely.get_coordinates(ring) for ring in shapely.get_rings(moved)]
    edges = np.concatenate([np.hstack([ring[:-1], ring[1:]]) for ring in rings])
    edges = edges[(edges[:, :2] != edges[:, 2:]).any(axis=1)]
    width, height = x_to - x_from, y_to - y_from
    rectangle = bool(moved.equals(shapely.box(0, 0, width, height)))
    shapely.prepare(moved)
    area = width * height if rectangle else float(moved.area)
    return Window(moved, corner, width, height, area, float(moved.length), edges, rectangle)


def inside(points: Floats, window: Window) -> Floats:
    """Move points to the window's corner; a point outside is refused, not dropped.

    Raises
    ------
    InputError
        If a point lies outside the window.
    """
    moved = points - window.corner
    out = ~window.holds(moved)
    if out.any():
        raise InputError(
            f"{int(out.sum())} of {len(points)} points lie outside the window, the first at "
            f"({points[out][0][0]:g}, {points[out][0][1]:g}). Leave them out, or widen the window."
        )
    return moved
