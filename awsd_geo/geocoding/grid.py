"""A grid over polygons that answers most points at once: which unit holds them, or that none does.

A cell that no outline touches lies wholly in one unit or in none, and holds that answer. A touched cell holds the few
units that its points may be in; those points get GEOS's exact test, so that every answer is the one of
``shapely.intersects``, also on borders and vertices. Where units overlap, the first in their order is the answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from awsd_geo.geocoding.grid_build import Edges, crossings, edges_of, touched_cells
from awsd_geo.geocoding.grid_cover import Cover
from awsd_geo.geocoding.grid_exact import UNDECIDED, first_of, side_of
from awsd_geo.geocoding.grid_sets import decide

FINEST = 4096
"""Cells along the longer side, at most."""
COARSEST = 512
TOUCHED = 0.01
"""Share of touched cells that the grid is made fine enough for."""
BLOCK = 8
"""Cells along the side of a block; a block with one answer is one entry of 16 bits, only the others have cells."""
_BITS = 3  # 2 to the power of it is BLOCK
_FARTHEST = 1e9  # cells from the origin of the degrees: beyond, the rounding of a place is no longer far below EDGE
_CHUNK = 65_536  # points at a time: what lies between two steps stays in the processor's cache
_MARGIN = BLOCK + 1  # around the outlines: no edge comes into the outermost blocks, whatever is outside falls there


class Frame(NamedTuple):
    """Where the cells of a grid lie."""

    units: int  # number of polygons
    width: int  # cells in a row, a multiple of BLOCK
    height: int
    per_degree: float  # cells per degree
    left: float  # cells from the grid's left side to longitude 0
    below: float  # cells from the grid's lower side to latitude 0


class Runs(NamedTuple):
    """What is in the cells, row by row: all that must be kept of a grid."""

    codes: Any  # of runs of cells; 0 outside, k the k-th unit, beyond them what decides in touched cells, by set
    lengths: Any  # cells in each run
    starts: Any  # where the candidates of each set begin in members; one more at the end
    members: Any  # positions of candidate units, ascending in each set
    lines: Any  # shape (4, n): the first n sets have one edge, from x, y to x, y in degrees
    sides: Any  # shape (2, n): the unit to the left and to the right of it; -1 none


@dataclass(frozen=True, slots=True)
class Grid:
    """Cells over polygons; made by `build_grid`."""

    frame: Frame
    runs: Runs
    blocks: Any  # the code of each block; the largest of its type where it has cells
    number: Any  # of each block that has cells
    cells: Any  # codes of the cells of these blocks

    @classmethod
    def of(cls, frame: Frame, runs: Runs) -> Grid:
        """Write the runs out."""
        fine = np.repeat(runs.codes, runs.lengths).reshape(frame.height // BLOCK, BLOCK, frame.width // BLOCK, BLOCK)
        ends = np.cumsum(runs.lengths, dtype=np.int64)[runs.lengths > 0]
        touched = ends[runs.codes[runs.lengths > 0] > frame.units] - 1
        row, column = np.divmod(touched, frame.width)
        blocks = fine[:, 0, :, 0].ravel()
        mixed = np.zeros(len(blocks), dtype=bool)
        mixed[row // BLOCK * (frame.width // BLOCK) + column // BLOCK] = True
        blocks[mixed] = np.iinfo(blocks.dtype).max
        number = np.cumsum(mixed, dtype=np.int32) - 1
        across, along = np.divmod(np.flatnonzero(mixed), frame.width // BLOCK)
        return cls(frame, runs, blocks, number, fine[across, :, along, :].ravel())

    def locate(self, geometries: Any, longitude: Any, latitude: Any) -> Any:
        """Find the first unit that holds each point.

        Parameters
        ----------
        geometries : array of shapely geometry, shape (n_units,)
            The polygons that the grid was built from, prepared.
        longitude, latitude : array of float, shape (n_points,)
            Degrees; a place that is not finite is in no unit.

        Returns
        -------
        array of int32, shape (n_points,)
            Position of the unit; -1 outside all.
        """
        positions = np.empty(len(longitude), dtype=np.int32)
        work = Workspace.of(min(_CHUNK, len(longitude)), self.blocks.dtype)
        near = [np.zeros(0, dtype=np.int64)]
        for begin in range(0, len(longitude), _CHUNK):
            x, y = longitude[begin : begin + _CHUNK], latitude[begin : begin + _CHUNK]
            near.append(begin + self._chunk(x, y, work, positions[begin : begin + _CHUNK]))
        touched = np.concatenate(near)
        sets = positions[touched] - self.frame.units
        positions[touched] = self._touched(geometries, longitude[touched], latitude[touched], sets)
        return positions

    def _chunk(self, x: Any, y: Any, work: Workspace, answer: Any) -> Any:
        """Answer the points of untouched cells; write the sets of the others, and say which those are."""
        frame, number = self.frame, len(x)
        column = _cell_of(x, frame.per_degree, frame.left, frame.width, work.scaled[:number], work.column[:number])
        row = _cell_of(y, frame.per_degree, frame.below, frame.height, work.scaled[:number], work.row[:number])
        block, codes = work.block[:number], work.codes[:number]
        np.right_shift(row, _BITS, out=block)
        np.multiply(block, frame.width // BLOCK, out=block)
        np.add(block, np.right_shift(column, _BITS, out=work.scratch[:number]), out=block)
        np.take(self.blocks, block, out=codes, mode="clip")
        np.subtract(codes, 1, out=answer, dtype=np.int32, casting="unsafe")
        mixed = np.flatnonzero(codes == np.iinfo(codes.dtype).max)
        inner = (row[mixed] % BLOCK) * BLOCK + column[mixed] % BLOCK
        found = self.cells[self.number[block[mixed]].astype(np.int64) * BLOCK**2 + inner].astype(np.int32) - 1
        answer[mixed] = found
        return mixed[found >= frame.units]

    def _touched(self, geometries: Any, x: Any, y: Any, sets: Any) -> Any:
        """Answer points of touched cells: by the side of the only edge, else by testing the candidates."""
        single = np.flatnonzero(sets < self.runs.lines.shape[1])
        found = np.full(len(sets), UNDECIDED, dtype=np.int32)
        found[single] = side_of(self.runs.lines, self.runs.sides, sets[single], x[single], y[single])
        rest = np.flatnonzero(found == UNDECIDED)
        rest = rest[np.argsort(sets[rest].astype(self.blocks.dtype), kind="stable")]  # one polygon after the other
        found[rest] = first_of(geometries, self.runs.starts, self.runs.members, sets[rest], x[rest], y[rest])
        return found


@dataclass(frozen=True, slots=True)
class Workspace:
    """Arrays that are filled anew for every chunk of points."""

    scaled: Any
    column: Any
    row: Any
    scratch: Any
    block: Any
    codes: Any

    @classmethod
    def of(cls, number: int, dtype: Any) -> Workspace:
        """Make room for a number of points."""
        whole = np.empty((3, number), dtype=np.int32)
        block, codes = np.empty(number, dtype=np.int64), np.empty(number, dtype=dtype)
        return cls(np.empty(number), whole[0], whole[1], whole[2], block, codes)


def build_grid(geometries: Any) -> Grid | None:
    """Lay a grid over polygons.

    Parameters
    ----------
    geometries : array of shapely polygons and multipolygons, shape (n_units,)
        In degrees; they may have holes and may overlap.

    Returns
    -------
    Grid or None
        None where no grid can be laid: no outline, one without extent, or one far too small for its coordinates.
    """
    edges = edges_of(geometries)
    if not len(edges.x1):
        return None
    (west, east), (south, north) = _extent(edges.x1, edges.x2), _extent(edges.y1, edges.y2)
    across = max(east - west, north - south)
    if not 0 < across < np.inf:
        return None
    per_degree = _side(edges, across) / across
    if not per_degree * max(abs(west), abs(east), abs(south), abs(north)) < _FARTHEST:
        return None
    left, below = _MARGIN - west * per_degree, _MARGIN - south * per_degree
    width, height = (_whole_blocks(size * per_degree) for size in (east - west, north - south))
    frame = Frame(len(geometries), width, height, per_degree, left, below)
    x1, x2 = (values * per_degree + left for values in (edges.x1, edges.x2))
    y1, y2 = (values * per_degree + below for values in (edges.y1, edges.y2))
    return Grid.of(frame, _runs(geometries, Edges(x1, y1, x2, y2, edges.unit), edges[:4], frame))


def _runs(geometries: Any, edges: Edges, places: Any, frame: Frame) -> Runs:
    """Find the runs of cells with the same answer, and what decides in the touched ones."""
    cover = Cover.of(geometries, edges, crossings(edges, frame.width), frame)
    touched, which, sets = decide(cover, touched_cells(edges, frame.width))
    number = len(sets.starts) - 1
    codes = np.zeros(2 * len(touched) + 1, dtype=np.uint16 if frame.units + number < 2**16 - 1 else np.uint32)
    codes[1::2] = frame.units + 1 + which
    codes[2::2] = cover.after(touched) + 1
    lengths = np.ones(len(codes), dtype=np.uint32)
    lengths[::2] = np.diff(touched, prepend=-1, append=frame.width * frame.height) - 1
    lines = np.stack([values[sets.edges] for values in places])
    return Runs(codes, lengths, sets.starts, sets.members, lines, sets.sides)


def _side(edges: Edges, across: float) -> int:
    """Choose how many cells the longer side has; an edge between two units is there twice."""
    length = float((np.abs(edges.x2 - edges.x1) + np.abs(edges.y2 - edges.y1)).sum()) / across / 2
    return int(min(FINEST, max(COARSEST, 2 ** np.ceil(np.log2(length / TOUCHED)))))


def _whole_blocks(cells: float) -> int:
    return int(np.ceil((cells + 2 * _MARGIN + 1) / BLOCK)) * BLOCK


def _extent(*values: Any) -> tuple[float, float]:
    return min(float(some.min()) for some in values), max(float(some.max()) for some in values)


def _cell_of(places: Any, per_degree: float, shift: float, number: int, scaled: Any, cell: Any) -> Any:
    """Cut places down to whole cells; what is outside or not finite falls into the first or the last."""
    with np.errstate(invalid="ignore", over="ignore"):
        np.multiply(places, per_degree, out=scaled)
        np.add(scaled, shift, out=scaled)
        np.copyto(cell, scaled, casting="unsafe")
    positive = cell.view(np.uint32)  # a negative one becomes the largest
    np.minimum(positive, np.uint32(number - 1), out=positive)
    return cell
