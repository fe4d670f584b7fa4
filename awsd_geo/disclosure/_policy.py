"""Who may be given what: the policy of each audience, read from data."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from awsd_geo.errors import RequestError

if TYPE_CHECKING:
    from collections.abc import Iterable

AUDIENCES = ("public", "partner", "internal")
DATA = ("published", "own")


@dataclass(frozen=True, slots=True)
class Policy:
    """What one audience may be given."""

    audience: str
    says: str
    rows: bool  # single incidents
    finest_level: int  # of regions
    time: str  # "year", "month" or "day": the finest date
    coordinate_decimals: int  # of points; -1 where none are shown
    columns: tuple[str, ...]  # "*" for any
    suppress_below: int  # 0 for no suppression
    embargo_days: int

    def allows(self, column: str) -> bool:
        """Say whether a column may be shown."""
        return "*" in self.columns or column in self.columns

    def summary(self) -> str:
        """Say in one line what the audience may be given."""
        small = f"cells below {self.suppress_below} suppressed" if self.suppress_below else "no suppression"
        late = f"the last {self.embargo_days} days held back" if self.embargo_days else "no embargo"
        return f"{self.audience}: {self.says} Units of level {self.finest_level} at most; {small}; {late}."


def policy(audience: str = "public", *, data: str = "published") -> Policy:
    """Give the policy of an audience.

    Parameters
    ----------
    audience : {"public", "partner", "internal"}, default "public"
        Who reads it.
    data : {"published", "own"}, default "published"
        Whether the incidents are in a public database, such as the AWSD, or the user's own.

    Returns
    -------
    Policy
        As ``policy.toml`` in this package has it; the reasons are in ``docs/howto/sharing.md``.

    Raises
    ------
    RequestError
        If there is no such audience or kind of data.

    Examples
    --------
    >>> policy("public", data="own").suppress_below
    5
    """
    if audience not in AUDIENCES:
        raise RequestError(f"There is no audience {audience!r}. Choose one of {', '.join(AUDIENCES)}.")
    if data not in DATA:
        raise RequestError(f"There are no data {data!r}. Choose one of {', '.join(DATA)}.")
    facts = dict(_facts()[audience])
    limits = {name: facts.pop(name) for name in DATA}[data]
    return Policy(audience, **(facts | {"columns": tuple(facts["columns"])}), **limits)


def check_columns(columns: Iterable[str], *, audience: str = "public") -> None:
    """Refuse a table with columns that an audience may not be given.

    Parameters
    ----------
    columns : iterable of str
        Such as ``table.columns``.
    audience : {"public", "partner", "internal"}, default "public"
        Who reads it.

    Raises
    ------
    RequestError
        Naming the columns.
    """
    given = policy(audience)
    if strange := [str(name) for name in columns if not given.allows(str(name))]:
        raise RequestError(
            f"The audience {audience!r} may not be given {', '.join(strange[:5])}. Leave these columns out, or ask "
            'with audience="internal" for a table that is not passed on.'
        )


@cache
def _facts() -> dict[str, Any]:
    return tomllib.loads(files("awsd_geo.disclosure").joinpath("policy.toml").read_text(encoding="utf-8"))
