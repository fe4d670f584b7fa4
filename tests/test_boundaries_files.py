"""Boundaries of the user's own, by hand: what is refused, what is repaired, and what is said of it."""

import contextlib
import json
import struct
import sys
import zipfile

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Point, Polygon, box

from awsd_geo import schema
from awsd_geo.boundaries import from_file
from awsd_geo.boundaries.files import archives, layer, opening
from awsd_geo.errors import AwsdGeoError, DependencyError, InputError, RequestError

WEST, EAST = box(-8, 13, -7, 14), box(-7, 13, -6, 14)  # two squares in Mali
COD = {
    "ADM2_FR": ["Kati", "Dioïla"],
    "ADM2_PCODE": ["ML0201", "ML0202"],
    "ADM1_FR": ["Koulikoro", "Koulikoro"],
    "ADM1_PCODE": ["ML02", "ML02"],
    "ADM0_PCODE": ["ML", "ML"],
}


def frame(shapes=(WEST, EAST), crs=4326, **columns):
    return gpd.GeoDataFrame(columns or COD, geometry=list(shapes), crs=crs)


def written(path, *, features=None, text=None, **members):
    """Write GeoJSON as it is, without the help of a library."""
    if text is None:
        text = json.dumps({"type": "FeatureCollection", "features": features or []} | members)
    path.write_text(text, encoding="utf-8")
    return path


def feature(geometry, **properties):
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def square(west, south, east, north):
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def named(path, *geometries):
    """Write units named A, B, ... with ids 1, 2, ..."""
    units = [feature(shape, n="ABCDEFG"[row], i=f"id{row + 1}") for row, shape in enumerate(geometries)]
    return written(path, features=units)


def load(path, country="MLI", level=2, **options):
    return from_file(path, country=country, level=level, vintage="2024", **options)


def load_named(path, country="MLI", **options):
    return load(path, country, name_column="n", id_column="i", **options)


def refusal(path, country="MLI", error=InputError, **options):
    with pytest.raises(error) as caught:
        load(path, country, **options)
    assert "Traceback" not in str(caught.value)
    return str(caught.value)


def repairs(regions):
    return {repair["what"]: repair["units"] for repair in regions.attrs["repairs"]}


# --- formats ------------------------------------------------------------------------------------------------------


def shapefile(folder, table=None, name="mli_adm2"):
    inside = folder / "inside"
    inside.mkdir()
    (frame() if table is None else table).to_file(inside / f"{name}.shp")
    path = folder / "mli.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for part in sorted(inside.iterdir()):
            archive.write(part, part.name)
    return path


def geojson(folder):
    frame().to_file(folder / "mli.geojson")
    return folder / "mli.geojson"


def geopackage(folder):
    frame().to_file(folder / "mli.gpkg")
    return folder / "mli.gpkg"


def geoparquet(folder):
    pytest.importorskip("pyarrow")
    frame().to_parquet(folder / "mli.parquet")
    return folder / "mli.parquet"


def zipped_geojson(folder):
    with zipfile.ZipFile(folder / "mli.zip", "w") as archive:
        archive.write(geojson(folder), "mli_admin2.geojson")
    return folder / "mli.zip"


@pytest.mark.parametrize("write", [geojson, geopackage, shapefile, geoparquet, zipped_geojson])
def test_every_format_gives_the_same_units(tmp_path, write):
    path = write(tmp_path)
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir() if file.is_file()}
    regions = load(path)
    schema.check(regions, schema.REGIONS)
    assert regions.index.tolist() == ["MLI-2024-cercle-ML0201", "MLI-2024-cercle-ML0202"]
    assert regions["name"].tolist() == ["Kati", "Dioïla"]
    assert regions["parent_id"].tolist() == ["MLI-2024-ML02"] * 2
    assert regions["level_1_name"].tolist() == ["Koulikoro"] * 2
    assert regions["pcode_2024"].tolist() == ["ML0201", "ML0202"]
    assert shapely.equals(regions.geometry.to_numpy(), np.array([WEST, EAST])).all()
    assert regions.attrs["repairs"] == []
    assert set(regions.attrs["sha256"]) == {path.name}
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir() if file.is_file()} == before


def test_the_format_is_told_from_the_content_not_from_the_name(tmp_path):
    misnamed = geopackage(tmp_path).rename(tmp_path / "mli.geojson")
    assert len(load(misnamed)) == 2


