"""Still pictures: the classes, colours, hatches and words of the web map; nothing cut off at any size."""

import runpy
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from shapely.geometry import MultiPolygon, box

import awsd_geo as ag
from awsd_geo import maps
from awsd_geo.errors import InputError, RequestError
from awsd_geo.language import words
from awsd_geo.maps.still.theme import theme_of
from awsd_geo.maps.still.world import RADIUS_KM, Projection
from awsd_geo.maps.style import CATEGORICAL, NO_DATA, SEQUENTIAL, ZERO

STILLS = runpy.run_path(str(Path(__file__).with_name("stills.py")))
HITS, LAYERS, NAMES = STILLS["HITS"], STILLS["LAYERS"], STILLS["NAMES"]
around, by_region, extents = STILLS["around"], STILLS["by_region"], STILLS["extents"]
local_table, pixels, said = STILLS["local_table"], STILLS["pixels"], STILLS["said"]


def rgb(colour):
    return [int(colour[start : start + 2], 16) for start in (1, 3, 5)]


@pytest.fixture
def squares(toy_regions):
    return toy_regions(*NAMES)


def incidents(squares, lang="en", values=HITS):
    return maps.incidents_layer(by_region(squares, values).astype(float), lang)


# --- every layer ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("name", sorted(LAYERS))
def test_every_layer_is_drawn_with_the_words_of_its_legend(squares, name, lang, theme):
    layer = LAYERS[name](squares, lang)
    text = maps.MapText("A title", "A finding.", "A subtitle", ("A note.",), ("A source",))
    picture = maps.plot(squares, layer, text=text, status="provisional", sheet=maps.Sheet(theme=theme))
    drawn, strings = said(picture), words(lang)["map"]
    legend = [text for style, text in layer.legend() if not layer.grid or style == "awsd-cross-9"]
    wanted = [layer.unit, layer.description, *layer.notes, *(outline.text for outline in layer.outlines), *legend]
    wanted += [word for side in layer.grid or () for text in side for word in text.split(" ")]
    wanted += ["A title", "A finding.", "A subtitle", "A note.", "A source.", strings["provisional_text"]]
    wanted += [strings["disclaimer"], strings["software_still"]]
    shown_zero = 0 in layer.classes(list(squares.index))
    zero = {"0", "0%", "0\u202f%"} if not shown_zero else set()
    assert [each for each in wanted if each not in drawn and each not in zero] == []
    assert len(np.unique(pixels(picture, 50).reshape(-1, 3), axis=0)) > 20


def test_all_kinds_of_layers_that_there_are_are_tested():
    kinds = {name.removesuffix("_layer") for name in maps.__all__ if name.endswith("_layer")}
    ours = {"local_moran": "moran", "count_change": "both", "smoothed": "rate"}
    assert {ours.get(kind, kind) for kind in kinds} == set(LAYERS)


def test_points_are_internal_and_say_so(squares):
    picture = maps.plot(squares, LAYERS["points"](squares, "en"))
    highest = min(picture.axes.texts, key=lambda text: text.get_position()[1])
    assert highest.get_text() in {"INTERNAL", words("en")["map"]["internal_text"]}
    assert picture.alt_text.startswith("INTERNAL: ")
    with pytest.raises(RequestError, match="refused for the audience 'public'"):
        maps.points_layer(pd.DataFrame({"latitude": [1.0], "longitude": [1.0]}), by_region(squares, HITS))


def test_points_close_together_are_one_circle_with_their_number(squares):
    texts = [text.get_text() for text in maps.plot(squares, LAYERS["points"](squares, "en")).axes.texts]
    assert "2" in texts  # the two at 0.5, 0.5; that at 4.5 is alone


# --- colours and hatches ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_regions_have_the_colours_of_their_classes(squares, theme):
    # 31, 5, 0, 1, 11, 0: four different numbers give four classes; of five shades those are 0, 1, 3 and 4.
    picture = maps.plot(squares, incidents(squares), sheet=maps.Sheet(theme=theme))
    image, ember = pixels(picture), getattr(SEQUENTIAL["ember"], theme)
    wanted = dict(zip(NAMES, (ember[4], ember[1], getattr(ZERO, theme)[0], ember[0], ember[3], getattr(ZERO, theme)[0]),
                      strict=True))  # fmt: skip
    for place, name in enumerate(NAMES):
        seen = around(picture, image, place + 0.5, 0.12)
        assert (seen == rgb(wanted[name])).all(), name


