"""The markup around a map, written on our side with every text escaped: header, controls, notes, credits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from awsd_geo.language import words
from awsd_geo.maps.layer_contents import years_of
from awsd_geo.maps.page import escape

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from awsd_geo.maps.layer import Layer
    from awsd_geo.maps.texts import MapText


def figure(ident: str, text: MapText, layers: Sequence[Layer], data: str, cited: Iterable[str], lang: str) -> str:
    """Write the part that the script fills: switch, search, map, slider, legend, panel, credits and the payload.

    Returns
    -------
    str
        A ``<section id="awsd-<ident>">``; its map is ``<div class="folium-map" id="map_<ident>">``.
    """
    strings = words(lang)["map"]
    switch = "".join(
        f'<label><input type="radio" name="layer-{ident}" value="{place}"{" checked" if place == 0 else ""}>'
        f"<span>{escape(layer.title)}</span></label>"
        for place, layer in enumerate(layers)
    )
    label = escape(strings["map_label"].format(title=text.title))
    return f"""<section class="awsd-map" id="awsd-{ident}" lang="{lang}">
<h2 class="awsd-hidden">{label}</h2>
<div class="awsd-bar"><fieldset class="awsd-switch"><legend>{escape(strings["layers"])}</legend>{switch}</fieldset>
{_search(ident, lang)}</div>
<div class="awsd-frame"><p class="awsd-wait">{escape(strings["no_script"])}</p>
<div class="folium-map" id="map_{ident}" role="region" aria-label="{label}"></div></div>
{_slider(ident, years_of(layers), lang)}
<div class="awsd-side">
<div class="awsd-legend" aria-live="polite"></div>
<div class="awsd-panel" id="panel-{ident}" aria-live="polite"></div>
{_downloads(lang)}
</div>
<p class="awsd-credits">{" ".join(escape(line) for line in cited)}</p>
<script type="application/json" id="data-{ident}">{data}</script>
</section>"""


def _search(ident: str, lang: str) -> str:
    """Write the search for a region: a box with a list, which the script fills."""
    label = escape(words(lang)["map"]["search"])
    return (
        f'<div class="awsd-search"><input type="text" role="combobox" id="search-{ident}" aria-label="{label}" '
        f'placeholder="{label}" aria-expanded="false" aria-autocomplete="list" aria-controls="found-{ident}" '
        f'autocomplete="off" spellcheck="false"><ul role="listbox" id="found-{ident}" aria-label="{label}" hidden></ul>'
        '<span class="awsd-hidden" aria-live="polite"></span></div>'
    )


def _slider(ident: str, years: list[int], lang: str) -> str:
    """Write the slider of the years; nothing where no layer knows years apart."""
    if not years:
        return ""
    strings = words(lang)["map"]
    return (
        f'<div class="awsd-time"><button type="button" class="awsd-play">{escape(strings["play"])}</button>'
        f'<label class="awsd-hidden" for="time-{ident}">{escape(strings["period"])}</label>'
        f'<input type="range" id="time-{ident}" min="0" max="{len(years)}" step="1" value="0">'
        f'<output for="time-{ident}"></output><p class="awsd-only"></p></div>'
    )


def _downloads(lang: str) -> str:
    strings = words(lang)["map"]
    buttons = "".join(
        f'<button type="button" data-kind="{kind}">{escape(strings[f"download_{kind}"])}</button>'
        for kind in ("csv", "png", "svg")
    )
    label = escape(strings["download"])
    return f'<div class="awsd-downloads" role="group" aria-label="{label}"><span>{label}</span>{buttons}</div>'


def page(text: MapText, statuses: Iterable[str], figure: str, notes: Iterable[str], table: str, lang: str) -> str:
    """Write the body of the map's own page around the figure."""
    strips = "".join(banner(status, lang) for status in statuses)
    lines = [
        f'<header class="awsd-banners">{strips}</header>' if strips else "",
        '<main class="awsd-page">',
        f"<header><h1>{escape(text.title)}</h1>",
        f'<p class="awsd-finding">{escape(text.finding)}</p>' if text.finding else "",
        f'<p class="awsd-subtitle">{escape(text.subtitle)}</p>' if text.subtitle else "",
        "</header>",
        figure,
        '<ul class="awsd-notes">' + "".join(f"<li>{escape(note)}</li>" for note in notes) + "</ul>" if notes else "",
        table,
        "</main>",
    ]
    return "\n".join(line for line in lines if line)


def banner(status: str, lang: str) -> str:
    """Write the strip that says EXAMPLE DATA, PROVISIONAL or INTERNAL; nothing for a final page."""
    strings = words(lang)["map"]
    if status not in {"example", "provisional", "internal"}:
        return ""
    head, text = escape(strings[status]), escape(strings[f"{status}_text"])
    return f'<p class="awsd-banner awsd-{status}" role="note"><strong>{head}</strong> {text}</p>'
