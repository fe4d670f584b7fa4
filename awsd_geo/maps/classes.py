"""The classes of a layer: which class each value falls in, and what the legend says of it."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

from awsd_geo.language import number, percent, words
from awsd_geo.maps.breaks import class_limits, class_of
from awsd_geo.maps.style import shades

if TYPE_CHECKING:
    from collections.abc import Iterable

    from awsd_geo.maps.layer import Format

EACH_WAY = 3
"""Classes of rises at most, and of falls; with no change between, seven shades."""
_SHADES_EACH_WAY = {1: (1,), 2: (0, 2), 3: (0, 1, 2)}  # from weak to strong

Legend = list[tuple[str, str]]


def write_value(value: float, form: Format, lang: str) -> str:
    r"""Write a value as the page shows it.

    Parameters
    ----------
    value : float
        Not missing.
    form : {"count", "percent", "rate", "change"}
        Counts whole, shares as per cent, rates with two decimals, changes with sign and one decimal.
    lang : {"en", "fr"}
        Language of the page.

    Returns
    -------
    str
        A fall has a minus sign (U+2212), not a hyphen.

    Examples
    --------
    >>> write_value(0.574, "percent", "fr"), write_value(3.314, "rate", "en"), write_value(1204, "count", "en")
    ('57,4\u202f%', '3.31', '1,204')
    >>> write_value(-1.25, "change", "en"), write_value(2, "change", "fr"), write_value(0, "change", "en")
    ('−1.3', '+2,0', '0')
    """
    if form == "percent":
        return percent(value, lang, decimals=1 if value > 0 else 0)
    if form == "change":
        return _signed(value, number(abs(value), lang, decimals=1 if value else 0))
    return number(value, lang, decimals=2 if form == "rate" and value > 0 else 0)


def _signed(value: float, text: str) -> str:
    return ("+" if value > 0 else "−" if value < 0 else "") + text


def sequential(values: Iterable[float], palette: str, form: Format, lang: str) -> tuple[tuple[float, ...], Legend]:
    """Give the upper limits of the classes of positive values, and the legend: zero, then from low to high."""
    limits = class_limits([value for value in values if value == value])
    legend = [("awsd-zero-0", write_value(0, form, lang))]
    for place, shade in enumerate(shades(len(limits)) if limits else []):
        low = limits[place - 1] if place else 0.0
        legend.append((f"awsd-{palette}-{shade}", _range((low, limits[place]), form, lang, first=place == 0)))
    return limits, legend


def diverging(values: Iterable[float], palette: str, form: Format, lang: str) -> tuple[tuple[float, ...], Legend]:
    """Give the upper limits of the classes of changes of either sign, and the legend from the largest rise down."""
    known = [value for value in values if value == value]
    limits = class_limits([abs(value) for value in known], EACH_WAY)
    between = words(lang)["map"]["between"]
    # The largest change closes its class: its limit is rounded up to one decimal.
    written = [*limits[:-1], *(ceil(round(10 * limit, 6)) / 10 for limit in limits[-1:])]
    texts = ["0", *(_limit(limit, form, lang) for limit in written)]
    weak_first = _SHADES_EACH_WAY.get(len(limits), ())
    rises, falls = [], []
    for place, shade in enumerate(weak_first):
        low, high = texts[place], texts[place + 1]
        up, down = (low if low == "0" else f"+{low}"), (low if low == "0" else f"−{low}")
        rises.append((f"awsd-{palette}-{4 + shade}", between.format(low=up, high=f"+{high}")))
        falls.append((f"awsd-{palette}-{2 - shade}", between.format(low=f"−{high}", high=down)))
    return limits, [*rises[::-1], (f"awsd-{palette}-3", words(lang)["map"]["unchanged"]), *falls]


def place_of(value: float, limits: tuple[float, ...], *, signed: bool) -> int:
    """Give the position of a value in the legend, -1 where it is missing.

    Examples
    --------
    >>> [place_of(value, (1.0, 4.0), signed=True) for value in (3, 0.5, 0, -1, -4, float("nan"))]
    [0, 1, 2, 3, 4, -1]
    """
    if value != value or not signed:
        return class_of(value, limits)
    size = class_of(abs(value), limits)
    return len(limits) + (-size if value > 0 else size)


def _range(ends: tuple[float, float], form: Format, lang: str, *, first: bool) -> str:
    """Write the limits of a class: whole numbers from the next one on, others from the limit below."""
    strings = words(lang)["map"]
    low, high = ends
    top = _limit(high, form, lang)
    if form == "count":
        bottom = _limit(low + 1, form, lang)
        return top if bottom == top else str(strings["range"]).format(low=bottom, high=top)
    if first:
        return str(strings["up_to"]).format(high=top)
    return str(strings["range"]).format(low=_limit(low, form, lang).rstrip("\u202f%"), high=top)


def _limit(value: float, form: Format, lang: str) -> str:
    """Write a class limit with no more decimals than it needs."""
    scale = 100 if form == "percent" else 1
    decimals = next((places for places in (0, 1) if round(value * scale, places) == round(value * scale, 4)), 2)
    if form == "percent":
        return percent(value, lang, decimals=min(decimals, 1))
    return number(value, lang, decimals=decimals)
