"""The colours of the maps as readers see them: apart for colour-blind eyes, and text that can be read.

Colour blindness is simulated by the matrices of Machado, Oliveira and Fernandes (2009), A Physiologically-based Model
for Simulation of Color Vision Deficiency, IEEE TVCG 15 (6), severity 1.0; they act on linear RGB. Distances are
CIEDE2000, checked here against the data of Sharma, Wu and Dalal (2005).
"""

import re
from itertools import combinations, pairwise

import numpy as np
import pytest

from awsd_geo.maps import assets
from awsd_geo.maps.style import CATEGORICAL, DIVERGING, NO_DATA, SEQUENTIAL, ZERO, contrast, ink_on

SIGHT = {
    "normal": np.eye(3),
    "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritan": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
APART = 8  # CIEDE2000 between neighbouring classes, for every kind of sight; about 1 is just noticeable side by side
APART_IN_KIND = 10  # between classes of which colour tells more than order


def linear(colour):
    parts = np.array([int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)])
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def lab(rgb):
    """CIE Lab under D65 from linear sRGB (IEC 61966-2-1)."""
    to_xyz = np.array([[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750],
                       [0.0193339, 0.1191920, 0.9503041]])  # fmt: skip
    ratio = to_xyz @ rgb / np.array([0.95047, 1.0, 1.08883])
    f = np.where(ratio > (6 / 29) ** 3, np.cbrt(ratio), ratio / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def ciede2000(one, other):
    (l1, a1, b1), (l2, a2, b2) = one, other
    c7 = ((np.hypot(a1, b1) + np.hypot(a2, b2)) / 2) ** 7
    g = 0.5 * (1 - np.sqrt(c7 / (c7 + 25**7)))
    c1, c2 = np.hypot((1 + g) * a1, b1), np.hypot((1 + g) * a2, b2)
    h1, h2 = (np.degrees(np.arctan2(b, (1 + g) * a)) % 360 for a, b in ((a1, b1), (a2, b2)))
    turn = 0.0 if c1 * c2 == 0 else (h2 - h1 + 180) % 360 - 180
    if c1 * c2 and h2 - h1 == 180:
        turn = 180.0
    dl, dc, dh = l2 - l1, c2 - c1, 2 * np.sqrt(c1 * c2) * np.sin(np.radians(turn / 2))
    lm, cm = (l1 + l2) / 2, (c1 + c2) / 2
    hm = h1 + h2 if c1 * c2 == 0 else (h1 + h2) / 2 if abs(h1 - h2) <= 180 else (h1 + h2 + 360) / 2 % 360
    t = (1 - 0.17 * np.cos(np.radians(hm - 30)) + 0.24 * np.cos(np.radians(2 * hm))
         + 0.32 * np.cos(np.radians(3 * hm + 6)) - 0.2 * np.cos(np.radians(4 * hm - 63)))  # fmt: skip
    sl, sc, sh = 1 + 0.015 * (lm - 50) ** 2 / np.sqrt(20 + (lm - 50) ** 2), 1 + 0.045 * cm, 1 + 0.015 * cm * t
    rt = -2 * np.sqrt(cm**7 / (cm**7 + 25**7)) * np.sin(np.radians(60 * np.exp(-(((hm - 275) / 25) ** 2))))
    parts = dl / sl, dc / sc, dh / sh
    return float(np.sqrt(parts[0] ** 2 + parts[1] ** 2 + parts[2] ** 2 + rt * parts[1] * parts[2]))


def apart(one, other, sight):
    seen = [lab(np.clip(np.array(SIGHT[sight]) @ linear(colour), 0, 1)) for colour in (one, other)]
    return ciede2000(*seen)


@pytest.mark.parametrize(
    ("one", "other", "distance"),
    [  # pairs 1, 4, 7, 11, 17, 25 and 34 of the published table
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, -1.3802, -84.2814), (50, 0, -82.7485), 1.0000),
        ((50, 0, 0), (50, -1, 2), 2.3669),
        ((50, 2.4900, -0.0010), (50, -2.4900, 0.0011), 7.2195),
        ((50, 2.5, 0), (73, 25, -18), 27.1492),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
        ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_the_distance_is_as_published(one, other, distance):
    assert ciede2000(one, other) == pytest.approx(distance, abs=6e-5)


def sides(palette):
    return [("light", palette.light), ("dark", palette.dark)]


@pytest.mark.parametrize("sight", SIGHT)
@pytest.mark.parametrize("name", [*SEQUENTIAL, *DIVERGING])
def test_neighbouring_classes_stay_apart_for_every_kind_of_sight(name, sight):
    palette = {**SEQUENTIAL, **DIVERGING}[name]
    for (side, colours), (_, zero) in zip(sides(palette), sides(ZERO), strict=True):
        order = [*zero, *colours] if name in SEQUENTIAL else colours
        for one, other in pairwise(order):
            assert apart(one, other, sight) >= APART, (side, one, other)


@pytest.mark.parametrize("sight", SIGHT)
def test_a_rise_is_never_taken_for_the_fall_of_the_same_size(sight):
    for _, colours in sides(DIVERGING["balance"]):
        for size in range(3):
            assert apart(colours[size], colours[6 - size], sight) >= APART_IN_KIND


@pytest.mark.parametrize("sight", SIGHT)
@pytest.mark.parametrize("name", CATEGORICAL)
def test_classes_stay_apart_or_have_another_hatch(name, sight):
    palette = CATEGORICAL[name]
    for _, colours in sides(palette):
        for one, other in combinations(range(len(colours)), 2):
            same = palette.hatch[one] == palette.hatch[other]
            assert apart(colours[one], colours[other], sight) >= (APART if same else 0), (one, other)


def test_no_class_is_said_by_colour_alone():
    hatches = CATEGORICAL["hotspot"].hatch, CATEGORICAL["moran"].hatch
    assert all(len(set(hatch)) == len(hatch) for hatch in hatches)
    assert set(DIVERGING["balance"].hatch[:3]) & set(DIVERGING["balance"].hatch[3:]) == set()
    ways = [CATEGORICAL["cross"].hatch[row * 3 : row * 3 + 3] for row in range(3)]
    assert ways == [("down", "", "up")] * 3


def test_no_data_is_hatched_and_apart_from_zero():
    for side in ("light", "dark"):
        ground, line = getattr(NO_DATA, side)
        assert apart(ground, line, "normal") >= APART
        assert apart(ground, getattr(ZERO, side)[0], "normal") >= 4


def test_labels_on_every_class_have_a_contrast_of_4_5():
    for palette in [*SEQUENTIAL.values(), *DIVERGING.values(), *CATEGORICAL.values(), ZERO]:
        for colour in (*palette.light, *palette.dark):
            assert contrast(colour, ink_on(colour)) >= 4.5, colour


def properties(css):
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6})\b", css))


def full(colour):
    return colour if len(colour) == 7 else "#" + "".join(2 * sign for sign in colour[1:])


def test_every_ink_of_the_stylesheet_reads_on_every_paper():
    css = assets.own("map.css")
    dark_from = css.index("prefers-color-scheme: dark")
    light = properties(css[:dark_from])
    dark = light | properties(css[dark_from : css.index(".awsd-map *")])
    pages = {"light": ["#fbfaf7"], "dark": ["#14181b"]}
    for side, named in (("light", light), ("dark", dark)):
        papers = [*pages[side], full(named["paper"])]
        for ink in ("ink", "soft", "mark", "focus"):
            for paper in papers:
                assert contrast(full(named[ink]), paper) >= 4.5, (side, ink, paper)
        assert contrast(full(named["around-ink"]), full(named["around"])) >= 4.5, side
        assert contrast(full(named["mark"]), full(named["case"])) >= 4.5, side
        assert contrast(full(named["ink"]), full(named["paper"])) >= 7, side
