"""What is known of a frame where texts are read, and what a text can mean in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from awsd_geo.geocoding.directory import Cells, Directory, Match
from awsd_geo.geocoding.ground import Ground, Point

SEAT_CHANCE, INSIDE_CHANCE, EXACT_CHANCE, ALIKE_CHANCE = 0.95, 0.85, 0.6, 0.35
"""How often the name of a settlement, where nothing confirms it, means the known place.

That is: a town with the name of its district, inside the region named; a name inside the district named; any other;
one that is only alike. Rounded down from what was measured on 14,940 places of Mali: docs/methods/place-texts.md.
"""


class Meaning(NamedTuple):
    """The cells that a text stands for, and how sure that is."""

    cells: Cells
    sure: bool  # the text decides; else it only makes these cells likely
    precision: str
    exact: bool = True  # every name in it is known as written, or in another transliteration
    open: bool = False  # several places fit that are not one inside the other
    read_as: str | None = None  # the name, where the text is only alike
    core: Cells = frozenset()  # of a rough place, the cells in its middle
    listed: bool = False  # a unit of the level that the column is for, which are all known
    chance: float = EXACT_CHANCE  # where it is not sure: how often it is right all the same


@dataclass
class Meanings:
    """The places, the ground and the units of one frame."""

    directory: Directory
    ground: Ground
    unit_of: Mapping[str, str]  # cell -> unit of the frame
    depth: int  # of the deepest units that are listed
    level: int  # of the frame
    complete: bool = False  # whether the settlements are all there are

    @cached_property
    def cells_of(self) -> dict[str, Cells]:
        """Give the cells of each unit of the frame."""
        gathered: dict[str, set[str]] = {}
        for cell, unit in self.unit_of.items():
            gathered.setdefault(unit, set()).add(cell)
        return {unit: frozenset(cells) for unit, cells in gathered.items()}

    @cached_property
    def above(self) -> dict[str, Cells]:
        """Give for each cell the cells of the smallest unit above it that is listed by name."""
        found: dict[str, Cells] = {}
        units = [place for place in self.directory.places if place.depth == max(1, self.depth - 1)]
        for place in sorted(units, key=lambda place: len(place.cells)):
            for cell in place.cells:
                found.setdefault(cell, place.cells)
        return found

    def inside_one(self, within: Cells | None) -> bool:
        """Say whether what is known lies in a single unit just above the settlements."""
        if not within or self.depth < 2:
            return False
        return within <= self.above.get(next(iter(within)), frozenset())

    def on_ground(self, units: frozenset[str]) -> Cells:
        """Give the cells of units."""
        return frozenset().union(*(self.cells_of.get(unit, frozenset()) for unit in units))

    def units(self, cells: Cells) -> frozenset[str]:
        """Give the units of cells."""
        return frozenset(self.unit_of[cell] for cell in cells)

    def point_of(self, match: Match) -> Point:
        """Give a point of a place: its own, that of the town of its name, or the middle of its unit."""
        towns = [place for place in self.directory.named(match.places[0].name) if place.cells & match.cells]
        known = [place.point for place in (*match.places, *towns) if place.point is not None]
        if known:
            return known[0]
        smallest = min((*match.places, *towns), key=lambda place: len(place.cells))
        return self.ground.middle(self.units(smallest.cells))
