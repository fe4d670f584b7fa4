"""The colours of page, ground and ink, light and dark: read from the stylesheets of the web map, no second copy."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from awsd_geo.errors import RequestError
from awsd_geo.maps import assets
from awsd_geo.maps.style import NO_DATA, colour_of, ink_on

THEMES = ("light", "dark")
HATCH_OPACITY = 0.42  # of the ink on its class, as in map.css


@dataclass(frozen=True)
class Theme:
    """Colours of one theme: those of ``map.css`` by name, such as "ink" or "around-line", and "example-ink"."""

    shade: str
    colours: dict[str, str]

    def __getitem__(self, name: str) -> str:
        """Give a colour as ``#rrggbb``."""
        return name if name.startswith("#") else self.colours[name]

    def fill(self, style: str) -> str:
        """Give the colour of a style class; "" is no data."""
        return colour_of(style, self.shade) if style else str(getattr(NO_DATA, self.shade)[0])

    def hatch_ink(self, style: str) -> tuple[str, float]:
        """Give the colour and opacity of the hatch on a style class; "" is no data."""
        if not style:
            return str(getattr(NO_DATA, self.shade)[1]), 1.0
        return ink_on(self.fill(style)), HATCH_OPACITY


@cache
def theme_of(name: str) -> Theme:
    """Read a theme.

    Raises
    ------
    RequestError
        If there is no such theme.
    """
    if name not in THEMES:
        raise RequestError(f"There is no theme {name!r}. Choose one of {', '.join(THEMES)}.")
    styles = {file: _sides(assets.tight(file)) for file in ("map.css", "page.css")}
    rules = "".join(styles["map.css"][side] for side in THEMES[: 1 + THEMES.index(name)])
    colours = dict(re.findall(r"--([\w-]+): ?(#[0-9a-f]{3,6}|rgba\([^)]*\))", "".join(_blocks(rules, ".awsd-map"))))
    for side in THEMES[: 1 + THEMES.index(name)]:
        for status in ("example", "provisional", "internal"):
            for block in _blocks(styles["page.css"][side], f".awsd-{status}"):
                ground, ink = (re.search(rf"(?:^|[ ;]){part}: ?(#\w+)", block) for part in ("background", "color"))
                if ground and ink:
                    colours |= {f"{status}-ground": ground[1], f"{status}-ink": ink[1]}
    return Theme(name, {key: _six(value) for key, value in colours.items()})


def _sides(css: str) -> dict[str, str]:
    """Part a stylesheet: what stands outside any condition, and the parts for dark screens."""
    dark, light, rest = "", "", css
    while found := re.search(r"@media ([^{]*)\{", rest):
        light += rest[: found.start()]
        depth, end = 1, found.end()
        while depth:
            depth += {"{": 1, "}": -1}.get(rest[end], 0)
            end += 1
        if "prefers-color-scheme" in found[1]:
            dark += rest[found.end() : end - 1]
        rest = rest[end:]
    return {"light": light + rest, "dark": dark}


def _blocks(css: str, selector: str) -> list[str]:
    return re.findall(rf"(?:^|[\n}}]){re.escape(selector)} ?\{{([^}}]*)\}}", css)


def _six(colour: str) -> str:
    """Write any of the stylesheet's colours as ``#rrggbb``; a halo's opacity is left to who draws it."""
    if colour.startswith("rgba"):
        return "#" + "".join(f"{int(part):02x}" for part in re.findall(r"\d+", colour)[:3])
    return colour if len(colour) == 7 else "#" + "".join(2 * digit for digit in colour[1:])