def test_without_pyarrow_geoparquet_is_refused_with_what_to_do(tmp_path, monkeypatch):
    path = geoparquet(tmp_path)
    for name in [name for name in sys.modules if name.split(".")[0] == "pyarrow"]:
        monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    assert "which needs pyarrow" in refusal(path, error=DependencyError)


def test_of_several_layers_the_one_that_names_the_level_is_read(tmp_path):
    path = tmp_path / "mli.gpkg"
    frame(shapes=[shapely.union(WEST, EAST)], ADM1_FR=["K"], ADM1_PCODE=["ML02"]).to_file(path, layer="mli_adm1")
    frame().to_file(path, layer="mli_adm2")
    assert (len(load(path)), len(load(path, level=1))) == (2, 1)
    assert "which one holds level 3 is not clear: mli_adm1, mli_adm2. Name one: layer=" in refusal(path, level=3)
    assert "has no layer 'x'. It has: mli_adm1, mli_adm2." in refusal(path, layer="x")
    assert len(load(path, layer="MLI_ADM2")) == 2


# --- columns ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("columns", "name", "code"),
    [
        ({"ADM2_EN": ["a", "b"], "ADM2_PCODE": ["1", "2"]}, "ADM2_EN", "pcode_2024"),
        ({"adm2_name": ["a", "b"], "adm2_pcode": ["1", "2"], "adm2_name1": ["x", "y"]}, "adm2_name", "pcode_2024"),
        ({"ADM2_AR": ["x", "y"], "ADM2_EN": ["a", "b"], "ADM2_PCODE": ["1", "2"]}, "ADM2_EN", "pcode_2024"),
        ({"admin2Name_fr": ["a", "b"], "admin2Pcode": ["1", "2"]}, "admin2Name_fr", "pcode_2024"),
        (
            {"shapeName": ["a", "b"], "shapeID": ["1", "2"], "shapeType": "ADM2", "shapeGroup": "MLI"},
            "shapeName",
            "shape_id",
        ),
        ({"NAME_2": ["a", "b"], "GID_2": ["1", "2"], "NAME_1": "k", "GID_1": "K"}, "NAME_2", "gid"),
    ],
)
def test_publishers_are_recognised_by_their_columns(tmp_path, columns, name, code):
    frame(**columns).to_file(tmp_path / "a.geojson")
    regions = load(tmp_path / "a.geojson")
    assert regions.attrs["columns"]["name"] == name
    assert regions["name"].tolist() == ["a", "b"]
    assert regions[code].tolist() == ["1", "2"]


def test_other_languages_are_kept_as_other_names(tmp_path):
    frame(ADM2_EN=["Kati", "b"], ADM2_AR=["كاتي", None], ADM2_REF=["Kati", "c"], ADM2_PCODE=["1", "2"]).to_file(
        tmp_path / "a.geojson"
    )
    assert load(tmp_path / "a.geojson")["spellings"].tolist() == [("كاتي",), ("c",)]


def test_unknown_columns_are_listed_with_how_to_name_them(tmp_path):
    path = named(tmp_path / "a.geojson", square(-8, 13, -7, 14))
    message = refusal(path)
    assert "OCHA COD-AB: ADM2_EN or adm2_name, geoBoundaries: shapeName" in message
    assert "It has: n, i. Name the column: name_column='n' (--name-column)" in message
    assert "has no column 'NOM'. It has: n, i." in refusal(path, name_column="NOM")
    assert load(path, name_column="N")["name"].tolist() == ["A"]  # case does not matter where it is clear


def test_a_file_of_another_country_or_level_is_refused(tmp_path):
    frame().to_file(tmp_path / "a.geojson")
    assert "has ML in the column ADM0_PCODE, so it is not of Niger (NER)" in refusal(tmp_path / "a.geojson", "NER")
    assert "has the column ADM2_PCODE, so its units are of level 2 or below, not 1" in refusal(
        tmp_path / "a.geojson", level=1
    )
    frame(shapeName=["a", "b"], shapeID=["1", "2"], shapeType="ADM3").to_file(tmp_path / "b.geojson")
    assert "has ADM3 in the column shapeType, so it is not of level 2" in refusal(tmp_path / "b.geojson")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"country": "Atlantis"}, "Atlantis"),
        ({"level": 0}, "There is no level 0"),
        ({"level": True}, "There is no level True"),
        ({"vintage": "new"}, "The vintage 'new' is not understood"),
        ({"vintage": "../2024"}, "is not understood"),
    ],
)
def test_a_request_that_is_not_understood_is_refused(tmp_path, options, message):
    with pytest.raises(RequestError, match=message):
        from_file(geojson(tmp_path), **({"country": "MLI", "level": 2, "vintage": "2024"} | options))


