"""Which pictures there are: the name of each and the rows of photographs on it."""

from shot import FOUR_K, PHONE, Shot

LAYERS = {
    "incidents_layer": ("layers", 0),
    "share_layer": ("layers", 1),
    "rate_layer": ("layers", 2),
    "clusters_layer": ("layers", 3),
    "hotspot_layer": ("layers", 4),
    "local_moran_layer": ("layers", 5),
    "change_layer": ("layers", 6),
    "count_change_layer": ("layers", 7),
    "points_layer": ("points", None),
    "smoothed_layer": ("smoothed", None),
}
"""Maker of a layer in awsd_geo.maps: the page that shows it, and its place in the switch there."""

PEER = {"size": (1000, 640), "shrink": 0.55}


def of_layer(page, layer, **more):
    """Show a layer at the desk and on the phone, in both languages, light and dark."""
    wide = {"layer": layer, "shrink": 0.62, **more}
    narrow = wide | {"size": PHONE, "to": ".awsd-frame"}
    return [
        [Shot(page, "en", **wide), Shot(page, "fr", **narrow)],
        [Shot(page, "fr", colours="dark", **wide), Shot(page, "en", colours="dark", **narrow)],
    ]


def top(page, lang):
    return Shot(page, lang, until=720, shrink=0.55)


def phone(page, lang, **more):
    return Shot(page, lang, size=PHONE, shrink=0.75, **more)


ALBUM = {
    "map": [[Shot("alert-map", "en")]],
    "alert": [[Shot("alert", "en", until=1180)]],
    **{f"layer-{maker.removesuffix('_layer').replace('_', '-')}": of_layer(*where) for maker, where in LAYERS.items()},
    "layer-incidents-year": of_layer("layers", 0, year=6),
    "alert-pages": [
        [Shot("alert", "en", until=2550, shrink=0.5), Shot("alert", "fr", until=2550, shrink=0.5, colours="dark")],
        [phone("alert", "fr"), phone("alert", "fr", to="#where"), phone("alert", "fr", to="#places", colours="dark")],
    ],
    "alert-print": [[Shot("alert", lang, printed=True) for lang in ("en", "fr")]],
    "map-print": [[Shot("alert-map", lang, printed=True, shrink=0.75) for lang in ("en", "fr")]],
    "reading": [
        [
            Shot("alert-map", "en", choose="Mopti", shrink=0.7),
            phone("alert-map", "fr", choose="Mopti", to=".awsd-frame"),
        ],
        [Shot("alert-map", "fr", search="to", shrink=0.7), phone("alert-map", "en", search="men", to=".awsd-bar")],
        [Shot("alert-map", "fr", to=".awsd-table", shrink=0.7), phone("alert-map", "en", to=".awsd-table")],
    ],
    "levels": [[Shot("cercles", "fr", shrink=0.75)], [Shot("communes", "en", shrink=0.75)]],
    "countries": [
        [Shot("south-sudan", "fr", layer=3, shrink=0.6), Shot("somalia", "en", layer=0, shrink=0.6)],
        [Shot("niger", "fr", choose="Zinder", shrink=0.6), Shot("ukraine", "en", layer=1, shrink=0.6, colours="dark")],
    ],
    "states": [
        [top("no-incident", "fr"), top("one-incident", "en")],
        [top("no-change", "fr"), top("provisional", "en")],
        [Shot("provisional", lang, part=".columns", shrink=0.7) for lang in ("en", "fr")],
    ],
    "wide": [[Shot("alert-map", "fr", size=FOUR_K, shrink=0.35)], [Shot("alert", "en", size=FOUR_K, shrink=0.35)]],
    "close-up": [[Shot("alert-map", "en", part=".awsd-frame", scale=2)]],
    "saved": [[Shot("alert-map", "fr", colours="dark", layer=3, saved=True, shrink=0.5)]],
    "peers": [
        [Shot("alert-map", "en", **PEER), Shot("explore", **PEER), Shot("choropleth", **PEER)],
        [
            Shot("alert-map", "en", **PEER),
            Shot("explore", handed=True, **PEER),
            Shot("choropleth", handed=True, **PEER),
        ],
    ],
}
