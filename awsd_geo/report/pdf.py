"""A page on paper: printed to PDF by the Chromium or Chrome of this machine."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from awsd_geo.errors import InputError, RequestError

PROGRAMS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "msedge",
)
SECONDS = 90
_FLAGS = (
    "--headless",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-extensions",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND",  # the pages ask for nothing; neither shall the program
    "--no-pdf-header-footer",
)
_WRITTEN_ON = re.compile(rb"/(CreationDate|ModDate) \(D:\d{14}")


def browser() -> str:
    """Find the program that prints.

    Returns
    -------
    str
        Path of the first of :data:`PROGRAMS` on PATH.

    Raises
    ------
    RequestError
        If there is none.
    """
    found = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if found is None:
        raise RequestError(
            f"A PDF needs Chromium or Chrome, and none of {', '.join(PROGRAMS)} is on PATH. Install one, or open "
            "alert.html in any browser and print it to PDF: it fits one A4 page."
        )
    return found


def to_pdf(page: str, *, date: str, seconds: float = SECONDS) -> bytes:
    """Print a page to PDF, on paper of the size that its stylesheet names.

    Parameters
    ----------
    page : str
        A whole HTML document that makes no request.
    date : str
        ISO date that the file gives as its own, such as that of the data: the same page then gives the same bytes
        on the same machine.
    seconds : float, default 90
        How long printing may take.

    Returns
    -------
    bytes
        The PDF.

    Raises
    ------
    RequestError
        If there is no Chromium or Chrome.
    InputError
        If it fails or takes too long.
    """
    program = browser()
    with tempfile.TemporaryDirectory(prefix="awsd-geo-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        source, target = home / "page.html", home / "page.pdf"
        source.write_bytes(page.encode("utf-8"))
        said = _run([program, *_flags(home), f"--print-to-pdf={target}", source.as_uri()], seconds)
        if not target.is_file() or not (printed := target.read_bytes()).startswith(b"%PDF-"):
            raise InputError(f"{program} made no PDF: {said}. Print alert.html from a browser window instead.")
    stamp = date.replace("-", "").encode() + b"000000"  # as long as the one it takes the place of
    return _WRITTEN_ON.sub(rb"/\1 (D:" + stamp, printed)


def pages(printed: bytes) -> int:
    """Count the pages of a PDF that :func:`to_pdf` made."""
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", printed))


def _flags(home: Path) -> list[str]:
    flags = [*_FLAGS, f"--user-data-dir={home / 'profile'}"]
    is_root = getattr(os, "geteuid", lambda: 1)() == 0
    return [*flags, "--no-sandbox"] if is_root else flags  # Chromium refuses to start its sandbox for root


def _run(command: list[str], seconds: float) -> str:
    """Run the program to its end and give the last line that it said."""
    try:
        done = subprocess.run(  # noqa: S603 - a program found on PATH, our own flags and files
            command, capture_output=True, timeout=seconds, check=False, stdin=subprocess.DEVNULL
        )
    except subprocess.TimeoutExpired as error:
        raise InputError(f"{command[0]} had not printed the page after {seconds:g} seconds. Try again.") from error
    except OSError as error:
        raise InputError(f"{command[0]} cannot be started: {error.strerror}. Install Chromium or Chrome.") from error
    lines = done.stderr.decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else f"exit code {done.returncode}"
