"""The alert page as text: what stands in it, what must not, and that it is always the same."""

import re
import runpy
from html.parser import HTMLParser
from pathlib import Path

import pytest

from awsd_geo.errors import InputError, RequestError
from awsd_geo.maps.fragment import Fragment
from awsd_geo.report.chart import grid_step, yearly_chart
from awsd_geo.report.page import alert_page
from awsd_geo.report.views import risk, table
from awsd_geo.report.wording import Wording

MADE = runpy.run_path(str(Path(__file__).with_name("findings_example.py")))
example, as_of_2023, few, hostile = (MADE[name] for name in ("example", "as_of_2023", "few", "hostile"))
HOSTILE = "`{{7*7}}</script><img src=x onerror=alert(1)>"
EN, FR = Wording("en"), Wording("fr")


class Page(HTMLParser):
    """Gather tags, attributes, text and table cells."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes, self.words, self.rows, self.ids = [], [], [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [name for name, _ in attrs]
        self.ids += [value for name, value in attrs if name == "id"]
        if tag == "tr":
            self.rows.append([])
        elif tag in {"td", "th"} and self.rows:
            self.rows[-1].append("")

    def handle_data(self, data):
        self.words.append(data)
        if self.rows and self.rows[-1]:
            self.rows[-1][-1] += data.strip()

    @property
    def text(self):
        return " ".join(" ".join(self.words).split())


CASES = {
    "example": example(),
    "as of 2023": as_of_2023(),
    "none": few({}, [2017, 2022]),
    "three": few({"Mopti": 3}, [2017, 2022]),
    "one year": few({"Mopti": 2, "Gao": 2}, [2022, 2022]),
}


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("case", CASES)
def test_every_page_is_whole_and_has_no_style_or_event_attribute(case, lang):
    page = Page(alert_page(CASES[case], lang=lang))
    assert {"h1", "main", "svg", "table", "footer"} <= set(page.tags)
    assert [name for name in page.attributes if name == "style" or name.startswith("on")] == []
    assert len(page.ids) == len(set(page.ids))
    assert not re.search(r"\bNone\b(?! of these)", page.text)
    assert "nan" not in page.text.lower().split()
    assert not re.search(r"[{}]", page.text.split("Skip to")[-1].split("Aller au")[-1])


def test_the_same_findings_give_the_same_bytes():
    assert alert_page(example(), lang="fr") == alert_page(example(), lang="fr")


def test_numbers_in_the_table_add_up_to_the_total():
    rows = {row[0]: row for row in Page(alert_page(example())).rows if row}
    names = [unit["name"] + " (district)" * (unit["kind"] == "district") for unit in example()["by_region"]]
    for column in (1, 2):
        parts = [int(rows[name][column]) for name in [*names, "Place not known"]]
        assert sum(parts) == int(rows["Total"][column])
    assert rows["Total"][1:3] == ["56", "139"]
    assert rows["Mopti"][3] == "57.4%(43% to 71%)"


def test_many_units_without_an_incident_share_one_row():
    findings = example()
    quiet = findings["by_region"][-1]
    findings["by_region"] += [{**quiet, "region_id": f"x{number}", "name": f"x{number}"} for number in range(40)]
    made = table(findings, EN)
    assert (len(made["rows"]), made["others"]) == (7, "44 other places without an incident")
    assert "44 other places without an incident" in alert_page(findings)


def test_status_dates_and_marks_are_those_of_the_data():
    text = Page(alert_page(as_of_2023())).text
    assert "PROVISIONAL" in text
    assert "As known on 2 March 2023" in text
    assert "Issued not yet (draft)" in " ".join(text.split())  # a page of a past day was not issued on that day
    assert "2022 is provisional and probably too low: late reports are still coming in." in text
    assert "EXAMPLE DATA" not in text
    shown = Page(alert_page(example())).text
    assert "EXAMPLE DATA" in shown
    assert "do not cite" in shown
    assert "Incident data: Humanitarian Outcomes" not in shown  # simulated incidents are nobody's data


def test_approximate_boundaries_are_said_at_the_top_and_explained():
    findings = example()
    findings["provenance"]["boundaries"].update(approximate=True, note="By whole cercles.", note_fr="Par cercles.")
    text = Page(alert_page(findings)).text
    assert "The boundaries of 2016 are approximate here" in text
    assert "It is approximate. By whole cercles." in text
    assert "Il est approximatif. Par cercles." in Page(alert_page(findings, lang="fr")).text


def test_provisional_years_are_hatched_and_unfinished_ones_starred():
    findings = as_of_2023()
    findings["by_year_detail"][-1]["partial"] = True
    chart = yearly_chart(findings, EN)
    assert chart.count('class="bar provisional"') == 1
    assert ">13*</text>" in chart
    assert "2022: 13 incidents, 34 aid workers kidnapped (provisional, year not complete)." in chart
    assert "Hatched: provisional. *: year not covered to its end." in Page(alert_page(findings)).text


def test_a_year_that_is_not_shown_has_no_bar_and_is_no_zero():
    findings = example()
    findings["by_year_detail"][2] |= {"incidents": None, "victims": None}
    for say, mark, words in ((EN, "[c]", "2019: not shown"), (FR, "[s]", "2019\xa0: non publié")):
        chart = yearly_chart(findings, say)
        assert chart.count('class="bar') == 5
        assert f">{mark}</text>" in chart
        assert words in chart


@pytest.mark.parametrize(
    ("lang", "draft", "issued"),
    [
        ("en", "Issued not yet (draft)", "Issued 2 March 2023"),
        ("fr", "Publication pas encore", "Publication 2 mars 2023"),
    ],
)
def test_a_page_is_a_draft_until_it_has_a_date_of_issue(lang, draft, issued):
    findings = as_of_2023()
    assert draft in " ".join(Page(alert_page(findings, lang=lang)).text.split())
    said = " ".join(Page(alert_page(findings, lang=lang, issued="2023-03-02")).text.split())
    assert issued in said
    assert draft not in said
    with pytest.raises(RequestError, match="The data reach 2023-03-02: the alert cannot be issued on 2023-03-01"):
        alert_page(findings, issued="2023-03-01")


def test_bars_are_as_high_as_their_counts():
    heights = re.findall(
        r'class="bar" x="[\d.]+" y="[\d.]+" width="[\d.]+" height="([\d.]+)"', yearly_chart(example(), EN)
    )
    one, *others = [float(height) for height in heights]
    assert [round(height / one) for height in (one, *others)] == [1, 4, 8, 13, 17, 13]


def test_a_long_series_is_labelled_every_few_years():
    findings = example()
    year = findings["by_year_detail"][0]
    findings["by_year_detail"] = [{**year, "year": 1997 + index} for index in range(29)]
    labels = re.findall(r'class="year[^>]*>(\d+)<', yearly_chart(findings, EN))
    assert labels[-1] == "2025"
    assert len(labels) == 10


def test_grid_has_at_most_five_steps():
    assert all(most <= 5 * grid_step(most) or most > 50000 for most in range(2000))


def test_denominators_are_set_beside_one_another():
    made = risk(example(), EN)
    assert [row["name"] for row in made["rows"]] == ["places, all alike", "residents", "area"]
    assert made["rows"][2]["cells"] == ["Mopti", "57% / 6%", "×9.1", "p\xa0<\xa00.001"]
    assert made["sentences"][:3] == [
        "Mopti departs most from its expected share in every comparison that is defined.",
        "Per resident, Mopti has the highest ratio (6.5 times its expected share).",
        "Per square kilometre, Mopti is number 2 (9.1 times its expected share); the highest ratio is in Bamako "
        "(86.6 times, 1 incident).",
    ]
    findings = example()
    findings["epicentre"]["denominators_agree"] = False
    assert risk(findings, EN)["sentences"][0].startswith("They do not point to one place with significance")
    undefined = risk(few({"Mopti": 3}, [2017, 2022]), EN)
    assert undefined["rows"][0]["reason"] == "not defined (3 incidents are too few, at least 5 are needed)"
    assert undefined["sentences"][0].startswith("Fewer than two comparisons are defined")


def test_a_frame_without_residents_says_why_there_is_no_rate():
    findings = example()
    for unit in findings["by_region"]:
        unit.update(rate_per_100k=None, rate_ci=None, rate_reason="The number of residents is not known.")
    assert "No rate: The number of residents is not known." in table(findings, EN)["notes"]
    assert "Pas de taux\xa0: la population n’est pas connue." in table(findings, Wording("fr"))["notes"]


@pytest.mark.parametrize(("lang", "said"), [("en", "For the analyst’s own words"), ("fr", "Réservé à l’analyste")])
def test_an_empty_context_is_said_to_be_the_analysts_and_a_full_one_is_shown(lang, said):
    for empty in (None, " \n\n "):
        page = alert_page(example(), lang=lang, context=empty)
        assert '<section class="context empty"' in page
        assert said in page
    page = alert_page(example(), lang=lang, context="First & *foremost*.\n\nSecond.")
    assert "<p>First &amp; <em>foremost</em>.</p>\n<p>Second.</p>" in page
    assert said not in page


def test_the_map_stands_in_the_page_with_its_styles_and_scripts():
    fragment = Fragment((".awsd-map{color:red}",), '<section class="awsd-map">MAP</section>', ("var a=1;",))
    page = alert_page(example(), map_fragment=fragment)
    assert '<section class="awsd-map">MAP</section>' in page
    assert "<script>var a=1;</script>" in page
    assert "<style>.awsd-map{color:red}</style>" in page
    assert 'id="where"' not in alert_page(example())


def test_hostile_texts_stay_texts():
    page = Page(alert_page(hostile(HOSTILE), context=HOSTILE))
    assert "img" not in page.tags
    assert "script" not in page.tags
    assert page.text.count(HOSTILE) >= 20
    assert "49</script>" not in page.text


def test_other_findings_are_refused():
    with pytest.raises(InputError, match=r"These findings follow 'awsd-geo/findings/9', not 'awsd-geo/findings/1'\."):
        alert_page(example() | {"schema": "awsd-geo/findings/9"})
    with pytest.raises(RequestError, match="There is no language 'de'"):
        alert_page(example(), lang="de")
