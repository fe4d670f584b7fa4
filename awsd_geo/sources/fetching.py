"""Fetch from the web with patience, and put what was fetched in its place in one step."""

from __future__ import annotations

import http.client
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

from awsd_geo.errors import AwsdGeoError, InputError, RequestError
from awsd_geo.sources.opening import shown

LARGEST_ANSWER = 128 * 1024 * 1024  # bytes
_CHUNK = 64 * 1024
_AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})


class RefusalError(InputError):
    """The server answered that it will not give what was asked."""

    def __init__(self, message: str, code: int) -> None:
        super().__init__(message)
        self.code = code  # of HTTP, such as 404


class _TryAgainError(Exception):
    """A failure that may pass."""


def host_of(address: str) -> str:
    """Give the name of the server of an address.

    Raises
    ------
    RequestError
        If the address is not http or https.
    """
    try:
        parts = urllib.parse.urlsplit(address)
    except ValueError:
        parts = urllib.parse.SplitResult("", "", "", "", "")
    if parts.scheme not in {"http", "https"}:
        raise RequestError(f"{shown(address)} is not an address that begins with https:// or http://.")
    return parts.hostname or address


def fetch(
    address: str,
    *,
    instead: str,
    accept: str = "*/*",
    largest: int = LARGEST_ANSWER,
    timeout: float = 60.0,
    attempts: int = 3,
    pause: float = 2.0,
) -> bytes:
    """Fetch what is at an address, whole, trying again after what may pass.

    Parameters
    ----------
    address : str
        Begins with http:// or https://.
    instead : str
        What else the user can do, said in every refusal: "download the CSV in a browser and pass the file".
    accept : str
        What kinds of answer are wanted, as HTTP says it.
    largest : int
        Bytes; a longer answer is refused.
    timeout : float, default 60
        Seconds to wait for the server, each time.
    attempts : int, default 3
        How often to try in all.
    pause : float, default 2
        Seconds before the second try, doubled before each further one.

    Returns
    -------
    bytes

    Raises
    ------
    RequestError
        If the address is not http or https.
    RefusalError
        If the server refuses.
    InputError
        If the server cannot be reached, or sends more than ``largest``.
    """
    host = host_of(address)
    request = urllib.request.Request(  # noqa: S310 - the scheme was checked
        address, headers={"User-Agent": "awsd_geo", "Accept": accept}
    )
    last = "not tried"
    for attempt in range(attempts):
        if attempt:
            time.sleep(pause * 2 ** (attempt - 1))
        try:
            return _fetch_once(request, host, largest, timeout)
        except _TryAgainError as error:
            last = str(error)
        except urllib.error.HTTPError as error:
            told = f"{host} refused the download ({error.code} {error.reason}). {instead[0].upper()}{instead[1:]}."
            raise RefusalError(told, error.code) from None
    raise InputError(f"Could not reach {host} ({last}; tried {attempts} times). Check the connection, or {instead}.")


def _fetch_once(request: urllib.request.Request, host: str, largest: int, timeout: float) -> bytes:
    try:
        with urllib.request.urlopen(request, timeout=timeout) as answer:  # noqa: S310
            data = bytearray()
            while chunk := answer.read(_CHUNK):
                data += chunk
                if len(data) > largest:
                    raise InputError(f"{host} sent more than {largest // 2**20} MiB. Nothing was written.")
            promised = answer.headers.get("Content-Length")
            if promised and promised.isdigit() and len(data) < int(promised):
                raise _TryAgainError(f"the answer broke off after {len(data):,} of {int(promised):,} bytes")
            return bytes(data)
    except urllib.error.HTTPError as error:
        error.close()
        if error.code in _AGAIN:
            raise _TryAgainError(f"it answered {error.code}") from None
        raise
    except AwsdGeoError:
        raise
    except (urllib.error.URLError, http.client.HTTPException, OSError, ValueError) as error:
        raise _TryAgainError(shown(getattr(error, "reason", None) or error or type(error).__name__, 120)) from None


def replace(target: Path, data: bytes) -> None:
    """Write beside the target, then put it in the target's place in one step.

    Parameters
    ----------
    target : path
        Its folder must be there.
    data : bytes
        What the file is to hold.

    Raises
    ------
    InputError
        If it cannot be written; an earlier file stays whole.
    """
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
