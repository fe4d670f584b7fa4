"""Headline, lede and other sentences of the alert, in full, in both languages."""

import runpy
from pathlib import Path

import pytest

from awsd_geo import schema
from awsd_geo.language import words
from awsd_geo.report import gathering, provenance_of
from awsd_geo.report.figures import figures
from awsd_geo.report.lede import count_words, headline, lede
from awsd_geo.report.page import alert_page
from awsd_geo.report.placing import placing
from awsd_geo.report.provenance import footnotes, how_we_know, source_line
from awsd_geo.report.wording import Wording

MADE = runpy.run_path(str(Path(__file__).with_name("findings_example.py")))
example, as_of_2023, few, hostile = (MADE[name] for name in ("example", "as_of_2023", "few", "hostile"))
EN, FR = Wording("en"), Wording("fr")


def plain(text):
    """Read no-break spaces as spaces."""
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def how(findings, say):
    return {term: plain(" ".join(sentences)) for term, sentences in how_we_know(findings, say)}


def told(findings, say):
    return [plain(text) for text in (headline(findings, say), *lede(findings, say))]


def test_the_example_in_english():
    assert told(example(), EN) == [
        "Mali: kidnappings rise and concentrate in Mopti",
        "From 2017 to 2022, 56 kidnapping incidents were recorded, with 139 aid workers kidnapped, in 6 of 10 regions "
        "and in 1 district.",
        "Mopti accounts for 31 of the 54 that could be placed (57%; 95% interval 43% to 71%), more than an even spread "
        "would give by chance (p < 0.001).",
        "The number rises by a factor of 1.41 a year (95% interval 1.19 to 1.68): the exact Poisson trend (p < 0.001), "
        "quasi-Poisson (p = 0.034) and Mann-Kendall (p = 0.028) agree.",
    ]


def test_the_example_in_french():
    assert told(example(), FR) == [
        "Mali : les enlèvements augmentent, Mopti en est l’épicentre",
        "De 2017 à 2022, 56 incidents d’enlèvement ont été recensés (139 travailleurs humanitaires enlevés) dans "
        "6 régions sur 10 et dans 1 district.",
        "Mopti en compte 31 sur les 54 localisés (57 % ; intervalle de confiance à 95 % : 43 % à 71 %), soit plus que "
        "ne l’expliquerait le hasard si la répartition était uniforme (p < 0,001).",
        "Le nombre d’incidents augmente : il est multiplié par 1,41 chaque année (intervalle de confiance à 95 % : "
        "1,19 à 1,68) ; le test exact de Poisson (p < 0,001), le modèle quasi-Poisson (p = 0,034) et le test de "
        "Mann-Kendall (p = 0,028) concordent.",
    ]


def test_a_trend_that_only_one_test_finds_is_told_as_that():
    head, count, _, trend = told(as_of_2023(), EN)
    assert head == "Mali: kidnappings concentrate in Mopti; rise not certain"
    assert count.startswith("As known on 2 March 2023: from 2017 to 2022, 56 kidnapping incidents")
    assert trend == (
        "The exact Poisson trend is significant, a rise by a factor of 1.37 a year (95% interval 1.16 to 1.65; "
        "p < 0.001), but quasi-Poisson (p = 0.059) and Mann-Kendall (p = 0.056), which allow for uneven years, are not."
    )
    head, count, _, trend = told(as_of_2023(), FR)
    assert head == "Mali : Mopti, épicentre des enlèvements ; hausse incertaine"
    assert count.startswith("Selon l’état de la base au 2 mars 2023 : de 2017 à 2022, 56 incidents")
    assert trend == (
        "Le test exact de Poisson indique une hausse significative (facteur de 1,37 par an ; intervalle de "
        "confiance à 95 % : 1,16 à 1,65 ; p < 0,001), mais ni le modèle quasi-Poisson (p = 0,059) ni le test de "
        "Mann-Kendall (p = 0,056), qui tiennent compte de l’irrégularité des années, ne la confirment."
    )


