"""What is added to a folium map of ours: it works without a network, and no text that is made safe runs or breaks."""

import folium
import folium.features
import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import Point

from awsd_geo.maps import MapText, incidents_layer, region_map, safe_text

HOSTILE = [
    "Ségou – Ménaka (Gao), l’Ansongo",
    "{{ 7 * 7 }}",
    "{{ cycler.__init__.__globals__.os.popen('touch ran').read() }}",
    "{% for x in range(9) %}x{% endfor %}",
    "{% raw %}{{ x }}",
    "{# never shown #}",
    "{{ '{{ 7 * 7 }}' }}",
    "&#123;&#123; 7 * 7 &#125;&#125;",
    "&lcub;&lcub;7*7}}",
    "`",
    "`; alert(1); `",
    "${alert(1)}",
    "\\`${alert(1)}",
    "\\u0060\\x60 \\",
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<!--<script>",
    "-->",
    "]]>",
    "\"'\"); alert(1); ('",
    "a\u2028b\u2029c",
    "a\nb\tc",
    "javascript:alert(1)",
    "# for x in y",
    "&amp; &lt; &",
    "\u202egnp.exe",
    "العربية 中文 😀",
    "%(x)s {0} %s $1 $& $`",
]


@pytest.fixture
def drawn(toy_regions):
    regions = toy_regions("A", "B")
    hostile = "{{7*7}}`${alert(1)}</script><img src=x onerror=alert(1)>"
    regions["name"] = [hostile, "B"]
    return region_map(regions, [incidents_layer(pd.Series([1, 2], regions.index))], text=MapText(hostile))


def points(texts):
    row = [Point(0.1 + 1.8 * place / len(texts), 0.5) for place in range(len(texts))]
    return gpd.GeoDataFrame({"said": texts}, geometry=row, crs=4326)


def seen(page, text):
    """Say what a browser shows of a text: blanks in a row are one, and what is no sign is replaced."""
    return page.evaluate("t => { const e = document.createElement('p'); e.textContent = t; document.body.append(e);"
                         " const s = e.innerText; e.remove(); return s; }", text).strip()  # fmt: skip


@pytest.mark.browser
def test_what_folium_draws_with_leaflet_alone_works_without_a_network(drawn, visit, tmp_path):
    made = drawn.to_folium()
    group = folium.FeatureGroup(name="Ours").add_to(made)
    folium.Circle([0.5, 0.5], radius=9000, tooltip="A circle").add_to(group)
    folium.Marker([0.5, 1.5], popup="A pin").add_to(group)
    folium.Marker([0.2, 1.2], icon=folium.Icon(color="red")).add_to(group)
    folium.GeoJson(points(["x"]), name="Points", tooltip=folium.GeoJsonTooltip(["said"])).add_to(made)
    folium.LayerControl(collapsed=False).add_to(made)
    made.save(tmp_path / "map.html")
    page = visit(tmp_path / "map.html")  # no request, no error, no dialog
    page.wait_for_selector("[data-ready=true]")
    pins = page.locator("img.leaflet-marker-icon")
    assert pins.count() == 3
    assert pins.evaluate_all("all => all.every(pin => pin.complete && pin.naturalWidth > 0)")
    pins.first.evaluate("pin => pin.click()")
    assert page.locator(".leaflet-popup-content").inner_text() == "A pin"
    assert page.locator(".leaflet-control-layers-overlays").inner_text().split() == ["Ours", "Points"]
    assert page.locator("path.leaflet-interactive").count() >= 3  # two regions of ours and the circle
    page.locator(".leaflet-control-layers-overlays input").first.uncheck()
    assert page.locator("img.leaflet-marker-icon").count() == 1
    assert drawn.title in page.locator("h1").inner_text()  # our hostile text is still only text


@pytest.mark.browser
def test_safe_texts_are_shown_as_they_are_wherever_folium_puts_them(drawn, visit, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    made, texts = drawn.to_folium(), [safe_text(text) for text in HOSTILE]
    for place, text in enumerate(texts):
        at = [0.3, 0.1 + 1.8 * place / len(texts)]
        folium.CircleMarker(at, popup=text, tooltip=folium.Tooltip(text, permanent=True)).add_to(made)
        folium.CircleMarker(at, popup=folium.Popup(text, lazy=True)).add_to(made)
        folium.Marker(at, icon=folium.DivIcon(html=f"<b class=ours>{text}</b>")).add_to(made)
        folium.FeatureGroup(name=text).add_to(made)
    shown = {"tooltip": folium.GeoJsonTooltip(["said"], labels=False), "popup": folium.GeoJsonPopup(["said"])}
    folium.GeoJson(points(texts), **shown).add_to(made)
    folium.LayerControl(collapsed=False).add_to(made)
    made.save(tmp_path / "map.html")
    page = visit(tmp_path / "map.html")
    page.wait_for_selector("[data-ready=true]")
    expected = [seen(page, text) for text in HOSTILE]

    def shows(selector):
        return [text.strip() for text in page.locator(selector).all_inner_texts()]

    assert shows(".leaflet-tooltip") == expected
    assert shows("b.ours") == expected
    assert [text for text in shows(".leaflet-control-layers-overlays label") if text][: len(expected)] == expected
    popups = page.evaluate(
        "() => { const all = []; const on = Object.values(window).find(o => o instanceof L.Map);"
        " on.eachLayer(l => { if (l.getPopup && l.getPopup() && l instanceof L.CircleMarker) {"
        " l.fire('click', {latlng: l.getLatLng()}); const c = l.getPopup().getContent();"
        " if (c && c.innerText !== undefined) { document.body.append(c);"
        " all.push(c.innerText.trim()); c.remove(); } } }); return all; }"
    )
    assert popups == [text for text in expected for _ in range(2)]
    assert not (tmp_path / "ran").exists()


def test_a_safe_text_has_no_sign_of_a_template_a_script_or_a_tag():
    everything = "".join(map(chr, range(0x3000))) + "\ud800\uffff😀"
    left = safe_text(everything)
    assert not set(left) & set("<>\"'`{}$\\%*=[]|~^_!?@+\x00\n\r\u2028\u2029\ud800")
    assert set(left) & set("&#;") == set("&#;")  # numbers only
    assert safe_text("Ségou, Ménaka (Gao) – 12.5") == "Ségou, Ménaka (Gao) – 12.5"
    assert safe_text(12.5) == "12.5"
    assert safe_text("<&#60;") == "&#60;&#38;&#35;60&#59;"


def test_without_it_folium_runs_a_text_as_python(drawn):
    # The warning of to_folium() holds: were it mended in folium, the warning could go.
    made = drawn.to_folium()
    folium.CircleMarker([0.5, 0.5], popup="{{ 7 * 7 }} times").add_to(made)
    assert "49 times" in made.get_root().render()
    assert "{{7*7}}" not in drawn.to_folium().get_root().render()  # ours stands there by numbers, never as braces
    assert "&#123;&#123;7*7}}" in drawn.to_folium().get_root().render()
