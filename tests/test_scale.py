"""Large files: what chunks give must be what the whole table in memory gives."""

import gzip
import io
import itertools
import sys

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import awsd_geo as ag
from awsd_geo.scale import count_file, count_partitions
from awsd_geo.scale import sums as summing
from awsd_geo.scale.chunks import Question, sums_of, typed


@pytest.fixture(autouse=True)
def own_cache(monkeypatch, tmp_path):
    monkeypatch.setenv("AWSD_GEO_CACHE", str(tmp_path / "cache"))


@pytest.fixture(params=["pyarrow", "pandas"])
def reader(request, monkeypatch):
    if request.param == "pyarrow":
        pytest.importorskip("pyarrow", reason="pyarrow is not installed (extra scale)")
    else:
        monkeypatch.setitem(sys.modules, "pyarrow.csv", None)
    return request.param


def events(n, seed=0):
    """Make rows over and around two squares, some without point, year, victims or any place."""
    chance = np.random.default_rng(seed)
    x = chance.uniform(-0.2, 2.3, n)
    y = chance.uniform(-0.1, 1.1, n)
    x[chance.random(n) < 0.1] = np.nan
    place = chance.choice(["West", "East", "nowhere, known", None], n, p=[0.2, 0.2, 0.1, 0.5])
    victims = np.where(chance.random(n) < 0.3, np.nan, chance.integers(0, 4, n))
    return pd.DataFrame(
        {"year": chance.integers(2015, 2022, n), "longitude": x, "latitude": y, "region": place,
         "total_affected": victims, "total_killed": np.where(chance.random(n) < 0.5, 0, victims)}
    )  # fmt: skip


def in_memory(table, regions, years=None, kind="any"):
    inside = table if years is None else table[table["year"].between(*years)]
    return ag.count(ag.geocode(ag.select(inside, kind=kind), regions), regions, years=years)


def same(counts, expected):
    pd.testing.assert_frame_equal(counts, expected, check_like=False)
    for name in ("located", "total", "unlocated_by_year", "regions"):
        assert counts.attrs[name] == expected.attrs[name]


@pytest.mark.parametrize("rows", [40, 10_000])
@pytest.mark.parametrize(("years", "kind"), [(None, "any"), ((2016, 2019), "any"), (None, "killed")])
def test_a_csv_in_chunks_is_counted_as_in_memory(tmp_path, toy_regions, reader, rows, years, kind):
    regions, table = toy_regions("West", "East"), events(300)
    table.to_csv(tmp_path / "events.csv", index=False)
    counts = count_file(tmp_path / "events.csv", regions, years=years, kind=kind, rows=rows)
    same(counts, in_memory(table, regions, years, kind))


def test_a_parquet_in_chunks_is_counted_as_in_memory(tmp_path, toy_regions):
    pytest.importorskip("pyarrow", reason="pyarrow is not installed (extra scale)")
    regions, table = toy_regions("West", "East"), events(300)
    table.to_parquet(tmp_path / "events.parquet", row_group_size=100)
    same(count_file(tmp_path / "events.parquet", regions, rows=64), in_memory(table, regions))


def test_a_folder_and_packed_files_are_read_as_one(tmp_path, toy_regions, reader):
    regions, table = toy_regions("West", "East"), events(300)
    folder = tmp_path / "parts"
    folder.mkdir()
    table[:100].to_csv(folder / "a.csv", index=False)
    (folder / "b.csv.gz").write_bytes(gzip.compress(table[100:].to_csv(index=False).encode()))
    (folder / "readme.md").write_text("no data")
    same(count_file(folder, regions, rows=64), in_memory(table, regions))


@settings(max_examples=10, deadline=None)
@given(st.lists(st.integers(1, 120), max_size=6), st.integers(0, 1000), st.booleans())
def test_any_cut_of_the_rows_gives_the_same_sums(cuts, seed, backwards):
    table = events(120, seed)
    regions = _squares()
    edges = sorted({0, 120, *cuts})
    parts = [sums_of(table[a:b], regions, Question(None, "any")) for a, b in itertools.pairwise(edges)]
    if backwards:
        parts.reverse()
    total = summing.Sums.nothing(2)
    for part in parts:
        total += part
    same(total.table(regions, None, "any", "rows"), in_memory(table, regions))


def _squares():
    import geopandas as gpd
    from shapely.geometry import box

    index = pd.Index(["TOY-west", "TOY-east"], name="region_id")
    columns = {"name": ["West", "East"], "level": 1, "vintage": "2000", "kind": "region", "parent_id": None}
    return gpd.GeoDataFrame(columns, index=index, geometry=[box(0, 0, 1, 1), box(1, 0, 2, 1)], crs=4326)