def test_missing_and_double_names_and_ids_are_refused(tmp_path):
    frame(n=["a", None], i=["1", "2"]).to_file(tmp_path / "a.geojson")
    message = refusal(tmp_path / "a.geojson", name_column="n", id_column="i")
    assert "has 1 feature without a name in the column n (feature 2)" in message
    frame(n=["a", "b"], i=["1", " "]).to_file(tmp_path / "b.geojson")
    assert "without an id in the column i" in refusal(tmp_path / "b.geojson", name_column="n", id_column="i")
    frame(n=["a", "b"], i=["ML1", "ML1"]).to_file(tmp_path / "c.geojson")
    message = refusal(tmp_path / "c.geojson", name_column="n", id_column="i")
    assert "has the id 'ML1' 2 times in the column i (for a, b)" in message
    frame(n=["Bamba", "bamba"]).to_file(tmp_path / "d.geojson")
    assert "has 2 units called 'Bamba' and no column of ids" in refusal(tmp_path / "d.geojson", name_column="n")
    frame(n=["x" * 10_000, "b"]).to_file(tmp_path / "e.geojson")
    assert "has a name of 10,000 characters" in refusal(tmp_path / "e.geojson", name_column="n")


def test_parts_of_one_unit_as_features_of_their_own_are_put_together(tmp_path):
    frame(n=["a", "a"], i=["1", "1"]).to_file(tmp_path / "a.geojson")
    regions = load(tmp_path / "a.geojson", name_column="n", id_column="i")
    assert repairs(regions) == {"features with the same id and name put together": ["a"]}
    assert shapely.area(regions.geometry.to_numpy()).tolist() == [2.0]


def test_whole_numbers_are_ids_without_a_point(tmp_path):
    frame(n=["a", "b"], i=[1.0, 2.0]).to_file(tmp_path / "a.gpkg")
    assert load(tmp_path / "a.gpkg", name_column="n", id_column="i").index.tolist() == [
        "MLI-2024-cercle-1",
        "MLI-2024-cercle-2",
    ]


@pytest.mark.parametrize(
    "name", ["{{ 7*7 }}", "<script>alert(1)</script>", "=1+1", "a`b", "NULL", "nan", "مبتي", "🜁 x"]
)
def test_hostile_names_stay_plain_text(tmp_path, name):
    frame(n=[name, "b"], i=["1", "2"]).to_file(tmp_path / "a.geojson")
    assert load(tmp_path / "a.geojson", name_column="n", id_column="i")["name"].iloc[0] == name


# --- where it is --------------------------------------------------------------------------------------------------


def test_no_crs_is_refused_with_what_to_do(tmp_path):
    with pytest.warns(UserWarning, match="'crs' was not provided"):
        path = shapefile(tmp_path, frame(crs=None))
    assert "does not say its CRS (a shapefile needs its .prj)" in refusal(path)
    members = {"crs": None}
    path = written(tmp_path / "a.geojson", features=[feature(square(-8, 13, -7, 14), n="a")], **members)
    assert "does not say its CRS" in refusal(path, name_column="n")


def test_metres_labelled_as_degrees_are_refused(tmp_path):
    path = named(tmp_path / "a.geojson", square(500_000, 1_500_000, 600_000, 1_600_000))
    assert "says that its coordinates are degrees (EPSG:4326), but they reach 1,600,000" in refusal(
        path, name_column="n"
    )


def test_degrees_labelled_as_metres_are_refused(tmp_path):
    frame().set_crs(32630, allow_override=True).to_file(tmp_path / "a.gpkg")
    message = refusal(tmp_path / "a.gpkg")
    assert "says that its coordinates are lengths (EPSG:32630), but none is over 360" in message


def test_another_crs_is_brought_to_degrees(tmp_path):
    frame().to_crs(32630).to_file(tmp_path / "a.gpkg")
    regions = load(tmp_path / "a.gpkg")
    assert repairs(regions)["reprojected from EPSG:32630 to degrees (WGS84)"] == ["Kati", "Dioïla"]
    assert regions.total_bounds == pytest.approx([-8, 13, -6, 14], abs=1e-6)
    assert regions.crs.to_epsg() == 4326


