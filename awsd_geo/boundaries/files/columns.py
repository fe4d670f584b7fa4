"""Which columns of a boundary file hold names, ids and the units above: told by the forms that publishers use."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from awsd_geo.boundaries.files.layer import some
from awsd_geo.errors import InputError
from awsd_geo.sources.opening import shown

if TYPE_CHECKING:
    import pandas as pd

LANGUAGES = (
    *("en", "fr", "pt", "es", "ar", "so", "am", "ti", "om", "sw", "my", "uk", "ru", "dr", "ps", "ht", "ur", "bn", "ne"),
    *("th", "vi", "km", "lo", "tr", "ku", "fa", "mg", "ln", "rn", "rw", "ny", "sn", "si", "ta", "hi", "dv", "tg", "uz"),
    *("ky", "kk", "az", "ka", "hy", "sq", "sr", "ro", "zh", "mn", "tl"),
)  # of names; of several, the first is shown
JOINERS = "\u200c\u200d"
_LANGUAGE = f"(?:{'|'.join(LANGUAGES)})"


@dataclass(frozen=True, slots=True)
class Form:
    """The columns that a publisher's files have; {n} stands for the level, case and underscores do not matter."""

    publisher: str
    name: str  # patterns of whole column names, lower case without underscores
    id: str
    others: str  # further names of the same unit
    code: str  # what the id is called in our tables; {vintage} is filled in
    example: str


FORMS = (
    Form(
        "OCHA COD-AB",
        rf"adm(?:in)?{{n}}(?:name|(?:name)?{_LANGUAGE})",
        r"adm(?:in)?{n}pcode",
        r"adm(?:in)?{n}(?:name\d|ref(?:n\w*)?|alt\w*|namealt\w*)",
        "pcode_{vintage}",
        "ADM{n}_EN or adm{n}_name",
    ),
    Form("geoBoundaries", r"shapename", r"shapeid", r"shapenamealt", "shape_id", "shapeName"),
    Form("GADM", r"name{n}", r"gid{n}", r"(?:nl|var)name{n}", "gid", "NAME_{n}"),
)


@dataclass(frozen=True, slots=True, eq=False)
class Chosen:
    """The columns of one file, by what they hold."""

    publisher: str | None  # whose form it is
    name: str
    id: str | None
    others: tuple[str, ...] = ()  # further names
    above: tuple[Above, ...] = ()  # the levels above, the nearest first
    code: str = "code"  # what the id is called in our tables


@dataclass(frozen=True, slots=True)
class Above:
    """The columns that say in which unit of a higher level a unit lies."""

    level: int
    name: str
    id: str


def choose_columns(
    file: str, table: pd.DataFrame, level: int, name_column: str | None, id_column: str | None
) -> Chosen:
    """Find the columns of a level, by the user's word first and by the publishers' forms second.

    Parameters
    ----------
    file : str
        Name of the file, for messages.
    table : DataFrame
        Its properties.
    level : int
        1 for regions, and so on.
    name_column, id_column : str, optional
        The user's word.

    Returns
    -------
    Chosen

    Raises
    ------
    InputError
        If a column named is not there, no form fits and no name column is given, or the form's columns are of a
        finer level than was asked. The message lists the columns.
    """
    columns = [str(column) for column in table.columns]
    name, ident = (_given(file, columns, column) for column in (name_column, id_column))
    for form in FORMS:
        names, ids = _matching(columns, form.name, level), _matching(columns, form.id, level)
        if names and ids:
            _refuse_finer(file, columns, form, level)
            shown_name, used = name or min(names, key=_rank), ident or ids[0]
            others = dict.fromkeys([*sorted(names, key=_rank), *_matching(columns, form.others, level)])
            return Chosen(
                form.publisher,
                shown_name,
                used,
                tuple(column for column in others if column not in (shown_name, used)),
                _above(columns, form, level),
                code=form.code if ident is None else "code",
            )
    if name is None:
        raise InputError(_unknown(file, columns, level))
    return Chosen(None, name, ident)


def _given(file: str, columns: list[str], wanted: str | None) -> str | None:
    if wanted is None or wanted in columns:
        return wanted
    alike = [column for column in columns if column.casefold() == wanted.casefold()]
    if len(alike) == 1:
        return alike[0]
    raise InputError(f"{file} has no column {shown(wanted)!r}. It has: {some(columns, 30) or 'none'}.")


def _matching(columns: list[str], pattern: str, level: int) -> list[str]:
    sought = re.compile(pattern.format(n=level))
    return [column for column in columns if sought.fullmatch(column.lower().replace("_", ""))]


def _above(columns: list[str], form: Form, level: int) -> tuple[Above, ...]:
    """Find the columns of name and id of the units above; a form without levels has none."""
    if "{n}" not in form.id:
        return ()
    found = []
    for number in range(level - 1, 0, -1):
        names, ids = _matching(columns, form.name, number), _matching(columns, form.id, number)
        if names and ids:
            found.append(Above(number, min(names, key=_rank), ids[0]))
    return tuple(found)


def _rank(column: str) -> tuple[int, int, str]:
    """Order names of a unit by language: adm2_name and admin2Name first, then English, French and so on."""
    plain = column.lower().replace("_", "")
    if plain.endswith("name"):
        return 0, 0, column
    return 1, LANGUAGES.index(plain[-2:]) if plain[-2:] in LANGUAGES else len(LANGUAGES), column


def _refuse_finer(file: str, columns: list[str], form: Form, level: int) -> None:
    if "{n}" in form.id and (finer := _matching(columns, form.id, level + 1)):
        raise InputError(
            f"{file} has the column {finer[0]}, so its units are of level {level + 1} or below, not {level}. "
            f"Give the file of level {level}, or level={level + 1} (--level)."
        )


def _unknown(file: str, columns: list[str], level: int) -> str:
    known = ", ".join(f"{form.publisher}: {form.example.format(n=level)}" for form in FORMS)
    likely = [column for column in columns if re.search("name|nom", column, re.IGNORECASE)]
    example = next(iter([*likely, *columns]), "NAME")
    return (
        f"{file} has no column of names of level {level} that is known ({known}). "
        f"It has: {some(columns, 30) or 'none'}. Name the column: name_column={shown(example)!r} (--name-column), "
        "and id_column (--id-column) if it has codes."
    )


def texts(values: pd.Series) -> list[str | None]:
    """Give a column as plain texts: whole numbers without a point, blanks and nulls as None.

    Parameters
    ----------
    values : Series
        Of any type.

    Returns
    -------
    list of str or None
    """
    return [_text(value) for value in values]


def _text(value: Any) -> str | None:
    if value is None or value != value:  # NaN and NaT are not equal to themselves
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return " ".join("".join(map(_plain, str(value))).split()) or None


def _plain(letter: str) -> str:
    """Keep what is seen and the joiners that some scripts need; drop other marks, blank what else there is."""
    if letter.isprintable() or letter in JOINERS:
        return letter
    return "" if unicodedata.category(letter) == "Cf" else " "