MESSY = """\ufeffEvent Date,LON,lat,Admin1,notes
2020-05-03,0.5,0.4,,"a note
over two lines, with a comma"
03/05/2020, 1.5 ,0.4,,
3 May 2020,"0,5",0.5,,decimal comma
20210101,abc,0.5,West,
not a date,0.5,0.4,,
2021-12-31 23:59,,,East,NA
2021,0.5,nan,NULL,
,0.5,0.4,,
2021-02-03T04:05:06Z,9.5,0.5,,
2021/02/03,1e0,1_0,,
"""


def test_messy_cells_are_read_or_counted_with_the_reason(tmp_path, toy_regions, reader):
    """By hand: 10 rows; two have no year. 0.5 and " 1.5 " place two by point, West and East two by text; "0,5" and
    1_0 are unreadable, one row has no latitude, and one lies 7 degrees outside.
    """
    (tmp_path / "messy.csv").write_text(MESSY, encoding="utf-8")
    columns = {"date": "Event Date", "region": "Admin1"}
    for rows in (3, 100):
        counts = count_file(tmp_path / "messy.csv", toy_regions("West", "East"), columns=columns, rows=rows)
        assert counts["incidents"].to_dict() == {
            ("TOY-west", 2020): 1, ("TOY-west", 2021): 1, ("TOY-east", 2020): 1, ("TOY-east", 2021): 1,
        }  # fmt: skip
        assert counts["victims"].isna().all()
        assert counts.attrs["source"] == {"name": "messy.csv", "rows_read": 10}
        assert counts.attrs["selection"]["rows_set_aside"] == [{"why": "without a year", "rows": 2}]
        assert (counts.attrs["located"], counts.attrs["total"]) == (4, 8)
        assert counts.attrs["unlocated_by_year"] == {2020: 1, 2021: 3}
        assert {entry["why"]: entry["rows"] for entry in counts.attrs["unlocated_why"]} == {
            "No place is named; the point cannot be read.": 2,
            "No place is named; there is no point.": 1,
            "No place is named; the point lies outside the country.": 1,
        }
        assert counts.attrs["matched_by"] == {"none": 4, "point": 2, "text": 2}
        assert counts.attrs["conflicts"] == 0


def test_numbers_are_read_to_the_last_bit(tmp_path, toy_regions, reader):
    border = np.nextafter(1.0, [0, 2])  # one to the west of the border, one to the east
    places = [*border, 0.1 + 0.2, 1.9999999999999998, 2.0000000000000004]
    table = pd.DataFrame({"year": 2020, "longitude": places, "latitude": 0.7})
    table.to_csv(tmp_path / "exact.csv", index=False)
    counts = count_file(tmp_path / "exact.csv", toy_regions("West", "East"))
    assert counts["incidents"].tolist() == [2, 3]
    assert counts.attrs["matched_by"] == {"point": 4, "snapped": 1}


def test_rows_of_other_years_are_set_aside_and_said(tmp_path, toy_regions):
    pd.DataFrame({"year": [2014, 2015, 2016, None], "lon": 0.5, "lat": 0.4}).to_csv(tmp_path / "a.csv", index=False)
    counts = count_file(tmp_path / "a.csv", toy_regions("West"), years=(2015, 2017))
    assert counts["incidents"].tolist() == [1, 1, 0]
    assert counts.attrs["selection"]["rows_set_aside"] == [
        {"why": "without a year", "rows": 1},
        {"why": "outside 2015 to 2017", "rows": 1},
    ]


def test_reasons_beyond_the_most_are_counted_together(monkeypatch):
    monkeypatch.setattr(summing, "MOST_REASONS", 3)
    parts = [summing.Sums.nothing(1, why=summing.Counter({str(n): n + 1, "a": 10})) for n in range(6)]
    total = summing.Sums.nothing(1)
    for part in parts:
        total += part
    assert total.why["a"] == 60
    assert total.why.total() == 60 + 21
    assert len(total.why) == 3
    assert summing.OTHER in total.why


