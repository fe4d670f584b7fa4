"""Findings written by hand, to make pages from without any data file.

Counts are the published totals of the built-in example (56 incidents, 54 placed, Mopti 31). Intervals, exact trend,
quasi-Poisson and Mann-Kendall were computed apart from the library, with scipy, statsmodels and full enumeration.
Populations are those of the census of 2022; areas are round.
"""

from copy import deepcopy
from typing import Any

YEARS = list(range(2017, 2023))
UNITS = [  # name, kind, incidents by year, victims, share interval, population, area
    ("Mopti", "region", [0, 3, 7, 8, 8, 5], 78, [0.4321, 0.7077], 1974684, 79017),
    ("Gao", "region", [0, 0, 1, 3, 5, 2], 20, [0.1063, 0.3353], 727517, 89532),
    ("Tombouctou", "region", [0, 0, 0, 1, 2, 2], 11, [0.0308, 0.2030], 974278, 173000),
    ("Ségou", "region", [0, 0, 0, 1, 2, 1], 17, [0.0206, 0.1789], 3276070, 64821),
    ("Bamako", "district", [0, 1, 0, 0, 0, 0], 1, [0.0005, 0.0989], 4227569, 267),
    ("Kayes", "region", [0, 0, 0, 0, 0, 1], 4, [0.0005, 0.0989], 3200061, 119743),
    ("Ménaka", "region", [0, 0, 0, 0, 0, 1], 1, [0.0005, 0.0989], 318876, 81040),
    ("Kidal", "region", [0] * 6, 0, [0.0, 0.0660], 83192, 151430),
    ("Koulikoro", "region", [0] * 6, 0, [0.0, 0.0660], 3238899, 95848),
    ("Sikasso", "region", [0] * 6, 0, [0.0, 0.0660], 4273984, 70280),
    ("Taoudénit", "region", [0] * 6, 0, [0.0, 0.0660], 100358, 323326),
]
SLUGS = {"Ségou": "segou", "Ménaka": "menaka", "Taoudénit": "taoudenit"}
SHA = "0123456789abcdef" * 4


def _unit(name: str, kind: str, by_year: list[int], victims: int, ci: list[float], population: int, area: int) -> dict:
    incidents = sum(by_year)
    return {
        "region_id": f"MLI-2016-{SLUGS.get(name, name.lower())}",
        "name": name,
        "kind": kind,
        "incidents": incidents,
        "victims": victims,
        "share": incidents / 54,
        "share_ci": ci,
        "incidents_by_placing": [incidents, incidents + 2],
        "population": population,
        "area_km2": area,
        "rate_per_100k": 1e5 * incidents / population,
        "rate_ci": None,
        "rate_reason": None,
        "gi_star": {
            "z": 1.9 if name == "Mopti" else 0.1,
            "p_value": 0.03 if name == "Mopti" else 0.5,
            "q_value": 0.31 if name == "Mopti" else 0.7,
            "class": "not significant",
            "reason": None,
        },
        "by_year": dict(zip(map(str, YEARS), by_year, strict=True)),
    }


def _denominator(expected: float, ratio: float, p: float, rank: int, unit: str, source: str, top: tuple) -> dict:
    return {
        "region_id": "MLI-2016-mopti",
        "name": "Mopti",
        "kind": "region",
        "incidents": 31,
        "share": 31 / 54,
        "expected_share": expected,
        "ratio": ratio,
        "p_value": p,
        "test": "exact max-cell",
        "highest_name": top[0],
        "highest_ratio": top[1],
        "highest_incidents": top[2],
        "epicentre_ratio": ratio,
        "epicentre_rank": rank,
        "unit": unit,
        "source": source,
        "reason": None,
    }


def _test(name: str, question: str, exact: bool, size: int | None = None, correction: str | None = None) -> dict:
    family = "Gi* of every unit" if size else None
    drawn = "Monte Carlo" in name
    return {
        "name": name,
        "question": question,
        "exact": exact,
        "family": family,
        "family_size": size,
        "correction": correction,
        "replicates": 9999 if drawn else None,
    }