def test_swapped_axes_are_exchanged_where_the_country_is_known(tmp_path):
    regions = load_named(named(tmp_path / "a.geojson", square(13, -8, 14, -7)))
    (what,) = repairs(regions)
    assert what.startswith("latitude and longitude stood the wrong way round (seen from where Mali is)")
    assert regions.total_bounds.tolist() == [-8, 13, -7, 14]


def test_a_country_on_the_diagonal_is_not_exchanged(tmp_path):
    """Nigeria (3 to 15 east, 4 to 14 north) lies over its own mirror image."""
    from awsd_geo.boundaries import load_regions

    nigeria = load_regions("NGA", level=1)
    table = gpd.GeoDataFrame({"n": nigeria["name"], "i": nigeria.index}, geometry=nigeria.geometry.to_numpy(), crs=4326)
    table.to_file(tmp_path / "a.geojson")
    straight = load_named(tmp_path / "a.geojson", "NGA")
    assert not any("wrong way" in what for what in repairs(straight))
    table.geometry = shapely.transform(table.geometry.to_numpy(), lambda points: points[:, ::-1])
    table.to_file(tmp_path / "b.geojson")
    exchanged = load_named(tmp_path / "b.geojson", "NGA")
    assert any("wrong way" in what for what in repairs(exchanged))
    assert exchanged.total_bounds == pytest.approx(straight.total_bounds, abs=1e-6)


def test_swapped_axes_are_exchanged_where_a_latitude_would_be_over_90(tmp_path):
    regions = load_named(named(tmp_path / "a.geojson", square(-18, 177, -17, 178)), "QZZ")
    assert "a latitude is at most 90" in next(iter(repairs(regions)))
    assert regions.total_bounds.tolist() == [177, -18, 178, -17]


def test_units_elsewhere_are_refused(tmp_path):
    message = refusal(named(tmp_path / "a.geojson", square(30, 50, 31, 51)), name_column="n")
    assert "lie from 30.0 to 31.0 degrees east and 50.0 to 51.0 north, and 100% of their area is not in Mali" in message


def test_a_polygon_around_the_world_is_cut_at_the_180th_meridian(tmp_path):
    """From 179 east to 179 west the short way is 2 degrees; drawn plainly it spans 358."""
    regions = load_named(named(tmp_path / "a.geojson", square(-179, -18, 179, -17)), "QZZ")
    assert repairs(regions) == {"crossed the 180th meridian; cut there": ["A"]}
    shape = regions.geometry.iloc[0]
    assert shape.area == pytest.approx(2)
    assert sorted(part.bounds for part in shape.geoms) == [(-180, -18, -179, -17), (179, -18, 180, -17)]


def test_parts_beyond_180_are_brought_to_the_other_side(tmp_path):
    regions = load_named(named(tmp_path / "a.geojson", square(179, -18, 181, -17)), "QZZ")
    assert sorted(part.bounds for part in regions.geometry.iloc[0].geoms) == [
        (-180, -18, -179, -17),
        (179, -18, 180, -17),
    ]


def test_a_unit_already_cut_is_left_as_it_is(tmp_path):
    both = {"type": "MultiPolygon", "coordinates": [
        square(179, -18, 180, -17)["coordinates"], square(-180, -18, -179, -17)["coordinates"],
    ]}  # fmt: skip
    assert load_named(named(tmp_path / "a.geojson", both), "QZZ").attrs["repairs"] == []


@settings(max_examples=50, deadline=None)
@given(st.floats(-179.9, 179.9), st.floats(0.5, 80), st.floats(-80, 70), st.floats(0.5, 10))
def test_cutting_keeps_the_area_wherever_the_unit_lies(west, width, south, height):
    from awsd_geo.boundaries.files.layer import Report
    from awsd_geo.boundaries.files.meridian import cut_at_meridian

    shape = cut_at_meridian(["a"], np.array([box(west, south, west + width, south + height)]), Report())[0]
    assert shape.area == pytest.approx(width * height)
    assert -180 <= shape.bounds[0] <= shape.bounds[2] <= 180
    if west + width > 180:  # the same, as it is drawn when every longitude is brought within -180 to 180
        ring = [[(x + 180) % 360 - 180, y] for x, y in box(west, south, west + width, south + height).exterior.coords]
        if abs(np.ptp(np.array(ring)[:, 0])) > 180:
            again = cut_at_meridian(["a"], np.array([Polygon(ring)]), Report())[0]
            assert again.symmetric_difference(shape).area == pytest.approx(0, abs=1e-6)


