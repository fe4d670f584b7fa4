"""Where everything goes on a sheet: banners and title above, the map with its legend, notes and sources below."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from awsd_geo.errors import RequestError
from awsd_geo.maps.still.items import Band, Column, Item, Words
from awsd_geo.maps.still.legend import write_legend
from awsd_geo.maps.still.type import LEADING

if TYPE_CHECKING:
    from awsd_geo.maps.still.legend import Legend
    from awsd_geo.maps.still.type import Type

SIDE_BY_SIDE = 45.0
"""Sizes of type from which on the legend stands beside the map."""
TWO_COLUMNS = 62.0
"""Sizes of type from which on notes and sources stand side by side."""
SMALLER = (1.0, 0.94, 0.88, 0.82, 0.76, 0.7)
"""What the type is scaled by, one after the other, until a sheet of fixed height holds everything."""
LEAST_TYPE = 4.0
LEAST_MAP = 0.4
"""Part of a sheet's height that the map has at least."""
_FLAT, _STEEP = 0.6, 1.15  # height of a frame, in widths, where the sheet may grow


@dataclass(frozen=True)
class Said:
    """All texts around the map."""

    title: str
    finding: str
    subtitle: str
    banners: list[tuple[str, str, str]]  # status, head, sentence
    notes: list[str]
    credits: str


@dataclass(frozen=True)
class Frame:
    """Where the map is."""

    x: float = 0.0
    y: float = 0.0
    width: float = 0.0
    height: float = 0.0


@dataclass(frozen=True)
class Shape:
    """Width over height of the regions, and of the narrowest and widest frame that has something to show."""

    own: float
    narrowest: float
    widest: float

    def fit(self, width: float, height: float) -> tuple[float, float]:
        """Find the largest frame within a width and a height."""
        ratio = min(max(width / height, self.narrowest), self.widest)
        wide = min(width, ratio * height)
        return wide, wide / ratio


@dataclass(frozen=True)
class Layout:
    """A sheet in points."""

    width: float
    height: float
    size: float  # of the type
    frame: Frame
    items: list[Item]


@dataclass(frozen=True)
class Request:
    """What a sheet has to hold."""

    said: Said
    legend: Legend
    shape: Shape
    type: Type


def arrange(asked: Request, width: float, height: float | None, size: float) -> Layout:
    """Lay out a sheet, with smaller type where a given height is too small.

    Raises
    ------
    RequestError
        If even the smallest type leaves no room for the map.
    """
    if height is None:
        return _grown(asked, width, size)
    for scale in SMALLER:
        if size * scale >= LEAST_TYPE and (found := _fixed(asked, width, height, size * scale)) is not None:
            return found
    raise RequestError(
        f"A picture of {width / 72 * 25.4:.0f} by {height / 72 * 25.4:.0f} mm has no room for a map with its legend "
        "and texts. Make it larger, leave its height open, or shorten the texts."
    )


def _grown(asked: Request, width: float, size: float) -> Layout:
    """Lay out a sheet that is as high as it needs."""
    top = _header(asked, width, size)
    inner, edge = width - 2 * _edge(size), _edge(size)
    beside = width >= SIDE_BY_SIDE * size
    room = inner - _legend_width(inner, size) - 1.4 * size if beside else inner
    wanted = min(max(room / asked.shape.own, _FLAT * room), _STEEP * room)
    if beside:
        legend = _legend(asked, edge, 0, _legend_width(inner, size), size)
        wanted = min(max(wanted, legend.y), _STEEP * room)
    wide, high = asked.shape.fit(room, wanted)
    frame = Frame(edge, top.y, wide, high)
    return _with_foot(asked, top, frame, (width, None), size, beside=beside)


def _fixed(asked: Request, width: float, height: float, size: float) -> Layout | None:
    """Lay out a sheet of a given height, the finding over the legend; None where the map would be too small."""
    beside = width >= SIDE_BY_SIDE * size
    top = _header(asked, width, size, finding=not beside)
    inner, edge = width - 2 * _edge(size), _edge(size)
    room = height - top.y - _foot(asked, width, 0, size).y - 0.9 * size
    if not beside:
        room -= _legend(asked, edge, 0, inner, size, flowing=True).y + 0.9 * size
    if room < LEAST_MAP * height:
        return None
    across = inner - _legend_width(inner, size) - 1.4 * size if beside else inner
    frame = Frame(edge, top.y, *asked.shape.fit(across, room))
    found = _with_foot(asked, top, frame, (width, height), size, beside=beside)
    return found if found.height <= height + 0.5 else None


