"""Still pictures: hostile texts, the settings of others, axes of others, threads, equal bytes."""

import io
import os
import re
import runpy
import subprocess
import sys
import threading
from pathlib import Path
from xml.etree import ElementTree

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from awsd_geo import maps
from awsd_geo.errors import InputError, RequestError
from awsd_geo.maps.still.saving import bytes_of
from awsd_geo.maps.still.type import Type, spaced

STILLS = runpy.run_path(str(Path(__file__).with_name("stills.py")))
HITS, LAYERS, NAMES = STILLS["HITS"], STILLS["LAYERS"], STILLS["NAMES"]
by_region, said = STILLS["by_region"], STILLS["said"]
ROOT = Path(__file__).resolve().parents[1]

HOSTILE = [
    "$\\frac{1}{0}$", "$unclosed", "$$", "100 $ and 200 $", "\\textbf{bold}", "{{7*7}}", "{%raw%}", "%(x)s {0} {x}",
    "<script>alert(1)</script>", "]]>&amp;--><!--", "a\x00b\x07c\x1b[0m\x7f\x85", "line\nbreak\ttab\r\u2028x",
    "\ud800half\udfff", "مرحبا بالعالم", "שלום (a) עולם", "\u202eevil\u202c", "ሰላም", "中文", "မြန်မာ",
    "👩‍🚀 \ufffe\uffff", "e\u0301\u0302\u0303" * 20, "\u0301\u0302 x", "a\u200d\u200c", "\u200d", "x" * 600,
    "word " * 90, "\u200b\u00ad\ufeff", "' \" ` ; -- ' OR 1=1", "=cmd|' /C calc'!A0", "", " ", "\u00a0", "ﷺ",
    "ǅ ﬁ ß İ", "-1", "nan",
]  # fmt: skip

ELEMENTS = {
    "svg", "title", "desc", "metadata", "RDF", "Work", "type", "date", "format", "creator", "Agent", "description",
    "defs", "style", "g", "path", "use", "clipPath", "rect",
}  # fmt: skip


@pytest.fixture
def squares(toy_regions):
    return toy_regions(*NAMES)


def incidents(regions):
    return maps.incidents_layer(by_region(regions, HITS))


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_are_drawn_as_they_are_in_every_form(squares, text):
    # A warning of a glyph that is absent would be an error here.
    named = squares.assign(name=pd.Series([text, f"{text} b", *NAMES[2:]], index=squares.index, dtype=object))
    base = incidents(squares)
    outline = maps.Outline(text[:40], tuple(squares.index[:2]), text)
    layer = maps.Layer("k", text, base.values, unit=text, description=text, notes=(text,), outlines=(outline,))
    other = pd.Series([text], index=squares.index[:1], dtype=object)
    neighbours = squares.iloc[:1].assign(name=other).set_geometry(squares.geometry.iloc[:1].translate(0, 1.0))
    towns = pd.DataFrame({"name": other.to_list(), "lat": [0.2], "lon": [3.5]}, dtype=object)
    written = maps.MapText(text, text, text, (text,), (text,))
    picture = maps.plot(named, layer, text=written, neighbours=neighbours, towns=towns)
    for form in ("png", "svg", "pdf"):
        made = bytes_of(picture.axes, form, dpi=40, title=picture.title, description=picture.alt_text)
        assert len(made) > 1000
        if form == "svg":
            tree = ElementTree.fromstring(made)
            names = {element.tag.rpartition("}")[2] for element in tree.iter()}
            assert names <= ELEMENTS


def test_dollars_braces_and_brackets_stand_in_the_picture(squares):
    text = "Costs $5^2$ {{7*7}} <b>& 'x' \\frac"
    assert text in said(maps.plot(squares, incidents(squares), text=maps.MapText(text)))


def test_what_no_font_has_is_seen_to_be_absent():
    latin = Type()
    assert latin.shown("Mopti Ségou") == "Mopti Ségou"
    assert latin.shown("a\x00b\ud800c") == "a\ufffdb\ufffdc"
    assert latin.shown("ሰላም") == "\ufffd" * 3
    assert latin.shown("x\ufe0f\U000e0001y") in {"x\ufe0fy", "xy"}  # marks without a shape of their own are left out
    assert latin.shown("مرحبا") == "مرحبا"


