"""One layer of a region map: a value for each region, its classes, and its words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from awsd_geo.errors import InputError, RequestError
from awsd_geo.language import words
from awsd_geo.maps.classes import Legend, diverging, place_of, sequential, write_value
from awsd_geo.maps.style import CATEGORICAL, DIVERGING, SEQUENTIAL

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import pandas as pd

Kind = Literal["sequential", "diverging", "classes"]
Format = Literal["count", "percent", "rate", "change"]
FORMATS = ("count", "percent", "rate", "change")
PALETTES = {"sequential": SEQUENTIAL, "diverging": DIVERGING, "classes": CATEGORICAL}


@dataclass(frozen=True, slots=True)
class Outline:
    """A group of regions with a line around it, such as a cluster.

    Parameters
    ----------
    mark : str
        What stands on the map beside it and in the legend, such as its rank.
    region_ids : tuple of str
        Its regions.
    text : str
        What the legend says of it.
    faint : bool
        Drawn as a broken line, such as a cluster that is not significant.
    """

    mark: str
    region_ids: tuple[str, ...]
    text: str
    faint: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """What one position of the layer switch shows.

    Parameters
    ----------
    key : str
        Stable name, such as "incidents".
    title, unit, description : str
        Words of the switch, of the legend, and of the line under the legend.
    values : Series
        Indexed by ``region_id``. Numbers (missing = no data) for kind "sequential"; keys of ``labels`` for "classes".
    kind : {"sequential", "diverging", "classes"}
        Shades of one hue by value, shades of two hues from fall to rise, or one colour and hatch for each label.
    palette : str
        A palette of ``style.SEQUENTIAL``, ``style.DIVERGING`` or ``style.CATEGORICAL``.
    format : {"count", "percent", "rate", "change"}
        How values are written. Shares are from 0 to 1.
    labels : dict, optional
        For kind "classes": the values that occur, in the order of the palette, and their words in the legend.
    facts : DataFrame, optional
        Indexed by ``region_id``: texts for the panel and the table, one column for each label. Default: the value.
    reasons : Series, optional
        Indexed by ``region_id``: why a region has no value.
    notes : tuple of str
        Sentences that stand under the legend while the layer is shown, and in the notes of the page.
    sources : tuple of str
        Citations for the sources of the page.
    missing : str
        What stands for a missing value; "no data" by default.
    hides : bool
        Missing values are numbers that are not shown: what is left of a year is not summed, and nothing is ranked.
    lang : {"en", "fr"}
        Language of numbers and of "no data".
    marks : Series, optional
        Indexed by ``region_id``: what stands on the map under the region's name. Default: the value.
    by_year : DataFrame, optional
        For kind "sequential": values by ``region_id``, one column a year. The map then has a slider; the classes are
        those of all years and of the whole period together, so that a colour means the same at every position.
    facts_by_year : dict, optional
        For each year ``facts`` of that year, with the same columns or some of them.
    outlines : tuple of Outline
        Groups of regions drawn with a line around them.
    points : array of shape (n, 2), optional
        Longitude and latitude in degrees, drawn as circles that gather those close by. For internal pages only.
    grid : tuple, optional
        For kind "classes" with two sides: words of the rows and of the columns of the legend, rows before columns in
        ``labels``; labels beyond them stand below.
    also : tuple of float
        For kind "sequential": further numbers that share the classes, such as those of another layer of the same map.

    Raises
    ------
    RequestError
        If kind, palette or format is not one of those allowed.
    InputError
        If a region appears twice, a value of kind "sequential" is below zero, or one of kind "classes" has no label.
    """

    key: str
    title: str
    values: pd.Series
    kind: Kind = "sequential"
    palette: str = "ember"
    format: Format = "count"
    unit: str = ""
    description: str = ""
    labels: dict[str, str] | None = None
    facts: pd.DataFrame | None = None
    reasons: pd.Series | None = None
    notes: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    missing: str = ""
    hides: bool = False
    lang: str = "en"
    marks: pd.Series | None = None
    by_year: pd.DataFrame | None = None
    facts_by_year: dict[int, pd.DataFrame] | None = None
    outlines: tuple[Outline, ...] = ()
    points: np.ndarray | None = None
    grid: tuple[tuple[str, ...], tuple[str, ...]] | None = None
    also: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        palettes = PALETTES.get(self.kind)
        if palettes is None:
            raise RequestError(f"There is no kind of layer {self.kind!r}. Choose one of {', '.join(PALETTES)}.")
        if self.palette not in palettes:
            raise RequestError(
                f"There is no {self.kind} palette {self.palette!r}. Choose one of {', '.join(palettes)}."
            )
        if self.format not in FORMATS:
            raise RequestError(f"There is no format {self.format!r}. Choose one of {', '.join(FORMATS)}.")
        if self.values.index.has_duplicates:
            twice = self.values.index[self.values.index.duplicated()][0]
            raise InputError(f"The layer {self.key} has the region {twice} more than once. Give one value a region.")
        if self.by_year is not None and self.kind != "sequential":
            raise RequestError(f"The layer {self.key} is of kind {self.kind}. Only a sequential one has years.")
        if self.kind == "sequential" and any(value < 0 for value in self.numbers()):
            raise InputError(f"The layer {self.key} has values below zero, which shades cannot show. Give classes.")
        unknown = set(self.values.dropna()) - set(self.labels or ()) if self.kind == "classes" else set()
        if unknown:
            raise InputError(
                f"The layer {self.key} has the value {sorted(map(str, unknown))[0]!r}. "
                f"Allowed: {', '.join(self.labels or ())}."
            )

    def numbers(self) -> list[float]:
        """Give all values that are numbers, those of single years with them: they have one set of classes."""
        found: list[float] = self.values.dropna().astype(float).tolist()
        if self.by_year is not None:
            found += self.by_year.astype(float).melt()["value"].dropna().tolist()
        return found + list(self.also)

    @property
    def no_data(self) -> str:
        """What stands for a missing value."""
        return self.missing or str(words(self.lang)["map"]["no_data"])

    def write(self, value: Any) -> str:
        """Write a value, or "no data"."""
        if value is None or value != value:
            return self.no_data
        return (self.labels or {})[value] if self.kind == "classes" else write_value(value, self.format, self.lang)

    def text(self, region_id: object) -> str:
        """Write the value of a region, or "no data"."""
        return self.write(self.values.get(region_id))

    def _limits_and_legend(self) -> tuple[tuple[float, ...], Legend]:
        if self.kind == "classes":
            texts = enumerate((self.labels or {}).values())
            return (), [(f"awsd-{self.palette}-{place}", text) for place, text in texts]
        make = sequential if self.kind == "sequential" else diverging
        return make(self.numbers(), self.palette, self.format, self.lang)

    @property
    def limits(self) -> tuple[float, ...]:
        """Upper limits of the classes of values (of either sign, for "diverging"); empty for kind "classes"."""
        return self._limits_and_legend()[0]

    def legend(self) -> Legend:
        """Give the classes as (style class, words) in the order of the legend; class -1, no data, is not among them."""
        return self._limits_and_legend()[1]

    def classes(self, region_ids: list[str], values: pd.Series | None = None) -> list[int]:
        """Give each region's position in :meth:`legend`, or -1 for no data.

        Parameters
        ----------
        region_ids : list of str
            In the order wanted.
        values : Series, optional
            Other values in the same classes, such as those of one year.
        """
        shown = self.values if values is None else values
        if self.kind == "classes":
            order = list(self.labels or {})
            found = [shown.get(region_id) for region_id in region_ids]
            return [order.index(value) if value in order else -1 for value in found]
        limits = self.limits
        numbers = shown.astype(float).reindex(region_ids).tolist()
        return [place_of(value, limits, signed=self.kind == "diverging") for value in numbers]


def in_common(layers: Sequence[Layer]) -> list[Layer]:
    """Give layers that show the same numbers in the same colours the same classes.

    A reader who goes from incidents to clusters must not see a region change its shade. The classes are those of the
    layer that has the most numbers, such as those of all years.
    """
    found = []
    for layer in layers:
        alike = [other for other in layers if _alike(layer, other)]
        most = max(alike, key=lambda other: len(other.numbers()), default=layer)
        found.append(layer if most is layer else replace(layer, also=tuple(most.numbers())))
    return found


def _alike(one: Layer, other: Layer) -> bool:
    if one.kind != "sequential" or (one.kind, one.palette, one.format) != (other.kind, other.palette, other.format):
        return False
    mine, theirs = (layer.values.dropna().sort_index() for layer in (one, other))  # noqa: PD011 - the layer's own field
    return bool(mine.equals(theirs))
