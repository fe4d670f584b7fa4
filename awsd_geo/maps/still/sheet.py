"""The size and look of a picture."""

from __future__ import annotations

from dataclasses import dataclass

from awsd_geo.errors import RequestError
from awsd_geo.maps.still.theme import theme_of

POINTS_PER_MM = 72 / 25.4
SIZES: dict[str, tuple[float, float | None]] = {
    "column": (85.0, None),
    "text": (160.0, None),
    "page": (297.0, 210.0),
    "slide": (25.4 * 40 / 3, 25.4 * 7.5),
}
"""Width and height in mm (None: as high as it needs): one column of a journal or brief, the text width of a page of
A4, a whole page of A4 across, a slide of 16:9."""
SMALLEST, LARGEST = 50.0, 2000.0  # mm
_SLIDE_TYPE = 13.5  # points: read from the back of a room


@dataclass(frozen=True)
class Sheet:
    """The size and look of a picture.

    Parameters
    ----------
    size : {"text", "column", "page", "slide"} or tuple of float
        Name, or width and height in mm; a height of None is as high as needed. "text" is 160 mm wide, "column" 85 mm,
        "page" A4 across, "slide" 13.33 by 7.5 inches.
    theme : {"light", "dark"}
        Colours of the web map on light and on dark screens.
    year : int, optional
        Show one year of a layer that has years, in the classes of the whole period.
    text_size : float, optional
        Size of the type in points; by default by the width.
    fonts : tuple of path
        Font files for scripts that DejaVu Sans lacks, such as Ethiopic, Burmese or Chinese.

    Raises
    ------
    RequestError
        If the size or the theme is none of these, or a length is below 50 or over 2,000 mm.
    """

    size: str | tuple[float, float | None] = "text"
    theme: str = "light"
    year: int | None = None
    text_size: float | None = None
    fonts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        theme_of(self.theme)
        if isinstance(self.size, str) and self.size not in SIZES:
            raise RequestError(
                f"There is no size {self.size!r}. Choose one of {', '.join(SIZES)}, or give width and height in mm."
            )
        if any(length is not None and not SMALLEST <= length <= LARGEST for length in self.millimetres):
            raise RequestError(
                f"A picture of {self.size} mm cannot be made. Give lengths from {SMALLEST:.0f} to {LARGEST:.0f} mm."
            )
        if self.text_size is not None and not 4 <= self.text_size <= 60:
            raise RequestError(f"A type of {self.text_size} points cannot be read. Give 4 to 60.")

    @property
    def millimetres(self) -> tuple[float, float | None]:
        """Width and height."""
        return SIZES[self.size] if isinstance(self.size, str) else self.size

    @property
    def points(self) -> tuple[float, float | None]:
        """Width and height in points."""
        wide, high = self.millimetres
        return wide * POINTS_PER_MM, None if high is None else high * POINTS_PER_MM

    def type_size(self, width: float) -> float:
        """Give the size of the type on a sheet of a width in points."""
        if self.text_size is not None:
            return self.text_size
        if self.size == "slide":
            return _SLIDE_TYPE
        return min(max(5.2 + 0.0066 * width, 5.5), 14.0)