@pytest.mark.parametrize(
    ("quasi", "kendall", "words_of_doubt"),
    [
        (0.01, 0.06, "but Mann-Kendall (p = 0.060), which looks only at the order, is not (quasi-Poisson: p = 0.010)."),
        (0.06, 0.01, "but quasi-Poisson (p = 0.060), which allows for uneven years, is not (Mann-Kendall: p = 0.010)."),
        (None, None, "but the tests that allow for uneven years are not defined here."),
    ],
)
def test_the_test_that_doubts_is_named(quasi, kendall, words_of_doubt):
    findings = as_of_2023()
    findings["trend"]["robust"].update(quasi_poisson_p=quasi, mann_kendall_p=kendall)
    assert told(findings, EN)[-1].endswith(words_of_doubt)


def test_no_clear_change_is_a_headline_and_says_what_the_data_could_have_shown():
    findings = example()
    findings["trend"].update(rate_ratio_per_year=1.05, ci=[0.9, 1.22], p_value=0.56, verdict="no clear change")
    assert told(findings, EN)[0] == "Mali: kidnappings concentrate in Mopti; no clear change"
    assert told(findings, EN)[-1] == (
        "No significant change from year to year was found: a factor of 1.05 a year (95% interval 0.90 to 1.22; "
        "p = 0.560). By the exact test alone, these data would have shown a yearly factor of 1.25 or more with a "
        "probability of 80%."
    )
    assert told(findings, FR)[0] == "Mali : Mopti, épicentre des enlèvements ; pas d’évolution nette"
    findings["trend"]["smallest_detectable"] = None
    assert told(findings, EN)[-1].endswith(" So few incidents could hardly have shown any trend.")


def test_neither_place_nor_trend_overclaims_nothing():
    findings = example()
    findings["epicentre"]["p_value"], findings["signals"] = 0.21, []
    findings["trend"]["verdict"] = "no clear change"
    assert told(findings, EN)[0] == "Mali: no clear change in kidnappings, 2017–2022"
    assert "which an even spread could give by chance (p = 0.210)" in told(findings, EN)[2]


def test_a_place_whose_lead_is_not_certain_is_no_place_of_concentration():
    # 9 against 7: twice the chance of 9 or more heads in 16 throws is 0.80.
    findings = example()
    findings["epicentre"].update(lead_p_value=0.8036)
    assert told(findings, EN)[0] == "Mali: kidnappings rise, spread unevenly; most in Mopti"
    assert told(findings, EN)[2].endswith(
        ", more than an even spread would give by chance (p < 0.001), but its lead over Gao is not certain (p = 0.804)."
    )
    assert told(findings, FR)[0] == "Mali : les enlèvements augmentent, répartition inégale, Mopti en tête"
    assert told(findings, FR)[2].endswith(", mais son avance sur Gao n’est pas assurée (p = 0,804).")
    findings["epicentre"].update(runner_up=None, lead_p_value=0.0625)  # five incidents, all in one place
    assert told(findings, EN)[2].endswith(", but that it leads is not certain (p = 0.063).")
    findings["trend"]["verdict"] = "possible rise"
    assert told(findings, EN)[0] == "Mali: kidnappings spread unevenly, most in Mopti; rise not certain"
    assert told(findings, FR)[0] == "Mali : enlèvements inégalement répartis, Mopti en tête ; hausse incertaine"


def test_a_share_that_falls_with_the_correction_is_no_headline():
    findings = example()
    findings["epicentre"]["p_value"], findings["signals"] = 0.03, []
    assert told(findings, EN)[0] == "Mali: kidnappings rise, 2017–2022"
    assert told(findings, EN)[2].endswith(
        ", more than an even spread would give by chance (p = 0.030), though not after the correction for the other "
        "rules."
    )
    assert told(findings, FR)[2].endswith("(p = 0,030), mais plus après correction pour les autres règles.")


def test_a_year_that_is_not_complete_is_left_out_of_the_trend_and_said_to_be():
    findings = example()
    findings["by_year_detail"][-1]["partial"], findings["trend"]["years"] = True, [2017, 2021]
    findings["years_partial"] = [2022]
    assert told(findings, EN)[-1].endswith(" agree. 2022, not covered to its end, is left out of the trend.")
    assert told(findings, FR)[-1].endswith(
        " L’année 2022, non couverte jusqu’à son terme, n’entre pas dans la tendance."
    )
    assert "*: year not covered to its end. Trend: of 2017–2021 only." in plain(alert_page(findings))


