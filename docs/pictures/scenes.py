"""The pages that are photographed: all of them from the built-in example or from numbers drawn with a fixed seed."""

import warnings
from functools import cache

import numpy as np
import pandas as pd
import peers

import awsd_geo as ag
from awsd_geo import boundaries, exposure, maps, statistics, weights
from awsd_geo.report import alert_map

YEARS = (2017, 2022)
SPLIT = 2020
MADE_UP = {
    "en": "Invented numbers, to show how the map looks",
    "fr": "Chiffres inventés, pour montrer l’aspect de la carte",
}


@cache
def example_alert(vintage="2016"):
    return ag.alert(ag.example(), country="MLI", years=YEARS, kind="kidnapped", vintage=vintage)


@cache
def example_counts(level=1):
    regions = ag.load_regions("MLI", level=level, vintage="2016")
    incidents = ag.select(ag.example(), country="MLI", years=YEARS, kind="kidnapped")
    located = ag.geocode(incidents, regions)
    return regions, located, ag.count(located, regions, years=YEARS)


def around(country):
    towns = boundaries.towns(country)
    return {"neighbours": boundaries.neighbours(country), "towns": towns if len(towns) else None}


def layers_of(regions, counts, lang):
    """Make every layer that can stand on one public map."""
    total, adjacency = counts["incidents"], weights.adjacency(regions)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return [
            maps.incidents_layer(counts, lang),
            maps.share_layer(statistics.concentration(total).table, lang),
            maps.rate_layer(counts, exposure.denominator(regions, "population"), lang),
            maps.clusters_layer(statistics.scan(total, regions, replicates=999), lang),
            maps.hotspot_layer(statistics.getis_ord(total, adjacency).table, lang),
            maps.local_moran_layer(statistics.local_moran(total, adjacency).table, lang),
            maps.change_layer(counts, SPLIT, lang),
            maps.count_change_layer(counts, SPLIT, lang),
        ]


def example_text(lang):
    return alert_map.alert_text(example_alert().findings, lang)


def all_layers(lang):
    regions, _, counts = example_counts()
    finer = ag.load_regions("MLI", level=2, vintage="2016")
    return maps.region_map(
        regions, layers_of(regions, counts, lang), text=example_text(lang), lang=lang, status="example", finer=finer,
        **around("MLI"),
    ).html()  # fmt: skip


def points(lang):
    regions, located, counts = example_counts()
    layers = [maps.points_layer(located, counts, audience="internal", lang=lang)]
    return maps.region_map(
        regions, layers, text=example_text(lang), lang=lang, status="example", **around("MLI")
    ).html()


def smoothed(lang):
    regions, _, counts = example_counts()
    residents = exposure.denominator(regions, "population")
    found = statistics.smoothed_rates(
        counts["incidents"], residents, method="local", neighbours=weights.adjacency(regions)
    )
    layers = [
        maps.smoothed_layer(found, residents, lang, source=residents.attrs["source_fr" if lang == "fr" else "source"])
    ]
    return maps.region_map(
        regions, layers, text=example_text(lang), lang=lang, status="example", **around("MLI")
    ).html()


def finer_units(level):
    def page(lang):
        regions, _, counts = example_counts(level)
        layers = layers_of(regions, counts, lang)
        return maps.region_map(
            regions, layers, text=example_text(lang), lang=lang, status="example", **around("MLI")
        ).html()

    return page


def invented(country, title):
    """Draw uneven numbers for a country that the example does not have, and say so."""

    def page(lang):
        regions = ag.load_regions(country)
        chance = np.random.default_rng(1)
        index = pd.MultiIndex.from_product([regions.index, range(2019, 2025)], names=["region_id", "year"])
        incidents = chance.poisson(np.repeat(chance.gamma(0.6, 3, len(regions)), 6))
        counts = pd.DataFrame({"incidents": incidents, "victims": 2 * incidents}, index=index)
        text = maps.MapText(title[lang], subtitle=MADE_UP[lang])
        return maps.region_map(
            regions, layers_of(regions, counts, lang), text=text, lang=lang, status="example", **around(country)
        ).html()

    return page


def provisional(lang):
    """Write the example's numbers three years later, in a file that ends with their last year."""
    incidents = ag.example()
    moved = incidents.assign(year=incidents["year"] + 3)
    moved.attrs = {**incidents.attrs, "source": {**incidents.attrs["source"], "data_to": "2025-12-31"}}
    return ag.alert(moved, country="MLI", years=(2020, 2025), vintage="2016").html(lang=lang)


def few(places):
    """Write an alert on a few incidents, each named by its region."""

    def page(lang):
        incidents = ag.example()
        rows = incidents.head(max(len(places), 1)).assign(district=None, city=None, latitude=None, longitude=None)
        for key, (region, year) in zip(rows.index, places or [("Kayes", 1999)], strict=True):
            rows.loc[key, ["region", "year"]] = [region, year]
        rows.attrs = incidents.attrs
        return ag.alert(rows, country="MLI", years=YEARS, vintage="2016").html(lang=lang)

    return page


def no_change(lang):
    return few([(name, year) for year in range(2017, 2023) for name in ("Mopti", "Gao", "Kayes", "Sikasso")])(lang)


SCENES = {
    "alert": lambda lang: example_alert().html(lang=lang),
    "alert-20": lambda lang: example_alert("2023").html(lang=lang),
    "alert-map": lambda lang: example_alert().map(lang=lang).html(),
    "layers": all_layers,
    "points": points,
    "smoothed": smoothed,
    "cercles": finer_units(2),
    "communes": finer_units(3),
    "south-sudan": invented("SSD", {"en": "South Sudan", "fr": "Soudan du Sud"}),
    "somalia": invented("SOM", {"en": "Somalia", "fr": "Somalie"}),
    "niger": invented("NER", {"en": "Niger", "fr": "Niger"}),
    "ukraine": invented("UKR", {"en": "Ukraine", "fr": "Ukraine"}),
    "provisional": provisional,
    "no-incident": few([]),
    "one-incident": few([("Mopti", 2021)]),
    "no-change": no_change,
    "explore": lambda _lang: peers.explore(*example_counts()[::2]),
    "choropleth": lambda _lang: peers.choropleth(*example_counts()[::2]),
}
"""Name of a page: what writes it in a language."""
