"""One layer of a region map: a value for each region, its classes, and its words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from awsd_geo.errors import InputError, RequestError
from awsd_geo.language import number, percent, words
from awsd_geo.maps.breaks import class_limits, class_of
from awsd_geo.maps.style import CATEGORICAL, SEQUENTIAL, shades

if TYPE_CHECKING:
    import pandas as pd

Format = Literal["count", "percent", "rate"]


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
    kind : {"sequential", "classes"}
        Shades of one hue by value, or one colour for each label.
    palette : str
        A palette of ``style.SEQUENTIAL`` or ``style.CATEGORICAL``.
    format : {"count", "percent", "rate"}
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
    lang : {"en", "fr"}
        Language of numbers and of "no data".

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
    kind: Literal["sequential", "classes"] = "sequential"
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
    lang: str = "en"

    def __post_init__(self) -> None:
        palettes = {"sequential": SEQUENTIAL, "classes": CATEGORICAL}
        if self.kind not in palettes:
            raise RequestError(f"There is no kind of layer {self.kind!r}. Choose sequential or classes.")
        if self.palette not in palettes[self.kind]:
            raise RequestError(
                f"There is no {self.kind} palette {self.palette!r}. Choose one of {', '.join(palettes[self.kind])}."
            )
        if self.format not in {"count", "percent", "rate"}:
            raise RequestError(f"There is no format {self.format!r}. Choose count, percent or rate.")
        if self.values.index.has_duplicates:
            twice = self.values.index[self.values.index.duplicated()][0]
            raise InputError(f"The layer {self.key} has the region {twice} more than once. Give one value a region.")
        if self.kind == "sequential" and bool((self.values.dropna().astype(float) < 0).any()):
            raise InputError(f"The layer {self.key} has values below zero, which shades cannot show. Give classes.")
        unknown = set(self.values.dropna()) - set(self.labels or ()) if self.kind == "classes" else set()
        if unknown:
            raise InputError(
                f"The layer {self.key} has the value {sorted(map(str, unknown))[0]!r}. "
                f"Allowed: {', '.join(self.labels or ())}."
            )

    @property
    def limits(self) -> tuple[float, ...]:
        """Upper limits of the classes of positive values; empty for kind "classes"."""
        return class_limits(self.values.dropna().astype(float).tolist()) if self.kind == "sequential" else ()

    @property
    def no_data(self) -> str:
        """What stands for a missing value."""
        return self.missing or str(words(self.lang)["map"]["no_data"])

    def text(self, region_id: object) -> str:
        """Write the value of a region, or "no data"."""
        value = self.values.get(region_id)
        if value is None or value != value:
            return self.no_data
        return (self.labels or {})[value] if self.kind == "classes" else write_value(value, self.format, self.lang)

    def legend(self) -> list[tuple[str, str]]:
        """Give the classes as (style class, words), from low to high; class -1, no data, is not among them."""
        if self.kind == "classes":
            return [(f"awsd-{self.palette}-{place}", text) for place, text in enumerate((self.labels or {}).values())]
        zero = write_value(0, self.format, self.lang)
        limits = self.limits
        rows = [("awsd-zero-0", zero)]
        for place, shade in enumerate(shades(len(limits)) if limits else []):
            low = limits[place - 1] if place else 0.0
            rows.append((f"awsd-{self.palette}-{shade}", self._range(low, limits[place], first=place == 0)))
        return rows

    def classes(self, region_ids: list[str]) -> list[int]:
        """Give each region's position in :meth:`legend`, or -1 for no data."""
        if self.kind == "classes":
            order = list(self.labels or {})
            found = [self.values.get(region_id) for region_id in region_ids]
            return [order.index(value) if value in order else -1 for value in found]
        limits = self.limits
        values = self.values.astype(float)
        return [class_of(float(values.get(region_id, float("nan"))), limits) for region_id in region_ids]

    def _range(self, low: float, high: float, *, first: bool) -> str:
        """Write the limits of a class: whole numbers from the next one on, others from the limit below."""
        strings = words(self.lang)["map"]
        top = self._limit(high)
        if self.format == "count":
            bottom = self._limit(low + 1)
            return top if bottom == top else str(strings["range"]).format(low=bottom, high=top)
        if first:
            return str(strings["up_to"]).format(high=top)
        return str(strings["range"]).format(low=self._limit(low).rstrip("\u202f%"), high=top)

    def _limit(self, value: float) -> str:
        """Write a class limit with no more decimals than it needs."""
        scale = 100 if self.format == "percent" else 1
        decimals = next((places for places in (0, 1) if round(value * scale, places) == round(value * scale, 4)), 2)
        if self.format == "percent":
            return percent(value, self.lang, decimals=min(decimals, 1))
        return number(value, self.lang, decimals=decimals)


def write_value(value: float, form: Format, lang: str) -> str:
    r"""Write a value as the page shows it: counts whole, shares as per cent, rates with two decimals.

    Examples
    --------
    >>> write_value(0.574, "percent", "fr"), write_value(3.314, "rate", "en"), write_value(1204, "count", "en")
    ('57,4\u202f%', '3.31', '1,204')
    """
    if form == "percent":
        return percent(value, lang, decimals=1 if value > 0 else 0)
    return number(value, lang, decimals=2 if form == "rate" and value > 0 else 0)