# --- shapes -------------------------------------------------------------------------------------------------------


def test_heights_are_left_out(tmp_path):
    frame(shapes=[shapely.force_3d(WEST, 5), EAST]).to_file(tmp_path / "a.gpkg")
    regions = load(tmp_path / "a.gpkg")
    assert "heights left out" in repairs(regions)
    assert not regions.geometry.has_z.any()


def test_a_unit_without_geometry_is_refused_by_name(tmp_path):
    path = named(tmp_path / "a.geojson", square(-8, 13, -7, 14), None)
    assert "has 1 unit without a geometry: B." in refusal(path, name_column="n")
    path = named(tmp_path / "b.geojson", {"type": "Polygon", "coordinates": []})
    assert "has 1 unit without a geometry: A." in refusal(path, name_column="n")


def test_points_and_lines_are_refused(tmp_path):
    frame(shapes=[WEST, Point(-6.5, 13.5)]).to_file(tmp_path / "a.geojson")
    assert "'Dioïla' of a.geojson is a Point, not a polygon" in refusal(tmp_path / "a.geojson")


def test_polygons_are_taken_out_of_a_collection(tmp_path):
    mixed = {
        "type": "GeometryCollection",
        "geometries": [square(-8, 13, -7, 14), {"type": "Point", "coordinates": [-8, 13]}],
    }
    regions = load_named(named(tmp_path / "a.geojson", mixed))
    assert repairs(regions) == {"points and lines among its polygons left out": ["A"]}
    assert regions.geometry.iloc[0].equals(WEST)


def test_a_small_bow_tie_is_repaired_and_a_large_one_refused(tmp_path):
    """A spike of 0.01 by 0.001 degrees crossing itself changes a square of 1 by less than 1 %."""
    spike = [[-8, 13], [-7, 13], [-7, 13.5], [-6.99, 13.501], [-6.99, 13.5], [-7, 13.501], [-7, 14], [-8, 14], [-8, 13]]
    regions = load_named(named(tmp_path / "a.geojson", {"type": "Polygon", "coordinates": [spike]}))
    (what,) = repairs(regions)
    assert what.startswith("outline crossed or touched itself; repaired (area changed by at most")
    assert regions.is_valid.all()
    assert regions.geometry.iloc[0].area == pytest.approx(1, rel=1e-4)
    tie = [[-8, 13], [-7, 14], [-7, 13], [-8, 14], [-8, 13]]
    message = refusal(named(tmp_path / "b.geojson", {"type": "Polygon", "coordinates": [tie]}), name_column="n")
    assert "The outline of 'A' in b.geojson crosses itself (Self-intersection[-7.5 13.5])" in message
    assert "change its area by 100%" in message


def test_coordinates_that_are_no_numbers_are_refused(tmp_path):
    for number in ("NaN", "1e999"):
        text = json.dumps({"type": "FeatureCollection", "features": [feature(square(-8, 13, -7, 77), n="a")]})
        path = written(tmp_path / "a.geojson", text=text.replace("77", number))
        assert "has coordinates that are no numbers, in a" in refusal(path, name_column="n")


# --- side by side -------------------------------------------------------------------------------------------------


def test_slivers_of_overlap_are_cut_and_reported(tmp_path):
    """0.001 degree by 1 degree at 13.5 north: 0.108 km by 111.2 km is 12.0 km2."""
    frame(shapes=[WEST, box(-7.001, 13, -6, 14)]).to_file(tmp_path / "a.geojson")
    regions = load(tmp_path / "a.geojson")
    assert repairs(regions) == {"overlaps of neighbours (1, 12 km2 in all) cut": ["Kati", "Dioïla"]}
    assert shapely.coverage_is_valid(regions.geometry.to_numpy())
    assert shapely.area(regions.geometry.to_numpy()).sum() == pytest.approx(2)


def test_large_overlaps_are_refused_naming_both(tmp_path):
    frame(shapes=[WEST, box(-7.2, 13, -6, 14)]).to_file(tmp_path / "a.geojson")
    assert "'Kati' and 'Dioïla' of a.geojson overlap by 2,404.5 km2 (20% of the smaller)" in refusal(
        tmp_path / "a.geojson"
    )


