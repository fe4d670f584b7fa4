"""How a page stands in a notebook: a frame that may run its own scripts only, and what is read without it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from awsd_geo.language import words
from awsd_geo.maps.page import escape

if TYPE_CHECKING:
    from collections.abc import Iterable

SANDBOX = "allow-scripts allow-downloads"
"""What a page in a frame may do: run its scripts, and save the table and the picture.

Without ``allow-same-origin`` it can reach neither the notebook nor its kernel, files or cookies.
"""


def in_words(sentences: Iterable[str], banners: Iterable[str] = (), lang: str = "en") -> str:
    """Join what a page says to one text that never lacks its banners, and say what shows the page itself.

    Parameters
    ----------
    sentences : iterable of str
        Title and finding.
    banners : iterable of str
        Statuses, such as "example"; "final" has no banner.
    lang : {"en", "fr"}
        Language.

    Returns
    -------
    str

    Examples
    --------
    >>> in_words(["Mali: kidnappings", "Most are in Mopti."], ["final"])
    'Mali: kidnappings. Most are in Mopti. (The page itself is shown where this notebook is trusted: File, Trust
    Notebook.)'
    """
    strings = words(lang)["map"]
    said = [f"{strings[name]}{strings['colon']} {strings[f'{name}_text']}" for name in banners if name != "final"]
    whole = [each if each.endswith((".", "!", "?")) else f"{each}." for each in [*said, *sentences] if each]
    return " ".join([*whole, strings["no_trust"]])


def frame(page: str, *, title: str, height: int, instead: str) -> str:
    """Put a whole page into a frame for a notebook.

    Parameters
    ----------
    page : str
        HTML of the page.
    title : str
        What a screen reader calls the frame.
    height : int
        Of the frame in pixels; a reader may drag its lower edge.
    instead : str
        Plain text with the finding. A notebook that nobody trusted takes the frame away and shows this.

    Returns
    -------
    str
        Markup.
    """
    style = f"width:100%;height:{height}px;border:0;resize:vertical;overflow:auto"
    return (
        f'<iframe srcdoc="{escape(page)}" sandbox="{SANDBOX}" title="{escape(title)}" '
        f'width="100%" height="{height}" style="{style}">{escape(instead)}</iframe>'
    )
