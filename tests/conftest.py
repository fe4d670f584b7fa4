"""What several tests share."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import box

SHARED = Path(__file__).resolve().parents[2] / "shared"


def absent(what: str) -> None:
    """Skip with the reason, but fail in CI, where everything must be there."""
    if os.environ.get("CI"):
        pytest.fail(f"{what}, and CI must not skip what needs it")
    pytest.skip(what)


@pytest.fixture(scope="session")
def shared() -> Path:
    """Give the folder of real data beside the repo, or skip with the reason."""
    if not (SHARED / "data").is_dir():
        absent("the real data folder ../shared is absent")
    return SHARED


@pytest.fixture(scope="session", autouse=True)
def no_boundaries_of_the_user(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the boundaries that whoever runs the tests has added out of them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWSD_GEO_DATA", str(tmp_path_factory.mktemp("user") / "data"))
        yield


@pytest.fixture
def toy_incidents() -> Callable[..., pd.DataFrame]:
    """Give a maker of small incidents tables: the columns named, sensible values for the rest."""

    def make(*, ids: list[Any] | None = None, **columns: list[Any]) -> pd.DataFrame:
        rows = max([len(values) for values in columns.values()] + [len(ids or [0])])
        plain: dict[str, Any] = {
            "year": 2020, "country_code": "ML", "country": "Mali", "region": None, "district": None, "city": None,
            "latitude": None, "longitude": None, "total_kidnapped": 1, "total_affected": 1, "iso3": "MLI",
            "coordinate_issue": "none", "duplicate_id": False,
        }  # fmt: skip
        given = {name: columns.get(name, [value] * rows) for name, value in plain.items()} | columns
        table = pd.DataFrame(given, index=pd.Index(ids or range(1, rows + 1), name="incident_id", dtype="Int64"))
        whole = [name for name in table if name == "year" or name.startswith("total_")]
        degrees = {"latitude": "Float64", "longitude": "Float64"}
        texts = dict.fromkeys(("country_code", "country", "region", "district", "city", "iso3"), "string")
        return table.astype(dict.fromkeys(whole, "Int64") | degrees | texts).assign(
            source_row=range(2, rows + 2), coordinate_issue=lambda frame: frame["coordinate_issue"].astype("string")
        )

    return make


@pytest.fixture
def toy_regions() -> Callable[..., gpd.GeoDataFrame]:
    """Give a maker of a row of one-degree squares from (0, 0) eastward, by name."""

    def make(*names: str) -> gpd.GeoDataFrame:
        index = pd.Index([f"TOY-{name.lower()}" for name in names], name="region_id")
        columns = {"name": names, "level": 1, "vintage": "2000", "kind": "region", "parent_id": None}
        squares = [box(column, 0, column + 1, 1) for column in range(len(names))]
        return gpd.GeoDataFrame(columns, index=index, geometry=squares, crs=4326)

    return make


# --- pages in a browser -------------------------------------------------------------------------------------------

_FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
_VIOLATION = "addEventListener('securitypolicyviolation', e => console.error('CSP ' + e.violatedDirective))"


_SANDBOXED = "Blocked script execution in 'about:srcdoc' because"  # of a frame that was told to run none


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """Give a headless Chromium, or skip with the reason."""
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if program is None:
        absent("Chromium is not installed")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        absent("playwright is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=_FLAGS)
        yield browser
        browser.close()


def _watch(page: Any, allowed: set[str], problems: list[str]) -> None:
    """Note whatever a page does that no page of ours may do, and let no request through."""

    def pass_own_file_only(route: Any) -> None:
        if route.request.url in allowed:
            route.continue_()
        else:
            problems.append(f"request {route.request.url}")
            route.abort()

    def refuse(dialog: Any) -> None:
        problems.append(f"dialog {dialog.message}")
        dialog.dismiss()

    def look(request: Any) -> None:
        if request.url not in allowed:
            problems.append(f"request {request.url}")

    def listen(said: Any) -> None:
        if said.type in {"error", "warning"} and not said.text.startswith(_SANDBOXED):
            problems.append(f"console {said.text}")

    page.route("**/*", pass_own_file_only)
    page.on("request", look)
    page.on("dialog", refuse)
    page.on("console", listen)
    page.on("popup", lambda other: problems.append(f"window {other.url}"))
    page.on("pageerror", lambda error: problems.append(f"error {error}"))


@pytest.fixture
def visit(chromium: Any) -> Iterator[Callable[..., Any]]:
    """Give an opener of page files with the network cut off.

    After the test, every page must have asked for nothing but its own file, and have had no dialog, no error on the
    console and no violation of its policy.
    """
    contexts, problems, allowed = [], [], set()

    def open_page(path: Path, width: int = 1280, height: int = 900, *, on: Any = None, **options: Any) -> Any:
        """Open a file, in a new context or on a page that is open already."""
        own = path.resolve().as_uri()
        allowed.add(own)
        page = on or new_page(viewport={"width": width, "height": height}, **options)
        page.goto(own)
        return page

    def new_page(**options: Any) -> Any:
        context = chromium.new_context(**options)
        contexts.append(context)
        context.set_offline(True)
        context.add_init_script(_VIOLATION)
        page = context.new_page()

        _watch(page, allowed, problems)
        return page

    yield open_page
    for context in contexts:
        frames = [frame for page in context.pages for frame in page.frames]
        problems.extend(f"script ran in {frame.url}" for frame in frames if frame.evaluate("window.__pwned"))
        context.close()
    assert problems == []
