"""How two spellings of one name are made alike; every comparison of names in awsd_geo goes through here."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

LONGEST = 400
"""Letters of a text that are looked at: no name is longer, and what follows costs time only."""

_KEY_WORDS = (
    "region",
    "cercle",
    "district",
    "commune rurale",
    "commune urbaine",
    "commune",
)  # of `slug`: never changed
_LETTERS = str.maketrans(
    {"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}
    | {"ɔ": "o", "ɛ": "e", "ŋ": "n", "ɲ": "ny", "ɓ": "b", "ɗ": "d", "ƙ": "k", "ƴ": "y"}
    | {"ـ": "", "ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه"}
)  # letters that Unicode does not decompose; Arabic and Persian forms of one letter
_APOSTROPHES = re.compile("(?<=[^\\W\\d_])['’‘ʼʻ`´ʿʾ](?=[^\\W\\d_])|['’‘ʼʻ`´ʿʾ]+$|^['’‘ʼʻ`´ʿʾ]+")
_ELIDED = re.compile("(?<![^\\W_])[dl]['’ʼ](?=[^\\W\\d_])", re.IGNORECASE)  # d'Abeïbara, l'Est
_NUMERAL = re.compile("[^\\W_]|[ivx]+|[0-9].*")
_NUMBER = "(?:[ivx]+|[0-9]+)\\b"  # "Commune IV" is a name: a number alone is none


@lru_cache(maxsize=1)
def words() -> dict[str, Any]:
    """Read the words that are no names (``place_words.toml``)."""
    file = Path(__file__).with_name("place_words.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Reduce a name to what its spellings have in common.

    Lower case, accents and ligatures undone, everything that is neither letter nor digit a single blank, words that
    say what a unit is ("region", "muhafazat": ``levels`` in ``place_words.toml``, with "de", "d'", "of") trimmed from
    either end unless nothing would be left.

    Parameters
    ----------
    text : str
        A name as written, in any script. Scripts are left apart: nothing is romanised.

    Returns
    -------
    str
        The folded name; empty if the text holds no letter and no digit. Folding it again changes nothing.

    Examples
    --------
    >>> fold("Région de Tombouctou"), fold("GOURMA-RHAROUS (Cercle)"), fold("Cœur  d’Abeïbara")
    ('tombouctou', 'gourma rharous', 'coeur d abeibara')
    >>> fold("Wilayat Kassala"), fold("Upper Nile State")
    ('kassala', 'upper nile')
    """
    return _trimmed(text, *_level_patterns())


def slug(text: str) -> str:
    """Give the key of a name: folded, with hyphens. Only the level words of Mali are trimmed, so that keys stay.

    Examples
    --------
    >>> slug("Gourma-Rharous"), slug("Ségou")
    ('gourma-rharous', 'segou')
    """
    return _trimmed(text, *_patterns(_KEY_WORDS)).replace(" ", "-")


@lru_cache(maxsize=65536)
def place_key(text: str) -> tuple[str, frozenset[str]]:
    """Reduce a place name further than `fold`: to what is left when transliterations differ in the usual ways.

    Apostrophes inside a word, articles (al-, el-, ar- before r, ...), blanks, doubled letters and an h after a
    closing a are left out; directions are put into one language (Nord, northern, shamal: north).

    Parameters
    ----------
    text : str
        A name as written.

    Returns
    -------
    key : str
        Letters and digits without blanks; empty where nothing is left.
    marks : frozenset of str
        Its directions, single letters and numerals. Names whose marks differ are different names, however alike.

    Examples
    --------
    >>> place_key("Ar-Raqqah")[0], place_key("Raqqa")[0], place_key("Ta'izz")[0], place_key("Taiz")[0]
    ('raqa', 'raqa', 'taiz', 'taiz')
    >>> place_key("Nord-Kivu") == place_key("North Kivu"), sorted(place_key("South Kivu")[1])
    (True, ['south'])
    """
    plain = fold(_APOSTROPHES.sub("", _ELIDED.sub(" ", text[:LONGEST])))
    parts = [_directions().get(word, word) for word in _without_articles(plain.split())]
    marks = frozenset(part for part in parts if part in words()["directions"] or _NUMERAL.fullmatch(part))
    return "".join(part if part in marks else _squeezed(part) for part in parts), marks


def simple(text: str) -> str:
    """Lower the case and drop the marks, but keep everything that is neither letter nor digit.

    Examples
    --------
    >>> simple("Entre Ségou & Niono (près)")
    'entre segou & niono (pres)'
    """
    letters = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text[:LONGEST]).casefold())
    return "".join(
        str(unicodedata.decimal(letter)) if letter.isdecimal() else letter
        for letter in letters.translate(_LETTERS)
        if not unicodedata.category(letter).startswith("M")
    )


def _trimmed(text: str, leading: re.Pattern[str], trailing: re.Pattern[str]) -> str:
    """Make plain and trim level words until nothing changes."""
    plain, before = _plain(text), None
    while plain != before:
        before, plain = plain, _plain(trailing.sub("", leading.sub("", plain)))
    return plain


def _plain(text: str) -> str:
    """Lower the case, drop the marks and turn all but letters and digits into single blanks."""
    return " ".join("".join(letter if letter.isalnum() else " " for letter in simple(text)).split())


@lru_cache(maxsize=1)
def _level_patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    return _patterns(tuple(words()["levels"]))


@lru_cache(maxsize=2)
def _patterns(levels: tuple[str, ...]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Give the patterns of a level word before a name, with "de" and the like, and after it."""
    any_of = "|".join(sorted(levels, key=len, reverse=True))
    of = "|".join(words()["of"])
    return re.compile(rf"^(?:{any_of}) (?:(?:{of}) )?(?=.)(?!{_NUMBER})"), re.compile(rf"(?<=.) (?:{any_of})$")


@lru_cache(maxsize=1)
def _directions() -> dict[str, str]:
    return {word: direction for direction, some in words()["directions"].items() for word in some}


def _without_articles(parts: list[str]) -> list[str]:
    """Leave out articles, but never the last word."""
    kept = [part for part, after in pairwise(parts) if not _article(part, after)]
    return [*kept, *parts[-1:]]


def _article(part: str, after: str) -> bool:
    if part in words()["articles"]:
        return True
    vowel, sound = part[:1], part[1:]
    return vowel in words()["article_vowels"] and sound in words()["article_sounds"] and after.startswith(sound)


def _squeezed(part: str) -> str:
    """Undo doubled letters and the h after a closing a."""
    single = re.sub(r"([^\W\d])\1+", r"\1", part)
    return single[:-1] if len(single) > 3 and single.endswith("ah") else single
