"""The gallery shows every layer, and nothing else than the script makes."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from awsd_geo import maps

DOCS = Path(__file__).resolve().parents[1] / "docs"
MOST = 3_600_000  # bytes of all pictures together
GALLERY = (DOCS / "gallery.md").read_text(encoding="utf-8")
NAMED = re.findall(r"!\[([^\]]*)\]\(images/([\w-]+)\.png\)", GALLERY)


@pytest.fixture
def album(monkeypatch):
    """Give the list of pictures without loading what takes them."""
    monkeypatch.syspath_prepend(str(DOCS / "pictures"))
    import album

    yield album
    for name in ("album", "shot", "scenes", "peers"):
        sys.modules.pop(name, None)


def test_every_layer_has_its_picture(album):
    makers = {name for name in maps.__all__ if name.endswith("_layer")}
    assert set(album.LAYERS) == makers
    assert {
        name for name in makers if f"layer-{name.removesuffix('_layer').replace('_', '-')}" not in album.ALBUM
    } == set()
    assert {name for name in makers if f"`{name}`" not in GALLERY} == set()


def test_every_page_language_and_look_is_photographed(album):
    shots = [shot for rows in album.ALBUM.values() for row in rows for shot in row]
    for page in ("layers", "points", "alert", "alert-map"):
        seen = {(shot.lang, shot.colours, shot.size[0] < 500) for shot in shots if shot.page == page}
        assert {looks[0] for looks in seen} == {"en", "fr"}, page
        assert {looks[1] for looks in seen} == {"light", "dark"}, page
        assert {looks[2] for looks in seen} == {True, False}, page
    assert {(shot.page, shot.lang) for shot in shots if shot.printed} == {
        (page, lang) for page in ("alert", "alert-map") for lang in ("en", "fr")
    }


def test_every_page_that_is_photographed_can_be_written(album):
    import scenes

    shots = [shot for rows in album.ALBUM.values() for row in rows for shot in row]
    assert {shot.page for shot in shots} <= set(scenes.SCENES)


def test_the_gallery_and_the_folder_hold_the_pictures_of_the_script(album):
    names = [name for _, name in NAMED]
    assert sorted(names) == sorted(album.ALBUM)
    there = {path.name for path in (DOCS / "images").iterdir()}
    assert {f"{name}.png" for name in album.ALBUM} - there == set()
    pages = "".join(path.read_text(encoding="utf-8") for path in DOCS.rglob("*.md"))
    assert [name for name in there if f"images/{name})" not in pages] == []


def test_every_picture_is_told_in_words():
    assert [name for words, name in NAMED if len(words.split()) < 5] == []


def test_the_readme_shows_pictures_that_are_there():
    readme = (DOCS.parent / "README.md").read_text(encoding="utf-8")
    shown = re.findall(r"!\[[^\]]+\]\((?:[^)]*/)?docs/images/([\w.-]+)\)", readme)
    assert shown
    assert [name for name in shown if not (DOCS / "images" / name).exists()] == []


def test_the_pictures_do_not_swell_the_repository():
    sizes = {path.name: path.stat().st_size for path in (DOCS / "images").iterdir()}
    assert sum(sizes.values()) <= MOST
    assert [name for name, size in sizes.items() if size > 400_000] == []


@pytest.mark.browser
def test_the_command_takes_a_picture(tmp_path, chromium):
    done = subprocess.run(
        [sys.executable, DOCS / "pictures", "--only", "close-up", "--out", tmp_path], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    from PIL import Image

    with Image.open(tmp_path / "close-up.png") as image:
        assert image.width > 1400
        assert len(image.convert("RGB").getcolors(1000)) > 20
