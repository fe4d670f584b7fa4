"""The built-in example: simulated incidents that agree with published totals."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

from awsd_geo.sources.reading import read_incidents

if TYPE_CHECKING:
    import pandas as pd


def example() -> pd.DataFrame:
    """Give 56 simulated abductions of aid workers in Mali, 2017 to 2022.

    Returns
    -------
    DataFrame
        As from `read_incidents`. ``attrs["source"]["status"]`` is ``"example"``, and every ``details`` says
        EXAMPLE DATA.

    Notes
    -----
    The number of incidents and victims by region and year equals the totals that AWSD publishes (Mali, kidnapped, as
    of 26 August 2025) [1]_; points, dates, group sizes and all else are drawn at random by
    ``boundaries/build/make_example.py``. No row is, or stands for, a real incident.

    References
    ----------
    .. [1] Humanitarian Outcomes (2025), Aid Worker Security Database, https://www.aidworkersecurity.org/

    Examples
    --------
    >>> incidents = example()
    >>> len(incidents), int(incidents["total_kidnapped"].sum())
    (56, 139)
    """
    with (files(__package__) / "example.csv").open("rb") as content:
        incidents = read_incidents(content.read())
    incidents.attrs["source"] |= {
        "name": "built-in example",
        "status": "example",
        "data_to": "2025-08-26",
        "data_to_from": "the published totals that the example agrees with",
    }
    return incidents
