"""What a picture says: the payload of its layer, all texts around the map, and the alternative text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsd_geo.errors import RequestError
from awsd_geo.language import number, words
from awsd_geo.maps import texts
from awsd_geo.maps.contents import whole_period
from awsd_geo.maps.layer_contents import layer_contents, years_of
from awsd_geo.maps.still.layout import Said
from awsd_geo.maps.still.type import clean

if TYPE_CHECKING:
    from awsd_geo.maps.contents import Around
    from awsd_geo.maps.layer import Layer

NAMED = 12
"""Regions that the alternative text names, at most."""


def shown_in(layer: Layer, region_ids: list[str], year: int | None) -> dict[str, Any]:
    """Give a layer as the web map shows it: of the whole period, or of one year in the same classes.

    Raises
    ------
    RequestError
        If the layer does not have that year.
    """
    years = years_of([layer])
    if year is not None and year not in years:
        known = f"It has {years[0]} to {years[-1]}." if years else "It shows the whole period only."
        raise RequestError(f"The layer {layer.key} has no year {year}. {known}")
    found = layer_contents(layer, region_ids, years)
    if year is None:
        return found
    now = found["years"][years.index(year)]
    texts_now = now["shown"] or [layer.no_data if value is None else str(value) for value in now["values"]]
    marks = ["" if place < 0 else text for place, text in zip(now["index"], texts_now, strict=True)]
    return found | {"index": now["index"], "shown": texts_now, "marks": marks}


def said_of(regions: Any, around: Around, layer: Layer, text: texts.MapText, status: str, year: int | None) -> Said:
    """Gather all texts around the map, the same as on the web map's page."""
    frames = [regions, *around.frames]
    lang, strings = layer.lang, words(layer.lang)["map"]
    years = years_of([layer])
    whole = whole_period(years, lang) if years and not text.subtitle else ""
    period = whole if year is None else strings["year_numbers"].format(year=year)
    banners = [
        (name, strings[name], strings[f"{name}_text"]) for name in texts.statuses(status, [layer]) if name != "final"
    ]
    notes = [note for note in texts.notes(regions.attrs, text, [layer], lang) if note not in layer.notes]
    notes += [strings["finer"]] * (around.finer is not None)
    credit = " ".join(texts.credit_lines(frames, text, [layer], lang, "software_still"))
    subtitle = " · ".join(part for part in (text.subtitle, period) if part)
    return Said(text.title, text.finding, subtitle, banners, notes, credit)


def alt_text(names: list[str], shown: dict[str, Any], said: Said) -> str:
    """Say in words what a picture shows: title and finding, what is mapped, and the regions that stand out."""
    order = sorted(range(len(names)), key=lambda at: (not shown["marks"][at], -shown["index"][at], at))
    told = [f"{names[at]} {shown['shown'][at]}" for at in order if shown["marks"][at]]
    listed = "; ".join(told[:NAMED]) + (f"; … (+{number(len(told) - NAMED, 'en')})" if len(told) > NAMED else "")
    heads = [f"{head}: {sentence}" for _, head, sentence in said.banners]
    parts = [*heads, said.title, said.finding, said.subtitle, shown["unit"] or shown["title"], listed]
    ended = [part if part.endswith((".", "!", "?")) else f"{part}." for part in parts if part]
    return clean(" ".join(ended))