def test_the_change_of_the_leading_share_is_told_with_its_numbers():
    assert plain(gathering.change(as_of_2023(), EN)) == (
        "Mopti had 10 of the 12 located incidents of 2017–2019 and 20 of 41 in 2020–2022; its share fell (p = 0.048, "
        "Fisher's exact test, not corrected for the other rules)."
    )
    assert plain(gathering.change(as_of_2023(), FR)) == (
        "Part de Mopti parmi les incidents localisés : 10 sur 12 en 2017–2019, 20 sur 41 en 2020–2022 ; elle a diminué "
        "(p = 0,048, test exact de Fisher, sans correction pour les autres règles)."
    )
    assert "its share did not clearly change (p = 0.051, " in plain(gathering.change(example(), EN))
    assert gathering.change(few({"Mopti": 3}, [2017, 2022]), EN) == ""
    told_in_full = how(as_of_2023(), EN)["Change of share"]
    assert told_in_full == (
        "Share of Mopti in the second half less that in the first: −35 percentage points (95% interval −53 to −3; "
        "p = 0.0480). It does not stand after the correction for the other rules. How strongly incidents gather over "
        "all places has not clearly changed (Simpson's index, p = 0.065)."
    )
    findings = as_of_2023()
    findings["signals"].append({"rule": "spread"})
    findings["change"].update(new_regions=["Kayes"], spread_p_value=0.01)
    told_in_full = how(findings, EN)["Change of share"]
    assert " It stands after the correction" in told_in_full
    assert " has changed (Simpson's index, p = 0.010). With incidents in the second half only" in told_in_full
    assert how(few({"Mopti": 3}, [2017, 2022]), FR)["Évolution de la part"] == (
        "Non comparée : 3 incidents ne suffisent pas, il en faut au moins 5."
    )


def test_clusters_are_told_with_what_is_expected_and_their_uncertain_edge():
    assert plain(gathering.clusters(example(), EN)) == (
        "Most likely cluster of places near one another: all places taken alike, Mopti (p < 0.001); in proportion to "
        "residents, Gao, Ménaka, Kidal, Mopti and Tombouctou (p < 0.001). Where a cluster ends is uncertain."
    )
    assert how(example(), FR)["Foyers"] == (
        "À parts égales entre les lieux, le plus probable : Mopti, 31 incidents, nombre attendu 4,9 (p < 0,001). En "
        "proportion de la population, le plus probable : Gao, Ménaka, Kidal, Mopti et Tombouctou, 48 incidents, nombre "
        "attendu 9,8 (p < 0,001). Statistique de balayage ; chaque valeur p tient compte de toutes les zones "
        "examinées, non des autres tests. La limite d’un foyer est incertaine."
    )


def test_a_cluster_that_chance_gives_is_no_more_than_that():
    findings = example()
    findings["clusters"] = [findings["clusters"][0] | {"p_value": 0.31}]
    assert plain(gathering.clusters(findings, EN)) == (
        "Most likely cluster of places near one another: all places taken alike, Mopti (p = 0.310, no more than chance "
        "gives)."
    )
    assert "4.9 are expected (p = 0.310, no more than chance gives). Scan statistic; " in how(findings, EN)["Clusters"]
    assert "uncertain" not in how(findings, EN)["Clusters"]
    findings["clusters"] = []
    assert gathering.clusters(findings, EN) == ""
    assert how(findings, EN)["Clusters"] == "No group of places near one another has more incidents than expected."
    assert how(few({"Mopti": 3}, [2017, 2022]), EN)["Clusters"].startswith("No scan for clusters: 3 incidents are")


def test_of_a_large_cluster_the_first_names_are_given():
    findings = example()
    findings["clusters"][0]["names"] = list("ABCDEFG")
    findings["clusters"].append(findings["clusters"][1] | {"rank": 2, "names": ["Kayes"], "p_value": 0.02})
    assert "all places taken alike, A, B, C, D, E and 2 more (p" in plain(gathering.clusters(findings, EN))
    assert "Kayes" not in gathering.clusters(findings, EN)
    assert "In proportion to residents, apart from it: Kayes, 48 incidents where" in how(findings, EN)["Clusters"]


