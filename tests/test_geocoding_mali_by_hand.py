"""Every incident of Mali where a person would place it: the hard ones by hand, the rest where their district says.

The table holds facts about places and the reasoning, no row of the database.
"""

import pandas as pd
import pytest

import awsd_geo as ag
from awsd_geo.text import fold

pytestmark = pytest.mark.realdata
VINTAGES = ("1991", "2016", "2023")

# cercle -> its region in the frames of 1991, 2016 and 2023
REGIONS = {
    "Ansongo": ("Gao", "Gao", "Gao"),
    "Bamako": ("Bamako", "Bamako", "Bamako"),
    "Bandiagara": ("Mopti", "Mopti", "Bandiagara"),
    "Bankass": ("Mopti", "Mopti", "Bandiagara"),
    "Douentza": ("Mopti", "Mopti", "Douentza"),
    "Gao": ("Gao", "Gao", "Gao"),
    "Kati": ("Koulikoro", "Koulikoro", "Koulikoro"),
    "Koro": ("Mopti", "Mopti", "Bandiagara"),
    "Mopti": ("Mopti", "Mopti", "Mopti"),
    "Ménaka": ("Gao", "Ménaka", "Ménaka"),
    "Nara": ("Koulikoro", "Koulikoro", "Nara"),
    "Niono": ("Ségou", "Ségou", "Ségou"),
    "Tombouctou": ("Tombouctou", "Tombouctou", "Tombouctou"),
    "Tominian": ("Ségou", "Ségou", "San"),
    "Ténenkou": ("Mopti", "Mopti", "Mopti"),
    "Youwarou": ("Mopti", "Mopti", "Mopti"),
}

# incident -> (cercle, why)
HARD = {
    753: ("Tombouctou", "region only; the point lies in the town"),
    889: ("Ménaka", "district Ménaka, in Gao until 2016: the old region's name is no conflict"),
    1626: ("Nara", "40 km E of Nara, district and point agree"),
    1648: ("Gao", "road from Kidal to Gao; district and point decide between the two ends"),
    1962: ("Bamako", "'Capital District' is a word for Bamako, not another place"),
    2465: ("Kati", "Yirimadio at the edge of Bamako; text and point say Kati"),
    2489: ("Ménaka", "Ménaka as 889"),
    2492: ("Gao", "region only; the point lies in the town"),
    2550: ("Bamako", "Kalaban Koura is a quarter of Bamako; the point, south of it, is wrong"),
    2553: ("Mopti", "Dialloubé is a commune of Mopti; the point is 284 km away in Nara"),
    2745: ("Ansongo", "Tessit is a commune of Ansongo; the point 11 km outside is approximate"),
    2785: ("Ténenkou", "no district; Sahouna is not listed, the point decides inside Mopti"),
    2971: ("Gao", "no district; the village is not listed, the point decides inside Gao"),
    2972: ("Mopti", "region only; the point lies in the town"),
    3034: ("Bankass", "Baye is a commune of Bankass; the point is that of a village Baye north"),
    3086: ("Douentza", "between Douma and Petaka, both in Douentza; the point is 51 km off"),
    3122: ("Ansongo", "between Ansongo and Gao, district Ansongo, point on the border"),
    3192: ("Mopti", "region only; the point lies in the town"),
    3204: ("Bandiagara", "Parou on the road Bandiagara-Bankass; the point is that of another Parou"),
    3221: ("Mopti", "'Severe' is Sévaré; district and point agree"),
    3241: ("Mopti", "border of Mopti and Tombouctou: the cercle of Mopti meets it too; text stands"),
    3267: ("Youwarou", "Dogo is a commune of Bougouni too; district and point say Youwarou"),
    3337: ("Ansongo", "Hourara is in Ansongo (as in 3711); the point is that of the town of Gao"),
    3342: ("Ténenkou", "50 km NE of Ténenkou is still Ténenkou; the point lies east of it"),
    3373: ("Ténenkou", "Kera, said to be in Ténenkou; the point is that of a namesake in Djenné"),
    3402: ("Bankass", "38 km SW of Bankass is in Bankass, and so is the point: against the district"),
    3571: ("Koro", "Omo, 15 km from Koro: village and point agree against the district"),
    3646: ("Niono", "Nampala is the commune Nampalari of Niono, written as a district"),
    3690: ("Bandiagara", "Kori(-Kori) by its point; 'Mopti' is the region written twice"),
    3949: ("Tombouctou", "between two cercles, the district names one of them"),
    3973: ("Ténenkou", "from Ténenkou to Ké-Macina never meets the cercle of Mopti; point in Ténenkou"),
    3974: ("Tombouctou", "'Goudam' is Goundam; the district names the other end"),
    4057: ("Ansongo", "road Gao-Ansongo; the district names one end, the point lies nearer the other"),
    4388: ("Bankass", "Bagourou is in Bankass, on the point; 'Mopti' is the region written twice"),
    4402: ("Tominian", "Koula is a commune of Tominian; the point is near the town of Ségou"),
    4468: ("Niono", "between Niono and Ténenkou, district Niono; the point lies on the way, in Macina"),
}
CONFLICTS = {  # text and point, or text and text, disagree, and the table must say so
    2550, 2553, 2745, 3034, 3086, 3122, 3204, 3241, 3337, 3342, 3373, 3402, 3571, 3690, 3949, 3973, 3974, 4057, 4388,
    4402, 4468,
}  # fmt: skip


