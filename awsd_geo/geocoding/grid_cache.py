"""Grids kept on disk from one run to the next; a file that is damaged or of another form is made anew."""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from awsd_geo.geocoding.grid import BLOCK, Frame, Grid, Runs

VARIABLE = "AWSD_GEO_CACHE"
"""Environment variable: another folder for what is kept between runs; empty or "off" to keep nothing."""
_FORM = "1"
_KINDS = {"codes": "u", "lengths": "u", "starts": "i", "members": "i", "lines": "f", "sides": "i", "frame": "f"}


def cache_folder() -> Path | None:
    """Give the folder of what is kept between runs: ``AWSD_GEO_CACHE``, else the user's own cache folder.

    Returns
    -------
    Path or None
        None where nothing is to be kept.
    """
    named = os.environ.get(VARIABLE)
    if named is None:
        import platformdirs

        return Path(platformdirs.user_cache_dir("awsd_geo", appauthor=False))
    return None if named.strip().lower() in {"", "off"} else Path(named).expanduser()


def digest_of(geometries: Any) -> str:
    """Give the sha256 of polygons in their order, and of the form of the file."""
    import shapely

    digest = hashlib.sha256(_FORM.encode())
    for shape in shapely.to_wkb(geometries, output_dimension=2, byte_order=1):
        content = shape or b""
        digest.update(len(content).to_bytes(8, "little"))
        digest.update(content)
    return digest.hexdigest()


def kept_grid(digest: str) -> Grid | None:
    """Read a grid that was kept; None where there is none that is whole.

    Parameters
    ----------
    digest : str
        Of the polygons, by `digest_of`.

    Returns
    -------
    Grid or None
    """
    folder = cache_folder()
    if folder is None:
        return None
    try:
        content = _path(folder, digest).read_bytes()
        check, body = content[:32], content[32:]
        if hashlib.sha256(digest.encode() + body).digest() != check:
            return None
        with np.load(io.BytesIO(body), allow_pickle=False) as file:
            return _checked({name: file[name] for name in _KINDS})
    except (OSError, ValueError, KeyError, EOFError):
        return None


def keep_grid(digest: str, grid: Grid) -> None:
    """Write a grid in one step; where that cannot be done, it is made again the next time.

    Parameters
    ----------
    digest : str
        Of the polygons.
    grid : Grid
        Their grid.
    """
    folder = cache_folder()
    if folder is None:
        return
    body = io.BytesIO()
    np.savez(body, frame=np.array(grid.frame, dtype=np.float64), **grid.runs._asdict())
    content = body.getvalue()
    with contextlib.suppress(OSError):
        target = _path(folder, digest)
        target.parent.mkdir(parents=True, exist_ok=True)
        _replace(target, hashlib.sha256(digest.encode() + content).digest() + content)


def _path(folder: Path, digest: str) -> Path:
    return folder / "grids" / f"{digest}.grid"


def _checked(arrays: dict[str, Any]) -> Grid:
    """Make the grid, or raise ValueError where the arrays do not fit together."""
    if any(arrays[name].dtype.kind != kind for name, kind in _KINDS.items()) or arrays["frame"].shape != (6,):
        raise ValueError("not a grid")
    units, width, height, *scale = arrays.pop("frame").tolist()
    frame, runs = Frame(int(units), int(width), int(height), *scale), Runs(**arrays)
    number = len(runs.starts) - 1
    fits = (
        len(runs.codes) == len(runs.lengths)
        and int(runs.lengths.sum(dtype=np.int64)) == frame.width * frame.height
        and frame.width % BLOCK == frame.height % BLOCK == 0
        and int(runs.codes.max()) <= frame.units + number
        and (np.diff(runs.starts) > 0).all()
        and runs.starts[-1] == len(runs.members)
        and ((runs.members >= 0) & (runs.members < frame.units)).all()
        and runs.lines.shape == (4, runs.sides.shape[1])
        and runs.sides.max(initial=-1) < frame.units
    )
    if not fits:
        raise ValueError("not a grid")
    return Grid.of(frame, runs)


def _replace(target: Path, content: bytes) -> None:
    """Write beside the target, then put it in the target's place."""
    with tempfile.NamedTemporaryFile(dir=target.parent, prefix=".", suffix=".part", delete=False) as written:
        beside = Path(written.name)
        try:
            written.write(content)
            written.close()
            beside.replace(target)
        except BaseException:
            beside.unlink(missing_ok=True)
            raise