def _cluster(denominator: str, names: list[str], observed: int, expected: float, p: float) -> dict:
    ids = [f"MLI-2016-{SLUGS.get(name, name.lower())}" for name in names]
    inside, outside = observed / expected, (54 - observed) / (54 - expected)
    return {
        "denominator": denominator,
        "rank": 1,
        "regions": ids,
        "names": names,
        "observed": observed,
        "expected": expected,
        "relative_risk": inside / outside,
        "llr": 40.0,
        "p_value": p,
    }


def _by_placing(smallest: float, largest: float, names: list[str]) -> dict:
    """All 66 ways in which two incidents fall in 11 units: 11 * 12 / 2."""
    return {
        "smallest_p": smallest,
        "largest_p": largest,
        "test": "exact max-cell",
        "cluster": {
            "names": names,
            "ways": 66,
            "all_ways": True,
            "same": 66,
            "overlapping": 66,
            "same_chance": 1.0,
            "largest_p": 0.001,
        },
        "reason": None,
    }


def _signal(rule: str, place: str, value: float, baseline: float, p: float, q: float) -> dict:
    return {
        "rule": rule,
        "place": place,
        "years": [2017, 2022],
        "value": value,
        "baseline": baseline,
        "p_value": p,
        "q_value": q,
        "sentence": f"The rule {rule} fired.",
    }


def _half(years: list[int], incidents: int, total: int) -> dict:
    return {"years": years, "incidents": incidents, "total": total, "share": incidents / total}


