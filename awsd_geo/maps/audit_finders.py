"""Dates, points, IDs and words as a page may write them."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from awsd_geo.language import LANGUAGES, words

if TYPE_CHECKING:
    from collections.abc import Iterator

Day = tuple[int, int, int]
_MONTHS = {
    name: 1 + place // 2
    for place, name in enumerate(
        re.findall(
            r"\w+",
            """january janvier february fevrier march mars april avril may mai june juin july juillet august aout
            september septembre october octobre november novembre december decembre""",
        )
    )
}
_SHORT = {name[:3]: place for name, place in _MONTHS.items() if name[:3] not in {"jui"}} | {"juil": 7}
_NAMED = "|".join(sorted({*_MONTHS, *_SHORT}, key=len, reverse=True))
_FORMS = (
    re.compile(r"(?<!\d)(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})(?!\d)"),
    re.compile(r"(?<!\d)(?P<d>\d{1,2})[-/.](?P<m>\d{1,2})[-/.](?P<y>\d{4})(?!\d)"),
    re.compile(r"(?<!\d)(?P<m>\d{1,2})[-/.](?P<d>\d{1,2})[-/.](?P<y>\d{4})(?!\d)"),
    re.compile(
        rf"(?<!\d)(?P<d>\d{{1,2}})(?:st|nd|rd|th|er)?(?: of| de)?[ -](?P<w>{_NAMED})\.?,?[ -](?P<y>\d{{4}})(?!\d)"
    ),
    re.compile(rf"\b(?P<w>{_NAMED})\.? (?P<d>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<y>\d{{4}})(?!\d)"),
)
_DECIMAL = r"[+-]?\d{1,3}[.,]\d{3,}"
_PAIR = re.compile(rf"(?<![\w.,])(?=({_DECIMAL})(?!\d)\D{{1,24}}?({_DECIMAL})(?![\w]))")
_ID = re.compile(r"(?<![\w.,:/\u202f-])\d{4,7}(?![\w]|[.,:/\u202f-]\d|\s?km\b)")  # no part of a number, no distance
_DATED = (
    "strip.data_to",
    "strip.as_of",
    "strip.issued",
    "how.data_to",
    "how.valid_from",
    "how.valid_between",
    "how.as_of_text",
)


def spoken(text: str) -> str:
    """Reduce a text to its words: lower case, without accents and punctuation, one blank between.

    Examples
    --------
    >>> spoken("Trois employés, (N.B.) enlevés !")
    'trois employes n b enleves'
    """
    if not text.isascii():
        apart = unicodedata.normalize("NFKD", text)
        text = "".join(letter for letter in apart if unicodedata.category(letter) not in {"Mn", "Me", "Cf"})
    return " ".join(re.findall(r"[^\W_]+", text.casefold()))


@cache
def own_words() -> str:
    """Give all sentences of our pages, in both languages, as words."""
    return " " + " | ".join(spoken(text) for lang in LANGUAGES for text in _sentences(words(lang))) + " "


def _sentences(table: Any) -> Iterator[str]:
    if isinstance(table, str):
        yield re.sub(r"\{\w*\}", " | ", table)
    for value in table.values() if isinstance(table, dict) else table if isinstance(table, list) else ():
        yield from _sentences(value)


def _plain(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text)
    return re.sub(r"\s+", " ", "".join(letter for letter in apart if not unicodedata.combining(letter))).lower()


def dates(text: str) -> Iterator[Day]:
    """Find the dates in a text, as year, month and day; of 3/4/2020 both readings.

    Examples
    --------
    >>> sorted(set(dates("On 2 March 2021, le 1er août 2020, 2019-05-06; 7.8.2018")))
    [(2018, 7, 8), (2018, 8, 7), (2019, 5, 6), (2020, 8, 1), (2021, 3, 2)]
    """
    plain = _plain(text)
    for form in _FORMS:
        for found in form.finditer(plain):
            given = found.groupdict()
            month = int(given["m"]) if "m" in given else _MONTHS.get(given["w"]) or _SHORT[given["w"]]
            yield int(given["y"]), month, int(given["d"])


def known_dates(texts: list[str]) -> set[Day]:
    """Find the dates that a page has to say: to which its data reach, and from when its boundaries are in force."""
    whole = _plain(" ".join(texts))
    found = set()
    for start in _openings():
        for place in re.finditer(re.escape(start), whole):
            found |= set(dates(whole[place.end() : place.end() + 50]))
    return found


@cache
def _openings() -> tuple[str, ...]:
    """Give what stands before such a date, in both languages."""
    found = []
    for lang in LANGUAGES:
        for key in _DATED:
            part: Any = words(lang)["alert"]
            for name in key.split("."):
                part = part[name]
            found.append(_plain(str(part).split("{", 1)[0]).strip())
    return tuple(filter(None, found))


def points(where: Any) -> Iterator[tuple[float, float]]:
    """Find two decimal numbers in a row: in a text to three decimals or more, in data as they are."""
    if isinstance(where, str):
        for found in _PAIR.finditer(where.replace("−", "-")):
            yield float(found[1].replace(",", ".")), float(found[2].replace(",", "."))
    elif isinstance(where, list):
        for one, other in pairwise(where):
            if isinstance(one, float) and isinstance(other, float):
                yield one, other
        for each in where:
            yield from points(each) if isinstance(each, (list, dict)) else ()
    elif isinstance(where, dict):
        values = [value for key, value in where.items() if key not in {"at", "bounds", "values"}]
        yield from points(values)


def ids_said(text: str) -> Iterator[int]:
    """Find whole numbers of four digits or more that are no years.

    Examples
    --------
    >>> list(ids_said("Incident 10412 (#9913) of 2019; 1,234 people; a4312b; 2020-0101; 1498 km"))
    [10412, 9913]
    """
    for found in _ID.findall(text):
        if not 1900 <= int(found) <= 2100 or len(found) > 4:
            yield int(found)
