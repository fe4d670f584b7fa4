"""Several photographs on one sheet, and files small enough for a repository."""

from PIL import Image, ImageOps

GAP, EDGE, GROUND, LINE = 16, 1, "#ffffff", "#c9c6bd"
COLOURS = 128


def sheet(rows):
    """Put rows of images on one white sheet, each with a thin line around."""
    framed = [[ImageOps.expand(image, EDGE, LINE) for image in row] for row in rows]
    widths = [sum(image.width for image in row) + GAP * (len(row) - 1) for row in framed]
    heights = [max(image.height for image in row) for row in framed]
    made = Image.new("RGB", (max(widths), sum(heights) + GAP * (len(rows) - 1)), GROUND)
    down = 0
    for row, height in zip(framed, heights, strict=True):
        across = 0
        for image in row:
            made.paste(image, (across, down))
            across += image.width + GAP
        down += height + GAP
    return made


def save(image, path):
    """Write a PNG of few colours: pages are flat, so that the eye sees no difference."""
    small = image.quantize(COLOURS, method=Image.Quantize.MAXCOVERAGE, kmeans=3, dither=Image.Dither.NONE)
    small.save(path, optimize=True)
    return path.stat().st_size
