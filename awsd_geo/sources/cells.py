"""A CSV's bytes as rows of text cells, whatever its encoding, delimiter and row ends."""

from __future__ import annotations

import codecs
import csv
import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from awsd_geo.errors import InputError
from awsd_geo.sources.columns import fold, known_columns
from awsd_geo.sources.ledger import Ledger
from awsd_geo.sources.opening import ADVICE, Raw, refuse_other_content

if TYPE_CHECKING:
    import pandas as pd

MOST_COLUMNS = 1_000
_DELIMITERS = (",", ";", "\t")
_TOO_MANY = re.compile(r"Expected \d+ fields in line \d+, saw (\d+)")
_UNCLOSED = re.compile(r"EOF inside string starting at row (\d+)")


@dataclass(frozen=True, slots=True)
class Cells:
    """Rows of text as the file has them, before any meaning is read into them."""

    header: list[str]
    rows: list[npt.NDArray[np.object_]]  # one array of str a column; columns beyond the header hold surplus cells
    numbers: npt.NDArray[np.int64]  # the rows' numbers in the file, the header being 1
    container: str  # "csv" or the name of the workbook's sheet
    crlf: bool  # rows end in CR LF


def _mixed(error: UnicodeError) -> tuple[str, int]:
    """Read the bytes that are no UTF-8 as Windows-1252, which holds all of Latin-1's letters."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    wrong = error.object[error.start : error.end]
    try:
        return wrong.decode("cp1252"), error.end
    except UnicodeDecodeError:
        return wrong.decode("latin-1"), error.end


codecs.register_error("awsd_geo_mixed", _mixed)


def csv_cells(raw: Raw, ledger: Ledger) -> Cells:
    """Split a CSV's bytes into cells.

    The whole is read as UTF-8; where that fails, each cell is decoded by itself, UTF-8 first, and only the bytes that
    are no UTF-8 as Windows-1252 (the AWSD download of 2016 mixes both in one file). A byte order mark is dropped,
    UTF-16 is read if it is marked. The delimiter is the one of comma, semicolon and tab under which the header
    shows most columns of AWSD.

    Parameters
    ----------
    raw : Raw
        The file.
    ledger : Ledger
        Takes the rows in which cells were not UTF-8.

    Returns
    -------
    Cells
        All records below the header, blank ones too.

    Raises
    ------
    InputError
        Not a CSV, a quote that is never closed (a cut-off file), more than 1,000 columns.
    """
    data, mixed = _text_bytes(raw)
    data = data.lstrip(b"\r\n")
    header_record, delimiter = _header(raw.name, data)
    frame = _parse(raw.name, data, delimiter, len(header_record))
    columns = [frame[number].to_numpy(dtype=object) for number in frame.columns]
    filled = np.flatnonzero(np.any([column != "" for column in columns], axis=0))
    numbers = np.arange(len(frame), dtype=np.int64) - filled[0] + 1
    if mixed:
        columns = _decode_cells(columns, numbers, ledger)
    header = [str(column[filled[0]]) for column in columns[: len(header_record)]]
    first_line = data[: data.find(b"\n") + 1]
    below = slice(int(filled[0]) + 1, None)
    return Cells(header, [column[below] for column in columns], numbers[below], "csv", first_line.endswith(b"\r\n"))


def _text_bytes(raw: Raw) -> tuple[bytes, bool]:
    """Give UTF-8 bytes, and whether they are really single bytes whose cells must still be decoded."""
    if raw.data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return raw.data.decode("utf-16").encode("utf-8"), False
        except UnicodeError:
            raise InputError(f"{raw.name} is damaged: it says UTF-16 but is not. {ADVICE}") from None
    refuse_other_content(raw)
    data = raw.data.removeprefix(codecs.BOM_UTF8)
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1").encode("utf-8"), True
    return data, False


def _header(name: str, data: bytes) -> tuple[list[str], str]:
    """Read the first record that is not blank under the delimiter that suits it best."""
    start = data[: 256 * 1024].decode("utf-8", "replace")
    best: tuple[int, list[str], str] = (-1, [], ",")
    for delimiter in _DELIMITERS:
        records = csv.reader(io.StringIO(start, newline=""), delimiter=delimiter)
        try:
            record = next((cells for cells in records if any(cells)), [])
        except csv.Error:
            continue
        score = len(known_columns() & {fold(cell) for cell in record})
        if score > best[0]:
            best = (score, record, delimiter)
    _, record, delimiter = best
    if not record:
        raise InputError(f"{name} is not a CSV table: it has no first row of column names. {ADVICE}")
    if len(record) > MOST_COLUMNS:
        raise InputError(f"{name} has {len(record):,} columns in its first row; no AWSD file has. {ADVICE}")
    return record, delimiter


def _parse(name: str, data: bytes, delimiter: str, width: int) -> pd.DataFrame:
    """Parse into text cells, as wide as the widest row."""
    import pandas as pd

    while width <= MOST_COLUMNS:
        try:
            return pd.read_csv(
                io.BytesIO(data),
                header=None,
                names=list(range(width)),
                sep=delimiter,
                dtype=object,
                na_filter=False,
                skip_blank_lines=False,
                engine="c",
                encoding="utf-8",
                low_memory=False,
            )
        except pd.errors.ParserError as error:
            if unclosed := _UNCLOSED.search(str(error)):
                raise InputError(
                    f"{name} is cut off or damaged: a quotation mark opened in row {int(unclosed[1]) + 1} is never "
                    "closed. Download it again."
                ) from None
            if not (wider := _TOO_MANY.search(str(error))):
                raise InputError(
                    f"{name} is not a CSV table that can be read ({shown_error(error)}). {ADVICE}"
                ) from None
            width = int(wider[1])
    raise InputError(f"{name} has a row of {width:,} cells; no AWSD file has. {ADVICE}")


def shown_error(error: Exception) -> str:
    """Give the last line of another library's message, without its full stop."""
    return str(error).strip().splitlines()[-1].rstrip(".") if str(error).strip() else type(error).__name__


def _decode_cells(
    columns: list[npt.NDArray[np.object_]], numbers: npt.NDArray[np.int64], ledger: Ledger
) -> list[npt.NDArray[np.object_]]:
    """Decode each cell by itself and note the rows that were not UTF-8."""
    decoded = []
    for column in columns:
        fresh = column.copy()
        for place, cell in enumerate(column):
            if not cell.isascii():
                single = cell.encode("latin-1")
                try:
                    fresh[place] = single.decode("utf-8")
                except UnicodeDecodeError:
                    fresh[place] = single.decode("utf-8", "awsd_geo_mixed")
                    ledger.repair("text not in UTF-8, read as Windows-1252", numbers[place : place + 1])
        decoded.append(fresh)
    return decoded