@pytest.fixture(scope="module")
def mali(shared):
    return ag.select(ag.read_incidents(shared / "data/awsd/awsd_global_2025-08-26.csv"), country="MLI")


def places(mali, level, vintage):
    regions = ag.load_regions("MLI", level=level, vintage=vintage)
    located = ag.geocode(mali, regions)
    return located, located["region_id"].map(regions["name"].to_dict())


@pytest.mark.parametrize("vintage", VINTAGES)
def test_the_hard_ones_are_in_the_cercle_that_a_person_finds(mali, vintage):
    _, names = places(mali, 2, vintage)
    assert {number: names[number] for number in HARD} == {number: row[0] for number, row in HARD.items()}


@pytest.mark.parametrize(("column", "vintage"), [(0, "1991"), (1, "2016"), (2, "2023")])
def test_the_hard_ones_are_in_the_region_that_a_person_finds(mali, column, vintage):
    _, names = places(mali, 1, vintage)
    expected = {number: REGIONS[cercle][column] for number, (cercle, _) in HARD.items()}
    assert {number: names[number] for number in HARD} == expected


def test_all_others_are_where_their_district_says(mali):
    located, names = places(mali, 2, "2016")
    same = {"niafounke": "niafunke"}
    plain = located[located["district"].notna() & ~located.index.isin(HARD)]
    said = plain["district"].map(lambda text: same.get(fold(text), fold(text)))
    assert plain.index[said.to_numpy() != names[plain.index].map(fold).to_numpy()].tolist() == []
    assert len(plain) + len(HARD) + 3 == len(located) == 129  # three name no place at all


def test_what_disagrees_is_said_and_nothing_else(mali):
    located, _ = places(mali, 2, "2016")
    assert set(located.index[located["conflict"]]) == CONFLICTS
    assert located.loc[located["conflict"], "why"].notna().all()


def test_with_the_points_hidden_the_texts_place_alike(mali):
    hidden = mali.assign(coordinate_issue="missing", latitude=pd.NA, longitude=pd.NA)
    hidden = hidden.astype({"latitude": "Float64", "longitude": "Float64"})
    _, names = places(hidden, 2, "2016")
    _, both = places(mali, 2, "2016")
    placed = names.dropna()
    differ = placed.index[placed.to_numpy() != both[placed.index].to_numpy()]
    # Six name no district; of the others the text alone keeps the district where the point speaks for the village.
    assert len(placed) == 126 - 6
    assert set(differ) == {3402, 3571, 3690, 3973, 4388}
