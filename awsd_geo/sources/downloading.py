"""Fetch the AWSD's CSV; nothing is replaced before the answer has been read as an AWSD file."""

from __future__ import annotations

import datetime as dt
import http.client
import os
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

from awsd_geo.errors import AwsdGeoError, InputError, RequestError
from awsd_geo.sources.facts import iso3_by_code, iso3_by_name
from awsd_geo.sources.opening import DOWNLOAD_PAGE, shown
from awsd_geo.sources.reading import read_incidents

ADDRESS = f"{DOWNLOAD_PAGE}?format=csv"
LARGEST_ANSWER = 128 * 1024 * 1024  # bytes; the whole AWSD of 2025 has 2 MB
_CHUNK = 64 * 1024
_AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})


class _TryAgainError(Exception):
    """A failure that may pass."""


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
    host = urllib.parse.urlsplit(address).hostname or address
    data = _fetch_patiently(address, host, timeout, attempts, pause)
    try:
        read_incidents(data)
    except InputError as error:
        what = str(error).replace("<bytes>", "the answer")
        raise InputError(f"{host} did not answer with an AWSD table: {what} Nothing was written.") from None
    _replace(target, data)
    return target


def _address(url: str, country: str | None) -> str:
    """Add the country to the address."""
    if urllib.parse.urlsplit(url).scheme not in {"http", "https"}:
        raise RequestError(f"{shown(url)} is not an address that begins with https:// or http://.")
    if country is None:
        return url
    wanted = country.strip()
    iso3 = iso3_by_code().get(wanted.upper()) or iso3_by_name().get(wanted.casefold()) or wanted.upper()
    codes = [code for code, known in iso3_by_code().items() if known == iso3]
    if not codes:
        raise RequestError(f"There is no country {shown(country)!r}. Give a code such as ML or MLI, or AWSD's name.")
    return f"{url}{'&' if '?' in url else '?'}{urllib.parse.urlencode({'country': codes[0]})}"


def _fetch_patiently(address: str, host: str, timeout: float, attempts: int, pause: float) -> bytes:
    """Fetch, trying again after what may pass."""
    for attempt in range(attempts):
        if attempt:
            time.sleep(pause * 2 ** (attempt - 1))
        try:
            return _fetch(address, host, timeout)
        except _TryAgainError as error:
            last = str(error)
    raise InputError(
        f"Could not reach {host} ({last}; tried {attempts} times). Check the connection, or download the CSV in a "
        f"browser from {DOWNLOAD_PAGE} and pass the file."
    )


def _fetch(address: str, host: str, timeout: float) -> bytes:
    """Fetch once, whole."""
    request = urllib.request.Request(  # noqa: S310 - the scheme was checked
        address, headers={"User-Agent": "awsd_geo", "Accept": "text/csv"}
    )
    try:
        with urllib.request.urlopen(request, timeout=timeout) as answer:  # noqa: S310
            data = bytearray()
            while chunk := answer.read(_CHUNK):
                data += chunk
                if len(data) > LARGEST_ANSWER:
                    raise InputError(f"{host} sent more than {LARGEST_ANSWER // 2**20} MiB. Nothing was written.")
            promised = answer.headers.get("Content-Length")
            if promised and promised.isdigit() and len(data) < int(promised):
                raise _TryAgainError(f"the answer broke off after {len(data):,} of {int(promised):,} bytes")
            return bytes(data)
    except urllib.error.HTTPError as error:
        error.close()
        if error.code in _AGAIN:
            raise _TryAgainError(f"it answered {error.code}") from None
        raise InputError(
            f"{host} refused the download ({error.code} {error.reason}). Download the CSV in a browser from "
            f"{DOWNLOAD_PAGE} and pass the file."
        ) from None
    except AwsdGeoError:
        raise
    except (urllib.error.URLError, http.client.HTTPException, OSError, ValueError) as error:
        raise _TryAgainError(shown(getattr(error, "reason", None) or error or type(error).__name__, 120)) from None


def _replace(target: Path, data: bytes) -> None:
    """Write beside the target, then put it in the target's place in one step."""
    try:
        with tempfile.NamedTemporaryFile(dir=target.parent, prefix=f".{target.name}.", delete=False) as written:
            beside = Path(written.name)
            try:
                written.write(data)
                written.close()
                beside.chmod(0o644)
                beside.replace(target)
            except BaseException:
                beside.unlink(missing_ok=True)
                raise
    except OSError as error:
        raise InputError(f"{target} cannot be written ({error.strerror or error}). Choose another place.") from None