def test_a_town_drawn_over_its_district_is_refused(tmp_path):
    """As Bamako over Koulikoro without a hole for it."""
    frame(shapes=[WEST, box(-7.6, 13.4, -7.5, 13.5)]).to_file(tmp_path / "a.geojson")
    assert "(100% of the smaller): an incident there would be in both" in refusal(tmp_path / "a.geojson")


def test_narrow_gaps_are_closed_and_wide_ones_kept(tmp_path):
    notch = Polygon([(-7, 13), (-6, 13), (-6, 14), (-7, 14), (-6.999, 13.5)])
    frame(shapes=[WEST, notch]).to_file(tmp_path / "a.geojson")
    regions = load(tmp_path / "a.geojson")
    (what,) = repairs(regions)
    assert what.startswith("narrow gaps between neighbours (1, 6.01 km2 in all) closed")
    assert shapely.area(regions.geometry.to_numpy()).sum() == pytest.approx(2)
    lake = Polygon([(-7, 13), (-6, 13), (-6, 14), (-7, 14), (-6.8, 13.5)])
    frame(shapes=[WEST, lake]).to_file(tmp_path / "b.geojson")
    regions = load(tmp_path / "b.geojson")
    (what,) = repairs(regions)
    assert "left open (a lake, or another country?)" in what
    assert shapely.area(regions.geometry.to_numpy()).sum() == pytest.approx(1.9)


def test_borders_that_differ_by_rounding_are_matched(tmp_path):
    middle = Polygon([(-7, 13), (-6, 13), (-6, 14), (-7, 14), (-7.00000001, 13.5)])
    frame(shapes=[WEST, middle]).to_file(tmp_path / "a.gpkg")
    regions = load(tmp_path / "a.gpkg")
    assert repairs(regions) == {
        "borders of neighbours matched point by point (they differed by rounding)": ["Kati", "Dioïla"]
    }
    assert shapely.coverage_is_valid(regions.geometry.to_numpy())


@settings(max_examples=25, deadline=None)
@given(st.lists(st.floats(-0.002, 0.002), min_size=4, max_size=4))
def test_a_unit_whose_sides_are_shaken_fits_its_eight_neighbours_again(shifts):
    """Nine squares; the sides of the middle one are moved by up to 200 m: slivers of overlap and of gap."""
    from awsd_geo.boundaries.files.coverage import fit_together
    from awsd_geo.boundaries.files.layer import Report

    shapes = np.array([box(column, row, column + 1, row + 1) for row in range(3) for column in range(3)], dtype=object)
    shapes[4] = box(*np.array([1, 1, 2, 2]) + shifts)
    fitted = fit_together("x", list("abcdefghi"), shapes, Report())
    assert shapely.coverage_is_valid(fitted)
    assert shapely.area(fitted).sum() == pytest.approx(9, abs=1e-9)
    assert shapely.union_all(fitted).equals(box(0, 0, 3, 3))
    assert abs(shapely.area(fitted) - 1).max() < 0.01


# --- what wants to do harm ----------------------------------------------------------------------------------------

VRT = """<OGRVRTDataSource><OGRVRTLayer name="a"><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer>
</OGRVRTDataSource>"""


def test_a_vrt_disguised_as_geojson_is_refused_before_gdal_sees_it(tmp_path, monkeypatch):
    import pyogrio

    monkeypatch.setattr(pyogrio, "read_info", None)
    monkeypatch.setattr(pyogrio, "read_dataframe", None)
    for name in ("a.geojson", "a.gpkg", "a.shp"):
        (tmp_path / name).write_text(VRT, encoding="utf-8")
        assert f"{name} is XML or a web page" in refusal(tmp_path / name)
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for part in ("a.shp", "a.dbf", "a.prj"):
            archive.writestr(part, VRT)
    assert "a.zip is XML or a web page" in refusal(tmp_path / "a.zip")


def test_a_command_to_gdal_is_refused(tmp_path):
    path = written(tmp_path / "a.geojson", text='{"type": "gdal_streamed_alg", "command_line": "gdal vector info x"}')
    assert "which is a command to GDAL" in refusal(path)


