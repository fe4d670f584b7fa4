"""Place phrases: "between A and B", "A-B road", "38 km SW of A", taken apart into names and what is said of them."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from awsd_geo.text import simple, words

KM_PER_MILE = 1.609344
MOST = 8  # parts of a text, and ways to take one apart, that are tried: enough for any place, few enough for any text
PLACE, NEAR, BETWEEN, OFFSET, BORDER, EITHER = "place", "near", "between", "offset", "border", "either"
PAIR = "pair"  # "A-B": a way between two places, or one name with a hyphen


class Phrase(NamedTuple):
    """One way to read a part of a text."""

    kind: str
    names: tuple[str, ...]  # as written, in lower case; empty: the name is that of the part before
    km: float | None = None
    bearing: float | None = None  # degrees from north, clockwise


@lru_cache(maxsize=65536)
def parts_of(text: str) -> tuple[tuple[Phrase, ...], ...]:
    """Take a place text apart.

    Parameters
    ----------
    text : str
        A place as written, such as "Gueneba, 40 km E of Nara".

    Returns
    -------
    tuple of tuple of Phrase
        For each part between commas, brackets and the like, the ways to read it, the first being a plain name.

    Examples
    --------
    >>> parts_of("Between Ansongo and Gao")[0][1]
    Phrase(kind='between', names=('ansongo', 'gao'), km=None, bearing=None)
    >>> parts_of("38 km SW of Bankass")[0][1]
    Phrase(kind='offset', names=('bankass',), km=38.0, bearing=225.0)
    """
    whole = " ".join(simple(text).split())
    chunks = [chunk.strip(" .-–—'\"") for chunk in re.split(r"[,;()\[\]|\n]", whole)]
    named = [chunk for chunk in chunks if any(letter.isalpha() for letter in chunk)]
    return tuple(_ways(chunk) for chunk in named[:MOST])


def _ways(chunk: str) -> tuple[Phrase, ...]:
    """List the ways to read one part."""
    found = [Phrase(PLACE, (chunk,))]
    said = _between(chunk) or _offset(chunk) or _border(chunk)
    found += said or [*_road(chunk), *_either(chunk)]
    found += [Phrase(NEAR, (name,)) for name in variants(chunk)]
    return tuple(dict.fromkeys(found))[: 2 * MOST]


def _between(chunk: str) -> list[Phrase]:
    if inside := _pattern("^{between} (.+)$").search(chunk):
        return [Phrase(BETWEEN, pair) for pair in _pairs(inside[1], _any_of("and"), hyphens=False)]
    if inside := _pattern("^{from} (.+?) (?:{to}) (.+)$").search(chunk):
        return [Phrase(BETWEEN, (inside[1], inside[2]))]
    return []


def _offset(chunk: str) -> list[Phrase]:
    """Read "38 km SW of A", "NE 50km of A", "A 15 km north", "35 km from A", "south of A"."""
    for key in ("before", "middle", "after", "alone"):
        if found := _offset_patterns()[key].search(chunk):
            given = found.groupdict()
            km = float(given["km"].replace(",", ".")) if given.get("km") else None
            if km is not None and given["mile"]:
                km *= KM_PER_MILE
            bearing = _bearings()[re.sub(r"[\s-]+", " ", given["way"])] if given.get("way") else None
            return [Phrase(OFFSET, (given["name"] or "",), km, bearing)]
    return []


def _border(chunk: str) -> list[Phrase]:
    found = _pattern("^(?:the )?(.+?) {border}$").search(chunk)
    found = found or _pattern("^(?:the )?{border_before} (?:the )?(.+)$").search(chunk)
    if not found:
        return []
    pairs = _pairs(found[1], _any_of("and"), hyphens=True)
    return [*(Phrase(BORDER, pair) for pair in pairs), Phrase(BORDER, (found[1],))]


def _road(chunk: str) -> list[Phrase]:
    """Read "A-B road", "A to B", "A-B"; of "A road" that it is near A."""
    body = _pattern(" {road}(?: bridge)?$").sub("", chunk)
    lead = _pattern("^(?:{road_before} )+(?:the )?").sub("", body)
    read = [Phrase(BETWEEN, pair) for pair in _pairs(lead, _any_of("to"), hyphens=False)]
    read += [Phrase(PAIR if lead == chunk else BETWEEN, pair) for pair in _pairs(lead, "", hyphens=True)]
    return [*read, Phrase(NEAR, (lead,))] if lead != chunk else read


def _either(chunk: str) -> list[Phrase]:
    some = [part.strip() for part in re.split(rf"\s*[/&+]\s*| (?:{_any_of('and')}) ", chunk)]
    return [Phrase(EITHER, tuple(filter(None, some[:MOST])))] if len(some) > 1 else []


def variants(name: str) -> list[str]:
    """Leave out "near", "village", "refugee camp" and the like around a name, the shortest first.

    Examples
    --------
    >>> variants("near zamzam refugee camp"), variants("gao")
    (['zamzam', 'zamzam refugee camp'], [])
    """
    if re.fullmatch(_any_of("near_after"), name):
        return [""]
    found: list[str] = []
    for pattern in (
        "^(?:{near}) (?:the )?",
        "(?: {near_after})+$",
        "(?: {features})+$",
        "^(?:{features}) (?:(?:{of}) )?",
    ):
        shorter = _pattern(pattern).sub("", name).strip()
        if shorter and shorter != name:
            name = shorter
            found.append(name)
    return found[::-1]


def _pairs(text: str, joints: str, *, hyphens: bool) -> list[tuple[str, str]]:
    """Give every way to part a text in two, at the joining words or at hyphens."""
    joint = r"\s*[-–—]\s*" if hyphens else rf" (?:{joints}) "
    if hyphens and joints:
        joint = rf"{joint}| (?:{joints}) "
    cuts = [(text[: at.start()].strip(), text[at.end() :].strip()) for at in re.finditer(joint, text)]
    return [(left, right) for left, right in cuts if left and right][:MOST]


@lru_cache(maxsize=64)
def _pattern(text: str) -> re.Pattern[str]:
    """Fill lists of words into a pattern."""
    return re.compile(re.sub(r"\{([a-z_]+)\}", lambda found: f"(?:{_any_of(found[1])})", text))


@lru_cache(maxsize=32)
def _any_of(name: str) -> str:
    listed: list[str] = words()["phrases"][name]
    return "|".join(re.escape(word) for word in sorted(listed, key=len, reverse=True))


@lru_cache(maxsize=1)
def _bearings() -> dict[str, float]:
    return {word: float(degrees) for degrees, some in words()["bearings"].items() for word in some}


@lru_cache(maxsize=1)
def _offset_patterns() -> dict[str, re.Pattern[str]]:
    """Make the patterns of distances and directions."""
    ways = "|".join(re.sub(" ", r"[\\s-]+", word) for word in sorted(_bearings(), key=len, reverse=True))
    long = "|".join(re.sub(" ", r"[\\s-]+", word) for word in _bearings() if len(word) > 3)
    unit = rf"(?:(?P<mile>{_any_of('miles')})|{_any_of('kilometres')})\b\.?"
    far = rf"(?:(?:{_any_of('about')})\.? )?(?P<km>\d{{1,4}}(?:[.,]\d+)?) ?{unit}"
    of, way = _any_of("of"), rf"(?:(?:to the|a l|au) ?'?)?(?P<way>{ways})"
    return {
        "before": re.compile(rf"^{far}(?: {way})?(?: (?:{of})(?: the)?)? (?!(?:{ways})$)(?P<name>.+)$"),
        "middle": re.compile(rf"^{way} {far}(?: (?:{of}))? (?P<name>.+)$"),
        "after": re.compile(rf"^(?P<name>.*?) ?{far}(?: {way})?$"),
        "alone": re.compile(rf"^(?P<way>{long})(?: (?:{of}) | near )(?P<name>.+)$"),
    }
