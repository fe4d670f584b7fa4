"""Hold back the last days: what is too fresh to be shown."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from awsd_geo import schema
from awsd_geo.display import Shown
from awsd_geo.errors import RequestError
from awsd_geo.incidents import parse_date

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, eq=False)
class Embargo(Shown):
    """Incidents that are old enough, and how many were held back."""

    incidents: pd.DataFrame
    last_day: dt.date  # the last that is shown
    days: int
    held_back: int  # of them may_be: no day is known, and the last possible one is under embargo
    may_be: int
    undated: int  # rows without a year, which are held back too

    def to_frame(self) -> pd.DataFrame:
        """Give the incidents that are left."""
        return self.incidents

    def summary(self) -> str:
        """Say what was held back."""
        return (
            f"{len(self.incidents)} incidents up to {self.last_day} are left; {self.held_back} are held back: later, "
            f"or ({self.may_be}) possibly later because the day is not known, or ({self.undated}) without a year."
        )


def embargo(incidents: pd.DataFrame, days: int, *, on: str | dt.date) -> Embargo:
    """Leave out the incidents of the last days.

    Parameters
    ----------
    incidents : DataFrame
        With ``year``; ``month`` and ``day`` where known. A row without an exact day counts as of the last day that it
        can have been: the end of its month or year.
    days : int
        Days before ``on`` that are held back, ``on`` itself included; 0 holds back only what lies after ``on``.
    on : str or date
        Day of publication, or to which the data reach.

    Returns
    -------
    Embargo
        ``incidents`` keep their ``attrs``; the date to which these say that the data reach is no later than the last
        day that is shown, and the rows held back are counted among those set aside.

    Raises
    ------
    InputError
        If there is no column ``year``.
    RequestError
        If the days are negative or the date is not understood.

    Examples
    --------
    >>> import pandas as pd
    >>> made = embargo(pd.DataFrame({"year": [2024, 2024], "month": [1, 2]}), 30, on="2024-03-01")
    >>> len(made.incidents), made.held_back, made.last_day.isoformat()
    (1, 1, '2024-01-31')
    """
    schema.need(incidents, "year")
    if days < 0:
        raise RequestError(f"An embargo of {days} days does not exist. Give 0 or more.")
    day = parse_date(on)
    if day is None:
        raise RequestError("An embargo is counted back from a date. Give on=, such as 2024-03-01.")
    last_day = day - dt.timedelta(days=days)
    last, exact = last_possible_day(incidents)
    undated = last.isna()
    late = last > _stamp(last_day)
    keep = ~(late | undated)
    left = incidents[keep.to_numpy(bool)]
    left.attrs |= _told(left.attrs.get("source", {}), last_day, int((~keep).sum()))
    return Embargo(left, last_day, days, int((~keep).sum()), int((late & ~exact).sum()), int(undated.sum()))


def last_possible_day(incidents: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Give the last day on which each incident can have been, missing without a year, and whether it is exact.

    Parameters
    ----------
    incidents : DataFrame
        With ``year``; ``month`` and ``day`` where known.

    Returns
    -------
    last : Series of datetime
    exact : Series of bool
    """
    import pandas as pd

    none = pd.Series(pd.NA, index=incidents.index, dtype="Int64")
    year, month, day = (incidents.get(name, none).astype("Int64") for name in ("year", "month", "day"))
    whole = pd.to_datetime(pd.DataFrame({"year": year, "month": month, "day": day}).astype("float64"), errors="coerce")
    known = month.where(month.between(1, 12)).fillna(12)
    first = pd.to_datetime(pd.DataFrame({"year": year, "month": known, "day": 1}).astype("float64"), errors="coerce")
    return whole.fillna(first + pd.offsets.MonthEnd(0)), whole.notna()


def _stamp(day: dt.date) -> pd.Timestamp:
    import pandas as pd

    return pd.Timestamp(day)


def _told(source: dict[str, Any], last_day: dt.date, held_back: int) -> dict[str, Any]:
    """Say that the data reach no further than the last day that is shown, and how many rows were set aside."""
    if not source:
        return {}
    known = parse_date(source.get("data_to"))
    reach = {} if known is None or known <= last_day else {"data_to": last_day.isoformat(), "data_to_from": "embargo"}
    aside = [{"why": f"later than {last_day}, or possibly so: under embargo", "rows": held_back}] if held_back else []
    return {"source": source | reach | {"rows_set_aside": [*source.get("rows_set_aside", []), *aside]}}