def test_a_very_deep_json_is_refused(tmp_path):
    for text in ("[" * 200_000 + "]" * 200_000, '{"a":' * 200_000 + "1" + "}" * 200_000):
        assert "nested far deeper" in refusal(written(tmp_path / "a.geojson", text=text))
    coordinates = "[" * 900 + "]" * 900
    text = json.dumps(
        {"type": "FeatureCollection", "features": [feature({"type": "Polygon", "coordinates": 0}, n="a")]}
    )
    text = text.replace('"coordinates": 0', f'"coordinates": {coordinates}')
    assert "geometry" in refusal(written(tmp_path / "b.geojson", text=text), name_column="n")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "is empty"),
        (b"   ", "is of no format"),
        (b'{"type": "Feature\0Collection"}', "holds null bytes"),
        (b'{"type": "FeatureCollection", "features": [', "is not valid JSON"),
        (b'{"type": "FeatureCollection", "features": []}', "has no feature"),
        (b'{"type": "FeatureCollection", "features": [1]}', "is no GeoJSON feature"),
        (b'{"type": "Topology"}', "which is TopoJSON"),
        (b'{"type": "FeatureCollection", "features": [{"type": "Feature"}], "crs": {"type": "link"}}', "The CRS of"),
        (b"[1, 2]", "is JSON, but not GeoJSON"),
        (b'{"n": "\xe9"}', "is not in UTF-8"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n", "a pointer to a file"),
        (b"%PDF-1.7", "is a PDF"),
        (b"PK\x03\x04 nonsense", "is a damaged zip archive"),
        (b"SQLite format 3\0" + b"\0" * 500, "GeoPackage"),
        (b"PAR1nonsensePAR1", "is Parquet, but not GeoParquet, or damaged"),
        (struct.pack(">i", 9994) + b"\0" * 96, "one part of a shapefile; zip its"),
        (b"\x00\x01\x02", "is of no format that can be read"),
    ],
)
def test_other_content_is_refused_with_what_it_is(tmp_path, data, message):
    if data.startswith(b"PAR1"):
        pytest.importorskip("pyarrow", reason="pyarrow is not installed (extra scale)")
    (tmp_path / "a.geojson").write_bytes(data)
    assert message in refusal(tmp_path / "a.geojson", name_column="n")


@pytest.mark.parametrize(
    ("geometry", "told"),
    [
        ({"type": "Polygon", "coordinates": [[["x", 1], [2, 3], [4, 5], ["x", 1]]]}, "cannot be read"),
        ({"type": "Polygon", "coordinates": [[[0, 1], [2, 3]]]}, "cannot be read"),
        ({"type": "Polygon"}, "cannot be read"),
        ({"type": "Circle", "coordinates": [1]}, "cannot be read"),
        ([1], "cannot be read"),
    ],
)
def test_a_geometry_that_is_none_is_refused_by_its_number(tmp_path, geometry, told):
    message = refusal(named(tmp_path / "a.geojson", square(-8, 13, -7, 14), geometry), name_column="n")
    assert f"The geometry of feature 2 of a.geojson {told}" in message


def test_paths_that_are_no_file_are_refused(tmp_path):
    assert "There is no file" in refusal(tmp_path / "none.geojson")
    assert "is a folder" in refusal(tmp_path)
    assert "is an address, not a file" in refusal("/vsicurl/https://example.org/a.geojson")
    assert "is an address, not a file" in refusal("https://example.org/a.geojson")
    assert "null character" in refusal("a\0b")


def test_huge_files_are_refused_before_they_are_read(tmp_path, monkeypatch):
    path = geojson(tmp_path)
    monkeypatch.setattr(opening, "LARGEST_FILE", 100)
    assert "is larger than 0 MiB" in refusal(path)
    monkeypatch.undo()
    monkeypatch.setattr("awsd_geo.boundaries.files.geojson.MOST_UNITS", 1)
    assert "has 2 features; at most 1 units can be read" in refusal(path)


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a_adm2.geojson", b" " * (64 * 2**20))
    assert path.stat().st_size < 100_000
    assert "would unpack to 1,0" in refusal(path)  # some 1,000 times its size


def test_an_archive_far_too_large_or_with_far_too_many_files_is_refused(tmp_path, monkeypatch):
    path = zipped_geojson(tmp_path)
    monkeypatch.setattr(archives, "LARGEST_UNPACKED", 100)
    assert "would unpack to 0 MiB, so it was not" in refusal(path)
    monkeypatch.undo()
    monkeypatch.setattr(archives, "MOST_MEMBERS", 0)
    assert "holds 1 files" in refusal(path)
    assert layer.LARGEST_UNPACKED == 2**30


