"""What the usual tools make of the same counts, called as their documentation does."""

from functools import cache
from pathlib import Path

import folium


def totals(regions, counts):
    return regions[["name", "geometry"]].join(counts["incidents"].groupby("region_id").sum()).reset_index()


def explore(regions, counts):
    return totals(regions, counts).explore("incidents").get_root().render()


def choropleth(regions, counts):
    frame = totals(regions, counts)
    drawn = folium.Map(location=[17.5, -4], zoom_start=5)
    folium.Choropleth(
        geo_data=frame[["region_id", "geometry"]], data=frame, columns=["region_id", "incidents"],
        key_on="feature.properties.region_id", fill_color="YlOrRd", legend_name="Incidents",
    ).add_to(drawn)  # fmt: skip
    return drawn.get_root().render()


@cache
def files():
    """Give the files that map and legend of a folium page need; the others that it fetches dress markers and menus."""
    from xstatic.pkg import d3, leaflet

    paths = {
        "leaflet.js": (leaflet, "leaflet.js"),
        "leaflet.css": (leaflet, "leaflet.css"),
        "d3.min.js": (d3, "d3.js"),
    }
    return {name: Path(where.BASE_DIR, file).read_text(encoding="utf-8") for name, (where, file) in paths.items()}


def answer(route, *, handed):
    """Let pages have their own file; of the network nothing, or what installed packages hold."""
    url = route.request.url
    name = url.rsplit("/", 1)[1].split("?")[0]
    if url.startswith(("file:", "data:", "blob:")):
        route.continue_()
    elif handed and name in files():
        route.fulfill(body=files()[name])
    elif handed and name.endswith((".js", ".css")):
        route.fulfill(body="", content_type="text/css" if name.endswith("css") else "text/javascript")
    else:
        route.abort("internetdisconnected")
