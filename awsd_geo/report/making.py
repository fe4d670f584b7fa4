"""From an incidents table to a Signal Alert, in one call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from awsd_geo.report.alerts import Alert
from awsd_geo.report.analysis import Question, analyse

if TYPE_CHECKING:
    import datetime as dt

    import pandas as pd

    from awsd_geo.disclosure import Policy


def alert(
    incidents: pd.DataFrame,
    *,
    country: str,
    years: tuple[int, int] | None = None,
    kind: str = "kidnapped",
    means: str | None = None,
    vintage: str | None = None,
    level: int = 1,
    as_of: str | dt.date | None = None,
    seed: int = 0,
    audience: str | Policy = "public",
    data: str = "published",
) -> Alert:
    """Make a Signal Alert: where incidents concentrate, whether that is more than chance, whether they grow.

    Parameters
    ----------
    incidents : DataFrame
        The incidents table of :func:`awsd_geo.read_incidents`.
    country : str
        ISO 3166-1 code or name of a country whose boundaries are there.
    years : tuple of int, optional
        First and last year, both included; by default the last six full years in which the country has incidents.
    kind : str, default "kidnapped"
        As for :func:`awsd_geo.select`.
    means : str, optional
        Keep one means of attack only.
    vintage : str, optional
        Frame of the regions; by default the one in force on the last day of the period.
    level : int, default 1
        1 regions, 2 the level below, and so on.
    as_of : str or date, optional
        The database as it stood on that date.
    seed : int, default 0
        Of the Monte Carlo p-values.
    audience : {"public", "partner", "internal"} or Policy, default "public"
        Who reads it. A :class:`awsd_geo.disclosure.Policy` has limits of your own.
    data : {"published", "own"}, default "published"
        "own" where the incidents are not those of a published database: the limits of
        :func:`awsd_geo.disclosure.policy` then apply. The last days are held back, and where small numbers are
        suppressed all files are made from the table that may be shown, and from nothing else.

    Returns
    -------
    Alert
        ``findings`` is the dict of ``findings.json``; ``save(folder)`` writes the five files.

    Raises
    ------
    InputError, RequestError
        If the table or a choice is at fault, or the audience may not be given what is asked.

    Examples
    --------
    >>> import awsd_geo as ag
    >>> made = ag.alert(ag.example(), country="MLI", years=(2017, 2022), kind="kidnapped")
    >>> made.findings["epicentre"]["name"], made.findings["incidents"]
    ('Mopti', 56)
    """
    from awsd_geo.disclosure import Policy, check_level, policy
    from awsd_geo.report.findings import findings
    from awsd_geo.report.release import old_enough, release
    from awsd_geo.report.release_findings import release_findings

    asked = Question(country, years, kind, means, vintage, level, as_of, seed)
    given = audience if isinstance(audience, Policy) else policy(audience, data=data)
    check_level(level, given)
    left, known_from = old_enough(incidents, given.embargo_days, as_of)
    if given.suppress_below:
        shown = release(left, asked, given, known_from)
        return Alert(release_findings(shown), None, shown)
    made = analyse(left, asked)
    return Alert(findings(made, given), made)
