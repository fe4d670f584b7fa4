"""The legend of a picture: the classes, words and hatches of the web map's, beside the map or under it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from awsd_geo.maps.still.items import Badge, Column, Key, Words
from awsd_geo.maps.still.type import LEADING

if TYPE_CHECKING:
    from awsd_geo.maps.still.type import Type

KEY = (1.9, 1.05)  # width and height, in sizes of the type, as in map.css
_SHADES_IN_GRID = 9


@dataclass(frozen=True)
class Legend:
    """What a legend says, taken from the payload of the web map."""

    heading: str
    grid: list[tuple[str, list[str]]]  # rows from the top: words, and a style for each column
    columns: list[str]  # words over the columns of the grid
    keys: list[tuple[str, str]]  # style ("" is no data) and words
    groups: list[tuple[str, bool, str]]  # mark, whether faint, and words
    description: str
    notes: list[str]


def legend_of(layer: dict[str, Any], title: str) -> Legend:
    """Choose what stands in the legend, as ``layer.js`` does.

    Parameters
    ----------
    layer : dict
        As of :func:`awsd_geo.maps.layer_contents.layer_contents`.
    title : str
        Heading where the layer has no unit.

    Returns
    -------
    Legend
    """
    gridded = _SHADES_IN_GRID if layer["grid"] else 0
    keys = [
        (style, text)
        for place, (style, text, _) in enumerate(layer["classes"])
        if place >= gridded and not (layer["zero"] and place == 0)  # no region is at zero: no key for it
    ]
    hidden = layer.get("hides") and any(-1 in year["index"] for year in layer["years"] or ())
    if -1 in layer["index"] or hidden:
        keys.append(("", layer["missing"]))
    grid, columns = _grid(layer)
    groups = [(outline["mark"], outline["faint"], outline["text"]) for outline in layer["outlines"]]
    return Legend(layer["unit"] or title, grid, columns, keys, groups, layer["description"], layer["notes"])


def _grid(layer: dict[str, Any]) -> tuple[list[tuple[str, list[str]]], list[str]]:
    if not layer["grid"]:
        return [], []
    rows, columns = layer["grid"]
    lines = [(text, [layer["classes"][3 * row + place][0] for place in range(3)]) for row, text in enumerate(rows)]
    return lines[::-1], list(columns)


def write_legend(legend: Legend, column: Column, size: float, *, flowing: bool) -> None:
    """Write a legend into a column, keys in one list or, if flowing, side by side where there is room."""
    column.write(legend.heading, size, face="bold")
    column.skip(0.45 * size)
    if legend.grid:
        _write_grid(legend, column, size)
    _write_keys(legend.keys, column, 0.93 * size, flowing=flowing)
    for mark, faint, text in legend.groups:
        _write_group(mark, text, column, 0.93 * size, faint=faint)
    column.write(legend.description, 0.84 * size, colour="soft", gap=0.35 * size)
    for note in legend.notes:
        column.write(note, 0.84 * size, gap=0.3 * size)


def _write_keys(keys: list[tuple[str, str]], column: Column, size: float, *, flowing: bool) -> None:
    type_, wide, high = column.type, KEY[0] * size, KEY[1] * size
    start = wide + 0.6 * size
    need = max((start + type_.width(text, size) for _, text in keys), default=0) + 1.6 * size
    across = max(1, min(int((column.width + 1.6 * size) / need), len(keys))) if keys and flowing else 1
    step, rows = column.width / across, -(-len(keys) // across)
    top, lowest = column.y, column.y
    for place, (style, text) in enumerate(keys):
        x = column.x + (place // rows) * step
        column.y = top if place % rows == 0 else column.y
        column.items.append(Key(x, column.y + 0.16 * size, wide, high, style))
        inner = Column(type_, x + start, column.y, step - start, column.items)
        inner.write(text, size)
        column.y = max(inner.y, column.y + high) + 0.22 * size
        lowest = max(lowest, column.y)
    column.y = lowest


def _write_group(mark: str, text: str, column: Column, size: float, *, faint: bool) -> None:
    column.skip(0.3 * size)
    height = 1.45 * size
    width = badge_width(column.type, mark, size)
    column.items.append(Badge(column.x + width / 2, column.y + height / 2, mark, faint, size))
    top = column.y
    column.write(text, size, indent=max(width, KEY[0] * size) + 0.6 * size)
    column.y = max(column.y, top + height) + 0.1 * size


def badge_width(type_: Type, mark: str, size: float) -> float:
    """Give the width of a badge: a disc, or longer for a longer mark."""
    return max(1.45 * size, type_.width(mark, 0.88 * size, "bold") + 0.7 * size)


def _write_grid(legend: Legend, column: Column, size: float) -> None:
    """Write two sides at once: sizes down, ways across."""
    small, type_ = 0.86 * size, column.type
    left = min(max(type_.width(text, small) for text, _ in legend.grid) + 0.6 * size, 0.4 * column.width)
    cell = min((column.width - left) / 3, 5.6 * size)
    heads = [type_.wrap(text, cell - 0.3 * size, small) for text in legend.columns]
    rows = max(len(lines) for lines in heads)
    for place, lines in enumerate(heads):
        for row, line in enumerate(lines):
            y = column.y + (rows - len(lines) + row + 1) * small * 1.15
            column.items.append(Words(column.x + left + (place + 0.5) * cell, y, line, small, align="center"))
    column.y += rows * small * 1.15 + 0.45 * size
    for text, styles in legend.grid:
        said = Column(type_, column.x, column.y + 0.1 * size, left - 0.3 * size, column.items)
        said.write(text, small)
        for place, style in enumerate(styles):
            column.items.append(Key(column.x + left + place * cell, column.y, cell - 0.25 * size, 1.6 * size, style))
        column.y = max(column.y + 1.6 * size, said.y) + 0.25 * size
    column.skip(0.2 * size * LEADING)