def test_a_region_without_a_value_is_hatched_and_named_in_the_legend(squares):
    values = by_region(squares, HITS).astype(float)
    values.iloc[2] = None
    picture = maps.plot(squares, maps.incidents_layer(values))
    seen = around(picture, pixels(picture), 2.5, 0.15)
    assert "no data" in said(picture)
    assert (seen == rgb(NO_DATA.light[0])).all(axis=1).any()  # its ground,
    assert seen.std(axis=0).min() > 5  # and lines on it
    assert "no data" not in said(maps.plot(squares, incidents(squares)))


def test_hatches_cover_the_part_of_the_area_that_they_cover_on_the_web_map(squares):
    # Lines of 1.2 every 8: 15 % of the area, in white ink of 42 %, which reads better on the hot colour than black.
    labels = ["hot", "hot", "not significant", "cold", "cold", "not significant"]
    sheet = maps.Sheet((400, None))
    picture = maps.plot(squares, maps.hotspot_layer(local_table(squares, labels)), sheet=sheet)
    image, hot = pixels(picture), np.array(rgb(CATEGORICAL["hotspot"].light[0]))
    seen = around(picture, image, 0.5, 0.18, reach=8.0)
    assert np.abs(seen.mean(axis=0) - (hot + 0.15 * 0.42 * (255 - hot))).max() < 4
    quiet = around(picture, image, 2.5, 0.18, reach=8.0)
    assert (quiet == rgb(CATEGORICAL["hotspot"].light[2])).all()


@pytest.mark.parametrize(("kind", "place"), [("up", 0), ("down", 1), ("cross", 2), ("dots", 3)])
def test_each_hatch_runs_its_way(squares, kind, place):
    labels = ["high-high", "low-low", "high-low", "low-high", "not significant", "undefined"]
    picture = maps.plot(squares, maps.local_moran_layer(local_table(squares, labels)), sheet=maps.Sheet((400, None)))
    x, y = (round(2 * at) for at in picture.place(place + 0.5, 0.3))
    part = pixels(picture)[y - 20 : y + 20, x - 20 : x + 20].sum(axis=2).astype(float)
    part -= part.mean()

    def alike(down, across):  # how far the picture resembles itself, moved by three pixels
        return (part[3:-3, 3:-3] * np.roll(part, (down, across), (0, 1))[3:-3, 3:-3]).mean() / (part**2).mean()

    along = {"up": alike(3, -3), "down": alike(3, 3), "flat": alike(0, 3), "upright": alike(3, 0)}
    if kind in {"up", "down"}:
        assert max(along, key=along.get) == kind
        assert along[kind] > 0.8
    elif kind == "cross":
        assert min(along["flat"], along["upright"]) > max(along["up"], along["down"])
    else:
        assert max(along.values()) < 0.6


def test_the_theme_is_that_of_the_stylesheet():
    light, dark = theme_of("light"), theme_of("dark")
    assert (light["ink"], light["paper"], light["ground"]) == ("#22262a", "#ffffff", "#eef0ee")  # map.css
    assert (dark["ink"], dark["paper"], dark["ground"]) == ("#e9e6df", "#191d21", "#101316")
    assert (light["internal-ground"], dark["internal-ground"]) == ("#8c1d1d", "#8c1d1d")  # page.css
    assert (light["example-ground"], dark["example-ground"]) == ("#22262a", "#e9e6df")


def test_the_badge_of_a_group_stands_at_its_land_and_not_at_an_islet(squares):
    squares.loc[squares.index[0], "geometry"] = MultiPolygon([box(0, 0, 1, 0.9), box(0.5, 4, 0.52, 4.02)])
    base, outline = incidents(squares), maps.Outline("77", (squares.index[0],), "A group")
    picture = maps.plot(squares, maps.Layer("k", "T", base.values, outlines=(outline,)))
    badge = next(text for text in picture.axes.texts if text.get_text() == "77")  # the first is that on the map
    assert badge.get_position()[1] == pytest.approx(picture.place(0.5, 0.9)[1], abs=12)


# --- size and type ----------------------------------------------------------------------------------------------------

