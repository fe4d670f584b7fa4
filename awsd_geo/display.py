"""How a result shows itself in a notebook: its sentence, its numbers and the head of its table.

Markup without scripts, stylesheets and addresses, whose colours are those of the page around it: it is the same in a
notebook that nobody trusted, on a site that shows notebooks, in light and in dark.
"""

from __future__ import annotations

import html
import numbers
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

MOST_ROWS, MOST_COLUMNS, MOST_SIGNS = 10, 12, 120
_LINE = "border-bottom:1px solid rgba(128,128,128,.35)"
_CELL = f"padding:2px 10px;vertical-align:top;{_LINE}"
_TABLE = "border-collapse:collapse;margin:6px 0;font-variant-numeric:tabular-nums"


class Shown:
    """Base of what shows itself in a notebook; needs ``summary()`` and may have a ``table``."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        return card(self)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:  # noqa: ARG002
        """Give the markup, and for terminals the same as plain text: IPython asks for this first."""
        return {"text/plain": text(self), "text/html": card(self)}


def card(shown: Any) -> str:
    """Write a result as markup for a notebook.

    Parameters
    ----------
    shown : object
        With ``summary()``; its plain fields (numbers, texts, intervals) and the first 10 rows of ``table`` are shown.
        Fields that a dataclass keeps out of its ``repr`` are kept out here too.

    Returns
    -------
    str
        Markup in which every text is escaped.
    """
    parts = [f"<strong>{_escaped(title(shown))}</strong>", f"<p>{_escaped(shown.summary(), None)}</p>"]
    if pairs := headline(shown):
        rows = (f"<tr>{_cell(name, 'th')}{_cell(value)}</tr>" for name, value in pairs)
        parts.append(f'<table style="{_TABLE}">{"".join(rows)}</table>')
    frame = getattr(shown, "table", None)
    if frame is not None and len(frame):
        parts += [_table(frame), *(f"<p>{line}</p>" for line in _left_out(frame))]
    return f'<div style="max-width:70em;overflow-x:auto">{"".join(parts)}</div>'


def text(shown: Any) -> str:
    """Write the same as plain text.

    Returns
    -------
    str
        Title, summary, numbers and the first rows of the table.
    """
    lines = [title(shown), shown.summary(), *(f"{name}: {value}" for name, value in headline(shown))]
    frame = getattr(shown, "table", None)
    if frame is not None and len(frame):
        lines += [frame.head(MOST_ROWS).iloc[:, :MOST_COLUMNS].to_string(), *_left_out(frame)]
    return "\n".join(lines)


def title(shown: Any) -> str:
    """Name the kind of result in words.

    Examples
    --------
    >>> title(Shown())
    'Shown'
    """
    name = type(shown).__name__
    return "".join(f" {sign.lower()}" if sign.isupper() and row else sign for row, sign in enumerate(name))


def headline(shown: Any) -> list[tuple[str, str]]:
    """List the numbers and texts that a result has beside its table.

    Returns
    -------
    list of (str, str)
        Name and value; what is undefined (None, NaN) is left out, its reason is among the texts.
    """
    if not is_dataclass(shown):
        return []
    given = [(each.name, getattr(shown, each.name)) for each in fields(shown) if each.repr]
    return [(name.replace("_", " "), written(value)) for name, value in given if _is_plain(value)]


def written(value: Any) -> str:
    """Write a cell: numbers with four significant digits, lists by commas, a dash for what is missing.

    Examples
    --------
    >>> written(0.123456), written(12345), written((0.5, 2.0)), written(None), written(True), written(123456.7)
    ('0.1235', '12,345', '0.5 to 2', '–', 'yes', '123,457')
    """
    if isinstance(value, bool) or type(value).__name__ == "bool":
        return "yes" if value else "no"
    if value is None or str(value) in {"<NA>", "nan", "NaT"}:
        return "–"
    if isinstance(value, numbers.Integral):
        return f"{int(value):,}" if abs(int(value)) >= 10_000 else str(int(value))  # a year has no comma
    if isinstance(value, numbers.Real):
        return f"{float(value):,.0f}" if abs(float(value)) >= 10_000 else f"{float(value):.4g}"
    if _is_interval(value):
        return " to ".join(map(written, value))
    if isinstance(value, tuple | list | set | frozenset):
        return ", ".join(map(written, value))
    return str(value)


def _is_interval(value: Any) -> bool:
    return isinstance(value, tuple) and len(value) == 2 and all(isinstance(end, numbers.Real) for end in value)


def _is_plain(value: Any) -> bool:
    if isinstance(value, str | bool | numbers.Real):
        return str(value) not in {"", "nan"}
    if isinstance(value, tuple):
        return 0 < len(value) <= MOST_ROWS and all(isinstance(each, str) or _is_plain(each) for each in value)
    return hasattr(value, "isoformat")


def _escaped(value: object, most: int | None = MOST_SIGNS) -> str:
    said = str(value)
    return html.escape(said if most is None or len(said) <= most else said[: most - 1] + "…")


def _cell(value: str, tag: str = "td") -> str:
    return f'<{tag} style="{_CELL};text-align:left">{_escaped(value)}</{tag}>'


def _table(frame: pd.DataFrame) -> str:
    """Write the first rows and columns; the index stands in front."""
    head = frame.head(MOST_ROWS).iloc[:, :MOST_COLUMNS].astype(object)
    names = [str(name) if name is not None else "" for name in head.index.names]
    keys = (key if isinstance(key, tuple) else (key,) for key in head.index)
    heads = _row([*names, *map(str, head.columns)], "th")
    rows = (
        _row([*map(str, key), *map(written, values)], "td")
        for key, values in zip(keys, head.itertuples(index=False, name=None), strict=True)
    )
    return f'<table style="{_TABLE}"><thead>{heads}</thead><tbody>{"".join(rows)}</tbody></table>'


def _row(values: Iterable[str], tag: str) -> str:
    return f"<tr>{''.join(_cell(value, tag) for value in values)}</tr>"


def _left_out(frame: pd.DataFrame) -> list[str]:
    """Say how much of the table is not shown."""
    rows, columns = frame.shape
    shown = []
    if rows > MOST_ROWS:
        shown.append(f"The first {MOST_ROWS} of {rows:,} rows")
    if columns > MOST_COLUMNS:
        shown.append(f"the first {MOST_COLUMNS} of {columns} columns")
    return [f"{', '.join(shown)}: to_frame() gives all."] if shown else []
