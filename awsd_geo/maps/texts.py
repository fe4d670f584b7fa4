"""The texts of a map, whether page or picture: title and finding, banners, notes, sources."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from awsd_geo.errors import RequestError
from awsd_geo.language import words
from awsd_geo.language.french import typeset

if TYPE_CHECKING:
    from collections.abc import Sequence

    from awsd_geo.maps.layer import Layer

STATUSES = ("final", "provisional", "example")


@dataclass(frozen=True, slots=True)
class MapText:
    """The texts of a map page, all plain text.

    Parameters
    ----------
    title : str
        Heading of the page and name of the map.
    finding : str
        One sentence that says what the map shows.
    subtitle : str
        Kind of incident, period and frame.
    notes : tuple of str
        Sentences under the map, beside those that the layers and the frame bring.
    sources : tuple of str
        Citations; the boundaries' own notice is added from the frame.
    """

    title: str
    finding: str = ""
    subtitle: str = ""
    notes: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


def check_status(status: str) -> None:
    """Refuse a status that has no banner.

    Raises
    ------
    RequestError
        Naming those that there are.
    """
    if status not in STATUSES:
        raise RequestError(f"There is no status {status!r}. Choose one of {', '.join(STATUSES)}.")


def statuses(status: str, layers: Sequence[Layer]) -> list[str]:
    """Name the banners of the page: its status, and that it is internal where it shows points."""
    return [status] + ["internal"] * any(layer.points is not None for layer in layers)


def about(text: MapText, status: str, layers: Sequence[Layer], strings: dict[str, Any]) -> dict[str, Any]:
    """Give what stands in a picture of the map: its texts and its banners, which must not get lost."""
    banners = [name for name in statuses(status, layers) if name != "final"]
    said = [f"{strings[name]}{strings['colon']} {strings[f'{name}_text']}" for name in banners]
    return {"title": text.title, "finding": text.finding, "subtitle": text.subtitle, "banners": said}


def credit_lines(
    frames: Sequence[Any], text: MapText, layers: Sequence[Layer], lang: str, software: str = "software"
) -> list[str]:
    """Name the sources, the boundaries' date, the disclaimer (unless a notice has it) and the software.

    Parameters
    ----------
    frames : sequence of DataFrame
        What is drawn, the regions first; their notices are cited.
    text, layers
        Their sources come first.
    lang : {"en", "fr"}
        Language of the page.
    software : str
        Key of the sentence that names what draws.

    Returns
    -------
    list of str
    """
    strings = words(lang)["map"]
    sources = [*text.sources, *(source for layer in layers for source in layer.sources)]
    cited = dict.fromkeys([*sources, *(_notice(frame.attrs, lang) for frame in frames)])
    lines = [line if line.endswith((".", "!", "?")) else f"{line}." for line in cited if line]
    if lines:
        lines[0] = f"{strings['sources']}{strings['colon']} {lines[0]}"
    if since := frames[0].attrs.get("valid_from"):
        lines.append(strings["boundaries"].format(year=str(since)[:4]))
    if not any(strings["disclaimed"] in line for line in lines):
        lines.append(strings["disclaimer"])
    return [*lines, strings[software]]


def _notice(attrs: dict[Any, Any], lang: str) -> str:
    """Give a frame's short notice, or the first sentence of its notice, in the language of the page if there is one."""
    for language in (f"_{lang}", ""):
        if short := attrs.get(f"notice_short{language}"):
            return _set(short, lang)
        if notice := attrs.get(f"notice{language}"):
            return _set(str(notice).split(". ")[0], lang)
    return ""


def _set(text: object, lang: str) -> str:
    """Set the spaces of a frame's own text in French, where it comes with ordinary ones."""
    return typeset(str(text)) if lang == "fr" else str(text)


def notes(attrs: dict[Any, Any], text: MapText, layers: Sequence[Layer], lang: str) -> list[str]:
    """List the sentences under the map: the request's, the layers', and that the frame is approximate."""
    said = attrs.get(f"note_{lang}") or attrs.get("note") or words(lang)["map"]["approximate"]
    approximate = [_set(said, lang)] if attrs.get("approximate") else []
    return list(dict.fromkeys([*text.notes, *(note for layer in layers for note in layer.notes), *approximate]))
