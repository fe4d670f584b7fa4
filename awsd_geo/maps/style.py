"""The colours of the maps as data, light and dark, and the stylesheet rules made from them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours of classes, from low to high, on a light and on a dark page.

    Lightness alone orders them (falling on light pages, rising on dark ones), so that a reader who cannot tell the
    hues apart, or who prints in grey, still reads the order.
    """

    light: tuple[str, ...]
    dark: tuple[str, ...]
    hatch: tuple[str, ...] = ()  # of each class: "up", "down", "dots", "cross", or "" for none; () for none at all


SEQUENTIAL: dict[str, Palette] = {
    "ember": Palette(
        ("#f3dcb8", "#ebb27a", "#d8804f", "#b04a38", "#742327"),
        ("#51332b", "#834636", "#c06b49", "#e0935f", "#f8d5a2"),
    ),
    "lagoon": Palette(
        ("#c1dad9", "#90babd", "#5f9ca4", "#347385", "#1b4a5f"),
        ("#1f414d", "#2d6071", "#438997", "#76b1b5", "#c0e0da"),
    ),
    "plum": Palette(
        ("#dfd1e3", "#c0a6cb", "#a381b4", "#785490", "#492c63"),
        ("#3c2d4b", "#5c4374", "#8463a1", "#b292c6", "#e2cdea"),
    ),
}
"""Order of classes 1 to 5. Fewer classes take evenly spaced ones."""

DIVERGING: dict[str, Palette] = {
    "balance": Palette(
        ("#1f5f86", "#5b97b8", "#a9cbdc", "#f3eddf", "#f0c39b", "#d5804a", "#96401b"),
        ("#9fd3ee", "#5b9cc0", "#2f5c76", "#363c42", "#7a4a2c", "#c27a46", "#f5c28e"),
        ("down", "down", "down", "", "", "", ""),
    ),
}
"""From the largest fall over no change to the largest rise; falls are hatched, so that grey prints tell them apart."""

CATEGORICAL: dict[str, Palette] = {
    "hotspot": Palette(("#b8433a", "#33729f", "#f3eddf"), ("#e07a63", "#6fa9d6", "#363c42"), ("up", "down", "")),
    "found": Palette(("#b8433a", "#f3eddf"), ("#e07a63", "#363c42"), ("up", "")),
    "moran": Palette(
        ("#b8433a", "#33729f", "#eda58c", "#a8cbe0", "#f3eddf"),
        ("#e07a63", "#6fa9d6", "#8a4438", "#2f5f85", "#363c42"),
        ("up", "down", "cross", "dots", ""),
    ),
    "cross": Palette(
        ("#c3dde2", "#dcd5c8", "#f4d3b4", "#7db3bf", "#b5ac9c", "#e29d62", "#35748a", "#7e7464", "#a8521f", "#faf8f2"),
        ("#27424c", "#3b4045", "#55382a", "#437a8b", "#666865", "#a1623c", "#8dcbdc", "#a5a398", "#f2b07a", "#22272c"),
        ("down", "", "up", "down", "", "up", "down", "", "up", ""),
    ),
}
"""Classes in the order of their labels. Colour is never alone: the hatch of each class says the same.

``hotspot``: hot, cold, not significant. ``found``: found, not significant. ``moran``: high-high, low-low, high-low,
low-high, not significant.
``cross``: few, some and many incidents, each falling, without clear change and rising; last, none at all.
"""

ZERO = Palette(("#faf8f2",), ("#22272c",))
NO_DATA = Palette(("#d9d6cf", "#aaa69d"), ("#31373d", "#6b747d"))  # ground and hatch


def hatch_of(style: str) -> str:
    """Give the hatch of a style class such as "awsd-hotspot-0".

    Examples
    --------
    >>> hatch_of("awsd-hotspot-0"), hatch_of("awsd-ember-2")
    ('up', '')
    """
    palette, place = _palette_of(style)
    return palette.hatch[place] if palette.hatch else ""


