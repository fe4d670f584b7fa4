"""The folium side of a map: a real ``folium.Map`` whose layer is constant code plus one JSON payload.

folium compiles what an element renders a second time as a Jinja template, so a place name such as ``{{7*7}}`` would
run. :class:`Verbatim` renders itself and is never compiled; nothing else here holds a text of the data.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from branca.element import Element, MacroElement

from awsd_geo.maps import start

if TYPE_CHECKING:
    from collections.abc import Sequence

    import folium

    from awsd_geo.maps.geometry import Bounds


class Verbatim(Element):  # type: ignore[misc]
    """Text that goes into the page as it is, past Jinja."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._name = "Verbatim"
        self.text = text

    def render(self, **kwargs: Any) -> str:  # noqa: ARG002 - the signature is branca's
        """Give the text."""
        return self.text


class RegionLayer(MacroElement):  # type: ignore[misc]
    """Put our styles, markup and script into the page of a folium map.

    Parameters
    ----------
    ident : str
        Stable id; the map's own is ``map_<ident>``.
    head : str
        Style and script elements for the head.
    body : str
        Markup with an empty ``<div class="folium-map" id="map_<ident>">``, which takes the place of folium's own.
    script : str
        The call that draws the layer.
    """

    def __init__(self, ident: str, head: str, body: str, script: str) -> None:
        super().__init__()
        self._name, self._id = "RegionLayer", ident
        self.head, self.body, self.script = head, body, script

    def render(self, **kwargs: Any) -> None:  # noqa: ARG002 - the signature is branca's
        """Hand the parts to the figure, the body under the map's name, so that it replaces folium's empty div."""
        figure = self.get_root()
        figure.header.add_child(Verbatim(self.head), name=self.get_name())
        figure.html.add_child(Verbatim(self.body), name=self._parent.get_name())
        figure.script.add_child(Verbatim(self.script), name=self.get_name())


def make_map(ident: str, bounds: Bounds) -> folium.Map:
    """Make an empty folium map with a stable id, without tiles and without any address.

    Parameters
    ----------
    ident : str
        What the ids are made of: letters and digits.
    bounds : tuple of float
        West, south, east and north in degrees.

    Returns
    -------
    folium.Map
        Leaflet is not loaded from anywhere: :class:`RegionLayer` brings it.
    """
    import folium

    drawn = folium.Map(location=start.centre(bounds), zoom_start=start.ZOOM, tiles=None, **start.OPTIONS)
    drawn._id = ident
    drawn.default_js, drawn.default_css = [], []
    return drawn


def script_of(drawn: folium.Map, ident: str) -> str:
    """Write the script of a folium map whose layer is ours: its place and its options, as folium holds them.

    folium's own wording of the same differs from version to version, and pages with it.
    """
    return start.script(ident, [float(degrees) for degrees in drawn.location], drawn.options)


def head_elements(styles: Sequence[str], scripts: Sequence[str]) -> str:
    """Wrap stylesheets and scripts for a page that folium writes."""
    given = [("style", text) for text in styles] + [("script", text) for text in scripts]
    return "\n".join(f"<{tag}>{text}</{tag}>" for tag, text in given)
