"""Writing a figure so that its bytes depend on what it shows alone: no date, no name of a machine, no random id."""

from __future__ import annotations

import io
import os
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any, cast
from xml.sax.saxutils import escape

from awsd_geo.errors import RequestError
from awsd_geo.maps.page import write
from awsd_geo.maps.still.type import clean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FORMATS = ("png", "svg", "pdf")
RESOLUTIONS = (30, 1200)  # pixels per inch
MOST_PIXELS = 2**16 - 1  # of a side: what matplotlib can draw
_SETTINGS = {
    "svg.hashsalt": "awsd_geo",
    "svg.fonttype": "path",
    "pdf.fonttype": 3,
    "pdf.compression": 6,
    "text.hinting": "none",  # letters as wide as measured, at every resolution
}
_PROGRAM = "awsd_geo"
_LOCK = RLock()


@contextmanager
def plain_settings() -> Iterator[None]:
    """Draw with matplotlib's own defaults, whatever a style sheet or the program has set, and restore those after.

    The settings belong to the whole program, so that two threads at once would restore each other's: one waits.
    """
    import matplotlib.style

    with _LOCK, matplotlib.style.context(["default", _SETTINGS]):
        yield


def save_plot(
    axes: Axes, path: str | os.PathLike[str], *, dpi: float = 300, title: str = "", description: str = ""
) -> Path:
    """Write the figure of some axes to a file, whole or not at all, with equal bytes for equal figures.

    Parameters
    ----------
    axes : matplotlib Axes
        As ``plot()`` of a result gives them, alone or among others.
    path : path
        Ends in ``.png``, ``.svg`` or ``.pdf``; its folder must exist.
    dpi : float, default 300
        Pixels per inch of a PNG, 30 to 1200.
    title, description : str
        Metadata of the file; in an SVG what a screen reader says.

    Returns
    -------
    Path
        The path written.

    Raises
    ------
    RequestError
        If the ending is none of the three, or the resolution is out of range.
    InputError
        If the folder does not exist or the path is a folder.
    """
    target = Path(path)
    form = target.suffix.lower().removeprefix(".")
    if form not in FORMATS:
        raise RequestError(f"{target.name} names no kind of picture. End it in .png, .svg or .pdf.")
    return write(target, bytes_of(axes, form, dpi=dpi, title=title, description=description))


def whole_figure(axes: Axes) -> Figure:
    """Give the figure that axes are on, also where they are on a part of it."""
    found: Any = axes.figure
    return cast("Figure", found.figure)


def bytes_of(axes: Axes, form: str, *, dpi: float = 300, title: str = "", description: str = "") -> bytes:
    """Draw the figure of some axes as the bytes of a file.

    Raises
    ------
    RequestError
        If the resolution is out of range or makes a picture of more than 65,535 pixels on a side.
    """
    figure, (low, high) = whole_figure(axes), RESOLUTIONS
    if not low <= dpi <= high:
        raise RequestError(f"A resolution of {dpi} pixels per inch is out of range. Give {low} to {high}.")
    if form == "png" and max(figure.get_size_inches()) * dpi > MOST_PIXELS:
        raise RequestError(f"At {dpi:g} pixels per inch the picture has over {MOST_PIXELS} pixels. Give fewer.")
    name, said = (clean(text) for text in (title, description))
    metadata: dict[str, dict[str, Any]] = {
        "png": {"Software": _PROGRAM, "Title": name, "Description": said},
        "svg": {"Date": None, "Creator": _PROGRAM, "Title": name, "Description": said},
        "pdf": {"CreationDate": None, "Creator": _PROGRAM, "Producer": _PROGRAM, "Title": name, "Subject": said},
    }
    kept = {key: value for key, value in metadata[form].items() if value != ""}
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    out, canvas = io.BytesIO(), figure.canvas
    with plain_settings():
        try:
            FigureCanvasAgg(figure).print_figure(out, format=form, dpi=dpi, metadata=kept, bbox_inches=None)
        finally:
            figure.set_canvas(canvas)
    return _described(out.getvalue(), said) if form == "svg" else out.getvalue()


def _described(svg: bytes, said: str) -> bytes:
    """Say that an SVG is a picture and what it shows, where screen readers look for it."""
    pictured = svg.replace(b"<svg ", b'<svg role="img" ', 1)
    described = f"</title>\n <desc>{escape(said)}</desc>" if said else "</title>"
    return pictured.replace(b"</title>", described.encode(), 1)