@pytest.mark.parametrize(
    ("content", "options", "message"),
    [
        ("year,lon\n2020,1\n", {}, "neither a point"),
        ("lon,lat\n1,1\n", {}, "neither a year nor a date"),
        ("year,lon,long,lat\n2020,1,1,1\n", {}, "the columns lon and long; either may be the longitude"),
        ("year,lon,lat\n2020,1,1\n", {"kind": "killed"}, "no number of victims who were killed"),
        ("year,lon,lat,total_killed\n2020,1,1,\n", {"kind": "killed"}, "cannot say who was killed"),
        ("year,lon,lat\n2020,1,1\n", {"columns": {"longitude": "x"}}, "no column 'x'"),
        ("year,lon,lat\n,1,1\n", {}, "No incident in bad.csv has a year"),
        ("year,lon,lat\n2020,1,1\n2020,1,1,1,1\n", {}, "bad.csv cannot be read"),
        ("year,lon,lat\n2020,1,1,1,1\n", {}, "bad.csv cannot be read"),
        ("", {}, "bad.csv cannot be read"),
        ("year,lon,lat\n2020,\xff,1\n", {}, "bad.csv cannot be read"),
    ],
)
def test_a_file_that_will_not_do_is_refused_with_the_reason(tmp_path, toy_regions, reader, content, options, message):
    (tmp_path / "bad.csv").write_bytes(content.encode("latin-1"))
    with pytest.raises(ag.InputError, match=message):
        count_file(tmp_path / "bad.csv", toy_regions("West"), **options)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"years": (2020, 2019)}, "wrong way round"),
        ({"kind": "hurt"}, "no kind of incident 'hurt'"),
        ({"rows": 0}, "chunk of 0 rows"),
        ({"columns": {"lon": "lon"}}, "no column 'lon' to name"),
    ],
)
def test_choices_that_do_not_exist_are_refused(tmp_path, toy_regions, options, message):
    (tmp_path / "a.csv").write_text("year,lon,lat\n2020,1,1\n")
    with pytest.raises(ag.RequestError, match=message):
        count_file(tmp_path / "a.csv", toy_regions("West"), **options)


def test_an_absent_or_broken_file_and_an_empty_folder_are_refused(tmp_path, toy_regions):
    with pytest.raises(ag.InputError, match="There is no file"):
        count_file(tmp_path / "none.csv", toy_regions("West"))
    with pytest.raises(ag.InputError, match="no CSV and no Parquet"):
        count_file(tmp_path, toy_regions("West"))
    (tmp_path / "a.csv.gz").write_bytes(b"not gzip")
    with pytest.raises(ag.InputError, match="cannot be read"):
        count_file(tmp_path / "a.csv.gz", toy_regions("West"))


def test_parquet_that_is_broken_or_without_pyarrow_is_refused(tmp_path, toy_regions, monkeypatch):
    (tmp_path / "a.parquet").write_bytes(b"PAR1 not parquet")
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    with pytest.raises(ag.DependencyError, match="awsd-geo\\[scale\\]"):
        count_file(tmp_path / "a.parquet", toy_regions("West"))
    monkeypatch.undo()
    pytest.importorskip("pyarrow", reason="pyarrow is not installed (extra scale)")
    with pytest.raises(ag.InputError, match="cannot be read"):
        count_file(tmp_path / "a.parquet", toy_regions("West"))


def test_dates_of_every_kind_have_their_year():
    dates = [
        "2020-05-03",
        "03.05.2020",
        "5/3/2020",
        "20200503",
        "2020",
        "03 May 2020",
        "3-mai-2020",
        "2020-05-03T01:02Z",
    ]
    table = pd.DataFrame({"date": [*dates, "May", "20", "", None, "12020-01-01", "1/2/20205"], "region": "West"})
    assert typed(table)["year"].dropna().tolist() == [2020] * 8
    assert typed(pd.DataFrame({"date": pd.to_datetime(["2021-01-01", None]), "region": ""}))["year"].tolist()[0] == 2021