def test_all_incidents_in_the_last_year_give_no_factor():
    findings = example()
    findings["trend"].update(rate_ratio_per_year=None, ci=[1.2, None])
    assert told(findings, EN)[-1] == (
        "All incidents lie at one end of the period, so no yearly factor can be named; exact Poisson trend p < 0.001, "
        "quasi-Poisson p = 0.034, Mann-Kendall p = 0.028."
    )


def test_no_incident_in_both_languages():
    findings = few({}, [2017, 2022])
    assert told(findings, EN) == [
        "Mali: no kidnappings recorded, 2017–2022",
        "From 2017 to 2022, no kidnapping incident was recorded. No record is not proof that nothing happened.",
    ]
    assert told(findings, FR) == [
        "Mali : aucun incident d’enlèvement recensé, 2017–2022",
        "De 2017 à 2022, aucun incident d’enlèvement n’a été recensé. L’absence de signalement ne prouve pas qu’il ne "
        "s’est rien passé.",
    ]


def test_three_incidents_in_one_region_are_too_few_in_both_languages():
    findings = few({"Mopti": 3}, [2017, 2022])
    assert told(findings, EN) == [
        "Mali: 3 kidnapping incidents, too few for a finding",
        "From 2017 to 2022, 3 kidnapping incidents were recorded, with 6 aid workers kidnapped, in 1 of 10 regions.",
        "All 3 were in Mopti, not tested against chance (3 incidents are too few, at least 5 are needed).",
        "No trend is given: 3 incidents are too few, at least 5 are needed.",
    ]
    assert told(findings, FR) == [
        "Mali : 3 incidents d’enlèvement, trop peu pour conclure",
        "De 2017 à 2022, 3 incidents d’enlèvement ont été recensés (6 travailleurs humanitaires enlevés) dans 1 région "
        "sur 10.",
        "Les 3 incidents se sont tous produits dans un même lieu, Mopti, sans test possible (3 incidents ne suffisent "
        "pas, il en faut au moins 5).",
        "Aucune tendance n’est donnée : 3 incidents ne suffisent pas, il en faut au moins 5.",
    ]


def test_one_incident_in_one_year_is_singular():
    assert told(few({"Bamako": 1}, [2022, 2022]), EN)[1:3] == [
        "In 2022, 1 kidnapping incident was recorded, with 2 aid workers kidnapped, in 0 of 10 regions and in "
        "1 district.",
        "It was in Bamako, not tested against chance (1 incident is too few, at least 5 are needed).",
    ]
    assert told(few({"Bamako": 1}, [2022, 2022]), FR)[1].startswith("En 2022, 1 incident d’enlèvement a été recensé")


def test_places_that_tie_are_all_named_and_none_makes_the_headline():
    findings = few({"Mopti": 2, "Gao": 2}, [2022, 2022])
    assert told(findings, EN)[2].startswith("Gao and Mopti have the most, 2 each of 4, ")
    many = few({"Mopti": 1, "Gao": 1, "Kayes": 1, "Kidal": 1}, [2022, 2022])
    assert told(many, EN)[2].startswith("4 places share the lead, 1 each of 4, ")
    findings["epicentre"].update(p_value=0.001)
    assert "Gao" not in headline(findings, EN)


def test_nothing_placed_is_said():
    findings = few({}, [2017, 2022])
    findings.update(incidents=2, unlocated=2, victims=None)
    assert told(findings, EN)[1] == (
        "From 2017 to 2022, 2 kidnapping incidents were recorded, none of which could be placed."
    )


