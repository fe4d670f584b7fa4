"""French signs: the spaces that must not break, and ``de`` before a name that begins with a vowel."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_SPACE = "[ \u00a0\u202f]"
_VOWELS = "aàâäæeéèêëiîïoôöœuùûü"


def typeset(text: str) -> str:
    r"""Set the spaces of a French text that must not break: before some signs, after «, between groups of digits.

    Parameters
    ----------
    text : str
        French, with ordinary spaces or any no-break spaces.

    Returns
    -------
    str
        Narrow no-break spaces before ``; ! ? %`` and in numbers, wide ones before ``:`` and within guillemets.

    Notes
    -----
    After the Imprimerie nationale's *Lexique des règles typographiques*: a colon has a word space before it, the
    other high signs a thin one.

    Examples
    --------
    >>> typeset("« Gao » : 22 395 488 habitants ; 4,2 % ?")
    '«\xa0Gao\xa0»\xa0: 22\u202f395\u202f488 habitants\u202f; 4,2\u202f%\u202f?'
    """
    text = re.sub(r"(?<=\d) (?=\d{3}(?!\d))", "\u202f", text)
    text = re.sub(f"{_SPACE}(?=[;!?%])", "\u202f", text)
    return re.sub(f"(?<=«){_SPACE}|{_SPACE}(?=[:»])", "\u00a0", text)


def elided(template: str, values: Mapping[str, object]) -> str:
    """Write ``d’`` for ``de`` before a value that begins with a vowel.

    Parameters
    ----------
    template : str
        A sentence with fields, such as ``"Part de {place}"``.
    values : mapping
        What the fields will hold; only texts matter.

    Returns
    -------
    str
        The template, fields unfilled. Names in h keep ``de``, but for Haïti, for most of them are aspirated.

    Examples
    --------
    >>> elided("Part de {place}", {"place": "Ansongo"}), elided("Part de {place}", {"place": "Mopti"})
    ('Part d’{place}', 'Part de {place}')
    """

    def joined(found: re.Match[str]) -> str:
        value = str(values.get(found[2], "")).lower()
        return f"{found[1]}’{{{found[2]}}}" if value[:1] and (value[0] in _VOWELS or value == "haïti") else found[0]

    return re.sub(r"\b([Dd])e \{(\w+)\}", joined, template)
