"""Pages in the frames and programs that people open them in: sandboxes, a notebook's srcdoc, no scripts at all."""

import pandas as pd
import pytest

import awsd_geo as ag
from awsd_geo.maps import MapText, incidents_layer, region_map

pytestmark = pytest.mark.browser

PAGES = ["alert.html", "map.html"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("pages")
    made = ag.alert(ag.example(), country="MLI", years=(2017, 2022))
    made.save(path, context="Checked *by hand*.")
    (path / "alert-notebook.html").write_text(made._repr_html_(), encoding="utf-8")
    (path / "map-notebook.html").write_text(made.map()._repr_html_(), encoding="utf-8")
    return path


@pytest.fixture
def framed(visit, folder):
    """Give an opener of a page within another, in a frame with a sandbox."""

    def open_frame(name, sandbox, **options):
        text = (folder / name).read_text(encoding="utf-8").replace("&", "&amp;").replace('"', "&quot;")
        outer = folder / f"outer-{name}"
        outer.write_text(
            f'<!DOCTYPE html><title>x</title><iframe width="1200" height="2000" {sandbox} srcdoc="{text}"></iframe>',
            encoding="utf-8",
        )
        return visit(outer, height=2000, **options)

    return open_frame


def check_readable(frame, name):
    """Without scripts all that is said in words and in the table is there."""
    assert frame.locator("h1").is_visible()
    assert frame.get_by_text("needs JavaScript").first.is_visible()
    assert frame.get_by_role("row", name="Mopti").first.is_visible()
    assert frame.locator(".awsd-frame").bounding_box()["height"] < 120, "no place is kept for a map that cannot come"
    for gone in (".awsd-search", ".awsd-downloads", ".awsd-time"):
        assert frame.locator(gone).locator("visible=true").count() == 0
    if name == "alert.html":
        assert frame.locator(".context").inner_text().startswith("Context")
        assert frame.locator("svg").first.is_visible()


@pytest.mark.parametrize("name", PAGES)
def test_in_a_sandbox_without_scripts_it_is_still_read(framed, name):
    page = framed(name, "sandbox")
    check_readable(page.frame_locator("iframe"), name)


@pytest.mark.parametrize("name", PAGES)
def test_with_scripts_turned_off_it_is_still_read(visit, folder, name):
    check_readable(visit(folder / name, java_script_enabled=False), name)


@pytest.mark.parametrize("sandbox", ['sandbox="allow-scripts"', 'sandbox="allow-scripts allow-downloads"', ""])
@pytest.mark.parametrize("name", PAGES)
def test_in_a_sandbox_with_scripts_everything_works(framed, name, sandbox):
    page = framed(name, sandbox)
    frame = page.frame_locator("iframe")
    frame.locator("[data-ready=true]").wait_for()
    frame.get_by_role("combobox").fill("mopti")
    page.keyboard.press("Enter")
    assert frame.locator(".awsd-panel h3").inner_text().startswith("Mopti")
    frame.locator(".awsd-switch label").nth(1).click()
    assert "Share" in frame.locator(".awsd-legend h3").inner_text()
    frame.locator(".awsd-switch label").first.click()
    frame.locator(".awsd-time input").focus()
    page.keyboard.press("End")
    assert "2022" in frame.locator(".awsd-time output").inner_text()
    path = frame.locator("path[role=button][aria-label^=Gao]")
    path.hover()
    path.click()
    assert frame.locator(".awsd-panel h3").inner_text().startswith("Gao")


@pytest.mark.parametrize("sandbox", ['sandbox="allow-scripts allow-downloads"', ""])
@pytest.mark.parametrize("kind", ["csv", "svg", "png"])
def test_files_are_saved_from_a_sandbox_that_allows_it(framed, kind, sandbox):
    page = framed("map.html", sandbox)
    frame = page.frame_locator("iframe")
    frame.locator("[data-ready=true]").wait_for()
    with page.expect_download() as waiting:
        frame.locator(f"[data-kind={kind}]").click()
    assert waiting.value.suggested_filename == f"map-incidents.{kind}"
    assert waiting.value.path().stat().st_size > 200


@pytest.mark.parametrize("name", ["alert-notebook.html", "map-notebook.html"])
def test_in_a_notebook_it_works_and_reaches_nothing_outside_its_frame(visit, folder, name):
    page = visit(folder / name, height=1400)
    frame = page.frame_locator("iframe")
    frame.locator("[data-ready=true]").wait_for()
    assert page.frames[1].evaluate("window.origin") == "null", "of another origin than the notebook"
    assert frame.locator("path[role=button]").count() == 11


def test_a_frame_without_a_size_breaks_nothing(visit, tmp_path, toy_regions):
    regions = toy_regions("A", "B")
    made = region_map(regions, [incidents_layer(pd.Series([1, 2], regions.index, name="incidents"))], text=MapText("T"))
    path = tmp_path / "outer.html"
    hidden = made._repr_html_().replace("<iframe ", "<iframe hidden ", 1)
    path.write_text(f"<!DOCTYPE html><title>x</title>{hidden}", encoding="utf-8")
    page = visit(path)
    page.frame_locator("iframe").locator("[data-ready=true]").wait_for(state="attached")
    page.evaluate("document.querySelector('iframe').hidden = false")
    page.frame_locator("iframe").locator("path[role=button]").first.wait_for()