def test_a_font_of_ones_own_writes_what_dejavu_sans_lacks():
    last = str(Path(mpl.get_data_path(), "fonts", "ttf", "cmr10.ttf"))
    assert Type((last,)).file("Mopti", "regular").endswith("DejaVuSans.ttf")
    with pytest.raises(InputError, match="is no font that can be read"):
        Type((str(ROOT / "README.md"),)).shown("ሰ")


def test_lines_break_at_blanks_but_not_at_no_break_spaces():
    write = Type()
    wide = write.width("57\u202f% de 54", 10)
    assert write.wrap("part 57\u202f% de 54\u00a0km", wide, 10) == ["part 57\u202f%", "de 54\u00a0km"]
    lines = write.wrap("x" * 500, 100, 10)
    assert "".join(lines) == "x" * 500
    assert max(write.width(line, 10) for line in lines) <= 100
    assert write.wrap("  \n ", 100, 10) == []


def test_names_of_countries_are_spaced_only_where_that_is_a_custom():
    assert spaced("Côte") == "C\u200aÔ\u200aT\u200aE"
    assert spaced("مالي") == "مالي"


# --- what others have set ---------------------------------------------------------------------------------------------

LOUD = {
    "text.usetex": False, "font.family": "serif", "font.size": 40, "savefig.bbox": "tight", "savefig.dpi": 17,
    "figure.facecolor": "red", "axes.facecolor": "lime", "savefig.facecolor": "blue", "lines.linewidth": 9,
    "hatch.linewidth": 7, "path.sketch": (4, 50, 2), "svg.fonttype": "none", "svg.hashsalt": None, "axes.grid": True,
    "patch.linewidth": 8, "path.simplify": False, "text.color": "orange", "figure.autolayout": True,
    "figure.dpi": 33, "axes.spines.top": False, "text.parse_math": True, "pdf.fonttype": 42, "image.cmap": "jet",
}  # fmt: skip


def test_settings_of_others_change_no_byte_and_stay_as_they_are(squares, tmp_path):
    layer = LAYERS["hotspot"](squares, "en")
    plain = {
        form: maps.plot(squares, layer).save(tmp_path / f"a.{form}").read_bytes() for form in ("png", "svg", "pdf")
    }
    with mpl.rc_context(LOUD):
        before = dict(mpl.rcParams)
        loud = {form: maps.plot(squares, layer).save(tmp_path / f"b.{form}").read_bytes() for form in plain}
        assert dict(mpl.rcParams) == before
    assert {form: loud[form] == plain[form] for form in plain} == dict.fromkeys(plain, True)


def test_pyplot_is_never_loaded_and_the_import_is_light(tmp_path):
    code = (
        "import sys, awsd_geo, awsd_geo.maps as m; print('matplotlib' in sys.modules)\n"
        "import geopandas as g, pandas as p; from shapely.geometry import box\n"
        "i = p.Index(['a', 'b'], name='region_id')\n"
        "r = g.GeoDataFrame({'name': ['a', 'b'], 'level': 1, 'vintage': '1', 'kind': 'region', 'parent_id': None}, "
        "index=i, geometry=[box(0, 0, 1, 1), box(1, 0, 2, 1)], crs=4326)\n"
        "d = m.plot(r, m.incidents_layer(p.Series([1, 5], i)))\n"
        "d.save(sys.argv[1]); d._repr_png_(); d.axes._repr_png_()\n"
        "from awsd_geo.statistics import concentration; concentration(p.Series([1, 5], i)).plot(r)\n"
        "print('matplotlib.pyplot' in sys.modules, 'folium' in sys.modules)"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "p.svg")]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["False", "False", "False"]


