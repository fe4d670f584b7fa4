"""Equal input gives equal files: on any Python, NumPy, processor, in any folder, language and time zone."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import awsd_geo as ag
from awsd_geo.maps import MapText, points_layer, region_map
from awsd_geo.report.plain import settled

ROOT = Path(__file__).resolve().parents[1]
FILES = ["alert.html", "findings.json", "map.html", "regions.csv", "regions.geojson"]
NEEDED = "import sys, awsd_geo.report.alerts, geopandas, jinja2, scipy, typer, xstatic.pkg.leaflet; print(sys.prefix)"
NAMES = [f"python3.{minor}" for minor in range(11, 20)]


def files_of(python, folder, *options, mask=0o022, **environment):
    """Run the alert of the example in a folder of its own; give the digest of each file."""
    folder.mkdir(parents=True)
    code = f"import os; os.umask({mask}); from awsd_geo.cli import main; main()"
    given = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1", **environment}
    subprocess.run([python, "-c", code, "alert", "--out", "out", *options], cwd=folder, env=given, check=True)
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted((folder / "out").iterdir())}


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_surroundings_change_no_byte(tmp_path, lang):
    plain = files_of(sys.executable, tmp_path / "a", "--lang", lang, PYTHONHASHSEED="0", TZ="UTC", LC_ALL="C")
    assert list(plain) == FILES
    other = {"PYTHONHASHSEED": "4321", "TZ": "Pacific/Kiritimati", "LC_ALL": "fr_FR.UTF-8", "LANG": "tr_TR.UTF-8"}
    assert files_of(sys.executable, tmp_path / "b c é", "--lang", lang, mask=0o077, **other) == plain


def test_the_processor_changes_no_byte(tmp_path):
    # Without its newest instructions NumPy sums in another order: the last digits of some numbers come out otherwise.
    parts = getattr(getattr(np, "_core", None), "_multiarray_umath", None)
    features = " ".join(getattr(parts, "__cpu_dispatch__", ()))
    older = {"NPY_DISABLE_CPU_FEATURES": features, "OPENBLAS_CORETYPE": "Nehalem"}
    assert files_of(sys.executable, tmp_path / "old", **older) == files_of(sys.executable, tmp_path / "new")


def other_pythons():
    """Give each interpreter named in AWSD_GEO_PYTHONS or on the PATH that has what awsd_geo needs, but not this one."""
    named = list(filter(None, os.environ.get("AWSD_GEO_PYTHONS", "").split(os.pathsep)))
    for python in [*named, *filter(None, map(shutil.which, NAMES))]:
        tried = subprocess.run(
            [python, "-c", NEEDED],
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert tried.returncode == 0 or python not in named, tried.stderr
        if tried.returncode == 0 and tried.stdout.strip() != sys.prefix:
            yield python


def test_another_python_and_other_packages_change_no_byte(tmp_path):
    others = list(other_pythons())
    if not others:
        pytest.skip("no other Python has what awsd_geo needs: name some in AWSD_GEO_PYTHONS, parted as in PATH")
    ours = files_of(sys.executable, tmp_path / "ours", "--lang", "fr")
    assert {python: files_of(python, tmp_path / str(row), "--lang", "fr") for row, python in enumerate(others)} == (
        dict.fromkeys(others, ours)
    )


def test_the_order_of_the_rows_changes_no_byte():
    incidents = ag.example()
    mixed = incidents.sample(frac=1, random_state=7)
    mixed.attrs = incidents.attrs
    pages = []
    for table in (incidents, mixed):
        made = ag.alert(table, country="MLI", years=(2017, 2022), kind="kidnapped")
        located, counts, regions = made.analysis.located, made.analysis.counts, made.analysis.regions
        layer = points_layer(located, counts, audience="internal")
        points = region_map(regions, [layer], text=MapText("Points"))
        pages.append([made.findings, made.html(), made.map(lang="fr").html(), points.html()])
    assert pages[0] == pages[1]


def test_numbers_of_the_findings_have_ten_digits():
    found = ag.alert(ag.example(), country="MLI", years=(2017, 2022), kind="kidnapped").findings
    assert found == settled(found)
    assert found["by_region"][0]["share"] == 0.5740740741  # 31 of 54
    assert settled(-0.0) == 0
    assert str(settled([-0.0])) == "[0.0]"
