"""Size, build and load time of our map beside folium.Choropleth and GeoDataFrame.explore on the same regions.

    python benchmarks/maps.py [--rounds 3]

All pages are opened in headless Chromium without a network; Leaflet is handed to the others from the installed package
(they would fetch it and eight more files), so that their load time is that of their own contents. Ours has every
layer, the years, the table, neighbours and towns; theirs has one choropleth. "simplified" gives folium the polygons
that our map draws. Needs the test extra and mapclassify (for explore).
"""

import argparse
import gzip
import shutil
import statistics as middle
import tempfile
import time
import warnings
from pathlib import Path

import folium
import numpy as np
import pandas as pd
from playwright.sync_api import sync_playwright
from xstatic.pkg import leaflet

import awsd_geo as ag
from awsd_geo import boundaries, exposure, maps, statistics, weights
from awsd_geo.maps.geometry import simplify_together

DRAWN = "path.leaflet-interactive"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


def counts_of(regions):
    """Draw made-up incidents for six years, unevenly spread."""
    index = pd.MultiIndex.from_product([regions.index, range(2017, 2023)], names=["region_id", "year"])
    chance = np.random.default_rng(1)
    incidents = chance.poisson(np.repeat(chance.gamma(0.3, 1.5, len(regions)), 6))
    return pd.DataFrame({"incidents": incidents, "victims": 2 * incidents}, index=index)


def layers_of(regions, counts):
    """Run the statistics and make every layer for the public; timed apart from the map."""
    total, adjacency = counts["incidents"], weights.adjacency(regions)
    return [
        maps.incidents_layer(counts),
        maps.share_layer(statistics.concentration(total).table),
        maps.rate_layer(counts, exposure.denominator(regions, "population")),
        maps.clusters_layer(statistics.scan(total, regions, replicates=99)),
        maps.hotspot_layer(statistics.getis_ord(total, adjacency).table),
        maps.local_moran_layer(statistics.local_moran(total, adjacency, permutations=99).table),
        maps.change_layer(counts, 2020),
        maps.count_change_layer(counts, 2020),
    ]


def ours(regions, layers):
    around = {"neighbours": boundaries.neighbours("MLI"), "towns": boundaries.towns("MLI")}
    return maps.region_map(regions, layers, text=maps.MapText("Mali"), **around).html()


def choropleth(regions, counts):
    """Draw as folium's documentation does."""
    table = counts["incidents"].groupby("region_id").sum().rename_axis("region_id").reset_index()
    drawn = folium.Map([17.5, -4], zoom_start=5, tiles=None)
    frame = regions[["name", "geometry"]].reset_index()
    shades = folium.Choropleth(
        geo_data=frame, data=table, columns=["region_id", "incidents"], key_on="feature.properties.region_id"
    ).add_to(drawn)
    # The legend needs d3 from the network; without it the page stops there and draws nothing.
    shades._children = {key: part for key, part in shades._children.items() if not key.startswith("color_map")}
    folium.GeoJson(frame, style_function=lambda _: {"fillOpacity": 0}, tooltip=folium.GeoJsonTooltip(["name"])).add_to(
        drawn
    )
    return drawn.get_root().render()


def explore(regions, counts):
    frame = regions[["name", "geometry"]].join(counts["incidents"].groupby("region_id").sum())
    return frame.explore("incidents", tiles=None, legend=False).get_root().render()


def timed(make, rounds):
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        page = make()
        times.append(time.perf_counter() - start)
    return page, min(times)


def load_times(browser, page, rounds):
    """Give the milliseconds until the regions are drawn, in a fresh tab each time."""
    held = {name: Path(leaflet.BASE_DIR, name).read_text() for name in ("leaflet.js", "leaflet.css")}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "map.html")
        path.write_text(page, encoding="utf-8")
        times = []
        for _ in range(rounds):
            tab = browser.new_page()

            def answer(route):
                name = route.request.url.rsplit("/", 1)[1].split("?")[0]
                if route.request.url.startswith("file:"):
                    route.continue_()
                elif name in held:
                    route.fulfill(body=held[name])
                else:
                    route.fulfill(body="", content_type="text/javascript" if name.endswith("js") else "text/css")

            tab.route("**/*", answer)
            tab.goto(path.as_uri())
            tab.wait_for_selector(DRAWN, state="attached", timeout=60_000)
            if "awsd-wait" in page:
                tab.wait_for_selector("[data-ready=true]")
            tab.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done)))")
            times.append(tab.evaluate("performance.now()"))
            tab.close()
    return times


def main():
    asked = argparse.ArgumentParser()
    asked.add_argument("--rounds", type=int, default=3)
    rounds = asked.parse_args().rounds
    warnings.filterwarnings("ignore")
    print(
        f"{'units':>5} {'map':<22} {'build s':>8} {'kB':>7} {'gzip kB':>8} {'load ms':>8}   (best build, middle load)"
    )
    with sync_playwright() as browsers:
        browser = browsers.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        for level in (1, 2, 3):
            regions = ag.load_regions("MLI", level=level, vintage="2016")
            counts = counts_of(regions)
            layers = layers_of(regions, counts)
            simple = regions.set_geometry(simplify_together(regions.geometry.to_numpy()), crs=4326)
            makers = {
                "awsd_geo, all layers": lambda r=regions, x=layers: ours(r, x),
                "awsd_geo, one layer": lambda r=regions, x=layers: ours(r, x[:1]),
                "folium.Choropleth": lambda r=regions, c=counts: choropleth(r, c),
                "  simplified": lambda r=simple, c=counts: choropleth(r, c),
                "explore()": lambda r=regions, c=counts: explore(r, c),
            }
            for name, make in makers.items():
                page, build = timed(make, rounds)
                data = page.encode()
                load = middle.median(load_times(browser, page, rounds))
                size, zipped = len(data) / 1000, len(gzip.compress(data, 9)) / 1000
                print(
                    f"{len(regions):>5} {name:<22} {build:>8.2f} {size:>7.0f} {zipped:>8.0f} {load:>8.0f}", flush=True
                )
        browser.close()


if __name__ == "__main__":
    main()