def _palette_of(style: str) -> tuple[Palette, int]:
    name, place = style.removeprefix("awsd-").rsplit("-", 1)
    return {**SEQUENTIAL, **DIVERGING, **CATEGORICAL, "zero": ZERO}[name], int(place)


def colour_of(style: str, shade: str) -> str:
    """Give the colour of a style class on a "light" or a "dark" page.

    Examples
    --------
    >>> colour_of("awsd-hotspot-0", "light"), colour_of("awsd-zero-0", "dark")
    ('#b8433a', '#22272c')
    """
    palette, place = _palette_of(style)
    return str(getattr(palette, shade)[place])


def shades(count: int) -> list[int]:
    """Pick which of the five colours show ``count`` classes.

    Examples
    --------
    >>> shades(5), shades(3), shades(1)
    ([0, 1, 2, 3, 4], [0, 2, 4], [3])
    """
    if count == 1:
        return [3]
    return [round(index * 4 / (count - 1)) for index in range(count)]


def colour_rules(used: Iterable[str] = ()) -> str:
    """Write the colours as rules of the style classes, light, dark and printed.

    Parameters
    ----------
    used : iterable of str
        Names of the palettes whose rules are written; all by default.

    Returns
    -------
    str
        CSS. A class such as ``awsd-ember-3`` sets ``--c``, its colour, and ``--hatch``, the ink that reads on it; a
        label that stands on such a class has it in ``data-on``.
    """
    palettes = {**SEQUENTIAL, **DIVERGING, **CATEGORICAL}
    wanted = {name: palettes[name] for name in (sorted(set(used)) or palettes)} | {"zero": ZERO}
    light, dark = (_classes(wanted, shade) for shade in ("light", "dark"))
    sides = [f"{{--none-0:{shades[0]};--none-1:{shades[1]}}}" for shades in (NO_DATA.light, NO_DATA.dark)]
    return "\n".join(
        [
            f".awsd-map{sides[0]}\n{light}",
            f"@media (prefers-color-scheme:dark){{.awsd-map{sides[1]}\n{dark}}}",
            f"@media print{{.awsd-map{sides[0]}\n{light}}}",
        ]
    )


def accent_rules() -> str:
    """Write the accent of a page around a map as custom properties, so that both look as one."""
    ember = SEQUENTIAL["ember"]
    light = f":root{{--accent:{ember.light[3]};--accent-soft:{ember.light[0]}}}"
    dark = f":root{{--accent:{ember.dark[3]};--accent-soft:{ember.dark[0]}}}"
    return f"{light}\n@media (prefers-color-scheme:dark){{{dark}}}\n@media print{{{light}}}\n"


def _classes(palettes: dict[str, Palette], shade: str) -> str:
    return "\n".join(
        f".awsd-{name}-{place},[data-on=awsd-{name}-{place}]{{--c:{colour};--hatch:{ink_on(colour)}}}"
        for name, palette in palettes.items()
        for place, colour in enumerate(getattr(palette, shade))
    )


def luminance(colour: str) -> float:
    """Give the relative luminance of a colour, 0 (black) to 1 (white).

    References
    ----------
    .. [1] W3C, Web Content Accessibility Guidelines 2.2, "relative luminance".

    Examples
    --------
    >>> luminance("#000000"), round(luminance("#ffffff"), 6), round(luminance("#ff0000"), 4)
    (0.0, 1.0, 0.2126)
    """
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Give the contrast ratio of two colours, 1 to 21 (WCAG 2.2); text needs 4.5.

    Examples
    --------
    >>> round(contrast("#ffffff", "#000000"), 3)
    21.0
    """
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def ink_on(colour: str) -> str:
    """Choose the ink, near black or white, that reads better on a colour.

    Examples
    --------
    >>> ink_on("#742327"), ink_on("#f3dcb8")
    ('#ffffff', '#0d1012')
    """
    return max(("#ffffff", "#0d1012"), key=lambda ink: contrast(colour, ink))