def test_a_higher_rate_per_resident_elsewhere_is_said():
    findings = example()
    findings["epicentre"]["by_denominator"]["population"].update(
        epicentre_rank=2, highest_name="Gao", highest_incidents=11
    )
    assert told(findings, EN)[2].endswith(" Per resident, Gao has more (11 incidents).")
    findings["epicentre"]["by_denominator"]["population"]["highest_incidents"] = 1
    assert "Per resident" not in told(findings, EN)[2]
    findings["epicentre"]["by_denominator"]["population"].update(region_id="MLI-2016-gao", name="Gao", p_value=0.01)
    assert told(findings, EN)[2].endswith(" In proportion to residents, Gao stands out most (p = 0.010).")
    findings["epicentre"]["by_denominator"]["population"].update(p_value=0.3)
    assert told(findings, EN)[2].endswith(" In proportion to residents, no place stands out clearly (p = 0.300).")


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("kind", schema.KINDS)
def test_headlines_of_every_kind_have_at_most_ten_words(lang, kind):
    say, verdicts = Wording(lang), ["rise", "fall", "possible rise", "possible fall", "no clear change", "undefined"]
    for verdict in verdicts:
        for name in ("Mali", "Democratic Republic of the Congo"):
            for p in (1e-9, 0.3, None):
                findings = example() | {"kind": kind, "country_name": {"en": name, "fr": name}}
                findings["epicentre"].update(p_value=p, name="North and South Kivu and Ituri")
                findings["trend"]["verdict"] = verdict
                if not p or p > 0.05:
                    findings["signals"] = []
                for lead in (0.003, 0.8):
                    findings["epicentre"]["lead_p_value"] = lead
                    assert 3 <= count_words(headline(findings, say)) <= 10
                    assert all("{" not in text for text in told(findings, say))


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_figures_and_notes_exist_for_every_kind(lang):
    say = Wording(lang)
    for kind in schema.KINDS:
        findings = example() | {"kind": kind}
        assert len(figures(findings, say)) == 5
        has_definition = say.get("foot.kidnapped") in footnotes(findings, say)
        assert has_definition == (kind in ("kidnapped", "abducted"))


@pytest.mark.parametrize("say", [EN, FR])
def test_the_licence_of_the_data_is_claimed_no_wider_than_published(say):
    notes = " ".join(footnotes(as_of_2023(), say))
    assert "Humanitarian Outcomes, CC BY " in notes
    assert "CC BY 4.0, Humanitarian Outcomes" not in notes


def test_a_provisional_map_foretells_nothing():
    said = [words(lang)["map"]["provisional_text"] for lang in ("en", "fr")]
    assert said[0].endswith("the latest numbers are probably too low.")
    assert said[1].endswith("les derniers chiffres sont sans doute sous-estimés.")


def test_french_takes_zero_as_singular():
    assert FR.counted("kind.kidnapped.victim", 0) == "0 travailleur humanitaire enlevé"
    assert EN.counted("kind.kidnapped.victim", 0) == "0 aid workers kidnapped"


def test_the_one_sided_p_of_moran_says_that_it_is_one():
    for say, words_of_it in ((EN, "one-sided p = "), (FR, "test unilatéral : p = ")):
        told_of_it = [plain(" ".join(sentences)) for _, sentences in how_we_know(example(), say)]
        assert any(words_of_it in text for text in told_of_it)


def test_dates_and_intervals():
    assert (EN.date("2023-03-01"), FR.date("2023-03-01"), FR.date("2023-03-02")) == (
        "1 March 2023",
        "1er mars 2023",
        "2 mars 2023",
    )
    assert EN.between([1.2, None], "factor", 2) == "1.20 to ∞"
    assert EN.between(None) == "–"


def test_p_values_keep_their_side_of_the_level():
    assert [plain(EN.p(p)) for p in (0.05, 0.0499, 0.04999, 0.0502, 0.0009, 0.9999)] == [
        "p = 0.050",
        "p = 0.0499",
        "p = 0.04999",
        "p = 0.050",
        "p < 0.001",
        "p > 0.999",
    ]


def test_exact_p_values_carry_their_power_of_ten():
    assert [plain(EN.exact(p)) for p in (1.8e-4, 9.96e-5, 2.2e-308, 0.25)] == [
        "p = 1.8 × 10⁻⁴",
        "p = 1.0 × 10⁻⁴",
        "p = 2.2 × 10⁻³⁰⁸",
        "p = 0.2500",
    ]