def example() -> dict[str, Any]:
    """Give the findings of the example: Mali, kidnapped, 2017 to 2022, frame of 2016."""
    mopti = ("Mopti", 7.3, 31)
    findings = {
        "schema": "awsd-geo/findings/1",
        "status": "example",
        "country": "MLI",
        "country_name": {"en": "Mali", "fr": "Mali"},
        "years": [2017, 2022],
        "kind": "kidnapped",
        "means": None,
        "vintage": "2016",
        "level": 1,
        "as_of": None,
        "data_to": "2025-08-26",
        "data_to_from": "example",
        "alpha": 0.05,
        "incidents": 56,
        "victims": 139,
        "located": 54,
        "unlocated": 2,
        "unlocated_victims": 7,
        "unlocated_reasons": [{"why": "No place is named; there is no point.", "incidents": 2}],
        "placed_by": {"text+point": 48, "text": 4, "point": 2, "snapped": 0, "none": 2},
        "conflicts": {"count": 0, "not_placed": 0, "incidents": []},
        "placing": {
            "unplaced": 2,
            "outside": 0,
            "confidence": {"sure": 54, "likely": 0, "ambiguous": 0, "unknown": 2},
            "precision": {"point": 50, "settlement": 4, "district": 0, "region": 0, "country": 2, "unknown": 0},
            "leader_certain": True,
            "can_lead": ["Mopti"],
            "by_denominator": {
                "equal": _by_placing(1.8e-19, 3.2e-17, ["Mopti"]),
                "population": _by_placing(4e-19, 9e-17, ["Gao", "Ménaka", "Kidal", "Mopti", "Tombouctou"]),
            },
        },
        "years_provisional": [],
        "years_partial": [],
        "regions": {"total": 10, "with_incidents": 6, "districts_total": 1, "districts_with_incidents": 1},
        "by_year": {"2017": 1, "2018": 4, "2019": 8, "2020": 13, "2021": 17, "2022": 13},
        "by_year_detail": [
            {
                "year": year,
                "incidents": incidents,
                "victims": victims,
                "unlocated": int(year in (2017, 2022)),
                "provisional": False,
                "partial": False,
            }
            for year, incidents, victims in zip(YEARS, [1, 4, 8, 13, 17, 13], [2, 7, 22, 33, 41, 34], strict=True)
        ],
        "by_region": [_unit(*unit) for unit in UNITS],
        "shares_reason": None,
        "epicentre": {
            "region_id": "MLI-2016-mopti",
            "name": "Mopti",
            "kind": "region",
            "incidents": 31,
            "share": 31 / 54,
            "share_ci": [0.4321, 0.7077],
            "interval": "Clopper-Pearson, 95%",
            "share_by_placing": [31 / 56, 33 / 56],
            "p_value": 7.5e-18,
            "test": "exact max-cell",
            "tied": [],
            "runner_up": "Gao",
            "lead_p_value": 0.002887,
            "reason": None,
            "by_denominator": {
                "equal": _denominator(1 / 11, 6.31, 7.5e-18, 1, "units", "every unit alike", ("Mopti", 6.31, 31)),
                "population": _denominator(0.0882, 6.51, 2.1e-17, 1, "persons", "INSTAT, RGPH5 2022", mopti),
                "area": _denominator(0.0633, 9.07, 4.1e-22, 2, "km2", "computed", ("Bamako", 86.6, 1)),
            },
            "denominators_agree": True,
        },
        "concentration": {"gini": 0.7475, "hhi": 0.3861, "reason": None},
        "trend": {
            "years": [2017, 2022],
            "rate_ratio_per_year": 1.4057,
            "ci": [1.1864, 1.6800],
            "p_value": 4.42e-5,
            "test": "exact conditional Poisson trend",
            "interval": "exact, 95 %",
            "robust": {
                "quasi_poisson_p": 0.0342,
                "quasi_poisson_df": 4,
                "quasi_poisson_ci": [1.0421, 1.8960],
                "mann_kendall_p": 0.0278,
                "mann_kendall_s": 12,
                "dispersion": 1.5491,
            },
            "verdict": "rise",
            "smallest_detectable": 1.25,
            "power": 0.8,
            "reason": None,
        },
        "change": {  # Fisher's p of scipy
            "region_id": "MLI-2016-mopti",
            "name": "Mopti",
            "earlier": _half([2017, 2019], 10, 12),
            "later": _half([2020, 2022], 21, 42),
            "difference": 21 / 42 - 10 / 12,
            "difference_ci": [-0.5212, -0.0169],
            "p_value": 0.05119,
            "test": "Fisher's exact test",
            "verdict": "no clear change",
            "spread_p_value": 0.0647,
            "spread_test": "exact conditional test of Simpson's index",
            "new_regions": [],
            "reason": None,
        },
        "autocorrelation": {
            "moran_i": 0.05,
            "expected": -0.1,
            "p_value": 0.21,
            "test": "Monte Carlo, ties counted",
            "units": 11,
            "descriptive": True,
            "reason": None,
        },
        "local_statistics": {
            "test": "exact conditional",
            "family_size": 11,
            "correction": "Benjamini-Hochberg",
            "hot_spots": 0,
            "cold_spots": 0,
            "descriptive": True,
            "reason": None,
        },
        "clusters": [
            _cluster("equal", ["Mopti"], 31, 54 / 11, 0.0001),
            _cluster("population", ["Gao", "Ménaka", "Kidal", "Mopti", "Tombouctou"], 48, 9.8342, 0.0001),
        ],
        "clusters_reason": None,
        "signals": [
            _signal("epicentre", "MLI-2016-mopti", 31 / 54, 1 / 11, 7.5e-18, 3e-17),
            _signal("cluster", "MLI-2016-mopti", 31, 54 / 11, 0.0001, 0.0002),
            _signal("trend", "MLI", 1.4057, 1.0, 0.0342, 0.0456),
        ],
        "notes": [],
        "provenance": {
            "input": {
                "name": "built-in example",
                "sha256": SHA,
                "form": "example",
                "rows_read": 56,
                "rows_used": 56,
                "rows_set_aside": [],
                "repairs": [],
                "rows_not_selected": [],
            },
            "boundaries": {
                "vintage": "2016",
                "level": 1,
                "valid_from": "2016-01-19",
                "valid_to": "2023-03-12",
                "approximate": False,
                "note": None,
                "notice": "Boundaries: geoBoundaries MLI-ADM3 (CC BY 4.0), cleaned and dissolved.",
                "notice_short": "geoBoundaries (CC BY 4.0), cleaned and dissolved.",
                "sha256": {"communes.geojson": SHA},
                "default": True,
            },
            "tests": [
                _test("exact max-cell", "Is the largest share of the units more than chance?", True),
                _test("exact conditional Poisson", "Do incidents rise or fall from year to year?", True),
                _test(
                    "quasi-Poisson", "The same, allowing for years that vary more than independent incidents do", False
                ),
                _test(
                    "exact conditional permutation",
                    "Which units have many incidents in and around them?",
                    True,
                    11,
                    "Benjamini-Hochberg",
                ),
                _test("scan statistic, Monte Carlo", "Where do incidents cluster?", False),
            ],
            "weights": "queen contiguity: units that share a line or a point",
            "seed": 0,
            "replicates": 9999,
            "versions": {"awsd_geo": "0.1.0", "leaflet": "1.9.3"},
            "citation": "Simulated incidents made by the developers of awsd_geo; not data of the Aid Worker Security "
            "Database.",
        },
    }
    return deepcopy(findings)


