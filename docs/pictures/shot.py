"""One photograph: of what, and how."""

from dataclasses import dataclass

DESK, PHONE, FOUR_K = (1280, 860), (390, 844), (3840, 2160)


@dataclass(frozen=True)
class Shot:
    """One photograph: a page, its language, the window, and what is done before."""

    page: str
    lang: str = "en"
    size: tuple[int, int] = DESK
    colours: str = "light"
    layer: int | None = None
    year: int | None = None  # position of the slider
    choose: str | None = None  # name of a region
    search: str | None = None
    to: str | None = None  # selector of what stands at the top of the window
    part: str | None = None  # selector of what is photographed; the window by default
    until: int | None = None  # pixels from the top of the page, if not the window
    scale: int = 1  # of the device
    shrink: float = 1.0
    printed: bool = False
    saved: bool = False  # the picture that the page itself makes
    handed: bool = False  # files of the network come from installed packages
