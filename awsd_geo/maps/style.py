"""The colours of the maps as data, light and dark, and the stylesheet rules made from them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours of classes, from low to high, on a light and on a dark page.

    Lightness alone orders them (falling on light pages, rising on dark ones), so that a reader who cannot tell the
    hues apart, or who prints in grey, still reads the order.
    """

    light: tuple[str, ...]
    dark: tuple[str, ...]


SEQUENTIAL: dict[str, Palette] = {
    "ember": Palette(
        ("#f3dcb8", "#ebb27a", "#d8804f", "#b04a38", "#742327"),
        ("#51332b", "#834636", "#c06b49", "#e0935f", "#f8d5a2"),
    ),
    "lagoon": Palette(
        ("#d3e3e2", "#a3c8c9", "#6aa5ab", "#38788a", "#1b4a5f"),
        ("#213d47", "#2c5c6b", "#438594", "#76b1b5", "#c0e0da"),
    ),
    "plum": Palette(
        ("#e6dbe8", "#c8b1d1", "#a381b4", "#785490", "#492c63"),
        ("#3c2d4b", "#5c4374", "#8463a1", "#b292c6", "#e2cdea"),
    ),
}
"""Order of classes 1 to 5. Fewer classes take evenly spaced ones."""

CATEGORICAL: dict[str, Palette] = {
    "hotspot": Palette(("#b8433a", "#33729f", "#f3eddf"), ("#e07a63", "#6fa9d6", "#363c42")),
}
"""Hot, cold, not significant: red and blue of the same lightness as in RdBu, safe for colour-blind readers."""

ZERO = Palette(("#faf8f2",), ("#22272c",))
NO_DATA = Palette(("#d9d6cf", "#aaa69d"), ("#2b3035", "#5a626a"))  # ground and hatch


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


def colour_rules() -> str:
    """Write the colours as custom properties and the rules of the classes that use them.

    Returns
    -------
    str
        CSS. A class such as ``awsd-ember-3`` sets ``fill`` for map shapes and ``background`` for legend keys.
    """
    palettes = {**SEQUENTIAL, **CATEGORICAL, "zero": ZERO, "none": NO_DATA}
    names = [f"{name}-{index}" for name, palette in palettes.items() for index in range(len(palette.light))]
    light = [colour for palette in palettes.values() for colour in palette.light]
    dark = [colour for palette in palettes.values() for colour in palette.dark]
    rules = [
        f".awsd-map .awsd-{name}{{fill:var(--{name});background-color:var(--{name})}}\n"
        f".awsd-label[data-on=awsd-{name}]{{color:var(--{name}-ink);--halo:var(--{name})}}"
        for name in names
        if not name.startswith("none")
    ]
    return "\n".join(
        [
            f".awsd-map{{{_properties(names, light)}}}",
            f"@media (prefers-color-scheme:dark){{.awsd-map{{{_properties(names, dark)}}}}}",
            f"@media print{{.awsd-map{{{_properties(names, light)}}}}}",
            *rules,
        ]
    )


def _properties(names: list[str], colours: list[str]) -> str:
    pairs = list(zip(names, colours, strict=True))
    return ";".join(f"--{name}:{colour};--{name}-ink:{ink_on(colour)}" for name, colour in pairs)


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
