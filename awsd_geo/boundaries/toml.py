"""Write the little TOML that the user's data folder needs; reading is the standard library's."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any


def write_toml(facts: Mapping[str, Any], prefix: str = "") -> str:
    """Write facts as TOML.

    Parameters
    ----------
    facts : mapping
        Texts, whole numbers, booleans, dates, lists of texts, lists of mappings, mappings.
    prefix : str
        Name of the table that they are in.

    Returns
    -------
    str
        What tomllib reads as the same facts.

    Examples
    --------
    >>> print(write_toml({"iso3": "BFA", "levels": {"2": {"units": 45}}}), end="")
    iso3 = "BFA"
    <BLANKLINE>
    [levels.2]
    units = 45
    """
    lines, tables = [], []
    for name, value in facts.items():
        path = f"{prefix}{name}"
        if isinstance(value, Mapping):
            tables.append(
                f"\n[{path}]\n{write_toml(value, f'{path}.')}" if _plain(value) else write_toml(value, f"{path}.")
            )
        elif isinstance(value, list) and value and isinstance(value[0], Mapping):
            tables += [f"\n[[{path}]]\n{write_toml(one, f'{path}.')}" for one in value]
        else:
            lines.append(f"{name} = {_value(value)}\n")
    return "".join([*lines, *tables])


def _plain(table: Mapping[str, Any]) -> bool:
    """Tell whether a table has anything but tables in it."""
    return not table or any(not isinstance(value, Mapping) for value in table.values())


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(_value, value))}]"
    text = str(value).encode("utf-8", "replace").decode("utf-8")
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
