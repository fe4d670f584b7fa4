"""The bytes of a source file, and what they are: told from the content, never from the name's ending."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TypeAlias

from awsd_geo.errors import InputError

Source: TypeAlias = str | os.PathLike[str] | bytes | IO[bytes] | IO[str]

LARGEST_FILE = 512 * 1024 * 1024  # bytes; the whole AWSD of 2025 has 2 MB
DOWNLOAD_PAGE = "https://www.aidworkersecurity.org/incidents/search"
ADVICE = f"Give the CSV file that {DOWNLOAD_PAGE} or the Humanitarian Data Exchange offers."

_MAGIC = (
    (b"PK\x03\x04", "a zip archive"),
    (b"PK\x05\x06", "a zip archive"),
    (b"\xd0\xcf\x11\xe0", "an old workbook"),
    (b"%PDF", "a PDF"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"SQLite format 3", "a database"),
    (b"PAR1", "a Parquet file"),
)
_WRITTEN = ((b"<", "a web page (HTML) or XML"), (b"{", "JSON"), (b"[", "JSON"))


@dataclass(frozen=True, slots=True)
class Raw:
    """A file's bytes with the name to call it by."""

    name: str
    data: bytes


def shown(text: object, width: int = 60) -> str:
    """Make a file's own words safe and short enough for a message: one line, printable characters only."""
    line = "".join(letter if letter.isprintable() else "?" for letter in str(text))
    return line if len(line) <= width else line[: width - 3] + "..."


def open_raw(source: Source) -> Raw:
    """Read the bytes of a path, of bytes, or of an open file.

    Parameters
    ----------
    source : path, bytes or file object
        A file object is read from where it stands and not closed.

    Returns
    -------
    Raw
        Name (of the file only, without its folder) and bytes.

    Raises
    ------
    InputError
        No such file, a folder, a web address, a file that may not be read, empty, or over 512 MiB.
    """
    if isinstance(source, (str, os.PathLike)):
        raw = _from_path(os.fspath(source))
    elif isinstance(source, (bytes, bytearray, memoryview)):
        raw = Raw("<bytes>", bytes(source))
    elif hasattr(source, "read"):
        content = source.read()
        data = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else bytes(content)
        raw = Raw(shown(Path(str(getattr(source, "name", "<buffer>"))).name), data)
    else:
        raise InputError(f"Cannot read incidents from a {type(source).__name__}. Give a path, bytes or an open file.")
    if len(raw.data) > LARGEST_FILE:
        raise InputError(_too_large(raw.name))
    if not raw.data.strip():
        raise InputError(f"{raw.name} is empty. {ADVICE}")
    return raw


def _too_large(name: str) -> str:
    return f"{name} is larger than {LARGEST_FILE // 2**20} MiB, far more than the whole AWSD. {ADVICE}"


def _from_path(text: str) -> Raw:
    if text.lower().startswith(("http://", "https://")):
        raise InputError(f"{shown(text)} is a web address, not a file. Fetch it first with `awsd-geo download`.")
    if not text or "\0" in text:
        raise InputError("The path of the file is empty or holds a null character. Give the path of an AWSD file.")
    path = Path(text)
    name = shown(path.name or text)
    try:
        if path.is_dir():
            raise InputError(f"{shown(text)} is a folder, not a file. Name the CSV or XLSX file in it.")
        if path.stat().st_size > LARGEST_FILE:
            raise InputError(_too_large(name))
        return Raw(name, path.read_bytes())
    except FileNotFoundError:
        raise InputError(f"There is no file {shown(text, 200)}. Check the path and its spelling.") from None
    except OSError as error:
        raise InputError(f"{name} cannot be read ({error.strerror or error}). Check its permissions.") from None


def refuse_other_content(raw: Raw) -> None:
    """Refuse bytes that are certainly not a table of text, saying what they are.

    Raises
    ------
    InputError
        A PDF, picture, archive, web page, JSON, or other binary content.
    """
    start = raw.data[:512].removeprefix(b"\xef\xbb\xbf").lstrip()
    for mark, what in (*_MAGIC, *_WRITTEN):
        if start.startswith(mark):
            raise InputError(f"{raw.name} is {what}, not a CSV table. {ADVICE}")
    if b"\0" in raw.data:
        raise InputError(f"{raw.name} is binary, not a CSV table. {ADVICE}")


def is_zip(raw: Raw) -> bool:
    """Tell whether the bytes are a zip archive, as every XLSX is."""
    return raw.data.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def is_ole(raw: Raw) -> bool:
    """Tell whether the bytes are a compound file: an old XLS workbook or an XLSX locked with a password."""
    return raw.data.startswith(b"\xd0\xcf\x11\xe0")
