"""Take the pictures of the documentation: python docs/pictures.py (needs Chromium and the test extra)."""

import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

import awsd_geo as ag

IMAGES = Path(__file__).parent / "images"
PICTURES = (
    # name, page, language, width, height, colours, whole page
    ("map", "map.html", "en", 1280, 900, "light", False),
    ("map-dark-phone-fr", "map.html", "fr", 390, 844, "dark", False),
    ("alert", "alert.html", "en", 1280, 1000, "light", False),
    ("alert-phone-fr", "alert.html", "fr", 390, 844, "light", False),
)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


def main() -> None:
    """Build the example in both languages and photograph it without a network."""
    IMAGES.mkdir(exist_ok=True)
    made = ag.alert(ag.example(), country="MLI", years=(2017, 2022), kind="kidnapped")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as browsers:
        for lang in ("en", "fr"):
            made.save(Path(folder) / lang, lang=lang)
        chromium = browsers.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        for name, page, lang, width, height, colours, whole in PICTURES:
            context = chromium.new_context(
                viewport={"width": width, "height": height}, color_scheme=colours, offline=True
            )
            tab = context.new_page()
            tab.goto((Path(folder) / lang / page).as_uri())
            tab.wait_for_timeout(500)
            tab.screenshot(path=IMAGES / f"{name}.png", full_page=whole)
            context.close()


if __name__ == "__main__":
    main()
