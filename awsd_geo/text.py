"""How two spellings of one name are made alike; every comparison of names in awsd_geo goes through here."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

LEVEL_WORDS = ("region", "cercle", "district", "commune rurale", "commune urbaine", "commune")
"""Words that say what a unit is, not what it is called; trimmed from either end of a folded name."""

_LETTERS = str.maketrans(
    {"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}
    | {"ɔ": "o", "ɛ": "e", "ŋ": "n", "ɲ": "ny", "ɓ": "b", "ɗ": "d", "ƙ": "k", "ƴ": "y"}
)  # letters that Unicode does not decompose, those of Mali's national languages among them
_WORDS = "|".join(LEVEL_WORDS)
_NUMBER = "(?:[ivx]+|[0-9]+)\\b"  # "Commune IV" is a name: a number alone is none
_LEADING = re.compile(rf"^(?:{_WORDS}) (?:(?:de la|du|des|de|d|of the|of) )?(?=.)(?!{_NUMBER})")
_TRAILING = re.compile(rf"(?<=.) (?:{_WORDS})$")


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Reduce a name to what its spellings have in common.

    Lower case, accents and ligatures undone, everything that is neither letter nor digit a single blank, level
    words at either end (`LEVEL_WORDS`, with "de", "d'", "of") trimmed unless nothing would be left.

    Parameters
    ----------
    text : str
        A name as written, in any script.

    Returns
    -------
    str
        The folded name; empty if the text holds no letter and no digit. Folding it again changes nothing.

    Examples
    --------
    >>> fold("Région de Tombouctou"), fold("GOURMA-RHAROUS (Cercle)"), fold("Cœur  d’Abeïbara")
    ('tombouctou', 'gourma rharous', 'coeur d abeibara')
    """
    words = _trim(_plain(text))
    while (again := _trim(_plain(words))) != words:
        words = again
    return words


def slug(text: str) -> str:
    """Give the key of a name: folded, with hyphens.

    Examples
    --------
    >>> slug("Gourma-Rharous"), slug("Ségou")
    ('gourma-rharous', 'segou')
    """
    return fold(text).replace(" ", "-")


def _plain(text: str) -> str:
    """Lower the case, drop the marks and turn all but letters and digits into single blanks."""
    letters = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold()).translate(_LETTERS)
    kept = "".join(
        letter if letter.isalnum() else " " for letter in letters if not unicodedata.category(letter).startswith("M")
    )
    return " ".join(kept.split())


def _trim(words: str) -> str:
    """Take one level word off each end, if a name is left."""
    return _TRAILING.sub("", _LEADING.sub("", words))