def as_of_2023() -> dict[str, Any]:
    """Give the findings as the published alert could have had them: the trend is significant in one test only."""
    findings = example()
    findings.update(status="provisional", as_of="2023-03-02", data_to="2023-03-02", data_to_from="as of")
    findings["years_provisional"] = [2022]
    findings["by_year_detail"][-1]["provisional"] = True
    findings["trend"].update(rate_ratio_per_year=1.374, ci=[1.16, 1.65], p_value=1.8e-4, verdict="possible rise")
    findings["trend"]["robust"].update(quasi_poisson_p=0.059, mann_kendall_p=0.056)
    findings["provenance"]["input"].update(
        name="awsd.csv",
        form="S5",
        rows_read=4954,
        rows_set_aside=[{"why": "without a year", "rows": 3}],
        repairs=[{"why": "stray signs around a coordinate taken off", "rows": 2}],
        rows_not_selected=[{"why": "not in MLI", "rows": 4825}, {"why": "nobody kidnapped", "rows": 70}],
    )
    findings["provenance"]["citation"] = "Humanitarian Outcomes (2025), Aid Worker Security Database."
    findings["change"].update(later=_half([2020, 2022], 20, 41), difference=20 / 41 - 10 / 12, p_value=0.04799)
    findings["change"].update(difference_ci=[-0.5340, -0.0282], verdict="fallen")
    findings["signals"] = findings["signals"][:2]
    findings["conflicts"] = {
        "count": 1,
        "not_placed": 0,
        "incidents": [
            {
                "incident_id": 2550,
                "why": "The text says Mopti; the point lies in Ségou, 12 km away. Placed by the text.",
            }
        ],
    }
    return findings


def _empty_denominator(reason: str) -> dict[str, Any]:
    return {**dict.fromkeys(_denominator(0, 0, 0, 1, "", "", ("", 0, 0))), "reason": reason}