def _with_foot(
    asked: Request, top: Column, frame: Frame, sheet: tuple[float, float | None], size: float, *, beside: bool
) -> Layout:
    (width, height), edge = sheet, _edge(size)
    if beside:
        x = frame.x + frame.width + 1.4 * size
        room, finding = min(width - edge - x, 36 * size), height is not None
        legend = _legend(asked, x, frame.y - 0.3 * size, room, size, finding=finding)
    else:
        frame = replace(frame, x=(width - frame.width) / 2)
        legend = _legend(asked, edge, frame.y + frame.height + 0.7 * size, width - 2 * edge, size, flowing=True)
    end = max(frame.y + frame.height, legend.y)
    foot = _foot(asked, width, end + 0.9 * size, size)
    if height is not None and foot.y <= height:  # what is left over stands above the foot
        foot = _foot(asked, width, end + 0.9 * size + height - foot.y, size)
    items = [*top.items, *legend.items, *foot.items]
    return Layout(width, max(foot.y, height or 0), size, frame, items)


def _edge(size: float) -> float:
    return 1.5 * size


def _legend_width(inner: float, size: float) -> float:
    return min(max(0.31 * inner, 15 * size), 27 * size)


def _legend(
    asked: Request, x: float, y: float, width: float, size: float, *, flowing: bool = False, finding: bool = False
) -> Column:
    column = Column(asked.type, x, y, width)
    if finding:
        column.write(asked.said.finding, 1.08 * size)
        column.skip(1.1 * size)
    write_legend(asked.legend, column, size, flowing=flowing)
    return column


def _header(asked: Request, width: float, size: float, *, finding: bool = True) -> Column:
    column = Column(asked.type, _edge(size), 0, width - 2 * _edge(size))
    for banner in asked.said.banners:
        _write_banner(banner, column, width, size)
    column.skip(1.1 * size)
    column.write(asked.said.title, 1.6 * size, face="bold")
    if finding:
        column.write(asked.said.finding, 1.08 * size, gap=0.25 * size)
    column.write(asked.said.subtitle, 0.92 * size, colour="soft", gap=0.2 * size)
    column.skip(0.9 * size)
    return column


def _write_banner(banner: tuple[str, str, str], column: Column, width: float, size: float) -> None:
    """Write a strip from edge to edge: its head in bold, and the sentence after it, or under it."""
    status, head, sentence = banner
    type_, ink, top, place = column.type, f"{status}-ink", column.y, len(column.items)
    start = type_.width(head, size, "bold") + 0.7 * size
    column.skip(0.42 * size)
    if start + type_.width(sentence, size) <= column.width:
        y = column.y + size * (LEADING - 0.32)
        column.items.append(Words(column.x + start, y, type_.shown(sentence), size, "regular", ink))
        column.write(head, size, face="bold", colour=ink)
    else:
        column.write(head, size, face="bold", colour=ink)
        column.write(sentence, size, colour=ink)
    column.skip(0.42 * size)
    column.items.insert(place, Band(0, top, width, column.y - top, f"{status}-ground"))


def _foot(asked: Request, width: float, y: float, size: float) -> Column:
    """Write notes and sources, side by side on a wide sheet."""
    edge, said = _edge(size), asked.said
    inner = width - 2 * edge
    wide = width >= TWO_COLUMNS * size and bool(said.notes)
    gap = 2.2 * size
    left = Column(asked.type, edge, y, (inner - gap) / 2 if wide else inner)
    for note in said.notes:
        left.write(note, 0.8 * size, colour="soft", gap=0.22 * size)
    right = Column(asked.type, edge + left.width + gap, y, left.width) if wide else left
    right.write(said.credits, 0.74 * size, colour="soft", gap=0.3 * size)
    items = [*left.items, *right.items] if wide else left.items
    return Column(asked.type, edge, max(left.y, right.y) + 1.1 * size, inner, items)
