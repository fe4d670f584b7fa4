"""Still pictures of an alert, by the library and by the command."""

import io
import re
import runpy
from pathlib import Path

import pytest
from PIL import Image
from typer.testing import CliRunner

import awsd_geo as ag
from awsd_geo.cli import app
from awsd_geo.errors import RequestError
from awsd_geo.language import words
from awsd_geo.report.alert_map import alert_text

said = runpy.run_path(str(Path(__file__).with_name("stills.py")))["said"]
ASKED = {"country": "MLI", "years": (2017, 2022), "kind": "kidnapped"}


@pytest.fixture(scope="module")
def made():
    return ag.alert(ag.example(), **ASKED)


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_a_picture_says_what_the_page_says(made, lang):
    drawn, text = said(made.plot(lang=lang)), alert_text(made.findings, lang)
    strings = words(lang)["map"]
    assert strings["example"] in drawn
    assert strings["example_text"] in drawn
    for sentence in (text.title, text.finding, text.subtitle, *text.notes, *text.sources):
        assert sentence in drawn
    for name in ("Mopti", "Gao", "Tombouctou", "31"):
        assert name in drawn


@pytest.mark.parametrize("size", ["text", "column", "page", "slide"])
@pytest.mark.parametrize("layer", ["incidents", "share", "rate", "clusters", "change", "hotspot"])
def test_every_layer_of_an_alert_fits_every_size(made, layer, size):
    assert made.plot(layer, lang="fr", sheet=ag.maps.Sheet(size)).title


def test_the_classes_are_those_of_the_map_where_layers_share_their_numbers(made):
    # Incidents have years of their own, clusters have not; on the page both have the classes of all years.
    texts = [[text.get_text() for text in made.plot(layer).axes.texts] for layer in ("incidents", "clusters")]
    ranges = [[text for text in each if re.fullmatch(r"\d+–\d+", text)] for each in texts]
    assert ranges[0] == ranges[1]
    assert len(ranges[0]) >= 3


def test_a_layer_that_there_is_not_is_refused(made):
    with pytest.raises(
        RequestError, match=r"no layer 'heat'\. Choose one of incidents, share, rate, clusters, change, hotspot"
    ):
        made.plot("heat")


def test_hidden_numbers_are_in_no_picture():
    hidden = ag.alert(ag.example(), **ASKED, data="own")
    picture = hidden.plot()
    # Kayes and Ménaka have one incident each in the example.
    for name in ("Kayes", "Ménaka"):
        assert f"{name} 1;" not in picture.alt_text
        assert f"{name} 1." not in picture.alt_text
    texts = [text.get_text() for text in picture.axes.texts]
    assert "1" not in texts


def run(*options):
    return CliRunner().invoke(app, ["map", "--country", "MLI", "--years", "2017:2022", *options])


@pytest.mark.parametrize("ending", ["png", "svg", "pdf"])
def test_the_command_writes_a_picture(tmp_path, ending):
    out = tmp_path / f"map.{ending}"
    done = run("--layer", "share", "--lang", "fr", "--size", "column", "--out", str(out))
    assert done.exit_code == 0, done.output
    assert done.output.strip().endswith(f"map.{ending}")
    assert out.stat().st_size > 10_000
    if ending == "png":
        assert Image.open(io.BytesIO(out.read_bytes())).size[0] == int(85 / 25.4 * 300)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--layer", "heat", "--out", "m.png"), "no layer 'heat'"),
        (("--size", "poster", "--out", "m.png"), "no size 'poster'"),
        (("--layer", "share", "--out", "m.html"), "m.html is a page"),
    ],
)
def test_the_command_refuses_what_it_cannot_draw(tmp_path, monkeypatch, options, message):
    monkeypatch.chdir(tmp_path)
    done = run(*options)
    assert isinstance(done.exception, RequestError)
    assert message in str(done.exception)
    assert list(tmp_path.iterdir()) == []