LONG = "Région métropolitaine du Haut-Plateau oriental et des Îles"


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("size", ["text", "column", "page", "slide", (210, 297), (120, 120), (60, None)])
def test_no_text_is_cut_off_and_none_covers_another(squares, size, lang):
    named = squares.assign(name=[LONG, *NAMES[1:]])
    values = by_region(squares, HITS)
    text = maps.MapText("A long title that says what happened where and since when", "A finding. " * 12, "Sub",
                        ("A note that goes on. " * 4,) * 3, ("A source that goes on " * 5,))  # fmt: skip
    cluster = maps.clusters_layer(ag.statistics.scan(values, named, replicates=99), lang)
    picture = maps.plot(named, cluster, text=text, status="example", sheet=maps.Sheet(size))
    width, height = picture.figure.get_size_inches() * picture.figure.dpi
    found = extents(picture.axes)
    assert [each for each in found if each[1] < 0 or each[2] < 0 or each[3] > width or each[4] > height] == []
    seen = {}
    for text_, left, low, right, high in found:  # a label and its halo are two texts at one place
        seen[text_, round(left), round(low)] = (left, low + 0.25 * (high - low), right, high - 0.1 * (high - low))
    boxes = list(seen.items())
    for place, (one, (left, low, right, high)) in enumerate(boxes):
        for other, (left_, low_, right_, high_) in boxes[place + 1 :]:
            assert right <= left_ or right_ <= left or high <= low_ or high_ <= low, (one, other)


@pytest.mark.parametrize(
    ("size", "width", "height"), [("text", 160, None), ("column", 85, None), ("page", 297, 210), ((100, 140), 100, 140)]
)
def test_a_picture_has_the_size_that_was_asked_for(squares, size, width, height):
    inches = maps.plot(squares, incidents(squares), sheet=maps.Sheet(size)).figure.get_size_inches()
    assert inches[0] == pytest.approx(width / 25.4)
    assert height is None or inches[1] == pytest.approx(height / 25.4)


def test_a_slide_is_as_large_as_a_slide(squares):
    figure = maps.plot(squares, incidents(squares), sheet=maps.Sheet("slide")).figure
    assert figure.get_size_inches().tolist() == pytest.approx([40 / 3, 7.5])


def test_one_unit_is_a_map_too(toy_regions):
    one = toy_regions("Ardal")
    picture = maps.plot(one, maps.incidents_layer(by_region(one, {"Ardal": 7})))
    assert {"Ardal", "7"} <= {text.get_text() for text in picture.axes.texts}


def test_what_has_no_room_is_refused(squares):
    text = maps.MapText("T", "A finding that does not end. " * 200)
    with pytest.raises(RequestError, match=r"85 by 60 mm has no room"):
        maps.plot(squares, incidents(squares), text=text, sheet=maps.Sheet((85, 60)))
    grown = maps.plot(squares, incidents(squares), text=text, sheet=maps.Sheet((85, None)))
    assert grown.figure.get_size_inches()[1] > 10


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"size": "poster"}, "no size 'poster'. Choose one of column, text"),
        ({"size": (20, 100)}, "lengths from 50 to 2000 mm"),
        ({"theme": "sepia"}, "no theme 'sepia'. Choose one of light, dark"),
        ({"text_size": 2}, "cannot be read"),
    ],
)
def test_sheets_that_cannot_be_made_are_refused(options, message):
    with pytest.raises(RequestError, match=message.replace("(", r"\(")):
        maps.Sheet(**options)


def test_a_year_is_shown_in_the_classes_of_all_years(squares):
    layer = LAYERS["incidents"](squares, "en")
    whole, year = (maps.plot(squares, layer, sheet=maps.Sheet(year=year)) for year in (None, 2019))
    assert "Numbers of 2019" in said(year)
    assert "Whole period, 2019–2022" in said(whole)
    for _, text in layer.legend():
        assert text in said(year)
    assert (around(year, pixels(year), 0.5, 0.12) == rgb(ZERO.light[0])).all()  # none that year
    with pytest.raises(RequestError, match=r"no year 1999\. It has 2019 to 2022"):
        maps.plot(squares, layer, sheet=maps.Sheet(year=1999))
    with pytest.raises(RequestError, match="whole period only"):
        maps.plot(squares, LAYERS["share"](squares, "en"), sheet=maps.Sheet(year=2019))