def test_threads_give_what_one_gives_and_leave_the_settings(squares):
    layer, before = incidents(squares), dict(mpl.rcParams)
    alone = bytes_of(maps.plot(squares, layer).axes, "svg")
    made = []
    threads = [threading.Thread(target=lambda: made.append(bytes_of(maps.plot(squares, layer).axes, "svg")))
               for _ in range(4)]  # fmt: skip
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == [alone] * 4
    assert dict(mpl.rcParams) == before


# --- axes of others ---------------------------------------------------------------------------------------------------


def panels(count=2, width=12.0, height=5.0):
    figure = Figure(figsize=(width, height), dpi=100)
    FigureCanvasAgg(figure)
    return figure, [figure.add_subplot(1, count, place + 1) for place in range(count)]


def test_axes_of_others_are_drawn_on_and_their_neighbours_left_alone(squares):
    figure, (first, second) = panels()
    first.plot([1, 2, 3])
    before = first.get_position().bounds, first.get_xlim(), len(first.get_children())
    picture = maps.plot(squares, incidents(squares), second, status="provisional")
    assert picture.axes is second
    assert picture.figure is figure
    assert (first.get_position().bounds, first.get_xlim(), len(first.get_children())) == before
    figure.canvas.draw()
    frame = second.get_window_extent()
    for text in second.texts:
        box = text.get_window_extent()
        assert frame.x0 - 1 <= box.x0 <= box.x1 <= frame.x1 + 1, text.get_text()
        assert frame.y0 - 1 <= box.y0 <= box.y1 <= frame.y1 + 1, text.get_text()


def test_parts_of_a_figure_are_drawn_on_too(squares):
    figure = Figure(figsize=(10, 5))
    FigureCanvasAgg(figure)
    axes = figure.subfigures(1, 2)[1].add_subplot()
    picture = maps.plot(squares, incidents(squares), axes)
    assert picture.figure is figure
    assert len(bytes_of(axes, "png", dpi=50)) > 1000


def test_axes_without_room_are_refused(squares):
    _, axes = panels(6, 6.0, 1.5)
    with pytest.raises(RequestError, match="has no room for a map with its legend"):
        maps.plot(squares, incidents(squares), axes[0])


# --- files ------------------------------------------------------------------------------------------------------------


def test_files_are_of_the_kind_that_their_name_says(squares, tmp_path):
    picture = maps.plot(squares, incidents(squares), text=maps.MapText("Ségou & <Mopti>", "One finding."))
    png, svg, pdf = (picture.save(tmp_path / f"p.{form}", dpi=200) for form in ("png", "svg", "PDF"))
    image = Image.open(io.BytesIO(png.read_bytes()))
    assert image.size[0] == int(160 / 25.4 * 200)
    assert round(float(image.info["dpi"][0])) == 200
    assert (image.info["Title"], image.info["Software"]) == ("Ségou & <Mopti>", "awsd_geo")
    assert image.info["Description"].startswith("Ségou & <Mopti>. One finding. Number of incidents. Ardal 31; Est 11")
    text = svg.read_text(encoding="utf-8")
    assert "<title>Ségou &amp; &lt;Mopti&gt;</title>" in text
    assert "<desc>Ségou &amp; &lt;Mopti&gt;. One finding." in text
    assert 'role="img"' in text
    assert not re.search(r"20\d\d-\d\d-\d\d|[Mm]atplotlib v", text)
    assert pdf.read_bytes()[:5] == b"%PDF-"
    assert b"CreationDate" not in pdf.read_bytes()


def test_an_svg_names_no_address_but_those_of_its_own_grammar(squares):
    made = bytes_of(maps.plot(squares, incidents(squares)).axes, "svg").decode()
    known = r"http://(www\.w3\.org|purl\.org|creativecommons\.org|www\.w3\.org/1999)/[^\"]*"
    assert re.sub(known, "", made).count("://") == 0
    assert "<script" not in made
    assert "<image" not in made


def test_text_of_a_pdf_can_be_searched(squares, tmp_path):
    pypdf = pytest.importorskip("pypdf")
    path = maps.plot(squares, incidents(squares), text=maps.MapText("A searchable title")).save(tmp_path / "p.pdf")
    text = pypdf.PdfReader(path).pages[0].extract_text()
    assert "A searchable title" in text
    assert "Ardal" in text


