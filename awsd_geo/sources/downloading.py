"""Fetch the AWSD's CSV; nothing is replaced before the answer has been read as an AWSD file."""

from __future__ import annotations

import datetime as dt
import os
import urllib.parse
from pathlib import Path

from awsd_geo.errors import InputError, RequestError
from awsd_geo.sources.facts import iso3_by_code, iso3_by_name
from awsd_geo.sources.fetching import fetch, host_of, replace
from awsd_geo.sources.opening import DOWNLOAD_PAGE, shown
from awsd_geo.sources.reading import read_incidents

ADDRESS = f"{DOWNLOAD_PAGE}?format=csv"
LARGEST_ANSWER = 128 * 1024 * 1024  # bytes; the whole AWSD of 2025 has 2 MB
_INSTEAD = f"download the CSV in a browser from {DOWNLOAD_PAGE} and pass the file"


def download(
    path: str | os.PathLike[str],
    *,
    country: str | None = None,
    url: str = ADDRESS,
    timeout: float = 60.0,
    attempts: int = 3,
    pause: float = 2.0,
) -> Path:
    """Fetch incidents from the Aid Worker Security Database as CSV.

    Parameters
    ----------
    path : path
        The file to write, or a folder: then it is named as AWSD names its downloads,
        ``security_incidents_YYYY-MM-DD.csv``. An earlier file stays whole unless the new one is complete and can be
        read.
    country : str, optional
        Two- or three-letter code, or AWSD's country name; all countries where left out. Years cannot be asked for:
        the server does not filter them.
    url : str, optional
        Another address that answers with such a CSV.
    timeout : float, default 60
        Seconds to wait for the server, each time.
    attempts : int, default 3
        How often to try in all; only what may pass is tried again.
    pause : float, default 2
        Seconds before the second try, doubled before each further one.

    Returns
    -------
    Path
        Where the file is.

    Raises
    ------
    RequestError
        An unknown country, or an address that is not http or https.
    InputError
        The server cannot be reached, refuses, sends no AWSD table, or more than 128 MiB; or the folder is not there.
    """
    address = _address(url, country)
    target = Path(path)
    if target.is_dir():
        target /= f"security_incidents_{dt.datetime.now(tz=dt.UTC).date()}.csv"
    if not target.parent.is_dir():
        raise InputError(f"There is no folder {target.parent} to write {target.name} into. Make it first.")
    data = fetch(
        address,
        instead=_INSTEAD,
        accept="text/csv",
        largest=LARGEST_ANSWER,
        timeout=timeout,
        attempts=attempts,
        pause=pause,
    )
    try:
        read_incidents(data)
    except InputError as error:
        what = str(error).replace("<bytes>", "the answer")
        raise InputError(f"{host_of(address)} did not answer with an AWSD table: {what} Nothing was written.") from None
    replace(target, data)
    return target


def _address(url: str, country: str | None) -> str:
    """Add the country to the address."""
    host_of(url)
    if country is None:
        return url
    wanted = country.strip()
    iso3 = iso3_by_code().get(wanted.upper()) or iso3_by_name().get(wanted.casefold()) or wanted.upper()
    codes = [code for code, known in iso3_by_code().items() if known == iso3]
    if not codes:
        raise RequestError(f"There is no country {shown(country)!r}. Give a code such as ML or MLI, or AWSD's name.")
    return f"{url}{'&' if '?' in url else '?'}{urllib.parse.urlencode({'country': codes[0]})}"