def test_progress_is_told_and_a_bar_is_drawn_only_where_there_is_a_terminal(tmp_path, toy_regions, capfd):
    events(100).to_csv(tmp_path / "a.csv", index=False)
    told = []
    count_file(tmp_path / "a.csv", toy_regions("West"), rows=10, progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0
    count_file(tmp_path / "a.csv", toy_regions("West"), progress=True)
    assert capfd.readouterr() == ("", "")


def test_a_bar_is_drawn_after_two_seconds(monkeypatch):
    rich = pytest.importorskip("rich.console")
    from awsd_geo.scale import progress

    out = io.StringIO()
    console = rich.Console
    monkeypatch.setattr(rich, "Console", lambda **_: console(file=out, force_terminal=True))
    monkeypatch.setattr(progress, "PATIENCE", 0.0)
    with progress.bar(wanted=True) as tell:
        tell(0.5)
    assert "Counting" in out.getvalue()


# --- dask ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def dask_table():
    frames = pytest.importorskip("dask.dataframe", reason="dask is not installed (extra scale)")
    return lambda table, parts: frames.from_pandas(table, npartitions=parts)


def test_partitions_are_counted_as_in_memory(dask_table, toy_regions):
    regions, table = toy_regions("West", "East"), events(400)
    same(count_partitions(dask_table(table, 9), regions), in_memory(table, regions))
    years = (2016, 2018)
    same(
        count_partitions(dask_table(table, 1), regions, years=years, kind="killed"),
        in_memory(table, regions, years, "killed"),
    )


def test_a_dask_geopandas_table_is_placed_by_its_geometry(dask_table, toy_regions):
    dask_geopandas = pytest.importorskip("dask_geopandas", reason="dask-geopandas is not installed (extra scale)")
    import geopandas as gpd

    regions, table = toy_regions("West", "East"), events(200).dropna(subset="longitude")
    points = gpd.GeoDataFrame(table[["year"]], geometry=gpd.points_from_xy(table.longitude, table.latitude), crs=4326)
    counts = count_partitions(dask_geopandas.from_geopandas(points, npartitions=5), regions)
    assert counts["incidents"].equals(in_memory(table[["year", "longitude", "latitude"]], regions)["incidents"])


@pytest.mark.filterwarnings("default")  # of the cluster's own processes and sockets
def test_two_workers_of_a_cluster_give_the_same_counts(dask_table, toy_regions, tmp_path):
    distributed = pytest.importorskip("distributed", reason="distributed is not installed (extra scale)")
    regions, table = toy_regions("West", "East"), events(400)
    where = {"dashboard_address": None, "local_directory": str(tmp_path), "threads_per_worker": 1}
    with distributed.LocalCluster(n_workers=2, processes=True, **where) as cluster, distributed.Client(cluster):
        counts = count_partitions(dask_table(table, 8), regions)
    same(counts, in_memory(table, regions))


def test_what_is_no_dask_table_is_refused(toy_regions):
    pytest.importorskip("dask", reason="dask is not installed (extra scale)")
    with pytest.raises(ag.InputError, match="no dask table"):
        count_partitions(events(5), toy_regions("West"))


def test_without_dask_the_extra_is_named(toy_regions, monkeypatch):
    monkeypatch.setitem(sys.modules, "dask", None)
    with pytest.raises(ag.DependencyError, match="awsd-geo\\[scale\\]"):
        count_partitions(events(5), toy_regions("West"))


# --- the command --------------------------------------------------------------------------------------------------


def run(*arguments):
    from typer.testing import CliRunner

    from awsd_geo.cli import app

    return CliRunner().invoke(app, ["count", *map(str, arguments)])


def test_the_command_counts_says_what_is_missing_and_writes(tmp_path):
    """Bamako, Gao, a point in Algeria, a row without a date: two placed of three, one set aside."""
    (tmp_path / "events.csv").write_text(
        "day of event,lon,lat\n2020-01-01,-8.0,12.63\n2021-01-01,0.0,16.25\n2021-05-05,2.0,30.0\n,0.0,16.25\n"
    )
    arguments = [tmp_path / "events.csv", "--vintage", "2016", "--column", "date=day of event"]
    said = run(*arguments).output
    assert "4 rows read; 2 of 3 incidents placed in 2 of 11 units (frame of 2016); 0 with text" in said
    assert "Set aside, without a year: 1." in said
    assert "In no unit: 1. No place is named; the point lies outside the country." in said
    ended = run(*arguments, "--years", "2020:2022", "--out", tmp_path / "counts.csv")
    assert ended.exit_code == 0
    written = pd.read_csv(tmp_path / "counts.csv")
    assert written.columns.tolist() == ["region_id", "year", "incidents", "victims"]
    assert len(written) == 11 * 3
    assert written[written["incidents"] > 0][["region_id", "year"]].to_numpy().tolist() == [
        ["MLI-2016-bamako", 2020], ["MLI-2016-gao", 2021],
    ]  # fmt: skip


def test_a_column_that_is_not_understood_is_refused(tmp_path):
    (tmp_path / "a.csv").write_text("year,lon,lat\n2020,1,1\n")
    ended = run(tmp_path / "a.csv", "--column", "date")
    assert isinstance(ended.exception, ag.RequestError)
    assert "--column date is not understood" in str(ended.exception)