@pytest.mark.parametrize(
    ("name", "dpi", "error", "message"),
    [
        ("p.jpg", 300, RequestError, "End it in .png, .svg or .pdf"),
        ("p", 300, RequestError, "names no kind of picture"),
        ("no/p.png", 300, InputError, "There is no folder"),
        ("folder.png", 300, InputError, "is a folder"),
        ("p.png", 5, RequestError, "Give 30 to 1200"),
        ("p.png", float("nan"), RequestError, "Give 30 to 1200"),
    ],
)
def test_what_cannot_be_written_is_refused_and_leaves_nothing(squares, tmp_path, name, dpi, error, message):
    (tmp_path / "folder.png").mkdir()
    with pytest.raises(error, match=message):
        maps.plot(squares, incidents(squares)).save(tmp_path / name, dpi=dpi)
    assert [path.name for path in tmp_path.iterdir()] == ["folder.png"]


def test_pictures_too_large_to_draw_are_refused(squares):
    with pytest.raises(RequestError, match="over 65535 pixels"):
        maps.plot(squares, incidents(squares), sheet=maps.Sheet((2000, None))).save("never.png", dpi=1200)


MAKE = """
import hashlib, runpy, sys
import geopandas as gpd, pandas as pd
from shapely.geometry import box
from awsd_geo import maps
from awsd_geo.maps.still.saving import bytes_of
stills = runpy.run_path(sys.argv[1])
index = pd.Index([f"TOY-{name.lower()}" for name in stills["NAMES"]], name="region_id")
columns = {"name": stills["NAMES"], "level": 1, "vintage": "2000", "kind": "region", "parent_id": None}
regions = gpd.GeoDataFrame(columns, index=index, geometry=[box(x, 0, x + 1, 1) for x in range(6)], crs=4326)
import matplotlib
print(matplotlib.__version__)
for name in ("incidents", "hotspot", "moran", "clusters", "points"):
    picture = maps.plot(regions, stills["LAYERS"][name](regions, "fr"), status="example")
    for form in ("png", "svg", "pdf"):
        made = bytes_of(picture.axes, form, title=picture.title, description=picture.alt_text)
        print(name, form, hashlib.sha256(made).hexdigest())
"""


def made_by(python, **environment):
    given = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1", **environment}
    command = [python, "-c", MAKE, str(ROOT / "tests" / "stills.py")]
    return subprocess.run(command, env=given, capture_output=True, text=True, check=True).stdout.splitlines()


def test_equal_input_gives_equal_bytes_in_any_surroundings_and_on_other_processors():
    parts = getattr(getattr(np, "_core", None), "_multiarray_umath", None)
    features = " ".join(getattr(parts, "__cpu_dispatch__", ()))
    plain = made_by(sys.executable, PYTHONHASHSEED="0", TZ="UTC", LC_ALL="C")
    assert len(plain) == 16
    surroundings = {"PYTHONHASHSEED": "4321", "TZ": "Pacific/Kiritimati", "LC_ALL": "fr_FR.UTF-8", "MPLBACKEND": "svg"}
    assert made_by(sys.executable, **surroundings) == plain
    assert made_by(sys.executable, NPY_DISABLE_CPU_FEATURES=features, OPENBLAS_CORETYPE="Nehalem") == plain


def test_another_python_with_the_same_matplotlib_gives_equal_bytes():
    others = list(filter(None, os.environ.get("AWSD_GEO_PYTHONS", "").split(os.pathsep)))
    if not others:
        pytest.skip("no other Python is named in AWSD_GEO_PYTHONS, parted as in PATH")
    ours = made_by(sys.executable)
    for python in others:
        theirs = made_by(python)
        assert theirs == ours or theirs[0] != ours[0]  # another matplotlib draws letters otherwise


def test_a_figure_shows_itself_in_a_notebook(squares):
    picture = maps.plot(squares, incidents(squares))
    assert Image.open(io.BytesIO(picture._repr_png_())).format == "PNG"
    assert picture.axes._repr_png_() == picture._repr_png_()
