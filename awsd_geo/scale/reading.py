"""Large files in chunks: CSV by pyarrow where it is installed, else by pandas; Parquet by pyarrow."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from awsd_geo.errors import DependencyError, InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    import pandas as pd

BYTES_A_CHUNK = 4 << 20
_MISSING = ("", "NA", "N/A", "NaN", "nan", "n/a", "null", "NULL", "None", "#N/A", "<NA>", "-nan", "-NaN", "#NA")


class Chunk(NamedTuple):
    """Some rows of a file."""

    table: pd.DataFrame
    done: float  # share of the file that is read, from 0 to 1


class Source(NamedTuple):
    """A file whose columns are known and whose rows are still to be read."""

    columns: list[str]
    chunks: Callable[[list[str], Collection[str], int], Iterator[Chunk]]  # columns, those of numbers, rows at a time


def open_source(path: Path) -> Source:
    """Look into a file.

    Parameters
    ----------
    path : Path
        ``.parquet``, ``.pq``, or CSV (also ``.csv.gz``, ``.csv.bz2``, ``.csv.xz``, ``.csv.zst``).

    Returns
    -------
    Source

    Raises
    ------
    InputError
        If there is no such file, or it cannot be read.
    DependencyError
        If pyarrow is needed and not installed.
    """
    if not path.is_file():
        raise InputError(f"There is no file {path}. Check the path.")
    if path.suffix.lower() in {".parquet", ".pq"}:
        return _parquet(path)
    try:
        import pyarrow.csv as reader
    except ImportError:
        return _csv_by_pandas(path)
    return _csv_by_pyarrow(path, reader) if path.suffix.lower() in {".csv", ".txt"} else _csv_by_pandas(path)


def _parquet(path: Path) -> Source:
    try:
        import pyarrow.parquet as parquet
    except ImportError:
        raise DependencyError("Parquet needs pyarrow. Install it: pip install 'awsd-geo[scale]'.") from None
    try:
        file = parquet.ParquetFile(path, pre_buffer=False, memory_map=False)
    except (ValueError, OSError) as error:
        raise _unreadable(path, error) from None

    def chunks(columns: list[str], _: Collection[str], rows: int) -> Iterator[Chunk]:
        seen, total = 0, max(file.metadata.num_rows, 1)
        with file:
            try:
                for batch in file.iter_batches(batch_size=rows, columns=columns, use_threads=False):
                    seen += batch.num_rows
                    yield Chunk(batch.to_pandas(), seen / total)
            except (ValueError, OSError) as error:
                raise _unreadable(path, error) from None

    return Source(list(file.schema_arrow.names), chunks)


def _csv_by_pandas(path: Path) -> Source:
    import pandas as pd

    try:
        first = pd.read_csv(path, nrows=1, header=None, dtype=str, keep_default_na=False, encoding="utf-8-sig")
        header = first.iloc[0].tolist()
    except (ValueError, OSError, EOFError) as error:
        raise _unreadable(path, error) from None

    def chunks(columns: list[str], numbers: Collection[str], rows: int) -> Iterator[Chunk]:
        size = max(path.stat().st_size, 1)
        texts = {name: "str" for name in columns if name not in numbers}
        options: dict[str, Any] = {"dtype": texts, "chunksize": rows, "encoding": "utf-8-sig", "index_col": False}
        options |= {"low_memory": False, "na_values": _MISSING}
        if tuple(map(int, pd.__version__.split(".")[:2])) < (3, 1):  # later ones read to the last bit anyway
            options["float_precision"] = "round_trip"
        try:
            with path.open("rb") as raw, pd.read_csv(raw, compression=_packed(path), **options) as tables:
                for table in _strictly(tables):  # all columns: with some of them only, it passes over rows too long
                    yield Chunk(table[columns], min(raw.tell() / size, 1.0))
        except (ValueError, OSError, EOFError) as error:
            raise _unreadable(path, error) from None

    return Source(header, chunks)


def _csv_by_pyarrow(path: Path, reader: Any) -> Source:
    import pyarrow as pa

    parse = reader.ParseOptions(newlines_in_values=True)
    read = reader.ReadOptions(block_size=BYTES_A_CHUNK, use_threads=False)

    def stream(columns: list[str] | None) -> Any:
        texts = dict.fromkeys(columns or [], pa.string())
        missing = {"null_values": _MISSING, "strings_can_be_null": True, "quoted_strings_can_be_null": True}
        convert = reader.ConvertOptions(include_columns=columns, column_types=texts, **missing)
        return reader.open_csv(path, read_options=read, parse_options=parse, convert_options=convert)

    try:
        with stream(None) as file:
            header = list(file.schema.names)
    except (ValueError, OSError) as error:
        raise _unreadable(path, error) from None

    def chunks(columns: list[str], numbers: Collection[str], rows: int) -> Iterator[Chunk]:
        size, seen = max(path.stat().st_size, 1), 0
        try:
            with stream(columns) as file:
                for batch in file:
                    seen += BYTES_A_CHUNK
                    for begin in range(0, batch.num_rows, rows):
                        yield Chunk(_with_numbers(batch.slice(begin, rows), numbers), min(seen / size, 1.0))
        except (ValueError, OSError) as error:
            raise _unreadable(path, error) from None

    return Source(header, chunks)


def _with_numbers(batch: Any, numbers: Collection[str]) -> pd.DataFrame:
    """Turn the columns of numbers from text into numbers where all their cells are some."""
    import pandas as pd
    import pyarrow as pa

    columns = {}
    for name, texts in zip(batch.schema.names, batch.columns, strict=True):
        try:
            columns[name] = (texts.cast(pa.float64()) if name in numbers else texts).to_pandas()
        except pa.ArrowInvalid:
            columns[name] = texts.to_pandas()
    return pd.DataFrame(columns)


def _strictly(tables: Iterator[pd.DataFrame]) -> Iterator[pd.DataFrame]:
    """Read on, refusing a first row that is longer than the header, of which pandas only warns."""
    import pandas as pd

    while True:
        with warnings.catch_warnings():
            warnings.simplefilter("error", pd.errors.ParserWarning)
            try:
                table = next(tables)
            except StopIteration:
                return
            except pd.errors.ParserWarning as warning:
                raise ValueError(str(warning)) from None
        yield table


def _packed(path: Path) -> Any:
    return {".gz": "gzip", ".bz2": "bz2", ".xz": "xz", ".zst": "zstd", ".zip": "zip"}.get(path.suffix.lower())


def _unreadable(path: Path, error: Exception) -> InputError:
    what = " ".join(str(error).split())[:200] or type(error).__name__
    return InputError(f"{path.name} cannot be read: {what} Save it as CSV in UTF-8 or as Parquet.")