def test_an_archive_that_lies_about_its_sizes_is_refused(tmp_path):
    """The size of the one member is overwritten by 10 in the archive's directory."""
    path = zipped_geojson(tmp_path)
    with zipfile.ZipFile(path) as archive:
        size = archive.infolist()[0].file_size
    path.write_bytes(path.read_bytes().replace(struct.pack("<I", size), struct.pack("<I", 10)))
    assert any(word in refusal(path) for word in ("lies about the size", "damaged", "cut off"))


@pytest.mark.parametrize("name", ["../a_adm2.geojson", "/etc/a_adm2.geojson", "..\\a.geojson", "C:\\a.geojson"])
def test_an_archive_that_names_places_outside_itself_is_refused(tmp_path, name):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(name, "{}")
    assert "names a place outside itself" in refusal(tmp_path / "a.zip")


def test_archives_without_boundaries_are_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a.txt", "x")
    assert "holds no shapefile, GeoJSON or GeoPackage, but a.txt." in refusal(tmp_path / "a.zip")
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.writestr("b.shp", struct.pack(">i", 9994))
    assert "lacks the .dbf of b.shp" in refusal(tmp_path / "b.zip")
    with zipfile.ZipFile(tmp_path / "c.zip", "w") as archive:
        archive.writestr("inner.zip", "x")
    assert "Unpack it once" in refusal(tmp_path / "c.zip")


def test_a_locked_archive_is_refused(tmp_path):
    path = zipped_geojson(tmp_path)
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1  # the flag of encryption in the archive's directory
    path.write_bytes(bytes(data))
    assert "is locked with a password" in refusal(path)


def damaged(content, dice):
    """Cut short, or with some bytes changed."""
    data = bytearray(content)
    if dice.random() < 0.2:
        return bytes(data[: dice.randrange(len(data))])
    for _ in range(dice.choice([1, 5, 30])):
        data[dice.randrange(len(data))] = dice.randrange(256)
    return bytes(data)


@pytest.mark.parametrize("write", [geojson, geopackage, geoparquet, shapefile])
def test_no_damage_leads_to_anything_but_a_refusal(tmp_path, write):
    """Of a shapefile the parts are damaged, so that the archive's own checksums do not catch it."""
    from random import Random

    path, dice = write(tmp_path), Random(0)
    parts = {part.name: part.read_bytes() for part in (tmp_path / "inside").glob("*")} or {"": path.read_bytes()}
    for number in range(40):
        name = sorted(parts)[number % len(parts)]
        hurt = damaged(parts[name], dice)
        if name:
            with zipfile.ZipFile(path, "w") as archive:
                for part, content in parts.items():
                    archive.writestr(part, hurt if part == name else content)
        else:
            path.write_bytes(hurt)
        with contextlib.suppress(AwsdGeoError):
            load(path)


@pytest.mark.parametrize("level", [1, 2, 3])
def test_what_comes_with_awsd_geo_is_read_as_it_is(level):
    """Nothing to repair in 20 regions, 50 cercles and 701 communes."""
    from awsd_geo.boundaries import find_country, load_regions

    country = find_country("MLI")
    frame = country.vintage("2023")
    path = frame.folder / frame.files[level]
    regions = load(path, level=level, name_column="name", id_column="key")
    assert regions.attrs["repairs"] == []
    assert sorted(regions["name"]) == sorted(load_regions("MLI", level=level, vintage="2023")["name"])


def test_joiners_of_letters_stay_and_marks_that_turn_text_round_go(tmp_path):
    """Persian writes names with a zero-width non-joiner; U+202E would show the rest of a line backwards."""
    frame(n=["می\u200cخ", "ab\u202ecd"], i=["1", "2"]).to_file(tmp_path / "a.geojson")
    assert load(tmp_path / "a.geojson", name_column="n", id_column="i")["name"].tolist() == ["می\u200cخ", "abcd"]


def test_half_of_a_surrogate_pair_in_json_is_a_letter_that_cannot_be_read(tmp_path):
    names, squares = ["Ka\ud800ti", "Dioïla"], [WEST, EAST]
    features = [
        {"type": "Feature", "properties": {"n\udc00": name}, "geometry": shapely.geometry.mapping(square)}
        for name, square in zip(names, squares, strict=True)
    ]
    path = tmp_path / "own.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    found = from_file(path, country="MLI", level=1, vintage="2024", name_column="n\ufffd")
    assert set(found["name"]) == {"Ka\ufffdti", "Dioïla"}