def test_reasons_of_the_other_steps_are_said_in_french():
    assert plain(FR.translated("The text says Mopti; the point lies in Nara, 180 km away. Placed by the text.")) == (
        "le nom indique Mopti, le point Nara, à 180 km"
    )
    assert FR.translated("No place is named; there is no point.") == "aucun lieu n’est nommé, il n’y a pas de point"
    assert plain(FR.translated("entered after 2023-03-02 (incident ID over 3717)")) == (
        "saisies après le 2 mars 2023, identifiant supérieur à 3717"
    )
    assert (
        EN.translated("No exposure is known for Gao, Kidal, ...: no rate compares.") == "not known for Gao, Kidal, ..."
    )
    assert FR.own({"note": "One: two", "note_fr": "Un : deux"}, "note") == ["Un\xa0: deux"]
    assert FR.translated("A reason that nobody knows.") == "A reason that nobody knows"


def test_a_distance_under_one_kilometre_is_said_in_french():
    why = "The text says Mopti; the point lies in Nara, under 1 km away. Placed by the text."
    assert plain(FR.translated(why)).endswith("le point Nara, à moins de 1 km")


def test_the_citation_of_the_data_is_said_in_french():
    citation = (
        "Humanitarian Outcomes (2025), Aid Worker Security Database, https://www.aidworkersecurity.org/, CC BY as "
        "published on the Humanitarian Data Exchange."
    )
    assert FR.translated(citation).endswith("CC BY, telle que publiée sur le Humanitarian Data Exchange")
    assert provenance_of.CITATION.format(year=2025) == citation


def test_the_map_names_its_file_with_a_short_digest_and_the_rows_set_aside():
    assert plain(source_line(as_of_2023(), EN)) == (
        "Source: awsd.csv, SHA-256 0123456789ab…; 4,954 rows read, 56 used. Data to 2 March 2023 (as asked). Set "
        "aside: 3 rows (without a year)."
    )
    assert plain(source_line(example(), FR)).endswith(
        "retenues : 56. Données au 26 août 2025 (date de l’exemple). Aucune ligne n’a été écartée."
    )


def test_how_we_know_reads_as_sentences():
    told_in_full = {term: plain(" ".join(sentences)) for term, sentences in how_we_know(as_of_2023(), EN)}
    assert told_in_full["Source"].endswith(
        "; 4,954 rows read, 56 used. Data to 2 March 2023 (as asked). Set aside: 3 rows (without a year). "
        "Repaired: 2 rows (stray signs around a coordinate taken off). "
        "Outside the request: 4,825 rows (not in MLI); 70 rows (nobody kidnapped)."
    )
    assert told_in_full["Placing"] == (
        "54 of 56 placed: 48 by place name and point, 4 by place name, 2 by point. Not placed: 2 (no place is named, "
        "there is no point). Wherever the 2 incidents that are not placed fell, Mopti has 55% to 59% of all 56 and "
        "leads. In 1 incident the name and the point disagree; unless said otherwise the name decides: 1 (the name "
        "says Mopti, the point lies in Ségou, 12 km away)."
    )
    assert told_in_full["p-values in full"].startswith(
        "largest share: p = 7.5 × 10⁻¹⁸; lead of Mopti over Gao: p = 0.0029; trend: exact p = 1.8 × 10⁻⁴"
    )
    assert "Later edits of their cells are not undone." in told_in_full["State of the data"]


def conflict(why, **changes):
    findings = as_of_2023()
    findings["conflicts"].update(incidents=[{"incident_id": 4711, "why": why}], **changes)
    return findings


def test_conflicts_that_no_name_decides_are_told_as_not_placed():
    lies = "The text fits Mopti or Gao; the point lies in none of them."
    assert how(conflict(lies, not_placed=1), EN)["Placing"].endswith(
        "In 1 incident the name fits several places and the point lies in none of them; it is not placed: 1 (the name "
        "fits Mopti or Gao, the point lies in none of them)."
    )
    both = conflict(lies, count=3, not_placed=2)
    assert (
        "In 3 incidents the name and the point disagree; 1 placed by the name, 2 not placed, the name fitting several "
        "places and the point lying in none of them: 1 (the name fits" in how(both, EN)["Placing"]
    )
    assert (
        " (localisés par le nom : 1 ; sans localisation, car le nom convient à plusieurs lieux et le point n’est dans "
        "aucun d’eux : 2) : 1 (le nom convient à Mopti ou Gao, le point n’est dans aucun d’eux) ; 2 autres."
        in how(both, FR)["Localisation"]
    )


