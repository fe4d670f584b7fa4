"""Who may be given what: the policy of each audience, read from data."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from awsd_geo.display import Shown
from awsd_geo.errors import RequestError

if TYPE_CHECKING:
    from collections.abc import Iterable

AUDIENCES = ("public", "partner", "internal")
"""Who reads it, the strictest first."""
DATA = ("published", "own")
"""A database that anyone can download, such as the AWSD, or the user's own incidents."""


@dataclass(frozen=True, slots=True)
class Policy(Shown):
    """What one audience may be given."""

    audience: str
    says: str
    rows: bool  # single incidents
    time: str  # "year", "month" or "day": the finest date
    coordinate_decimals: int  # of points; -1 where none are shown
    columns: tuple[str, ...]  # "*" for any
    finest_level: int  # of regions
    suppress_below: int  # 0 for no suppression
    embargo_days: int
    data: str = "published"  # or "own"

    def __post_init__(self) -> None:
        if self.suppress_below == 1 or self.suppress_below < 0:
            raise RequestError(
                f"Suppression below {self.suppress_below} hides nothing. Choose 2 or more, such as 5; 0 shows all."
            )
        if self.embargo_days < 0:
            raise RequestError(f"An embargo of {self.embargo_days} days does not exist. Give 0 or more.")

    @property
    def usual(self) -> bool:
        """Whether it is the default: a published database, to the public, with nothing held back."""
        return (self.audience, self.data, self.suppress_below, self.embargo_days) == (AUDIENCES[0], DATA[0], 0, 0)

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
    return Policy(audience, **(facts | {"columns": tuple(facts["columns"])}), **limits, data=data)


def check_level(level: int, given: Policy) -> None:
    """Refuse units that are finer than an audience may be given.

    Parameters
    ----------
    level : int
        1 regions, 2 the level below, and so on.
    given : Policy
        Of the audience.

    Raises
    ------
    RequestError
        Naming the finest level that it may be given.
    """
    if level > given.finest_level:
        raise RequestError(
            f"The audience {given.audience!r} may be given own data by units of level {given.finest_level} at most, "
            f"not {level}. Ask for level {given.finest_level} (--level {given.finest_level}), or for another audience."
        )


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