def few(counts: dict[str, int], years: list[int]) -> dict[str, Any]:
    """Give findings for a handful of placed incidents, all in the last year: every statistic is undefined."""
    findings, total = example(), sum(counts.values())
    reason = (
        "No incident in any region: nothing to compare."
        if total == 0
        else f"Only {total} incident{'s' * (total > 1)}: a test needs at least 5."
    )
    last = str(years[-1])
    span = [str(year) for year in range(years[0], years[-1] + 1)]
    for unit in findings["by_region"]:
        n = counts.get(unit["name"], 0)
        unit.update(incidents=n, victims=2 * n, share=n / total if total else None, share_ci=None)
        unit.update(incidents_by_placing=[n, n])
        unit.update(rate_per_100k=1e5 * n / unit["population"], by_year={**dict.fromkeys(span, 0), last: n})
        unit["gi_star"] = {"z": None, "p_value": None, "q_value": None, "class": "undefined", "reason": reason}
        if total:
            unit["share_ci"] = [0.0, 1.0]
    findings["by_region"].sort(key=lambda unit: (-unit["incidents"], unit["name"]))
    top = findings["by_region"][0]
    hit = [unit for unit in findings["by_region"] if unit["incidents"]]
    findings.update(years=years, incidents=total, victims=2 * total, located=total, unlocated=0, unlocated_victims=0)
    findings.update(unlocated_reasons=[], shares_reason=None if total else reason)
    findings["placed_by"] = {"text+point": total, "text": 0, "point": 0, "snapped": 0, "none": 0}
    findings["placing"].update(unplaced=0, leader_certain=None, can_lead=[unit["name"] for unit in hit])
    findings["placing"]["confidence"] = {"sure": total, "likely": 0, "ambiguous": 0, "unknown": 0}
    findings["placing"]["precision"].update(point=total, settlement=0, country=0)
    undefined = {"smallest_p": None, "largest_p": None, "test": "exact max-cell", "cluster": None, "reason": reason}
    findings["placing"]["by_denominator"] = {"equal": undefined, "population": undefined}
    findings["epicentre"]["share_by_placing"] = [top["share"]] * 2 if total else None
    findings["regions"]["with_incidents"] = sum(unit["kind"] == "region" for unit in hit)
    findings["regions"]["districts_with_incidents"] = sum(unit["kind"] == "district" for unit in hit)
    findings["by_year"] = {**dict.fromkeys(span, 0), last: total}
    empty = {"unlocated": 0, "provisional": False, "partial": False}
    findings["by_year_detail"] = [
        {"year": int(year), "incidents": n, "victims": 2 * n, **empty} for year, n in findings["by_year"].items()
    ]
    tied = [unit["name"] for unit in hit[1:] if unit["incidents"] == top["incidents"]]
    findings["epicentre"].update(p_value=None, reason=reason, denominators_agree=None, tied=tied)
    findings["epicentre"].update(lead_p_value=None, runner_up=hit[1]["name"] if len(hit) > 1 else None)
    findings["change"].update(dict.fromkeys(("region_id", "name", "earlier", "later", "difference", "difference_ci")))
    findings["change"].update(p_value=None, spread_p_value=None, verdict="undefined", reason=reason)
    findings.update(clusters=None, clusters_reason=reason, signals=[])
    for key in ("region_id", "name", "kind", "incidents", "share", "share_ci"):
        findings["epicentre"][key] = top[key] if total else None
    for key in ("equal", "population", "area"):
        findings["epicentre"]["by_denominator"][key] = _empty_denominator(reason)
    findings["concentration"] = {"gini": None, "hhi": None, "reason": reason}
    nothing = dict.fromkeys(("rate_ratio_per_year", "ci", "p_value", "smallest_detectable", "power"))
    findings["trend"].update(nothing, years=None, verdict="undefined", reason=reason)
    findings["trend"]["robust"] = dict.fromkeys(findings["trend"]["robust"])
    findings["autocorrelation"].update(moran_i=None, p_value=None, expected=None, reason=reason)
    findings["local_statistics"].update(reason=reason)
    findings["provenance"]["input"].update(rows_read=total, rows_used=total)
    findings["provenance"].update(tests=[], replicates=None)
    return findings


def hostile(text: str) -> dict[str, Any]:
    """Give the example with the same hostile text wherever a text can stand."""
    findings = example()
    findings["country_name"] = {"en": text, "fr": text}
    findings["by_region"][0]["name"] = findings["epicentre"]["name"] = text
    for entry in findings["epicentre"]["by_denominator"].values():
        entry.update(name=text, source=text, highest_name=text)
    findings["unlocated_reasons"] = [{"why": text, "incidents": 2}]
    findings["conflicts"] = {"count": 1, "not_placed": 0, "incidents": [{"incident_id": text, "why": text}]}
    findings["notes"], findings["means"] = [text], text
    findings["clusters"][0]["names"], findings["change"]["name"] = [text, text], text
    findings["change"]["new_regions"] = [text]
    findings["epicentre"]["runner_up"] = text
    findings["placing"].update(leader_certain=False, can_lead=[text, f"{text} too"])
    rows = [{"why": text, "rows": 1}]
    findings["provenance"]["input"].update(
        name=text, form="S5", rows_set_aside=rows, repairs=rows, rows_not_selected=rows
    )
    findings["provenance"]["boundaries"].update(approximate=True, note=text, notice=text, notice_short=text)
    findings["provenance"].update(weights=text, citation=text)
    findings["provenance"]["versions"]["awsd_geo"] = text
    findings["provenance"]["tests"][0].update(name=text)
    return findings


HIDDEN = "Suppressed: it could give away a number that is not shown."


