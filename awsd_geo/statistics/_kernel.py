"""Kernel density on a grid of flat metres: points dropped on the grid, then smoothed along rows and columns by FFT."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from awsd_geo.errors import RequestError
from awsd_geo.statistics._planar import flat_shape

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Whole = NDArray[np.int64]

FAR = 8.0  # bandwidths, beyond which the kernel is nil (1e-14 of its height)
MARGIN = 3.0  # bandwidths round the points where no window is given


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """Square cells of flat metres."""

    system: str  # the projection, as PROJ writes it
    left: float  # metres, of the first column's middle
    low: float
    cell_m: float
    columns: int
    rows: int

    @property
    def x_m(self) -> Floats:
        """Middles of the columns."""
        return np.asarray(self.left + self.cell_m * np.arange(self.columns), dtype=np.float64)

    @property
    def y_m(self) -> Floats:
        """Middles of the rows, from the south."""
        return np.asarray(self.low + self.cell_m * np.arange(self.rows), dtype=np.float64)

    def corners(self, metres: Floats) -> tuple[Whole, Floats]:
        """Share each point between the four middles round it.

        Returns
        -------
        cell : ndarray of int, shape (4, n)
            Flat number of the cell.
        share : ndarray, shape (4, n)
            Sums to 1 for each point.
        """
        cell, right, up = self._split(metres)
        cells = np.stack([cell, cell + 1, cell + self.columns, cell + self.columns + 1])
        left, down = 1 - right, 1 - up
        return cells, np.stack([left * down, right * down, left * up, right * up])

    def binned(self, metres: Floats, weights: Floats | None = None) -> Floats:
        """Put points on the grid, shape (rows, columns), sum kept."""
        cell, right, up = self._split(metres)
        flat, size = np.zeros(self.rows * self.columns), self.rows * self.columns
        for step, row_share in ((0, 1 - up), (self.columns, up)):
            heavy = row_share if weights is None else row_share * weights
            share = heavy * right
            flat += np.bincount(cell + (step + 1), weights=share, minlength=size)
            flat += np.bincount(cell + step, weights=heavy - share, minlength=size)
        return np.asarray(flat.reshape(self.rows, self.columns), dtype=np.float64)

    def _split(self, metres: Floats) -> tuple[Whole, Floats, Floats]:
        """Give the cell to the lower left of each point, and how far the point lies to the right and up."""
        x = np.clip((metres[:, 0] - self.left) / self.cell_m, 0, self.columns - 1)
        y = np.clip((metres[:, 1] - self.low) / self.cell_m, 0, self.rows - 1)
        column = np.minimum(x.astype(np.int64), self.columns - 2)
        row = np.minimum(y.astype(np.int64), self.rows - 2)
        return row * self.columns + column, x - column, y - row


def grid_of(metres: Floats, outline: Any, system: str, bandwidth_m: float, cells: int) -> Grid:
    """Lay a grid over the window, or over the points with a margin; ``cells`` cells along the longer side.

    Raises
    ------
    RequestError
        If a cell would be larger than the bandwidth.
    """
    if not 16 <= cells <= 4096:
        raise RequestError(f"cells must lie between 16 and 4096; it is {cells}.")
    if outline is None:
        low, high = metres.min(axis=0) - MARGIN * bandwidth_m, metres.max(axis=0) + MARGIN * bandwidth_m
    else:
        bounds = np.array(outline.bounds)
        low, high = np.minimum(bounds[:2], metres.min(axis=0)), np.maximum(bounds[2:], metres.max(axis=0))
    cell = float((high - low).max() / cells)
    if cell > bandwidth_m:
        need = int(np.ceil((high - low).max() / bandwidth_m))
        raise RequestError(
            f"A cell of {cell:,.0f} m is larger than the bandwidth of {bandwidth_m:,.0f} m. "
            f"Take cells={need} or more, or a larger bandwidth_m."
        )
    columns, rows = (max(int(np.ceil(side / cell - 1e-9)), 2) for side in high - low)
    return Grid(system, float(low[0] + cell / 2), float(low[1] + cell / 2), cell, columns, rows)


def smoothed(fields: Floats, grid: Grid, bandwidth_m: float) -> Floats:
    """Smooth what lies on the grid with a round Gaussian kernel.

    Parameters
    ----------
    fields : ndarray, shape (..., rows, columns)
        Mass in each cell.
    grid : Grid
    bandwidth_m : float
        Standard deviation along each axis. That of dropping points on the grid (a sixth of the square of a cell) is
        taken off the kernel's, so that the variance of the whole is that of the bandwidth.

    Returns
    -------
    ndarray, same shape
        Mass per square metre; what flows over the border is lost.
    """
    width = np.sqrt(bandwidth_m**2 - grid.cell_m**2 / 6) / grid.cell_m
    density = _along(_along(fields, width, -1), width, -2)
    return np.asarray(np.clip(density, 0, None) / grid.cell_m**2)


def _along(fields: Floats, width: float, axis: int) -> Floats:
    """Convolve along one axis, with room so that nothing comes round."""
    from scipy.fft import irfft, next_fast_len, rfft

    n = fields.shape[axis]
    reach = min(int(np.ceil(FAR * width)), n)
    room = next_fast_len(n + reach, real=True)
    steps = np.minimum(np.arange(room), room - np.arange(room))
    kernel = np.where(steps <= FAR * width, np.exp(-0.5 * np.square(steps / width)), 0)
    far = np.exp(-0.5 * np.square(np.arange(1, int(FAR * width) + 1) / width)).sum()
    spectrum = rfft(kernel / (1 + 2 * far)).real
    shape = [1] * fields.ndim
    shape[axis] = len(spectrum)
    waves = rfft(fields, room, axis=axis) * spectrum.reshape(shape)
    return np.asarray(np.take(irfft(waves, room, axis=axis), range(n), axis=axis))


def covered(outline: Any, grid: Grid) -> NDArray[np.bool_]:
    """Say which cells have their middle in the window, shape (rows, columns), by the sides that each row crosses."""
    import shapely

    rings = [shapely.get_coordinates(ring) for ring in shapely.get_rings(outline)]
    ends = np.concatenate([np.hstack([ring[:-1], ring[1:]]) for ring in rings])
    ends = (ends - np.tile([grid.left, grid.low], 2)) / grid.cell_m
    x1, y1, x2, y2 = ends[ends[:, 1] != ends[:, 3]].T
    begin = np.clip(np.ceil(np.minimum(y1, y2)), 0, grid.rows).astype(np.int64)
    end = np.clip(np.ceil(np.maximum(y1, y2)), 0, grid.rows).astype(np.int64)
    number = end - begin
    side = np.repeat(np.arange(len(number)), number)
    row = np.arange(len(side)) - np.repeat(np.cumsum(number) - number, number) + begin[side]
    x = x1[side] + (row - y1[side]) * (x2[side] - x1[side]) / (y2[side] - y1[side])
    column = np.clip(np.ceil(x), 0, grid.columns).astype(np.int64)
    wide = grid.columns + 1
    crossings = np.bincount(row * wide + column, minlength=grid.rows * wide).reshape(grid.rows, wide)
    return np.asarray(np.cumsum(crossings, axis=1)[:, : grid.columns] % 2 == 1)


def flat_outline(window: Any, system: str) -> Any:
    """Lay a window of degrees flat."""
    from awsd_geo.statistics._window import outline

    if getattr(window, "crs", None) is not None and not window.crs.is_geographic:
        window = window.to_crs(4326)
    return flat_shape(outline(window), system)