# --- the ground -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("longitude", "latitude"), [(-4, 17), (105, 62), (179, -18), (30, 80)])
def test_the_projection_is_that_of_proj(longitude, latitude):
    from pyproj import Proj

    theirs = Proj(proj="laea", lon_0=longitude, lat_0=latitude, R=RADIUS_KM)
    degrees = np.random.default_rng(0).uniform([-180, -80], [180, 85], (50, 2))
    expected = np.column_stack(theirs(degrees[:, 0], degrees[:, 1]))  # in the unit of the radius
    assert np.abs(Projection(longitude, latitude)(degrees) - expected).max() < 1e-3


def test_areas_are_true():
    import shapely

    shape = shapely.segmentize(box(20, 40, 60, 70), 0.1)
    true = RADIUS_KM**2 * np.radians(40) * (np.sin(np.radians(70)) - np.sin(np.radians(40)))  # of a zone of the sphere
    assert shapely.transform(shape, Projection(50, 60)).area == pytest.approx(true, rel=1e-5)


def test_what_lies_beyond_the_180th_meridian_is_drawn_beside_the_rest(toy_regions):
    regions = toy_regions("West", "East")
    regions.geometry = [box(170, 60, 180, 65), box(-180, 60, -170, 65)]
    picture = maps.plot(regions, maps.incidents_layer(by_region(regions, {"West": 3, "East": 9})))
    west, east = picture.place(179, 62), picture.place(-179, 62)
    assert 0 < east[0] - west[0] < 60
    image, ember = pixels(picture), SEQUENTIAL["ember"].light
    for place, shade in ((177, ember[0]), (-177, ember[4])):
        assert (around(picture, image, place, 61) == rgb(shade)).all()


def test_the_scale_is_as_long_as_it_says(squares):
    picture = maps.plot(squares, incidents(squares))
    text = next(text.get_text() for text in picture.axes.texts if text.get_text().endswith("\u00a0km"))
    degree = np.radians(1) * RADIUS_KM * np.cos(np.radians(0.5))
    points = picture.place(3.5, 0.5)[0] - picture.place(2.5, 0.5)[0]
    bars = [patch for patch in picture.axes.patches if len(patch.get_path().vertices) == 4]
    lengths = {round(np.ptp(bar.get_path().vertices[:, 0]), 2) for bar in bars if bar.get_path().codes is None}
    assert len(lengths) == 1  # line and casing
    assert lengths.pop() == pytest.approx(float(text.split("\u00a0")[0]) * points / degree, abs=0.02)


def test_neighbours_towns_and_finer_lines_are_drawn(squares):
    neighbours = squares.iloc[:1].assign(name="Nowhere", name_fr="Nulle part")
    neighbours.geometry = [box(-3, -3, 9, -0.001)]
    towns = pd.DataFrame({"name": ["Port"], "lat": [0.2], "lon": [3.5], "population": [9]})
    finer = squares.iloc[[0, 0]].assign(name=["a", "b"], parent_id=squares.index[0])
    finer.geometry = [box(0, 0, 1, 0.5), box(0, 0.5, 1, 1)]
    finer.index = pd.Index(["f1", "f2"], name="region_id")
    plain = maps.plot(squares, incidents(squares))
    full = maps.plot(squares, incidents(squares, "fr"), neighbours=neighbours, towns=towns, finer=finer)
    names = {text.get_text() for text in full.axes.texts} - {text.get_text() for text in plain.axes.texts}
    assert {"Port", "\u200a".join("NULLE PART")} <= names
    assert words("fr")["map"]["finer"] in said(full)


def test_regions_and_layers_that_do_not_fit_are_refused(squares):
    with pytest.raises(InputError, match="which the frame lacks"):
        maps.plot(squares.iloc[:2], incidents(squares))
    with pytest.raises(InputError, match="not in EPSG:4326"):
        maps.plot(squares.to_crs(3857), incidents(squares))
    with pytest.raises(RequestError, match="no status 'secret'"):
        maps.plot(squares, incidents(squares), status="secret")


def test_the_alternative_text_names_the_regions_that_stand_out(squares):
    text = maps.MapText("Incidents in Toyland", "Ardal has most.")
    found = maps.plot(squares, incidents(squares), text=text, status="example").alt_text
    assert found == (
        "EXAMPLE DATA: The incidents behind this page are simulated. Do not use it to assess security. Incidents in "
        "Toyland. Ardal has most. Number of incidents. Ardal 31; Est 11; Beni 5; Dunes 1; Cotta 0; Foret 0."
    )