def suppressed() -> dict[str, Any]:
    """Give the findings of the example with small numbers suppressed: Mopti, the zeros and three years are shown."""
    findings = example()
    findings.update(located=None, unlocated=None, unlocated_victims=None, unlocated_reasons=[])
    for name in ("placed_by", "autocorrelation", "concentration"):
        findings[name] = dict.fromkeys(findings[name])
    findings["conflicts"] = {"count": None, "not_placed": None, "incidents": []}
    doubt = findings["placing"]
    doubt.update(unplaced=None, outside=None, leader_certain=None, can_lead=[])
    doubt.update(confidence=dict.fromkeys(doubt["confidence"]), precision=dict.fromkeys(doubt["precision"]))
    nothing = {"smallest_p": None, "largest_p": None, "test": "exact max-cell", "cluster": None, "reason": HIDDEN}
    doubt["by_denominator"] = {"equal": nothing, "population": nothing}
    for year in findings["by_year_detail"]:
        shown = year["year"] >= 2020
        year.update({} if shown else {"incidents": None, "victims": None})
        year.update(unlocated=None if year["unlocated"] else 0)
        year["suppressed"] = [name for name in ("incidents", "victims", "unlocated") if year[name] is None]
        findings["by_year"][str(year["year"])] = year["incidents"]
    for unit in findings["by_region"]:
        _suppress_unit(unit)
    order = {None: 1, 0: 2}
    findings["by_region"].sort(key=lambda unit: (order.get(unit["incidents"], 0), unit["name"]))
    centre, reasons = findings["epicentre"], {"reason": HIDDEN}
    centre.update(share=31 / 56, share_ci=[0.4147, 0.6866], share_by_placing=None, p_value=3.2e-17, runner_up=None)
    centre.update(lead_p_value=None, denominators_agree=None)
    for name in ("population", "area"):
        centre["by_denominator"][name] = _empty_denominator(HIDDEN)
    findings["concentration"] |= reasons
    findings["autocorrelation"] |= reasons | {"test": "none", "units": 11, "descriptive": True}
    findings["local_statistics"].update(hot_spots=None, cold_spots=None, **reasons)
    findings["change"] = dict.fromkeys(findings["change"]) | {
        "test": "Fisher's exact test", "verdict": "suppressed", "spread_test": "Simpson", "new_regions": [], **reasons
    }  # fmt: skip
    findings["trend"] = dict.fromkeys(findings["trend"]) | {
        "test": "exact", "interval": "exact", "robust": dict.fromkeys(findings["trend"]["robust"]),
        "verdict": "suppressed", "reason": "Suppressed: the numbers of some years are not shown.",
    }  # fmt: skip
    findings.update(clusters=None, clusters_reason=HIDDEN, signals=findings["signals"][:1])
    findings["provenance"]["input"].update(sha256="", form="", rows_read=None)
    findings["disclosure"] = {
        "audience": "public", "data": "own", "suppress_below": 5, "embargo_days": 30, "numbers": 212, "hidden": 58,
        "shares_of": "incidents", "halves_p_value": 7.333e-5,
        "halves": [
            {"years": [2017, 2019], "incidents": 13, "victims": 31},
            {"years": [2020, 2022], "incidents": 43, "victims": 108},
        ],
        "suppressed": ["located", "unlocated", "unlocated_victims"], "reason": HIDDEN,
    }  # fmt: skip
    return findings


def _suppress_unit(unit: dict[str, Any]) -> None:
    """Hide the numbers of a unit but Mopti's total, its 2021 and the zeros."""
    lead = unit["name"] == "Mopti"
    unit["by_year"] = {
        year: number if not number or (lead and year == "2021") else None for year, number in unit["by_year"].items()
    }
    unit["incidents_by_placing"] = None
    unit["gi_star"] = {"z": None, "p_value": None, "q_value": None, "class": "suppressed", "reason": HIDDEN}
    hidden = [f"incidents_{year}" for year, number in unit["by_year"].items() if number is None]
    if unit["incidents"] and not lead:
        unit.update(dict.fromkeys(("incidents", "victims", "share", "share_ci", "rate_per_100k")), rate_reason=HIDDEN)
        hidden += ["incidents", "victims", "share", "rate_per_100k"]
    elif lead:
        unit.update(share=31 / 56, share_ci=[0.4147, 0.6866])
    unit["suppressed"] = hidden
