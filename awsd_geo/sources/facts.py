"""The reader's facts, kept as data beside this module: column names by form, labels, country names and codes."""

from __future__ import annotations

import csv
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any


def table(name: str) -> list[dict[str, str]]:
    """Read one of the CSV files of facts.

    Parameters
    ----------
    name : str
        File name in this package.

    Returns
    -------
    list of dict
        One dict a row, all values text.
    """
    content = files(__package__).joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(content.splitlines()))


@cache
def forms() -> dict[str, Any]:
    """Give the content of ``forms.toml``: needed columns, aliases of headers, marks of each form."""
    return tomllib.loads(files(__package__).joinpath("forms.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Labels:
    """How one column's labels are written."""

    exact: dict[str, tuple[str, str]]  # as written → (AWSD's label, why it changes: "", "code", "variant")
    folded: dict[str, str]  # casefolded label or variant (never a code) → AWSD's label


@cache
def labels() -> dict[str, Labels]:
    """Give the labels of ``labels.csv`` by column.

    Returns
    -------
    dict of str to Labels
        Columns that are not named have free text.
    """
    found: dict[str, Labels] = {}
    for row in table("labels.csv"):
        spelling = found.setdefault(row["column"], Labels({}, {}))
        spelling.exact[row["written"]] = (row["label"], row["why"])
        if row["why"] != "code":
            spelling.folded[row["written"].casefold()] = row["label"]
    return found


@cache
def iso3_by_code() -> dict[str, str]:
    """Give ISO 3166-1 alpha-3 by alpha-2 code (``XK``, which AWSD uses for Kosovo, is ``XKX``)."""
    return {row["iso2"]: row["iso3"] for row in table("countries.csv") if row["iso2"]}


@cache
def iso3_by_name() -> dict[str, str]:
    """Give ISO 3166-1 alpha-3 by casefolded country name, AWSD's own names before ISO's.

    Chechnya, which AWSD gives no code, is part of Russia (``RUS``) in ISO 3166-2. Kashmir has no ISO code and is
    divided between three states, so no single code would be right: it is not in the answer.
    """
    return {row["name"].casefold(): row["iso3"] for row in table("countries.csv") if row["iso3"]}
