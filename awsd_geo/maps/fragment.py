"""The map of regions: from frames to a page of its own, a part of another page, or a folium map."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from awsd_geo.language import words
from awsd_geo.maps import assets, contents, geometry, markup, notebook, page, start, tables, texts
from awsd_geo.maps.layer import Layer, in_common
from awsd_geo.maps.style import colour_rules
from awsd_geo.maps.texts import MapText as MapText

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence
    from pathlib import Path

    import folium
    import geopandas as gpd
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Fragment:
    """The parts of a map for another page: hand them to :func:`awsd_geo.maps.assemble`.

    ``css`` goes to ``head_css``, ``body`` into the body, ``scripts`` (in this order) to ``scripts``.
    """

    css: tuple[str, ...]
    body: str
    scripts: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class RegionMap:
    """A map of regions with its layers; made by :func:`region_map`.

    Parameters
    ----------
    ident : str
        Digest of the contents; ids of the page are made of it, so equal maps have equal bytes.
    bounds : tuple of float
        West, south, east and north in degrees.
    lang, title : str
        Language and title of the page.
    figure, body : str
        Markup of the map alone, and of its whole page.
    palettes : tuple of str
        Names of those that the layers use.
    said : str
        Banners, title and finding as plain text, for where the page cannot be shown.
    """

    ident: str
    bounds: geometry.Bounds
    lang: str
    title: str
    figure: str
    body: str
    palettes: tuple[str, ...] = ()
    said: str = ""

    @property
    def folium_map(self) -> folium.Map:
        """The same as :meth:`to_folium`."""
        return self.to_folium()

    def to_folium(self) -> folium.Map:
        """Make a new ``folium.Map`` with the layers on it, to add to and to save.

        What folium draws with Leaflet alone (shapes, markers, popups, tooltips, ``LayerControl``) needs no network
        here. Tiles, plugins and the pictures of ``folium.Icon`` do; without them markers are plain pins.

        Returns
        -------
        folium.Map
            Its page is folium's: without the policy of :meth:`html`, which keeps scripts and requests out.

        Warnings
        --------
        folium compiles the texts that are added to it (popups, tooltips, names of layers, properties of GeoJSON) as
        HTML and a second time as a Jinja template: ``{{ }}`` in a place name **runs as Python** on your machine when
        the map is drawn, ``<script>`` runs on the reader's, and a backtick breaks the page. Give folium texts of the
        data through :func:`awsd_geo.maps.safe_text` only. The texts of the layers that are here already do not pass
        through folium.
        """
        from awsd_geo.maps import element

        drawn = element.make_map(self.ident, self.bounds)
        styles = (*self._styles(whole_page=True), assets.folium_styles())
        head = element.head_elements(styles, (*self._libraries(), assets.folium_script()))
        element.RegionLayer(self.ident, head, self.body, start.call(self.ident)).add_to(drawn)
        return drawn

    def fragment(self) -> Fragment:
        """Give the map without title, banner, notes and table, to stand in another page."""
        return Fragment(self._styles(whole_page=False), self.figure, self._scripts())

    def html(self) -> str:
        """Write the map as a page of its own that makes no request, under a strict Content-Security-Policy."""
        styles = self._styles(whole_page=True)
        return page.assemble(title=self.title, lang=self.lang, head_css=styles, body=self.body, scripts=self._scripts())

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write :meth:`html` to a file, whole or not at all.

        Raises
        ------
        InputError
            If the folder does not exist.
        """
        return page.write(path, self.html())

    def __repr__(self) -> str:
        return f"<RegionMap {self.title!r}>"

    def _repr_html_(self) -> str:
        """Show the page in a notebook, in a frame of its own."""
        return notebook.frame(self.html(), title=self.title, height=760, instead=self.said or self.title)

    def _styles(self, *, whole_page: bool) -> tuple[str, ...]:
        parts = (assets.leaflet_styles(), assets.tight("map.css"), colour_rules(self.palettes))
        return (*parts, assets.tight("page.css")) if whole_page else parts

    @staticmethod
    def _libraries() -> tuple[str, str]:
        return assets.leaflet_script(), assets.scripts()

    def _scripts(self) -> tuple[str, ...]:
        from awsd_geo.maps import element

        return (*self._libraries(), element.script_of(element.make_map(self.ident, self.bounds), self.ident))


def region_map(
    regions: gpd.GeoDataFrame,
    layers: Sequence[Layer],
    *,
    text: MapText,
    lang: str = "en",
    status: str = "final",
    neighbours: gpd.GeoDataFrame | None = None,
    towns: pd.DataFrame | None = None,
    finer: gpd.GeoDataFrame | None = None,
) -> RegionMap:
    """Make an interactive map of regions that works without a network.

    Parameters
    ----------
    regions : GeoDataFrame
        Frame of :func:`awsd_geo.load_regions`: EPSG:4326, index ``region_id``. ``attrs`` ``approximate``, ``note``,
        ``notice_short`` and ``valid_from`` are shown under the map.
    layers : sequence of Layer
        The first is shown first.
    text : MapText
        Title, finding, notes and sources.
    lang : {"en", "fr"}
        Language of the page; give the layers the same.
    status : {"final", "provisional", "example"}
        What the banner says; "final" has none.
    neighbours : GeoDataFrame, optional
        Countries around as of ``boundaries.neighbours``: ``name``, ``name_fr`` and outlines, drawn in grey.
    towns : DataFrame, optional
        As of ``boundaries.towns``: ``name``, ``lat``, ``lon``, ``population``; the 12 largest are drawn.
    finer : GeoDataFrame, optional
        Units of a finer level with ``parent_id``, such as cercles: the lines between them are drawn thin.

    Returns
    -------
    RegionMap
        Frozen; the same for the same input.

    Raises
    ------
    InputError
        If the regions do not keep their schema or cannot be drawn, or a layer has a region that they lack.
    RequestError
        If language or status is unknown, there is no layer, or two layers have one key.
    """
    strings = words(lang)["map"]
    texts.check_status(status)
    contents.check_request(regions, layers)
    layers = in_common(layers)
    around = contents.Around(neighbours, towns, finer)
    data = page.payload(
        contents.contents(regions, layers, lang, around) | {"about": texts.about(text, status, layers, strings)}
    )
    marked = "\n".join([lang, status, repr(text), data])
    ident = hashlib.sha256(marked.encode("utf-8", "surrogatepass")).hexdigest()[:10]
    credited = texts.credit_lines([regions, *around.frames], text, layers, lang)
    columns = contents.columns_of(regions, layers)
    figure = markup.figure(ident, text, layers, data, credited, lang)
    table = tables.table(
        ident, [str(name) for name in regions["name"]], contents.kind_of_most(regions, lang), columns, lang
    )
    notes = texts.notes(regions.attrs, text, layers, lang) + [strings["finer"]] * (finer is not None)
    body = markup.page(text, texts.statuses(status, layers), figure, notes, table, lang)
    palettes = tuple(sorted({layer.palette for layer in layers}))
    said = notebook.in_words([text.title, text.finding], texts.statuses(status, layers), lang)
    return RegionMap(ident, geometry.bounds_of(regions), lang, text.title, figure, body, palettes, said)
