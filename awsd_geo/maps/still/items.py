"""What stands on a sheet beside the map, in points from its upper left corner: words, keys, badges and bands."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from awsd_geo.maps.still.type import LEADING

if TYPE_CHECKING:
    from awsd_geo.maps.still.type import Type


@dataclass(frozen=True)
class Words:
    """One line of text; ``y`` is its baseline, ``colour`` a name of the theme or a colour."""

    x: float
    y: float
    text: str
    size: float
    face: str = "regular"
    colour: str = "ink"
    align: str = "left"


@dataclass(frozen=True)
class Key:
    """A sample of a class in the legend; ``style`` "" is no data."""

    x: float
    y: float
    width: float
    height: float
    style: str


@dataclass(frozen=True)
class Badge:
    """The mark of an outline, centred."""

    x: float
    y: float
    text: str
    faint: bool
    size: float


@dataclass(frozen=True)
class Band:
    """A strip of one colour."""

    x: float
    y: float
    width: float
    height: float
    colour: str


Item = Words | Key | Badge | Band


@dataclass
class Column:
    """Writes items from top to bottom within a width."""

    type: Type
    x: float
    y: float
    width: float
    items: list[Item] = field(default_factory=list)

    def write(
        self,
        text: str,
        size: float,
        *,
        face: str = "regular",
        colour: str = "ink",
        gap: float = 0.0,
        indent: float = 0.0,
    ) -> None:
        """Write a text in as many lines as it needs, after a gap."""
        lines = self.type.wrap(text, self.width - indent, size, face)
        if lines:
            self.y += gap
        for line in lines:
            self.y += size * LEADING
            self.items.append(Words(self.x + indent, self.y - 0.32 * size, line, size, face, colour))

    def skip(self, gap: float) -> None:
        """Leave a gap."""
        self.y += gap
