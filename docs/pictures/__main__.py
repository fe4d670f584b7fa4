"""Take the pictures of docs/gallery.md: python docs/pictures [--only NAME ...] [--out DIR].

Needs Chromium, pdftoppm (poppler-utils), the fonts Liberation Sans and Serif, and the extra "docs". Nothing is fetched
from the network, and the data are the built-in example, so two runs on one machine give the same files.
"""

import argparse
from pathlib import Path

from album import ALBUM
from camera import Camera
from playwright.sync_api import sync_playwright
from scenes import SCENES
from sheet import save, sheet

IMAGES = Path(__file__).resolve().parents[1] / "images"


def main():
    asked = argparse.ArgumentParser(prog="python docs/pictures", description=__doc__)
    asked.add_argument("--only", nargs="+", choices=list(ALBUM), metavar="NAME", help=f"some of: {', '.join(ALBUM)}")
    asked.add_argument("--out", type=Path, default=IMAGES)
    given = asked.parse_args()
    given.out.mkdir(exist_ok=True)
    with sync_playwright() as browsers:
        camera, total = Camera(browsers, SCENES), 0
        for name in given.only or ALBUM:
            rows = [[camera.take(shot) for shot in row] for row in ALBUM[name]]
            image = rows[0][0] if len(rows) == len(rows[0]) == 1 else sheet(rows)
            total += (size := save(image, given.out / f"{name}.png"))
            print(f"{name:<22} {image.width:>5} x {image.height:<5} {size / 1000:>6.0f} kB", flush=True)
        camera.close()
    print(f"{'together':<22} {total / 1000:>20.0f} kB")


if __name__ == "__main__":
    main()
