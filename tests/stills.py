"""What the tests of still pictures share: a country of squares, its layers, and readers of what was drawn."""

import io

import numpy as np
import pandas as pd
from PIL import Image

import awsd_geo as ag
from awsd_geo import maps
from awsd_geo.maps.still.saving import bytes_of, plain_settings

NAMES = ("Ardal", "Beni", "Cotta", "Dunes", "Est", "Foret")
HITS = {"Ardal": 31, "Beni": 5, "Cotta": 0, "Dunes": 1, "Est": 11, "Foret": 0}


def by_region(regions, values):
    return pd.Series([values[name] for name in regions["name"]], index=regions.index)


def by_year(regions, years=(2019, 2020, 2021, 2022)):
    """Give each region its incidents, one more in each later year of the last four."""
    index = pd.MultiIndex.from_product([regions.index, years], names=["region_id", "year"])
    counts = pd.DataFrame({"incidents": 0, "victims": 0}, index=index)
    for key, name in regions["name"].items():
        for place in range(HITS[name]):
            counts.loc[(key, years[-1 - place % 3 % len(years)]), "incidents"] += 1
    return counts.assign(victims=2 * counts["incidents"])


def local_table(regions, labels):
    return pd.DataFrame({"label": labels, "value": 1.0, "p_value": 0.01}, index=regions.index)


LAYERS = {
    "incidents": lambda r, lang: maps.incidents_layer(by_year(r), lang),
    "share": lambda r, lang: maps.share_layer(pd.DataFrame({"share": by_region(r, HITS) / 48}), lang),
    "rate": lambda r, lang: maps.rate_layer(
        by_region(r, HITS), pd.Series([9e4, 8e5, 3e5, 2e5, 5e5, None], index=r.index), lang
    ),
    "clusters": lambda r, lang: maps.clusters_layer(ag.statistics.scan(by_region(r, HITS), r, replicates=99), lang),
    "hotspot": lambda r, lang: maps.hotspot_layer(
        local_table(r, ["hot", "hot", "not significant", "cold", "undefined", "not significant"]), lang
    ),
    "moran": lambda r, lang: maps.local_moran_layer(
        local_table(r, ["high-high", "low-low", "high-low", "low-high", "not significant", "undefined"]), lang
    ),
    "change": lambda r, lang: maps.change_layer(by_year(r), 2021, lang),
    "both": lambda r, lang: maps.count_change_layer(by_year(r), 2021, lang),
    "points": lambda r, lang: maps.points_layer(
        pd.DataFrame({"latitude": [0.5, 0.52, 0.5, None], "longitude": [0.5, 0.51, 4.5, 1.0]}),
        by_region(r, HITS),
        audience="internal",
        lang=lang,
    ),
}


def pixels(picture, dpi=144):
    """Give the picture as numbers, shape (height, width, 3)."""
    image = Image.open(io.BytesIO(bytes_of(picture.axes, "png", dpi=dpi))).convert("RGB")
    return np.asarray(image).astype(int)


def around(picture, image, longitude, latitude, reach=4.0, dpi=144):
    """Give the pixels of a square around a place, of twice ``reach`` points."""
    x, y = picture.place(longitude, latitude)
    left, right, top, bottom = (round((at + step) * dpi / 72) for at in (x, y) for step in (-reach, reach))
    return image[top:bottom, left:right].reshape(-1, 3)


def said(picture):
    """Give all texts of a picture in the order in which they were written, lines joined."""
    return " ".join(" ".join(text.get_text() for text in picture.axes.texts).split(" "))


def extents(axes):
    """Give the texts of axes with their boxes in pixels, as drawn by our settings."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    figure = axes.figure
    with plain_settings():
        canvas = FigureCanvasAgg(figure)
        canvas.draw()
        boxes = [(text.get_text(), text.get_window_extent(canvas.get_renderer())) for text in axes.texts]
    return [(text, box.x0, box.y0, box.x1, box.y1) for text, box in boxes]
