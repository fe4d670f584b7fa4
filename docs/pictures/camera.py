"""Photographs of pages in Chromium: no network, one set of letters, nothing that moves."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import peers
from PIL import Image

HERE = Path(__file__).parent
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
         "--font-render-hinting=none", "--disable-lcd-text", "--disable-partial-raster", "--force-color-profile=srgb",
         "--disable-skia-runtime-opts", "--disable-threaded-animation", "--disable-threaded-scrolling"]  # fmt: skip


class Camera:
    """Chromium and the pages, each written once."""

    def __init__(self, browsers, scenes):
        self.scenes, self.folder, self.written = scenes, Path(tempfile.mkdtemp(prefix="pictures-")), {}
        letters = {**os.environ, "FONTCONFIG_FILE": str(HERE / "fonts.conf"), "XDG_CACHE_HOME": str(self.folder)}
        program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
        self.chromium = browsers.chromium.launch(executable_path=program, args=FLAGS, env=letters)

    def close(self):
        self.chromium.close()
        shutil.rmtree(self.folder)

    def page(self, name, lang):
        path = self.folder / f"{name}-{lang}.html"
        if not path.exists():
            path.write_text(self.scenes[name](lang), encoding="utf-8")
        return path

    def take(self, shot):
        """Photograph one shot, as a Pillow image."""
        width, height = shot.size
        context = self.chromium.new_context(
            viewport={"width": width, "height": height}, color_scheme=shot.colours, device_scale_factor=shot.scale,
            locale=shot.lang, timezone_id="UTC",
        )  # fmt: skip
        tab = context.new_page()
        tab.route("**/*", lambda route: peers.answer(route, handed=shot.handed))
        tab.goto(self.page(shot.page, shot.lang).as_uri())
        if "awsd-wait" in self.page(shot.page, shot.lang).read_text(encoding="utf-8"):
            tab.wait_for_selector("[data-ready=true]")
        tab.evaluate("document.fonts.ready")
        self.act(tab, shot)
        tab.wait_for_timeout(300)
        take = printed if shot.printed else saved if shot.saved else photograph
        image = Image.open(take(tab, shot, self.folder)).copy()
        context.close()
        if shot.shrink != 1.0:
            image = image.resize([round(side * shot.shrink) for side in image.size], Image.Resampling.LANCZOS)
        return image.convert("RGB")

    def act(self, tab, shot):
        if shot.layer is not None:
            tab.locator(".awsd-switch input").nth(shot.layer).check(force=True)
        if shot.year is not None:
            tab.locator(".awsd-time input").fill(str(shot.year))
            tab.locator(".awsd-time input").blur()
        if shot.choose:
            tab.locator(f'path[role=button][aria-label^="{shot.choose},"]').dispatch_event("click")
        if shot.to:
            tab.evaluate("part => scrollBy(0, document.querySelector(part).getBoundingClientRect().top - 8)", shot.to)
        if shot.search:
            tab.locator(".awsd-search input").fill(shot.search)


def photograph(tab, shot, folder):
    still = {"animations": "disabled", "caret": "hide", "path": folder / "shot.png"}
    if shot.part:
        tab.locator(shot.part).first.screenshot(**still)
    elif shot.until:
        clip = {"x": 0, "y": 0, "width": shot.size[0], "height": shot.until}
        tab.screenshot(full_page=True, clip=clip, **still)
    else:
        tab.screenshot(**still)
    return folder / "shot.png"


def saved(tab, _shot, folder):
    """Press the page's own button for a PNG."""
    with tab.expect_download() as waiting:
        tab.locator("[data-kind=png]").click()
    waiting.value.save_as(folder / "saved.png")
    return folder / "saved.png"


def printed(tab, _shot, folder):
    """Print a page as its stylesheet says, and draw the first sheet at 96 points an inch."""
    pdf, image = folder / "page.pdf", folder / "page"
    tab.pdf(path=pdf, prefer_css_page_size=True, print_background=True)
    subprocess.run(["pdftoppm", "-r", "96", "-f", "1", "-l", "1", "-singlefile", "-png", pdf, image], check=True)
    return image.with_suffix(".png")