def test_of_many_conflicts_and_many_names_the_first_are_listed_and_the_rest_counted():
    findings = conflict("The text fits A, B, C, D or E; there is no point.", count=60)
    findings["conflicts"]["incidents"] *= 50
    placing = how(findings, EN)["Placing"]
    assert placing.endswith(": 50 (the name fits A, B, C or 2 more, there is no point); 10 more.")
    findings["unlocated_reasons"] = [{"why": f"Reason {letter}.", "incidents": 2} for letter in "abcdefg"]
    assert (
        "Not placed: 2 (Reason a), 2 (Reason b), 2 (Reason c), 2 (Reason d), 2 (Reason e), 4 more."
        in how(findings, EN)["Placing"]
    )
    assert "A, B, C ou 2 autres, il n’y a pas de point" in how(findings, FR)["Localisation"]


def test_only_tests_that_were_made_are_listed():
    nothing = how(few({}, [2017, 2022]), EN)
    assert {"Tests", "Spread", "p-values in full", "Change of share"}.isdisjoint(nothing)
    assert "replicates" not in " ".join(nothing.values())
    assert "(9,999 random replicates)" in how(example(), EN)["Tests"]


def keys(table, path=()):
    for key, value in table.items():
        if isinstance(value, dict):
            yield from keys(value, (*path, key))
        else:
            yield (*path, key)


def test_both_languages_have_the_same_keys():
    assert set(keys(words("en")["alert"])) == set(keys(words("fr")["alert"]))


def test_french_has_no_plain_space_before_high_punctuation():
    def texts(value):
        if isinstance(value, dict):
            for part in value.values():
                yield from texts(part)
        elif isinstance(value, list):
            for part in value:
                yield from texts(part)
        else:
            yield str(value)

    patterns = {entry["is"] for entry in words("fr")["alert"]["known"]}
    wrong = [
        text
        for text in texts(words("fr")["alert"])
        if text not in patterns and any(f" {mark}" in text for mark in ":;!?%»")
    ]
    assert wrong == []


def whichever_way(findings, say):
    """Give the sentences of the block on placing that say what the unplaced could change."""
    words = ("Wherever", "Où que")
    return [plain(line) for line in placing(findings, say) if line.startswith(words)]


def test_what_the_unplaced_could_change_is_one_sentence_by_hand():
    # 31 of 54 placed and 2 not: from 31 / 56 = 55.4 % to 33 / 56 = 58.9 %.
    assert whichever_way(example(), EN) == [
        "Wherever the 2 incidents that are not placed fell, Mopti has 55% to 59% of all 56 and leads."
    ]
    assert whichever_way(example(), FR) == [
        "Où que soient les 2 incidents non localisés, Mopti compte 55 % à 59 % des 56 incidents et reste en tête."
    ]


def test_a_lead_that_the_unplaced_could_change_names_the_others():
    findings = example()
    findings.update(located=55)
    findings["epicentre"]["share_by_placing"] = [31 / 56, 32 / 56]
    findings["placing"].update(unplaced=1, leader_certain=False, can_lead=["Mopti", "Gao", "Kayes", "Kidal", "Ségou"])
    assert whichever_way(findings, EN) == [
        "Wherever the incident that is not placed fell, Mopti has 55% to 57% of all 56, but as many or more may be in "
        "Gao, Kayes, Kidal and 1 more."
    ]
    assert whichever_way(findings, FR) == [
        "Où que soit l’incident non localisé, Mopti compte 55 % à 57 % des 56 incidents, mais il peut y en avoir "
        "autant ou plus ailleurs (Gao, Kayes, Kidal et 1 autre)."
    ]


def test_nothing_is_said_where_all_are_placed_or_the_findings_do_not_know():
    placed, older = example(), example()
    placed["placing"].update(unplaced=0)
    del older["placing"], older["epicentre"]["share_by_placing"]
    assert whichever_way(placed, EN) == whichever_way(older, FR) == []
