"""The markup around a map, written on our side with every text escaped: header, notes, credits, table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from awsd_geo.language import words
from awsd_geo.maps.page import escape

if TYPE_CHECKING:
    from collections.abc import Iterable

    from awsd_geo.maps.fragment import MapText
    from awsd_geo.maps.layer import Layer


def figure(ident: str, text: MapText, layers: Iterable[Layer], data: str, cited: Iterable[str], lang: str) -> str:
    """Write the part that the script fills: switch, map, legend, panel, credits and the payload.

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
<fieldset class="awsd-switch"><legend>{escape(strings["layers"])}</legend>{switch}</fieldset>
<div class="awsd-frame"><p class="awsd-wait">{escape(strings["no_script"])}</p>
<div class="folium-map" id="map_{ident}" role="region" aria-label="{label}"></div></div>
<div class="awsd-side">
<div class="awsd-legend" aria-live="polite"></div>
<div class="awsd-panel" id="panel-{ident}" aria-live="polite"></div>
</div>
<p class="awsd-credits">{" ".join(escape(line) for line in cited)}</p>
<script type="application/json" id="data-{ident}">{data}</script>
</section>"""


def page(text: MapText, status: str, figure: str, notes: Iterable[str], table: str, lang: str) -> str:
    """Write the body of the map's own page around the figure."""
    lines = [
        banner(status, lang),
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
    """Write the strip that says EXAMPLE DATA or PROVISIONAL; nothing for a final page."""
    strings = words(lang)["map"]
    if status not in {"example", "provisional"}:
        return ""
    head, text = escape(strings[status]), escape(strings[f"{status}_text"])
    return f'<p class="awsd-banner awsd-{status}" role="note"><strong>{head}</strong> {text}</p>'


def table(ident: str, names: list[str], columns: list[tuple[int, str, list[str]]], lang: str) -> str:
    """Write the numbers as a plain table, for readers without the map."""
    strings = words(lang)["map"]
    heads = "".join(f'<th scope="col">{escape(heading)}</th>' for _, heading, _ in columns)
    rows = "\n".join(
        f'<tr><th scope="row">{escape(name)}</th>'
        + "".join(f"<td>{escape(texts[row])}</td>" for _, _, texts in columns)
        + "</tr>"
        for row, name in enumerate(names)
    )
    return f"""<section class="awsd-table" aria-labelledby="table-{ident}">
<h2 id="table-{ident}">{escape(strings["table_title"])}</h2>
<div class="awsd-scroll" tabindex="0" role="region" aria-labelledby="table-{ident}"><table>
<thead><tr><th scope="col">{escape(strings["table_region"])}</th>{heads}</tr></thead>
<tbody>
{rows}
</tbody>
</table></div>
</section>"""
